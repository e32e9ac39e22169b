"""Where a sample's text stands in its page, and how text is written there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")


class Piece(NamedTuple):
    """A run of read text and the offsets in the page of what it was read from.

    Where both have the same length each character stands for its own; else the
    whole stands for the whole, such as `<` for `&lt;`. The end of a line is a
    piece that reaches over the decoration of the next line.
    """

    text: str
    start: int
    end: int

    @property
    def verbatim(self) -> bool:
        """Whether each character stands for its own."""
        return len(self.text) == self.end - self.start


def as_it_is(text: str) -> str:
    """Escape nothing."""
    return text


class Layer(NamedTuple):
    """How text is written into one format.

    Attributes:
        newline: a line's end and the decoration of the next line.
        blank: the same where the next line is empty.
        lead: the decoration of a line.
        escape: writes the text of one line.
        quote: stands on both sides of the text; it is written anew as a whole.
    """

    newline: str = "\n"
    blank: str = "\n"
    lead: str = ""
    escape: Callable[[str], str] = as_it_is
    quote: str = ""

    def write(self, text: str, *, ends_blank: bool = False) -> str:
        """`text` as it stands in the page; `ends_blank`: nothing follows in its last line."""
        first, *rest = text.split("\n")
        written = [self.escape(first)]
        for number, line in enumerate(rest, 1):
            is_blank = not line and (number < len(rest) or ends_blank)
            written += [self.blank if is_blank else self.newline, self.escape(line)]
        return f"{self.quote}{''.join(written)}{self.quote}"


class Change(NamedTuple):
    """Text to put in place of `start:end` of a page."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Spans:
    """The pieces of a text in their order, and the layers that it is written through.

    The pieces never overlap; what lies between two of them, such as the tags of a
    highlighter, is the page's and stays. The first layer is the innermost: a fence
    in a notebook's cell is written as Markdown, then as a JSON string.
    """

    pieces: tuple[Piece, ...]
    layers: tuple[Layer, ...] = (Layer(),)

    @cached_property
    def text(self) -> str:
        """The text that was read."""
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (len(piece.text) for piece in self.pieces)
        return list(accumulate(lengths, initial=0))

    def start(self, offset: int) -> int:
        """Where in the page the character at `offset` starts; at the end of the text, its end.

        Raises:
            IndexError: beyond the text.
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(offset)
        if offset == len(self.text):
            return self.pieces[-1].end if self.pieces else 0
        number = self._piece(offset)
        piece = self.pieces[number]
        return piece.start + (offset - self._starts[number] if piece.verbatim else 0)

    def end(self, offset: int) -> int:
        """Where in the page the character before `offset` of the text ends."""
        if offset == 0:
            return self.start(0)
        number = self._piece(offset - 1)
        piece = self.pieces[number]
        return piece.start + offset - self._starts[number] if piece.verbatim else piece.end

    def _piece(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def lines(self) -> list[tuple[int, int]]:
        """For each line of the text, the offsets in the page where it starts and ends."""
        found = []
        at = 0
        for line in self.text.split("\n"):
            start = self.start(at)
            found.append((start, self.end(at + len(line)) if line else start))
            at += len(line) + 1
        return found

    def write(self, text: str, *, ends_blank: bool = False, lead: bool = False) -> str:
        """`text` as it stands in the page; `lead`: with the decoration of its first line."""
        inner, *outer = self.layers
        text = (inner.lead if lead else "") + inner.write(text, ends_blank=ends_blank)
        for layer in outer:
            text = layer.write(text)
        return text

    def changes(self, page: str, start: int, end: int, new: str) -> list[Change]:
        """What to change in `page` so that `new` is read in place of `start:end` of the text.

        Only what differs is changed.

        Raises:
            IndexError: beyond the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError((start, end))
        new = _LINE_END.sub("\n", new)
        start, end, new = self._differing(start, end, new)
        if start == end and not new:
            return []
        if self.layers[0].quote:
            start, end, new = 0, len(self.text), self.text[:start] + new + self.text[end:]
        start, end, new = self._whole(start, end, new)
        at_blank = self.text[start : start + 1] in ("", "\n")
        lead = False
        if new and new[0] != "\n" and at_blank:
            # A blank line may lack the decoration of its neighbours.
            if start and self.text[start - 1] == "\n":
                start, new = start - 1, "\n" + new
            elif start == 0:
                place = self.start(0)
                lead = place == 0 or page[place - 1] in "\r\n"
        ends_blank = self.text[end : end + 1] in ("", "\n")
        written = self.write(new, ends_blank=ends_blank, lead=lead)
        return list(_joined(self._changes(start, end, written)))

    def _differing(self, start: int, end: int, new: str) -> tuple[int, int, str]:
        """The edit without what it leaves as it is at both of its ends."""
        old = self.text[start:end]
        shorter = min(len(old), len(new))
        same = next((i for i in range(shorter) if old[i] != new[i]), shorter)
        old, new = old[same:], new[same:]
        shorter = min(len(old), len(new))
        tail = next((i for i in range(shorter) if old[-1 - i] != new[-1 - i]), shorter)
        return start + same, end - tail, new[: len(new) - tail]

    def _whole(self, start: int, end: int, new: str) -> tuple[int, int, str]:
        """The edit grown so that it cuts no piece that stands as a whole."""
        low, high = self._piece_start(start), self._piece_end(end)
        return low, high, self.text[low:start] + new + self.text[end:high]

    def _piece_start(self, offset: int) -> int:
        """`offset`, or the start of the piece that it cuts and that stands as a whole."""
        if offset == len(self.text) or self.pieces[self._piece(offset)].verbatim:
            return offset
        return self._starts[self._piece(offset)]

    def _piece_end(self, offset: int) -> int:
        """`offset`, or the end of the piece that it cuts and that stands as a whole."""
        if self._piece_start(offset) == offset:
            return offset
        return self._starts[self._piece(offset) + 1]

    def _changes(self, start: int, end: int, written: str) -> Iterator[Change]:
        """`written` in the place of the first piece touched, and nothing in that of the others."""
        if start == end:
            at_line_start = start == 0 or self.text[start - 1] == "\n"
            place = self.start(start) if at_line_start else self.end(start)
            yield Change(place, place, written)
            return
        for number in range(self._piece(start), self._piece(end - 1) + 1):
            low = max(start, self._starts[number])
            high = min(end, self._starts[number + 1])
            yield Change(self.start(low), self.end(high), written)
            written = ""

    def within(self, outer: Spans) -> Spans:
        """These spans, found in `outer.text`, as spans in the page of `outer`."""
        pieces: list[Piece] = []
        for piece in self.pieces:
            if piece.verbatim:
                pieces += outer._cut(piece)
            else:
                end = outer.end(piece.end) if piece.end > piece.start else outer.start(piece.end)
                pieces.append(Piece(piece.text, outer.start(piece.start), end))
        return Spans(tuple(pieces), self.layers + outer.layers)

    def only(self, parts: Iterable[tuple[int, int]]) -> Spans:
        """These spans with no more than the parts of their text, each `start, end`."""
        pieces: list[Piece] = []
        for start, end in parts:
            pieces += self._parts(start, end)
        return Spans(tuple(pieces), self.layers)

    def _parts(self, start: int, end: int) -> Iterator[Piece]:
        """The pieces between two offsets; one that stands as a whole is not cut."""
        while start < end:
            number = self._piece(start)
            stop = min(end, self._starts[number + 1])
            yield Piece(self.text[start:stop], self.start(start), self.end(stop))
            start = stop

    def _cut(self, inner: Piece) -> Iterator[Piece]:
        """A verbatim piece of this text, as pieces of the page."""
        number = self._piece(inner.start)
        at = inner.start
        while at < inner.end:
            end = min(inner.end, self._starts[number + 1])
            text = inner.text[at - inner.start : end - inner.start]
            yield Piece(text, self.start(at), self.end(end))
            at, number = end, number + 1

    def shifted(self, by: int) -> Spans:
        """The same in a page that has `by` more characters before it."""
        pieces = (Piece(text, start + by, end + by) for text, start, end in self.pieces)
        return Spans(tuple(pieces), self.layers)


