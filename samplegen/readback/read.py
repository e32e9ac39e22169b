"""The way from a text to a call: syntax tree, program, values, request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module

from samplegen.errors import InputError, unknown
from samplegen.languages import has, language_ids, part
from samplegen.model.catalog import Catalog
from samplegen.readback.dialect import Dialect
from samplegen.readback.evaluate import Evaluator
from samplegen.readback.frameworks import read_frameworks
from samplegen.readback.model import ReadCall
from samplegen.readback.reading import Readings
from samplegen.readback.tree import LONGEST, texts_in


def read(
    language: str,
    code: str,
    catalog: Catalog,
    file: Callable[[str], str | None],
    strict: bool,
) -> ReadCall:
    """The call that a program makes; see `samplegen.readback.readback`."""
    kind = dialect_of(language)
    if len(code) > LONGEST:
        return ReadCall(language=language, complete=False)
    tree = kind.tree_of(code)
    if tree is None:
        return ReadCall(language=language, complete=False)
    dialect = kind()
    texts = texts_in(tree)
    program = dialect.read(tree, code)
    readings = Readings(language, Evaluator(program, dialect, file, strict), catalog)
    dialect.calls(readings)
    read_frameworks(readings)
    return replace(readings.finish(), texts=texts)


@cache
def dialect_of(language: str) -> type[Dialect]:
    """How a language is read.

    Raises:
        InputError: it is none that can be read, or a package is missing.
    """
    if not has(language, "reader"):
        raise unknown("language", language, [one for one in language_ids() if has(one, "reader")])
    try:
        module = part(language, "reader")
        import_module(module.LANGUAGE.grammar[0])
    except ModuleNotFoundError as error:
        from samplegen.origin import install_line

        raise InputError(
            f"reading {language} samples needs the package {error.name}: {install_line('check')}"
        ) from None
    kind: type[Dialect] = module.LANGUAGE
    return kind
