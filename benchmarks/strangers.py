# ruff: noqa: E501
"""Plants one fault at a time into the samples of a folder of pages, and says which are found.

    python benchmarks/strangers.py FOLDER [--missed FILE] [--half even|odd]

The pages are others': nothing of them is kept. A fault is found where `check`, with the rules
that are on by default, says something at its place that it did not say before. `--half` takes the
pages whose paths have an even, or odd, sha256, so that one half can be looked at while the rules
are made, and the other one only counted.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import NamedTuple

from samplegen.check.checking import Plan, check, view
from samplegen.check.rule import SampleView
from samplegen.check.rules import select
from samplegen.errors import InputError
from samplegen.model.catalog import builtin

CODES = frozenset(rule.code for rule in select("default"))
PLAN = Plan(select("default"), builtin(), lenient=CODES)
FENCES = {"nodejs": "javascript", "curl": "bash"}


class Fault(NamedTuple):
    """A fault.

    Attributes:
        languages: those it can be planted in; '' is all.
        wanted: a pattern that the sample must have somewhere; one that begins with `!` must not
            be there.
        pattern, new: what is replaced by what, once.
        anywhere: whether any place in the sample will do, as for what is taken out.
    """

    name: str
    languages: str
    pattern: str
    new: str | Callable[[re.Match[str]], str]
    wanted: tuple[str, ...] = ()
    anywhere: bool = False
    framework: bool = False


def swapped(match: re.Match[str]) -> str:
    """The text with two neighbours in other places."""
    text = match[0]
    at = next(i for i in range(2, len(text) - 1) if text[i] != text[i + 1])
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


PY, JS, CURL = "python", "nodejs", "curl"
HOST = r"dashscope(?:-intl|-us)?(?=\.aliyuncs\.com)"
MODEL_LINE = r"""(?m)^([ \t]*)(["']?)model\2( ?=> ?|: ?|=) ?["'][\w./-]+["'],(?=[ \t]*$)"""
OPENAI = ("chat.completions.create",)
GIVEN = r"qwen-(?:plus|max|turbo|flash)|qwen3-max|qwen-vl-\w+|qwen3-vl-plus|qwen3\.\d-plus"
AUTH = r"Authorization"

FAULTS = (
    Fault("host: letters change places", "", HOST, swapped, framework=True),
    Fault("host: another domain", "", r"(?<=dashscope)((?:-intl)?)\.aliyuncs\.com",
          r"\1.aliyun.com", framework=True),
    Fault("host: parts change places", "", r"dashscope-intl\.aliyuncs\.com",
          "dashscope.aliyuncs-intl.com", framework=True),
    Fault("path: a letter", "", r"compatible-mode/v1", "compatable-mode/v1", framework=True),
    Fault("path: no version", "", r"compatible-mode/v1", "compatible-mode",
          ("!springframework",), framework=True),
    Fault("path: of the other protocol", "", r"compatible-mode/v1(?=[\"'`])", "api/v1",
          framework=True),
    Fault("path: singular", "", r"/chat/completions(?=[\"'`\s\\])", "/chat/completion"),
    Fault("scheme: in the clear", "", r"https(?=://dashscope[\w-]*\.aliyuncs\.com)", "http", framework=True),
    Fault("model: letters change places", "", rf"(?<=[\"'])(?:{GIVEN})(?=[\"'])", swapped,
          framework=True),
    Fault("model: a letter is missing", "", r"(?<=[\"'])(qwen[\w.]*-)(\w)(\w+)(?=[\"'])", r"\1\3",
          framework=True),
    Fault("model: another provider's", "", rf"(?<=[\"'])(?:{GIVEN})(?=[\"'])", "gpt-4o",
          ("dashscope[\\w-]*\\.aliyuncs",)),
    Fault("key: a slip in the variable", "", r"DASHSCOPE_API_KEY", "DASHCOPE_API_KEY",
          framework=True),
    Fault("key: another service's variable", "", r"(?<=[\"'$.{])DASHSCOPE_API_KEY(?![\s\S]*DASHSC)",
          "OPENAI_API_KEY", ("dashscope[\\w-]*\\.aliyuncs",)),
    Fault("key: in the sample", PY, r"os\.(?:getenv|environ\.get)\([\"']DASHSCOPE_API_KEY[\"']\)",
          '"sk-4f0c2a9be1d7436c8a5b90e3d2f1c7a8"', framework=True),
    Fault("key: in the sample", JS, r"process\.env\.DASHSCOPE_API_KEY",
          '"sk-4f0c2a9be1d7436c8a5b90e3d2f1c7a8"', framework=True),
    Fault("key: in the sample", CURL, r"\$\{?DASHSCOPE_API_KEY\}?",
          "sk-4f0c2a9be1d7436c8a5b90e3d2f1c7a8"),
    Fault("key: in the sample", "java", r"System\.getenv\(\"DASHSCOPE_API_KEY\"\)",
          '"sk-4f0c2a9be1d7436c8a5b90e3d2f1c7a8"', framework=True),
    Fault("key: not given", PY, r"(?m)^[ \t]*api_key=.*,[ \t]*\n", "",
          ("OpenAI\\(", "!OPENAI_API_KEY", "DASHSCOPE_API_KEY[\\s\\S]*DASHSCOPE_API_KEY"), True),
    Fault("key: no Bearer", CURL, r"Bearer (?=\$)", ""),
    Fault("key: no Bearer", "python nodejs java go php csharp", r"(?<=[\"'`])Bearer (?=[\"'`{$])",
          "", (AUTH,), True),
    Fault("key: no blank", CURL, r"Bearer (?=\$)", "Bearer"),
    Fault("key: no header", CURL, r"(?m)^.*Authorization.*\\\n", "", (), True),
    Fault("key: quotes that keep it", CURL, r"\"(Authorization: Bearer \$\w+)\"", r"'\1'"),
    Fault("key: runs a command", CURL, r"(?<=Bearer )\$\{?(\w+)\}?", r"$(\1)"),
    Fault("header: no colon", CURL, r"Authorization: ", "Authorization "),
    Fault("type: no header", CURL, r"(?m)^.*Content-Type.*\\\n", "", (AUTH,), True),
    Fault("type: a slip", "", r"(?<=[\"' ])application/json(?=[\"'])", "application/jsn",
          ("[Cc]ontent-[Tt]ype",)),
    Fault("method: GET", CURL, r"(?<=-X )POST|(?<=--request )POST", "GET"),
    Fault("method: get", PY, r"(?<=requests\.)post(?=\()", "get"),
    Fault("method: GET", JS, r"(?<=method: [\"'])POST(?=[\"'])", "GET"),
    Fault("shell: a lost backslash", CURL, r"(?m) ?\\$(?=\n[ \t]*-)", ""),
    Fault("shell: a blank behind the backslash", CURL, r"(?m)\\$(?=\n[ \t]*-)", "\\\\ "),
    Fault("shell: curly quotes", CURL, r"\"(Authorization[^\"\n]*)\"", "\u201c\\1\u201d"),
    Fault("shell: an en dash", CURL, r"(?m)(?<=^)([ \t]*)--?(?=H |header )", "\\1\u2013"),
    Fault("shell: three dashes", CURL, r"(?m)^([ \t]*)--(?=header|data)", r"\1---"),
    Fault("body: a comma is missing", CURL, r"(?m)(?<=[\"}\]]),(?=\n[ \t]*\")", ""),
    Fault("body: a comma too much", CURL, r"(?m)(?<=[\"}\]])(?=\n[ \t]*[}\]])", ","),
    Fault("syntax: a bracket is missing", "", r"\)(?=[;\s]*(?:\n|$))", "", (), True),
    Fault("syntax: a quote is missing", "python nodejs java go",
          r"(?<=model=)\"|(?<=model: )[\"']|(?<=model\()\"", "", (), True),
    Fault("role: human", "", r"(?<=role)([\"']?\s*[:=]\s*)([\"'])user\2", r"\1\2human\2", ("!Threads",)),
    Fault("role: users", "", r"(?<=role)([\"']?\s*[:=]\s*)([\"'])user\2", r"\1\2users\2", ("!Threads",)),
    Fault("field: message", "", r"(?<=[\"' (\n\t])messages(?=[\"']?\s*(?:[:=](?!=))\s*\[)", "message",
          ("!Threads",), True),
    Fault("field: modle", "", r"(?<=[\"' (\n\t])model(?=[\"']?\s*(?:[:=](?!=))\s*[\"'])", "modle",
          ("aliyuncs",)),
    Fault("parameter: a slip", "", r"\b(?:temperature|max_tokens|top_p|enable_thinking"
          r"|thinking_budget|result_format|incremental_output|stream_options|response_format"
          r"|tool_choice)(?=[\"']?\s*(?:[:=](?!=)))", swapped),
    Fault("parameter: max_token", "python nodejs curl", MODEL_LINE, "\\g<0>\n\\1\\2max_token\\2\\g<3>100,"),
    Fault("parameter: max_new_tokens", PY, MODEL_LINE, "\\g<0>\n\\1max_new_tokens=100,",
          (*OPENAI, "import OpenAI|AsyncOpenAI")),
    Fault("parameter: an argument", PY, MODEL_LINE, "\\g<0>\n\\1top_k=20,",
          (*OPENAI, "import OpenAI|AsyncOpenAI")),
    Fault("parameter: extra_body", JS, MODEL_LINE, "\\g<0>\n\\1extra_body: { top_k: 20 },", OPENAI),
    Fault("parameter: top level", CURL, MODEL_LINE, '\\g<0>\n\\1"top_p": 0.8,', ("/api/v1/", "!SSE")),
    Fault("parameter: a stream in the body", CURL, MODEL_LINE, '\\g<0>\n\\1"stream": true,',
          ("/api/v1/", "!SSE")),
    Fault("value: temperature", "python nodejs curl", MODEL_LINE,
          "\\g<0>\n\\1\\2temperature\\2\\g<3>3,", ("!temperature",)),
    Fault("value: top_p", "python nodejs curl", MODEL_LINE, "\\g<0>\n\\1\\2top_p\\2\\g<3>1.5,",
          ("!top_p",)),
    Fault("value: max_tokens", "python nodejs curl", MODEL_LINE,
          "\\g<0>\n\\1\\2max_tokens\\2\\g<3>0,", ("!max_tokens",)),
    Fault("client: baseUrl", JS, r"baseURL(?=:)", "baseUrl"),
    Fault("client: api_key", JS, r"apiKey(?=:)", "api_key"),
    Fault("client: baseURL", PY, r"base_url(?==)", "baseURL", ("= (?:Async)?OpenAI\\(",)),
    Fault("client: proxies", PY, r"(?m)^([ \t]*)base_url=.*,$",
          '\\g<0>\n\\1proxies={"https": "http://127.0.0.1:1080"},', ("= (?:Async)?OpenAI\\(",)),
    Fault("client: another name", PY, r"(?m)^client(?= = )", "clnt", (r"\bclient\.",), True),
    Fault("client: another name", JS, r"(?<=const )(?:client|openai)(?= = )", "clnt",
          (r"\b(?:client|openai)\.",), True),
    Fault("import: not there", PY, r"(?m)^(?:from openai import .*|import dashscope|import requests)\n",
          "", (), True),
    Fault("import: not there", JS, r"(?m)^import OpenAI from .*\n", "", (), True),
    Fault("stale: ChatCompletion", PY, r"\bclient\.chat\.completions\.create(?=\()",
          "openai.ChatCompletion.create"),
    Fault("certificates: off", PY, r"(?<=requests\.post\()", "verify=False, "),
    Fault("certificates: off", CURL, r"(?<=curl )", "-k "),
    Fault("JSON: without the word", PY, MODEL_LINE,
          '\\g<0>\n\\1response_format={"type": "json_object"},', (*OPENAI, "!(?i)json")),
    Fault("JSON: without the word", JS, MODEL_LINE,
          '\\g<0>\n\\1response_format: { type: "json_object" },', (*OPENAI, "!(?i)json(?!.stringify)")),
    Fault("tool: no name", "python", MODEL_LINE,
          '\\g<0>\n\\1tools=[{"type": "function", "function": {"description": "x"}}],',
          (*OPENAI, "!tools")),
    Fault("tool: required", "python", MODEL_LINE, '\\g<0>\n\\1tool_choice="required",',
          (*OPENAI, "!tool_choice")),
    Fault("model: one that needs a stream", "", rf"(?<=[\"'])(?:{GIVEN})(?=[\"'])", "qwq-plus",
          ("!stream|Stream|SSE",)),
    Fault("class: text", "python java", rf"(?<=[\"'])(?:{GIVEN})(?=[\"'])", "qwen-vl-max",
          (r"\bGeneration\b", "!MultiModal"), True),
    Fault("class: multimodal", "python java", rf"(?<=[\"'])(?:{GIVEN}|qwen[\w.-]+)(?=[\"'])",
          "qwen-max", (r"MultiModalConversation\b",), True),
    Fault("part: of the other protocol", "",
          r"[\"']?type[\"']?: *([\"'])image_url\1, *\n?\s*[\"']?image_url[\"']?: *\{[^{}]*\}",
          r"\1image\1: \1https://example.com/a.jpg\1"),
    Fault("part: a text for an object", "", r"(?<=image_url)([\"']?: *)\{\s*[\"']?url[\"']?: *([^{}]*?)\s*\}",
          r"\1\2"),
    Fault("stream: read as a whole", PY, r"(?s)\bfor chunk in (\w+):.*", r"print(\1.choices[0])",
          ("stream=True", *OPENAI)),
    Fault("stream: no choices", PY, r"(?m)^(\s*)if chunk\.choices:",
          r"\1if True:", ("include_usage",), True),
    Fault("stream: cumulative", PY, r"(?m)^[ \t]*incremental_output=True,.*\n", "",
          (r"Generation\.call", r"end=|\+=", "qwen-(?:plus|max|turbo)", "!enable_thinking"), True),
    Fault("elided", PY, r"(?m)^([ \t]*)messages=.*$", "\\1# ... \u7701\u7565\n\\g<0>"),
    Fault("elided", JS, r"(?m)^([ \t]*)model: .*$", "\\g<0>\n\\1// ... other options"),
    Fault("another language's line", PY, r"(?m)^client = ", '$apiKey = getenv("X");\n\\g<0>'),
    Fault("another language's line", JS, r"(?m)^const (?:client|openai) = ",
          '$apiKey = getenv("X");\n\\g<0>'),
)  # fmt: skip


class Planted(NamedTuple):
    """A sample with a fault in it, and the lines of the page where it stands."""

    fault: Fault
    language: str
    path: str
    page: str
    lines: range
    found: bool
    said: list[str]


def page_of(sample: SampleView, code: str) -> str:
    """A page with that one sample."""
    fence = FENCES.get(sample.language, sample.language)
    return f"# Call\n\nThe key is in `DASHSCOPE_API_KEY`.\n\n``````{fence}\n{code}\n``````\n"


_FIRST = 6
"""The line of the page that a sample starts on."""


def findings(path: str, page: str) -> list[tuple[int, int, str]]:
    """What is said of a page: lines, and what."""
    found = check(view(path, page, PLAN), PLAN)
    return [
        (one.finding.line, one.finding.end_line, f"{one.finding.rule} {one.finding.message}")
        for one in found
        if one.finding.severity != "info"
    ]


def planted(path: Path, sample: SampleView) -> Iterator[Planted]:
    """The sample with each fault that it has a place for."""
    code = sample.code
    before: list[str] | None = None
    for fault in FAULTS:
        if fault.languages and sample.language not in fault.languages.split():
            continue
        if sample.standing == "framework" and not fault.framework:
            continue
        bare = sample.without_comments
        places = [one for one in re.finditer(fault.pattern, code) if _is_code(one, bare)]
        fits = all(
            (re.search(want.removeprefix("!"), code) is None) == want.startswith("!")
            for want in fault.wanted
        )
        if not places or not fits:
            continue
        if before is None:
            before = [text for _, _, text in findings("a.md", page_of(sample, code))]
        one = Random(f"{path}{sample.published.line}{fault.name}").choice(places)
        new = fault.new(one) if callable(fault.new) else one.expand(fault.new)
        changed = code[: one.start()] + new + code[one.end() :]
        first = _FIRST + code.count("\n", 0, one.start())
        lines = range(first, first + max(new.count("\n"), 0) + 2)
        page = page_of(sample, changed)
        said = findings("a.md", page)
        now = [(start, end) for start, end, text in said if text not in before]
        everything = [text for _, _, text in said]
        counted = [
            pair
            for pair, text in zip([(a, b) for a, b, _ in said], everything, strict=True)
            if everything.count(text) > before.count(text)
        ]
        there = any(
            fault.anywhere or (start <= lines.stop - 1 and end >= lines.start - 1)
            for start, end in (*now, *counted)
        )
        new_words = [text for text in everything if text not in before]
        yield Planted(fault, sample.language, str(path), page, lines, there, new_words)


def _is_code(one: re.Match[str], bare: str) -> bool:
    """Whether a place is none of a comment\'s."""
    at = one.start()
    return at == one.end() or bare[at : one.end()].strip() != ""


def samples(folder: Path, half: str | None) -> Iterator[tuple[Path, SampleView]]:
    """The samples that `check` judges."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".md", ".mdx", ".html", ".ipynb", ".rst") or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        even = int(sha256(name.encode()).hexdigest(), 16) % 2 == 0
        if half is not None and even != (half == "even"):
            continue
        try:
            page = view(str(path), path.read_text(encoding="utf-8"), PLAN)
        except (InputError, UnicodeDecodeError):
            continue
        for sample in page.samples:
            if sample.standing in ("judged", "framework"):
                yield path, sample


def main() -> None:
    """Count, and list what is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("even", "odd"))
    parser.add_argument("--missed", type=Path)
    given = parser.parse_args()
    hits: Counter[str] = Counter()
    every: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    kept: set[tuple[str, int]] = set()
    missed = []
    for path, sample in samples(given.folder, given.half):
        for one in planted(path, sample):
            kept.add((str(path), sample.published.line))
            every[one.fault.name] += 1
            languages[one.language] += 1
            hits[one.fault.name] += one.found
            if not one.found:
                missed.append(one)
    for name in sorted(every, key=lambda one: hits[one] / every[one]):
        print(f"{hits[name]:5} of {every[name]:5}  {name}")
    total = every.total()
    share = f"{hits.total() / total:.1%}" if total else "-"
    print(f"{hits.total()} of {total} found at their place ({share}), in {len(kept)} samples")
    print(", ".join(f"{name} {count}" for name, count in languages.most_common()))
    if given.missed:
        parts = [
            f"== {one.fault.name} | {one.language} | {one.path} | lines {one.lines} | {one.said}\n"
            f"{one.page}"
            for one in missed
        ]
        given.missed.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
