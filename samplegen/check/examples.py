"""The examples of rules, from the data file beside each: its documentation, and its test."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, overload

from samplegen.check.problem import Example


class Examples(Sequence[Example]):
    """What a rule finds, or leaves alone; read when somebody looks.

    Args:
        file: TOML with tables `bad` and `good`, each with `language` and `code`; of a bad
            one `at` is what the finding is on. A rule may have none.
    """

    def __init__(self, file: Path, kind: Literal["bad", "good"]) -> None:
        self.file = file
        self.kind = kind

    @cached_property
    def _all(self) -> list[Example]:
        if not self.file.is_file():
            return []
        tables = tomllib.loads(self.file.read_text(encoding="utf-8"))
        return [Example(one["language"], one["code"]) for one in tables.get(self.kind, [])]

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, at: int) -> Example: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Example]: ...

    def __getitem__(self, at: int | slice) -> Example | Sequence[Example]:
        return self._all[at]
