"""What samplegen refuses to write; it is in `hostile/refusals.toml`.

`python tests/refusals.py` writes docs/refusals.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from hostile_texts import read

from samplegen.model.catalog import BUILTIN

DOCUMENT = Path(__file__).parents[1] / "docs" / "refusals.md"


class Refusal(NamedTuple):
    """A bad input: the call as JSON, what is replaced in the catalog, and the sample's language."""

    what: str
    why: str
    call: str = "{}"
    old: str = ""
    new: str = ""
    language: str = "curl"


REFUSALS = [Refusal(**one) for one in read("refusals.toml")["refusal"]]


def refuse(refusal: Refusal, folder: Path) -> tuple[int, str]:
    """What the command line says to a bad input; the sample would be in the folder `out`."""
    catalog = BUILTIN.read_text(encoding="utf-8")
    assert catalog.count(refusal.old) == 1 or not refusal.old, refusal.what
    (folder / "catalog.toml").write_text(
        catalog.replace(refusal.old, refusal.new), encoding="utf-8"
    )
    (folder / "call.json").write_text(refusal.call, encoding="utf-8")
    options = ["--catalog", "catalog.toml", "--call", "call.json", "--lang", refusal.language]
    done = subprocess.run(
        [sys.executable, "-m", "samplegen", "render", *options, "--out", "out"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr.decode()


def document(messages: list[str]) -> str:
    """The page on refusals, with what is said to each of them."""
    rows = []
    for refusal, message in zip(REFUSALS, messages, strict=True):
        said = message.strip().removeprefix("samplegen: error: ").replace("|", "\\|")
        rows.append(f"| {refusal.what} | {refusal.why} | `{said}` |\n")
    return (
        "# What samplegen refuses\n\n"
        "Any other text of a call, and any other value of an option, arrives as it was given, in\n"
        "every target: `tests/rendering/test_hostile.py` runs them. A refusal is one line and\n"
        "exit code 2, and nothing is written. `python tests/refusals.py` writes this\n"
        "page; a test compares.\n\n"
        "One more needs a catalog that is made in Python, for TOML has no null: an option that is\n"
        "null, or an object with a field that is, in Java with the DashScope SDK, which leaves\n"
        "such fields out.\n\n"
        "| refused | why | said |\n|---|---|---|\n" + "".join(rows)
    )


def main() -> None:
    messages = []
    for refusal in REFUSALS:
        with tempfile.TemporaryDirectory() as folder:
            messages.append(refuse(refusal, Path(folder))[1])
    DOCUMENT.write_text(document(messages), encoding="utf-8")


if __name__ == "__main__":
    main()
