"""The table of named examples in the docs. `python tests/rendering/examples_table.py` writes it."""

from __future__ import annotations

import sys
from pathlib import Path

from samplegen import Call, InputError, render
from samplegen.examples import EXAMPLES, path_of
from samplegen.model.call_file import read_call
from samplegen.rendering.targets import Target, targets

PAGE = Path(__file__).parents[2] / "docs" / "calls" / "index.md"
START, END = "<!-- examples -->\n", "<!-- /examples -->\n"


def table() -> str:
    """A row for each example: what it shows, and which targets cannot, with the reason."""
    rows = ["| `--example` | shows | works in |", "|---|---|---|"]
    for name, example in EXAMPLES.items():
        missing = [(target, why) for target in targets() if (why := _refused(name, target))]
        works = f"all {len(targets())} targets"
        if missing:
            names = ", ".join(dict.fromkeys(target.language for target, _ in missing))
            reasons = "; ".join(dict.fromkeys(why for _, why in missing))
            works = f"{len(targets()) - len(missing)} targets; not {names} ({reasons})"
        rows.append(f"| `{name}` | {example.about} | {works} |")
    return "\n".join(rows) + "\n"


def _refused(name: str, target: Target) -> str:
    """Why a target cannot show an example; empty where it can."""
    file = path_of(name)
    data = read_call(file)[0] if file else {}
    assert isinstance(data, dict)
    flow = EXAMPLES[name].flow
    try:
        call = Call.parse({**data, "protocol": target.protocol})
        shown = flow if flow in target.flows else None
        render(call, target.language, target.client, flow=shown)
    except InputError as error:
        return str(error).partition(" has no sample of ")[2].partition(":")[0] or str(error)
    return ""


def written(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return before + START + table() + END + after


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
