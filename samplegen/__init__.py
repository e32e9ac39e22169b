"""samplegen: one description of a model call becomes working samples in seven languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samplegen.errors import InputError
    from samplegen.model.call import Call, Message
    from samplegen.model.catalog import Catalog
    from samplegen.rendering.sample import Sample, render

__all__ = ["Call", "Catalog", "InputError", "Message", "Sample", "__version__", "render"]

__version__ = "0.1.0"

_HOMES = {
    "Call": "model.call",
    "Message": "model.call",
    "Catalog": "model.catalog",
    "InputError": "errors",
    "Sample": "rendering.sample",
    "render": "rendering.sample",
}


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    # Imported on first use: `samplegen --version` and `list` need none of them.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"samplegen.{_HOMES[name]}"), name)
