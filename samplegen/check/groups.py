"""Which samples of a page show one call, and what most of them say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from samplegen.check.rule import PageView, SampleView

Said = TypeVar("Said", bound=Hashable)


def groups(page: PageView) -> Iterator[list[SampleView]]:
    """The samples that show one call: those of a section and protocol, each kind once."""
    groups: dict[tuple[object, ...], list[list[SampleView]]] = {}
    for sample in page.calls:
        if sample.call.model is None and not sample.call.messages:
            continue
        published = sample.published
        section = published.headings if published.tab else published.headings[:-1]
        group = groups.setdefault((section, sample.call.protocol), [[]])
        kind = (sample.language, sample.call.client)
        # The same kind again is the next call.
        if any((one.language, one.call.client) == kind for one in group[-1]):
            group.append([])
        group[-1].append(sample)
    for found in groups.values():
        yield from (group for group in found if len(group) > 1)


def usual_of(said: Iterable[Said]) -> Said | None:
    """What more than half say, or None."""
    counts = Counter(said)
    if not counts:
        return None
    most, count = counts.most_common(1)[0]
    return most if count > 1 and count * 2 > counts.total() else None


_FEWEST_ALIKE = 3


def is_drift(said: Iterable[Said], usual: Said) -> bool:
    """Whether so many say the usual that another one is surely a slip: two of three, and three."""
    counts = Counter(said)
    return counts[usual] >= _FEWEST_ALIKE and counts[usual] * 3 >= counts.total() * 2
