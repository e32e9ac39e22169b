"""What the rules know of PHP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from samplegen.check.language import (
    FAILS,
    Deprecated,
    LanguageChecks,
    Span,
    Words,
    words,
)
from samplegen.check.places import block_at, seen_at
from samplegen.check.problem import Fix

if TYPE_CHECKING:
    from samplegen.check.rule import SampleView


class Checks(LanguageChecks):
    """`curl_exec` gives false where no server is reached, and an error's body where one is."""

    comment = r"(?://|#)[^\n]*|/\*[\s\S]*?\*/"
    marks = (
        Words(("$",), r"(?m)^[ \t]*\$\w+\s*=\s*(?:getenv|curl_\w+|json_\w+|array)\(.*$"),
        Words(("echo",), r"(?m)^[ \t]*echo\s+\$\w+.*;[ \t]*$"),
    )
    semicolons = "needed"

    marked_variables = True
    plain_text = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
    given = frozenset({"$this", "$argv", "$argc"})

    def variable(self, name: str) -> str:
        return f"${name}"

    sends = r"curl_exec(?<!\wcurl_exec)(?=\()"
    looks_at_status = r"CURLINFO_(?:RESPONSE|HTTP)_CODE|CURLOPT_FAILONERROR"
    fails_in_blocks = True

    def unseen(self, code: str) -> Iterator[Span]:
        if not re.search(r"\bcurl_err(?:or|no)\b|={2,3}\s*false|false\s*={2,3}", code):
            yield from (found.span() for found in re.finditer(r"\bcurl_exec(?=\()", code))

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        checks = (
            r"\bif\s*\([^{;]*(?:curl_errno|curl_error|===\s*false)[^{;]*\)\s*(?=\{)",
            r"\bif\s*\([^{;]*(?:!==?\s*200|>=\s*400)[^{;]*\)\s*(?=\{)",
            r"\bif\s*\([^{;]*={2,3}\s*200[^{;]*\)\s*\{[^{}]*\}\s*else\s*(?=\{)",
        )
        for check in checks:
            for found in re.finditer(check, bare):
                block = block_at(bare, found.end())
                said = re.search(r"\b(?:echo|print|printf|fwrite|error_log)\b", block)
                if said and not re.search(FAILS, block):
                    yield seen_at(code, found.end() + said.start())

    prints = r"\b(?:echo|print)\b"
    prints_text = r"(?P<call>\b(?:echo|print))\s*\(?\s*[\"'][^\"'\n]*"
    labels_answer = (
        r"\becho\s+[\"'][A-Z][\w ]*:\s*(?:[\"']\s*[.,]|\$)"
        r"|\bprint\(\s*[\"'][^\"'{}\n]*[:\uff1a]\s*(?:[\"']\s*[,+]|\$?\{)"
    )

    def to_stderr(self, sample: SampleView, at: int) -> Fix | None:
        found = re.compile(r"echo\s+([^;,\n]+?)(?:\s*[.,]\s*PHP_EOL)?;").match(sample.code, at)
        if found is None:
            return None
        return Fix(found.start(), found.end(), f"fwrite(STDERR, {found[1]} . PHP_EOL);")

    deprecated = (
        Deprecated(
            pattern=r"\bcurl_close(?=\()",
            message=(
                "`curl_close` does nothing since PHP 8.0 and is deprecated since 8.5: leave it out"
            ),
            source="the PHP manual, curl_close",
            whole_line=True,
        ),
    )

    plumbing = words(
        "CURLINFO_HTTP_CODE CURLINFO_RESPONSE_CODE CURLOPT_CUSTOMREQUEST CURLOPT_HTTPHEADER "
        "CURLOPT_POST CURLOPT_POSTFIELDS CURLOPT_RETURNTRANSFER CURLOPT_URL Exception "
        "JSON_UNESCAPED_UNICODE PHP_EOL STDERR array curl_close curl_errno curl_error curl_exec "
        "curl_getinfo curl_init curl_setopt curl_setopt_array die echo else exit false fwrite "
        "getenv if json_decode json_encode new null php print throw true"
    )

    runs_text = Words(
        ("eval", "exec", "system", "passthru", "popen"),
        r"(?<![\w>:])(?:eval|exec|shell_exec|system|passthru|popen)\(",
    )
    trusts_anyone = Words(
        ("CURLOPT_SSL_VERIFY",),
        r"\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\s*(?:,|=>)\s*(?:false|0)\b",
    )


CHECKS = Checks()
