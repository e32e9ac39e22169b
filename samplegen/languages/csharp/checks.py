"""What the rules know of C#."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from samplegen.check.language import Deprecated, LanguageChecks, Span, Words, words
from samplegen.check.places import block_at, seen_at


class Checks(LanguageChecks):
    """`Main` that returns ends with 0, whatever it wrote before."""

    marks = (
        Words(("Environment.",), r"\bEnvironment\.GetEnvironmentVariable\("),
        Words(("Console.Write",), r"\bConsole\.Write"),
    )
    semicolons = "needed"

    imports: ClassVar = {
        "Console": "System",
        "Environment": "System",
        "Exception": "System",
        "Uri": "System",
        "HttpClient": "System.Net.Http",
        "HttpRequestMessage": "System.Net.Http",
        "StringContent": "System.Net.Http",
        "Task": "System.Threading.Tasks",
        "Encoding": "System.Text",
        "JsonSerializer": "System.Text.Json",
        "AuthenticationHeaderValue": "System.Net.Http.Headers",
        "MediaTypeWithQualityHeaderValue": "System.Net.Http.Headers",
    }

    # https://learn.microsoft.com/dotnet/core/project-sdk/overview#implicit-using-directives
    usual_imports = frozenset(
        {
            "System",
            "System.IO",
            "System.Linq",
            "System.Net.Http",
            "System.Threading",
            "System.Threading.Tasks",
            "System.Collections.Generic",
        }
    )

    def is_imported(self, name: str, source: str, imported: Iterable[str]) -> bool:
        return source in imported

    def import_line(self, name: str, source: str) -> str:
        return f"using {source};"

    sends = r"\.(?:PostAsync|SendAsync|PostAsJsonAsync)(?=\()"
    looks_at_status = r"\bIsSuccessStatusCode\b|\bEnsureSuccessStatusCode\b|\.StatusCode\b"
    fails_in_blocks = True

    def drops(self, code: str) -> Iterator[Span]:
        read = [found.start() for found in re.finditer(r"\.ReadAs\w+\(", code)]
        checked = re.search(r"\b(?:IsSuccessStatusCode|EnsureSuccessStatusCode)\b", code)
        if checked and not any(at < checked.start() for at in read) and len(read) < 2:
            said = re.search(r"[^\n;{}]*\$\"[^\"\n]*\{[^}\n]*StatusCode\}[^\"\n]*\"", code)
            if said:
                yield seen_at(code, said.end() - 1)
            elif checked[0].startswith("Ensure"):
                yield checked.span()

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        main = re.search(r"\b(?:void|Task)\s+Main\s*\([^)]*\)\s*(?=\{)", bare)
        if main:
            block = block_at(bare, main.end())
            for found in re.finditer(r"\bConsole\.(?:Error\.)?Write\w*\([^;]*;\s*(return;)", block):
                yield main.end() + found.start(1), main.end() + found.end(1)
        # An error's text that is given back as if it were an answer.
        for found in re.finditer(r"\breturn\s+\$\"[^\"\n]*StatusCode[^\"\n]*\";", code):
            yield found.span()

    def shared_headers(self, bare: str) -> Iterator[Span]:
        if re.search(r"\bstatic\b[^;(]*\bHttpClient\b", bare):
            yield from (f.span() for f in re.finditer(r"\b\w+\.DefaultRequestHeaders\.\w+", bare))

    prints = r"\bConsole(?=\.Write)"
    prints_text = r"(?P<call>Console)\.Write(?:Line)?\(\s*\$?@?\"[^\"\n]*"
    error_output = "Console.Error"
    labels_answer = r"\bConsole\.Write\w*\(\s*\$?\"[^\"\n{}]*[:\uff1a]\s*(?:\"\s*\+|\{)"

    deprecated = (
        Deprecated(
            pattern=r"\bnew WebClient(?=\()|\bWebRequest\.Create(?:Http)?(?=\()",
            message="`{found}` is deprecated since .NET 6: use HttpClient",
            source="the warning SYSLIB0014",
        ),
    )

    plumbing = words(
        "Accept Add AuthenticationHeaderValue Authorization Console Content "
        "DefaultRequestHeaders Encoding EnsureSuccessStatusCode Environment Error Exception "
        "Exit GetEnvironmentVariable Headers Http HttpClient HttpMethod HttpRequestMessage "
        "HttpResponseMessage IsNullOrEmpty IsSuccessStatusCode Json Main "
        "MediaTypeWithQualityHeaderValue Message Net Post PostAsync Program ReadAsStringAsync "
        "SendAsync StatusCode StringContent System Task Tasks Text Threading UTF8 Write "
        "WriteLine args async await catch class else false if int internal new null private "
        "public readonly response return static string true try using var void"
    )

    runs_text = Words(("Process.Start",), r"\bProcess\.Start\(")
    trusts_anyone = Words(
        ("DangerousAccept", "ValidationCallback"),
        r"\bDangerousAcceptAnyServerCertificateValidator\b"
        r"|\bServerCertificate(?:Custom)?ValidationCallback\s*\+?=\s*"
        r"(?:(?:\([^()]*\)|\w+)\s*=>|delegate\b[^{};]*\{\s*return)\s*true\b",
    )


CHECKS = Checks()
