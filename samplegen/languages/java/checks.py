"""What the rules know of Java."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from samplegen.check.language import (
    TRIES_AGAIN,
    Deprecated,
    LanguageChecks,
    Needless,
    Span,
    Stale,
    Words,
    words,
)
from samplegen.check.places import block_at

_PRINTED = re.compile(r"\bSystem\.out\.print\w*\(\s*(?P<name>\w+)\s*\)")


class Checks(LanguageChecks):
    """What is caught and neither thrown again nor made an exit code ends with 0."""

    marks = (
        Words(("System.getenv",), r"\bSystem\.getenv\("),
        Words(("System.",), r"\bSystem\.(?:out|err)\.print"),
    )
    semicolons = "needed"

    imports: ClassVar = {
        "Arrays": "java.util.Arrays",
        "List": "java.util.List",
        "Map": "java.util.Map",
        "URI": "java.net.URI",
        "URL": "java.net.URL",
        "HttpURLConnection": "java.net.HttpURLConnection",
        "HttpClient": "java.net.http.HttpClient",
        "HttpRequest": "java.net.http.HttpRequest",
        "HttpResponse": "java.net.http.HttpResponse",
        "IOException": "java.io.IOException",
        "BufferedReader": "java.io.BufferedReader",
        "InputStreamReader": "java.io.InputStreamReader",
        "OutputStream": "java.io.OutputStream",
        "StandardCharsets": "java.nio.charset.StandardCharsets",
        "Gson": "com.google.gson.Gson",
        "ObjectMappers": "com.openai.core.ObjectMappers",
        "OpenAIClient": "com.openai.client.OpenAIClient",
        "OpenAIOkHttpClient": "com.openai.client.okhttp.OpenAIOkHttpClient",
        "ChatCompletion": "com.openai.models.chat.completions.ChatCompletion",
        "ChatCompletionCreateParams": (
            "com.openai.models.chat.completions.ChatCompletionCreateParams"
        ),
        "Generation": "com.alibaba.dashscope.aigc.generation.Generation",
        "GenerationParam": "com.alibaba.dashscope.aigc.generation.GenerationParam",
        "GenerationResult": "com.alibaba.dashscope.aigc.generation.GenerationResult",
        "Message": "com.alibaba.dashscope.common.Message",
        "Role": "com.alibaba.dashscope.common.Role",
        "Protocol": "com.alibaba.dashscope.protocol.Protocol",
        "Constants": "com.alibaba.dashscope.utils.Constants",
        "JsonUtils": "com.alibaba.dashscope.utils.JsonUtils",
    }

    def is_imported(self, name: str, source: str, imported: Iterable[str]) -> bool:
        imported = {*imported}
        package = source.rpartition(".")[0]
        # A class of another package may have the same name.
        named = {one.rpartition(".")[2] for one in imported}
        return name in named or bool({source, package, f"{package}.*"} & imported)

    def import_line(self, name: str, source: str) -> str:
        return f"import {source};"

    def is_in_second_group(self, source: str) -> bool:
        return source.startswith("java")

    sends = r"\b\w++(?:\(\))?\.send(?=\([^()]*,\s*HttpResponse|\(\w)"
    sends_with = "HttpResponse"
    looks_at_status = r"\.statusCode\(\)"
    fails_in_blocks = True
    runs = r"\bvoid\s+main\s*\("
    starts = runs

    def drops(self, code: str) -> Iterator[Span]:
        if "HttpURLConnection" in code and "getErrorStream" not in code:
            yield from (f.span() for f in re.finditer(r"\b\w+\.getInputStream\(\)", code))

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        zero = re.search(r"\bSystem\.exit\(0\)", bare)
        for found in re.finditer(r"\bcatch\s*\([^)]*\)\s*(?=\{)", bare):
            block = block_at(bare, found.end())
            if re.search(rf"\bthrow\b|\bSystem\.exit\((?!0\))|\breturn\b|{TRIES_AGAIN}", block):
                continue
            # What goes on with another value has not failed.
            if not re.search(r"\bprint\w*\(", block) and re.search(r"\w\s*=(?!=)", block):
                continue
            head = found.start(), found.start() + len(found[0].rstrip())
            yield zero.span() if zero and zero.start() > found.start() else head

    prints = r"\bSystem\.out(?=\.print)"
    prints_text = r"(?P<call>System\.out)\.print\w*\(\s*\"[^\"\n]*"
    error_output = "System.err"
    labels_answer = r"\bSystem\.out\.print\w*\(\s*\"[^\"\n]*[:\uff1a]\s*\"\s*\+"

    def shows_object(self, code: str) -> Span | None:
        for found in _PRINTED.finditer(code):
            if re.search(rf"\b[A-Z]\w+ {found['name']}\s*=[^;]*\.(?:create|call)\(", code):
                return found.span()
        return None

    stale = (
        Stale(
            pattern=r"\bcom\.theokanning\.openai\b",
            message="this client is archived since 2024: use the official SDK, `{package}`",
            source="the repository TheoKanning/openai-java",
            package="openai-sdk",
        ),
    )
    deprecated = (
        Deprecated(
            pattern=r"\bnew URL(?=\()",
            message="`new URL` is deprecated since Java 20: write `URI.create(...).toURL()`",
            source="the API documentation of java.net.URL",
        ),
    )
    needless = (
        Needless(
            "com.google.gson.Gson", "a text block holds the body's JSON without the library Gson"
        ),
        Needless("java.lang.[A-Z]*", "`java.lang` needs no import", whole_line=True),
    )

    plumbing = words(
        "ApiException Arrays BufferedReader Constants Exception Generation GenerationParam "
        "GenerationResult Gson HTTP HttpURLConnection IOException InputRequiredException "
        "InputStreamReader JsonUtils List MESSAGE Main Message NoApiKeyException OutputStream "
        "Protocol ResultFormat Role SYSTEM String StringBuilder System URL USER aigc alibaba "
        "apiKey append args asList baseHttpApiUrl build builder call catch class com common "
        "content dashscope e err exception exit final generation getBytes getErrorStream "
        "getInputStream getMessage getOutputStream getValue google gson import io java main "
        "messages model net new openConnection out print println private protocol public "
        "readLine resultFormat role setDoOutput setRequestMethod setRequestProperty static "
        "throws toJson toString try util utils void write"
    )

    runs_text = Words(
        ("Runtime", "ProcessBuilder"),
        r"\bRuntime\.getRuntime\(\)\.exec\(|\bnew ProcessBuilder\(",
    )
    trusts_anyone = Words(
        ("ALLOW_ALL", "TrustAll"), r"\bALLOW_ALL_HOSTNAME_VERIFIER\b|\bTrustAll\w*"
    )


CHECKS = Checks()
