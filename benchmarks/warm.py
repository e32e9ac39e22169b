"""The warm loop of samplegen: each line on stdin is a job as JSON, its result a line on stdout."""

from __future__ import annotations

import json
import sys
from time import perf_counter, process_time
from typing import Any

from samplegen import Call, Message, render

BATCH = 100


def call(number: int) -> Call:
    return Call(
        protocol="openai",
        region="singapore",
        messages=(
            Message("system", "You are a helpful assistant."),
            Message("user", f"Who are you? {number}"),
        ),
    )


def check(language: str, client: str) -> None:
    if "Who are you? 0" not in render(call(0), language, client).code:
        raise RuntimeError(f"{language}/{client} gave no sample")


def run(client: list[str], prebuilt: bool, seconds: float) -> dict[str, Any]:
    """Render for so many seconds; with `prebuilt`, the calls are made off the clock."""
    language, kind = client
    check(language, kind)
    samples = 0
    elapsed = cpu = 0.0
    while elapsed < seconds:
        numbers = range(samples, samples + BATCH)
        calls = [call(number) for number in numbers] if prebuilt else []
        start, used = perf_counter(), process_time()
        if prebuilt:
            for made in calls:
                render(made, language, kind)
        else:
            for number in numbers:
                render(call(number), language, kind)
        elapsed += perf_counter() - start
        cpu += process_time() - used
        samples += BATCH
    return {"samples": samples, "seconds": elapsed, "cpu": cpu}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)
