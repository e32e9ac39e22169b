"""The defects of `defects/*.toml`, a file for each rule.

What a file says before its first `[[defect]]` holds for each of them that does not say it itself.
A defect has a `name`, and may have:

- `mends`: the kind of fix that the finding has and that restores the page: `safe`, `unsafe`, `no`
  (where nothing is said), or `any` where that differs from place to place. With
  `restores = false` the fix mends the page otherwise than it was.
- `also`: other rules that rightly find the same defect; `*` is any.
- `not_in`: formats that it is not planted in. `locales`: the only ones that it is planted in.
- `protocols`: the only ones that it is planted in, in samples of HTTP.
- `edits`: what is done to a sample; those of a kind of sample are done one after the other.
- `before`: edits that make of a correct sample another correct one, which is then edited.
- `around`: the function of `around.py` that plants it in the page, with these `texts`, in place
  of edits; for samples of these `kinds`.

An edit is for samples of its `kinds`: a kind, a language, `sdk`, `http`, or `all` where it says
none. It has one of these, and where there are several places for it, one is taken:

- `pattern`, of `re`, and `replace`, its template, or several of which one is taken. In a pattern
  `<name>` is what `places.toml` has by that name; `§` in a template is the language's mark of a
  comment. With `indent`, each line of the pattern's only group is indented so.
- `pattern` and `made`, how its text is made anew: `slip` or `another region`.
- `swap`: texts, each with the one that replaces it.
- `mark`: a pattern of what is marked, once, where it is first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from planted.around import AROUND
from planted.documents import LOCALES, Document, comment_mark
from planted.formats import CLOSE, FORMATS, OPEN, indented
from planted.places import pattern
from samplegen.model.catalog import builtin
from samplegen.rendering.targets import targets

KINDS = tuple(
    dict.fromkeys(
        f"{one.language}-{one.client if one.client == 'http' else one.protocol}"
        for one in targets()
    )
)


def kinds_of(words: Sequence[str]) -> list[str]:
    """The kinds of sample that words mean: a kind, a language, `sdk`, `http` or `all`."""
    found: dict[str, None] = {}
    for word in words:
        meant = []
        for kind in KINDS:
            language, _, client = kind.partition("-")
            if word in ("all", kind, language, "http" if client == "http" else "sdk"):
                meant.append(kind)
        assert meant, f"no kind of sample is {word}"
        found |= dict.fromkeys(meant)
    return [*found]


@dataclass(frozen=True)
class Edit:
    """A change of a sample, as the files have it."""

    kinds: Sequence[str] = ("all",)
    pattern: str = ""
    replace: str | Sequence[str] = ""
    indent: str = ""
    made: str = ""
    swap: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""

    def apply(self, code: str, mark: str, random: Random) -> str:
        """The code after it; `mark` is the language's mark of a comment."""
        if self.mark:
            wanted = rf"\A(?:[\s\S]*?)(?P<marked>{pattern(self.mark)})"
        else:
            wanted = pattern(self.pattern) or "|".join(map(re.escape, self.swap))
        found = list(re.finditer(wanted, code, re.MULTILINE))
        if not found:
            raise LookupError(f"nothing is {wanted!r} in:\n{code}")
        one = random.choice(found)
        if self.mark:
            start, end = one.span("marked")
            return f"{code[:start]}{OPEN}{code[start:end]}{CLOSE}{code[end:]}"
        return code[: one.start()] + self.text(one, mark, random) + code[one.end() :]

    def text(self, found: re.Match[str], mark: str, random: Random) -> str:
        """What goes in the place of what was found."""
        if self.swap:
            return self.swap[found[0]]
        if self.made:
            return f"{OPEN}{MADE[self.made](found[0], random)}{CLOSE}"
        template = self.replace if isinstance(self.replace, str) else random.choice(self.replace)
        if self.indent:
            lines = re.fullmatch(r"([\s\S]*)", indented(found[1], self.indent))
            assert lines
            found = lines
        return found.expand(template.replace("§", mark))


def slipped(text: str, random: Random) -> str:
    """The text with one slip of the fingers."""
    letters = [at for at, character in enumerate(text[:-1]) if character != text[at + 1]]
    at = random.choice(letters)
    ways = (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] * 2 + text[at + 1 :],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )
    return random.choice(ways)


def another_region(text: str, random: Random) -> str:
    """The name of another region, in the language of this one's."""
    regions = builtin().regions.values()
    names = next(
        names
        for names in ([one.label(locale) for one in regions] for locale in LOCALES)
        if text in names
    )
    return random.choice([name for name in names if name != text])


MADE = {"slip": slipped, "another region": another_region}


@dataclass(frozen=True)
class Defect:
    """A way to break a page, and what must be found then; as the files have it."""

    rule: str
    name: str
    mends: str = "no"
    restores: bool = True
    also: Sequence[str] = ()
    not_in: Sequence[str] = ()
    locales: Sequence[str] = LOCALES
    protocols: Sequence[str] = ()
    edits: Sequence[Edit] = ()
    before: Sequence[Edit] = ()
    around: str = ""
    kinds: Sequence[str] = ("all",)
    texts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def planted_in(self) -> list[str]:
        """The kinds of sample that it is planted in."""
        if self.around:
            return kinds_of(self.kinds)
        return list(dict.fromkeys(kind for edit in self.edits for kind in kinds_of(edit.kinds)))

    @property
    def formats(self) -> list[str]:
        """The formats that it is planted in."""
        return [name for name in FORMATS if name not in self.not_in]

    def plant(
        self, kind: str, page: Document, number: int, random: Random
    ) -> tuple[Document, Document]:
        """The correct page, and the one with the defect, by the number of a sample and chance."""
        if self.around:
            return AROUND[self.around](page, number, random, self.texts)
        mark = comment_mark(page.sections[number].language)
        code = page.sections[number].code
        for edit in self.before:
            code = edit.apply(code, mark, random)
        correct = page.at(number, code=code)
        for edit in self.edits:
            if kind in kinds_of(edit.kinds):
                code = edit.apply(code, mark, random)
        return correct, page.at(number, code=code)


def _read(path: Path) -> list[Defect]:
    """The defects of a rule, which is the file's name."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    found = []
    for own in table.pop("defect"):
        fields = {**table, **own}
        for name in ("edits", "before"):
            fields[name] = [Edit(**one) for one in fields.get(name, ())]
        one = Defect(path.stem, **fields)
        assert FORMATS.keys() >= {*one.not_in}, f"{one.rule} {one.name}: {one.not_in}"
        found.append(one)
    return found


DEFECTS = [
    one
    for path in sorted((Path(__file__).parent / "defects").glob("*.toml"))
    for one in _read(path)
]
