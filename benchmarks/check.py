"""What `samplegen check` takes for many pages, for unchanged ones, and for one long page.

    python benchmarks/check.py [--json FILE]

Pages are Markdown with ten samples each. No two pages make the same call, and a third of
them have defects. The README beside this file says what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from samplegen.languages import language
from samplegen.model.call import Call, Message
from samplegen.model.catalog import builtin
from samplegen.protocols import protocol_ids
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets

PAGES = (250, 500, 1000, 2000)
# A page of 10 samples, grown: times 10, times 100.
SAMPLES = (10, 100, 1000)

ASKED = {
    "en": "What does paragraph {} of the contract say?",
    "ja": "契約書の第{}項には何が書かれていますか。",
    "zh": "请说明合同第{}条。",
}
TOLD = {
    "en": "You answer in one sentence, for reader {}.",
    "ja": "あなたは読者{}のために一文で答えます。",
    "zh": "你用一句话回答读者{}。",
}
PROSE = {
    "en": "This page shows how to send a question to the model, in every language.",
    "ja": "このページでは、各言語でモデルに質問を送る方法を説明します。",
    "zh": "本页介绍如何用各种语言向模型发送问题。",
}
# What goes wrong by hand: each stands in some of the samples only.
DEFECTS = (
    ("aliyuncs.com", "aliyun.com"),
    ("DASHSCOPE_API_KEY", "DASHSCOPE_APIKEY"),
    ("/chat/completions", "/chat/completion"),
    ("application/json", "application/jsn"),
    ('"user"', '"usr"'),
    (";\n", "\n"),
    ("import ", "// import "),
    (")\n", "\n"),
)


class Run(NamedTuple):
    """One run: seconds of the clock and of all processors, peaks of one process in MB."""

    seconds: float
    cpu: float
    parent: float
    worker: float
    findings: int


class Row(NamedTuple):
    """What was checked, and what it took: at first, and again unchanged."""

    name: str
    megabytes: float
    first: Run
    second: Run


def page(number: int, samples: int = 10) -> str:
    """A page that makes a call of its own."""
    locale = locales()[number % len(locales())]
    regions = [name for name, region in builtin().regions.items() if region.host]
    models = builtin().models
    protocol = protocol_ids()[number // 2 % len(protocol_ids())]
    call = Call(
        protocol=protocol,
        region=regions[number % len(regions)],
        model=models[number % len(models)],
        messages=(
            Message("system", TOLD[locale].format(number)),
            Message("user", ASKED[locale].format(number)),
        ),
    )
    parts = [f"# {number}\n\n{PROSE[locale]}\n"]
    ways = [target for target in targets() if target.protocol == protocol]
    for which in range(samples):
        target = ways[which % len(ways)]
        code = render(call, target.language, target.client, locale=locale).code
        if not number % 3 and not which % 4:
            old, new = DEFECTS[(number // 3 + which) % len(DEFECTS)]
            code = code.replace(old, new, 1)
        kind = language(target.language)
        label = f"{kind.name} ({target.client.upper()})"
        parts.append(f"## {label}\n\n```{kind.fence}\n{code}```\n")
    return "\n".join(parts)


def measured(folder: Path, cache: Path) -> Run:
    """One run of the command line on a folder."""
    command = [sys.executable, "-m", "samplegen", "check", str(folder), "--format", "json"]
    output = cache.with_suffix(".json")
    with output.open("wb") as file:
        started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        environment = {**os.environ, "SAMPLEGEN_CACHE": str(cache)}
        process = subprocess.Popen(command, stdout=file, env=environment)
        parent = worker = 0.0
        while process.poll() is None:
            parent = max(parent, peak(process.pid))
            worker = max([worker, *(peak(child) for child in children(process.pid))])
            time.sleep(0.02)
        seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    findings = json.loads(output.read_text(encoding="utf-8"))["findings"]
    return Run(seconds, cpu, parent, worker, len(findings))


def peak(process: int) -> float:
    """The most memory that a process had so far, in MB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def children(process: int) -> list[int]:
    """The processes that a process started."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def row(name: str, pages: list[str], work: Path) -> Row:
    """Check pages that no run has seen, and once more; in a new folder below `work`."""
    folder = Path(mkdtemp(dir=work))
    docs = folder / "docs"
    docs.mkdir()
    for number, text in enumerate(pages):
        (docs / f"{number}.md").write_text(text, encoding="utf-8")
    size = sum(len(text.encode()) for text in pages) / 1e6
    cache = folder / "cache"
    return Row(name, size, measured(docs, cache), measured(docs, cache))


def main() -> None:
    """Measure each size, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="samplegen-benchmarks-") as name:
        folder = Path(name)
        many = [page(number) for number in range(max(PAGES))]
        rows = [row(f"{count} pages", many[:count], folder) for count in PAGES]
        rows += [row(f"1 page, {n} samples", [page(0, n)], folder) for n in SAMPLES]
    print(f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} processes at work")
    print("| | MB | findings | s | CPU s | parent, MB | worker, MB | again, s | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for one in rows:
        first, again = one.first, one.second
        memory = f"{first.parent:.0f} | {first.worker:.0f}"
        times = f"{first.seconds:.1f} | {first.cpu:.1f}"
        times += f" | {memory} | {again.seconds:.1f} | {again.cpu:.1f}"
        print(f"| {one.name} | {one.megabytes:.1f} | {first.findings} | {times} |")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
