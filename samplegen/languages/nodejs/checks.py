"""What the rules know of JavaScript for Node.js."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from samplegen.check.language import (
    FAILS,
    TRIES_AGAIN,
    Deprecated,
    LanguageChecks,
    Needless,
    Span,
    Stale,
    Words,
    words,
)
from samplegen.check.places import block_at, seen_at
from samplegen.check.problem import Fix, Problem


class Checks(LanguageChecks):
    """`fetch` rejects only where no answer comes; a rejection that is logged ends with 0."""

    marks = (
        Words(("process.env",), r"\bprocess\.env\b"),
        Words(("console.",), r"\bconsole\.(?:log|error)\("),
    )
    semicolons = "usual"

    imports: ClassVar = {"OpenAI": "openai"}
    needs_imports = False
    imports_bind = False

    def is_imported(self, name: str, source: str, imported: Iterable[str]) -> bool:
        return any(one == source or _package(one) == source for one in imported)

    def import_line(self, name: str, source: str) -> str:
        return f'import {name} from "{source}";'

    # What programs and their tests find there: the documentation of Node.js, "Globals"; Jest's.
    given = frozenset({
        "Buffer", "Deno", "Bun", "crypto", "event", "exports", "globals", "history", "localStorage",
        "location", "module", "navigator", "performance", "queueMicrotask", "require", "screen",
        "sessionStorage", "setImmediate", "structuredClone",
        "afterAll", "afterEach", "beforeAll", "beforeEach", "describe", "expect", "it", "jest",
        "test", "vi",
    })  # fmt: skip

    sends = r"fetch(?<![\w.]fetch)(?=\()"
    looks_at_status = r"\.ok\b|\.status\b"
    fails_in_blocks = True

    def drops(self, code: str) -> Iterator[Span]:
        reads = r"\.(?:text|json)\(\)"
        for found in re.finditer(r"if\s*\(\s*!\s*\w+\.ok\s*\)\s*(?:\{[^{}]*\}|[^;\n]*;)", code):
            if not re.search(reads, found[0]) and not re.search(reads, code[: found.start()]):
                yield seen_at(code, found.start())

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        for found in re.finditer(r"\.catch\(|\bcatch\s*(?:\(\w*\)\s*)?(?=\{)", bare):
            opening = found.end() - 1 if found[0].endswith("(") else found.end()
            block = block_at(bare, opening)
            said = re.search(r"\bconsole\.\w+", block)
            if said and not re.search(rf"{FAILS}|{TRIES_AGAIN}", block):
                yield seen_at(code, opening + said.start())

    def unhandled(self, bare: str) -> Iterator[Problem]:
        made = r"\basync\s+function\s+(\w+)|\b(?:const|let|var)\s+(\w+)\s*=\s*async\b"
        for function in re.finditer(made, bare):
            name = function[1] or function[2]
            opening = bare.find("{", function.end())
            body = block_at(bare, opening) if opening >= 0 else ""
            # What it catches itself is no rejection.
            if re.match(r"\{\s*try\b", body) and re.search(
                r"\bcatch\b[^{]*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*(?:finally\b[\s\S]*)?\}$", body
            ):
                continue
            for found in re.finditer(rf"(?m)^[ \t]*({name}\(\))[ \t]*;?[ \t]*$(?!\s*\.)", bare):
                is_module = re.search(r"(?m)^\s*import\b", bare) is not None
                # What is no ES module may not wait outside of functions.
                is_common = re.search(r"(?<![\w.])(?:require\(|module\.exports\b)", bare)
                at = found.start(1)
                fix = None if is_common else Fix(at, at, "await ", safe=is_module)
                message = f"nothing handles a failure of `{name}`: wait for it with `await`"
                yield Problem(found.start(1), found.end(1), message, fix)

    prints = r"\bconsole\.log(?=\()"
    prints_text = r"(?P<call>console\.log)\(\s*[\"'`][^\"'`\n]*"
    error_output = "console.error"
    labels_answer = (
        r"\bconsole\.log\(\s*f?[\"'`][^\"'`{}\n]*[:\uff1a]\s*"
        r"(?:[\"']\s*[,+]|\$?\{)"
    )

    stale = (
        Stale(
            pattern=r"\bnew (?P<place>OpenAIApi|Configuration)(?=\()",
            message=(
                "`{found}` is gone from the SDK since 2023: "
                "make a client with `new OpenAI({{...}})`"
            ),
            source="the migration guide of openai-node, version 4",
            package="openai-sdk",
        ),
        Stale(
            # Not a class's own, as in the SDK itself: `ChatCompletionStream.createChatCompletion(`.
            pattern=r"\b[a-z]\w*\.(?P<place>createChatCompletion)(?=\()",
            message="`{found}` is gone from the SDK since 2023: call `chat.completions.create`",
            source="the migration guide of openai-node, version 4",
            package="openai-sdk",
        ),
    )
    deprecated = (
        Deprecated(
            pattern=r"\burl\.parse(?=\()|\bnew Buffer(?=\()",
            message="`{found}` is deprecated",
            source="the Node.js documentation, DEP0169 and DEP0005",
        ),
    )
    needless = (
        Needless(
            "node-fetch",
            "Node.js has `fetch` since version 18: leave the import out",
            whole_line=True,
        ),
    )

    # openai 7.57.0: ClientOptions of client.d.ts.
    client_options = words(
        "adminAPIKey apiKey baseURL credential dangerouslyAllowBrowser dataResidency"
        " defaultHeaders defaultQuery fetch fetchOptions logLevel logger maxRetries organization"
        " project provider timeout webhookSecret workloadIdentity"
    )
    sdk_module = "openai"
    extra_fields = "put its fields beside `model`"
    fails_on_no_item = False

    plumbing = words(
        "Authorization Content-Type Error JSON async await body catch console const data e env "
        "err error exit exitCode fetch from function getenv headers import json let log main "
        "method new node-fetch ok process response result status stringify text then throw try "
        "var"
    )

    runs_text = Words(
        ("eval", "exec", "Function"),
        r"(?<![\w.])(?:eval|execSync|exec)\(|\bnew Function\(",
    )
    trusts_anyone = Words(
        ("Unauthorized", "UNAUTHORIZED"),
        r"\brejectUnauthorized\s*:\s*false\b|\bNODE_TLS_REJECT_UNAUTHORIZED\b",
    )


# Deno, and browsers, import from a registry or a URL, perhaps with a version:
# `npm:openai@6`, `jsr:@openai/openai`, `https://deno.land/x/openai@v4.20.1/mod.ts`.
_FROM = re.compile(
    r"(?:npm:/?|jsr:/?(?:@[\w.-]+/)?|https?://[\w.-]+/(?:npm/|x/|v\d+/|stable/|\*)?)"
    r"(?P<name>(?:@[\w.-]+/)?[\w.-]+?)(?:@[^/?#]*)?(?:[/?#].*)?"
)


def _package(source: str) -> str:
    """The package that an import brings in, wherever it comes from."""
    found = _FROM.fullmatch(source)
    return found["name"] if found else source


CHECKS = Checks()
