"""What the rules know of Python."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import ClassVar

from samplegen.check.language import (
    TRIES_AGAIN,
    LanguageChecks,
    Span,
    Stale,
    Words,
    words,
)
from samplegen.check.places import seen_at


class Checks(LanguageChecks):
    """An uncaught exception ends a program with 1; one that is caught and printed does not."""

    comment = r"#[^\n]*"
    marks = (
        Words(("os.",), r"\bos\.(?:getenv\(|environ\b)"),
        Words(("print(",), r"(?m)^[ \t]*print\(\w[^;\n]*\)[ \t]*$"),
    )
    semicolons = "needless"

    imports: ClassVar = {
        "asyncio": "asyncio",
        "dashscope": "dashscope",
        "json": "json",
        "os": "os",
        "requests": "requests",
        "sys": "sys",
        "OpenAI": "openai",
    }

    def is_imported(self, name: str, source: str, imported: Iterable[str]) -> bool:
        return source in {one.partition(".")[0] for one in imported}

    def use(self, name: str) -> str:
        # A module's name stands before a dot.
        return rf"(?<![\w.\"/@]){name}(?=\.\w)" if name[0].islower() else super().use(name)

    def import_line(self, name: str, source: str) -> str:
        return f"import {source}" if name == source else f"from {source} import {name}"

    def is_in_second_group(self, source: str) -> bool:
        return source.partition(".")[0] not in sys.stdlib_module_names

    sends = (
        r"\brequests\.(?:post|request)(?=\()|\bGeneration\.call(?=\()"
        r"|\bMultiModalConversation\.call(?=\()|\bhttpx\.post(?=\()"
    )
    looks_at_status = r"\braise_for_status\b|\bstatus_code\b|\.ok\b|\bis_success\b"
    fails_in_blocks = True
    runs = (
        r"(?m)^(?:(?:if|for|while|with)\b|(?:await\s+)?[\w.]+\("
        r"|\w+\s*=\s*(?:await\s+)?[\w.]+\.(?:call|create|parse|post|request|stream)\()"
    )

    def drops(self, code: str) -> Iterator[Span]:
        if not re.search(r"\.(?:text|content)\b", code):
            yield from (f.span() for f in re.finditer(r"\b\w++\.raise_for_status\(\)", code))

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        for found in re.finditer(r"(?m)^([ \t]*)except\b[^\n]*:\n((?:\1[ \t]+[^\n]*\n?)+)", bare):
            ends = rf"\braise\b|\bexit\b|{TRIES_AGAIN}"
            if re.search(r"\bprint\(", found[2]) and not re.search(ends, found[2]):
                yield seen_at(code, found.start() + len(found[1]))

    prints = r"\bprint(?=\((?![^\n]*file=))"
    prints_text = r"(?P<call>\bprint)\(\s*f?[\"'](?![^\n]*file=)[^\"'\n]*"
    labels_answer = (
        r"\bprint\(\s*f?[\"'`][^\"'`{}\n]*[:\uff1a]\s*"
        r"(?:[\"']\s*[,+]|\$?\{)"
    )

    stale = (
        Stale(
            pattern=r"\bopenai\.(?:Chat)?Completion\.a?create\b",
            message=(
                "`{found}` is gone from the SDK since 2023: call `client.chat.completions.create`"
            ),
            source="the migration guide of openai-python, version 1.0.0",
            package="openai-sdk",
        ),
        Stale(
            pattern=r"\bopenai\.api_base\b",
            message="`{found}` is gone from the SDK since 2023: give `base_url` to the client",
            source="the migration guide of openai-python, version 1.0.0",
            package="openai-sdk",
        ),
        Stale(
            pattern=(
                r"\.completions\.create\((?:[^()]|\([^()]*\))*?"
                r"\b(?P<place>enable_thinking\s*=\s*(?P<value>True|False))\b"
            ),
            message="the SDK takes no argument `enable_thinking`: put it into `extra_body`",
            source="measured with openai 3.54.0: TypeError",
            package="openai-sdk",
            new='extra_body={{"enable_thinking": {value}}}',
            new_unless=r"\bextra_body\b",
        ),
    )

    plumbing = words(
        "Exception False Generation HTTPStatus MultiModalConversation None OK True as "
        "base_http_api_url call code dumps e else ensure_ascii environ error except exit format "
        "from get getenv http if in indent json message model_dump model_dump_json not os print "
        "status_code sys to_json try"
    )

    runs_text = Words(
        ("os.system", "shell", "eval", "exec"),
        r"\bos\.system\(|\bshell\s*=\s*True|(?<![\w.])(?:eval|exec)\(",
    )
    trusts_anyone = Words(
        ("verify", "unverified"), r"\bverify\s*=\s*False\b|\b_create_unverified_context\b"
    )


CHECKS = Checks()
