"""What the service refuses, in its own words: parameters, and what models cannot do."""

from __future__ import annotations

from functools import lru_cache

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, Family


def refuse(call: Call, family: Family, catalog: Catalog) -> None:
    """Refuse a call that the service would refuse.

    Raises:
        InputError: the service's own words, or ours where it has none; all that is wrong.
    """
    plain = not call.parameters and not any(
        message.rich or type(message.content) is not str for message in call.messages
    )
    if plain:
        _refuse_plain(call.model, family, catalog)
        return
    _refuse_plain(call.model, family, catalog) if not call.streams else None


@lru_cache(maxsize=1024)
def _refuse_plain(model: str, family: Family, catalog: Catalog) -> None:
    if family.streams_only:
        raise InputError(
            f"model {model[:60]!r} answers only as a stream, which samples do not show yet: "
            f"choose another, such as {catalog.defaults.model!r}"
        )
