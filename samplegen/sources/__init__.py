"""Calls out of what people have: a request body, a curl command, a program, a page, a HAR file.

What a source says beyond a call (other headers, another key's variable, time-outs) is not
dropped in silence: it comes back beside the call. A key is never copied.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from samplegen.errors import InputError
from samplegen.files import decode, read_text
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog

_DATA = (".json", ".toml", ".yaml", ".yml")


class Source(NamedTuple):
    """A call that was read.

    Attributes:
        call: what it asks.
        said: what else the source says that a call cannot, a line each.
    """

    call: Call
    said: tuple[str, ...] = ()


def read(source: str, catalog: Catalog) -> Source:
    """The call that a source says.

    Args:
        source: the path of a call file, a request body, a program in any language that
            can be read, a HAR file or an OpenAPI file; `PATH:LINE` for the sample at a line
            of a page; `-` for standard input, which may be a call, a body or a curl command.

    Raises:
        InputError: there is no such file, it holds no call to a chat model, or not all of
            the call can be read; it is said what is missing.
    """
    page = re.fullmatch(r"(.+):(\d+)", source)
    if page and not Path(source).exists():
        from samplegen.sources.page import of_page

        return of_page(Path(page[1]), int(page[2]), catalog)
    where, text = _text(source)
    suffix = Path(source).suffix.lower()
    if suffix == ".har":
        from samplegen.sources.recorded import of_har

        return of_har(text, where, catalog)
    from samplegen.sources.program import language_of, of_program

    language = None if suffix in _DATA else language_of(suffix, text)
    if language is not None:
        folder = Path() if source == "-" else Path(source).parent
        return of_program(language, text, where, catalog, folder)
    from samplegen.sources.data import of_data

    try:
        return of_data(text, where, suffix, catalog)
    except InputError as error:
        if suffix in _DATA or re.match(r"\s*(?:[{\[]|\Z)", text):
            raise
        raise InputError(
            f"{where}: is neither a call (JSON, TOML) nor a curl command, nor does it show which "
            f"language it is in: give it that language's suffix ({error})"
        ) from None


def _text(source: str) -> tuple[str, str]:
    if source != "-":
        return source, read_text(Path(source))
    if sys.stdin is None:
        raise InputError("standard input is closed: there is no call to read")
    return "standard input", decode(sys.stdin.buffer.read(), "standard input")