def _joined(changes: Iterable[Change]) -> Iterator[Change]:
    """Changes of which none starts where another ends."""
    last: Change | None = None
    for change in changes:
        if last and last.end == change.start:
            last = Change(last.start, change.end, last.text + change.text)
        else:
            if last:
                yield last
            last = change
    if last:
        yield last


def apply(page: str, changes: Iterable[Change]) -> str:
    """The page with all changes made.

    Raises:
        ValueError: two changes overlap.
    """
    done: list[str] = []
    at = 0
    for start, end, text in sorted(changes):
        if start < at:
            raise ValueError(f"two edits overlap at offset {start}")
        done += [page[at:start], text]
        at = end
    return "".join([*done, page[at:]])


class PageLines:
    """The lines of a page. A line ends at CR LF, CR or LF."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = list(_LINE_END.finditer(text))
        self.starts = [0, *(end.end() for end in ends)]
        self.ends = [*(end.start() for end in ends), len(text)]
        self.eol = ends[0].group() if ends else "\n"

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, number: int) -> str:
        """The line of that number, from 0, without its end."""
        return self.text[self.starts[number] : self.ends[number]]

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column, both from 1, of an offset. Columns count characters."""
        number = bisect_right(self.starts, offset) - 1
        return number + 1, offset - self.starts[number] + 1

    def spans(self, first: int, codes: Sequence[str], lead: str) -> Spans:
        """The spans of lines of code that stand at the ends of the page's lines from `first`.

        Args:
            lead: the decoration to write before a new line.
        """
        layer = Layer(self.eol + lead, self.eol + lead.rstrip(), lead)
        start, end = self.starts[first], self.ends[first + len(codes) - 1] if codes else 0
        if not lead and self.text[start:end] == (whole := "\n".join(codes)) and whole:
            # Nearly all code has nothing around its lines.
            return Spans((Piece(whole, start, end),), (layer,))
        pieces: list[Piece] = []
        for number, code in enumerate(codes, first):
            text, end = self[number], self.ends[number]
            if code and text.endswith(code):
                # Nearly all lines.
                line = [Piece(code, end - len(code), end)]
            else:
                line = [*_at_end(code, self.starts[number], text)]
            if number > first:
                start = line[0].start if line else end
                pieces.append(Piece("\n", self.ends[number - 1], start))
            pieces += line
        return Spans(tuple(pieces), (layer,))


@lru_cache(maxsize=2)
def page_lines(text: str) -> PageLines:
    """The lines of the page at hand: its reader, its samples and its findings ask for them."""
    return PageLines(text)


def _at_end(code: str, start: int, line: str) -> Iterator[Piece]:
    """The pieces of a line of code at the end of a page's line that starts at `start`.

    A reader may have taken a part of a tab's width as decoration and given the rest
    as spaces.
    """
    if not code:
        return
    end = start + len(line)
    if line.replace("\0", "\ufffd").endswith(code.replace("\0", "\ufffd")):
        yield Piece(line[len(line) - len(code) :], end - len(code), end)
        return
    rest = code.lstrip(" ")
    tab = end - len(rest) - 1
    if not (line.endswith(rest) and line[: len(line) - len(rest)].endswith("\t")):
        yield Piece(code, start, end)
        return
    yield Piece(" " * (len(code) - len(rest)), tab, tab + 1)
    if rest:
        yield Piece(rest, tab + 1, end)
