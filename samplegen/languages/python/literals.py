"""Python, as `ruff format` lays it out."""

from __future__ import annotations

from samplegen.languages.base import NEWLINES, Language, escape
from samplegen.model.catalog import Package
from samplegen.rendering.layout import Style


class Python(Language):
    """Literals follow the Python language reference, section 2.4, "Literals"."""

    id = "python"
    name = "Python"
    aliases = ("py", "python3")
    fence = "python"
    runtime = "Python 3.10"
    comment_mark = "#"
    style = Style(88, "    ")
    reads_file = "data_url"
    null, true, false = "None", "True", "False"

    def string(self, text: str) -> str:
        # The quote that needs fewer escapes, as ruff and Black choose it.
        quote = "'" if text.count('"') > text.count("'") else '"'
        forms = {0x100: r"\x{:02x}", 0x10000: r"\u{:04x}", 0x110000: r"\U{:08x}"}
        return quote + escape(text, quote, NEWLINES, forms) + quote

    def install(self, package: Package) -> str:
        return f"pip install {package.name}=={package.version}"
