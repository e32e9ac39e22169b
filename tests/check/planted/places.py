"""Where things stand in a sample: the patterns of `places.toml`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PLACES: dict[str, str] = {}


def pattern(text: str) -> str:
    """The pattern with what its names mean in their place."""
    return re.sub(r"<([a-z-]+)>", lambda found: PLACES.get(found[1], found[0]), text)


for _name, _text in tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
).items():
    PLACES[_name] = pattern(_text)
