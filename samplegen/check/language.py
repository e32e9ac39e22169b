"""What the rules ask of a language: how it sends, fails, prints, imports and declares.

A language's `checks` module has one subclass of `LanguageChecks`, and `CHECKS`, which is one
of it. What a language does not say, rules do not judge: one without that module stops nothing.

Patterns are those of `re`. `code` is a program without its comments, and `bare` also without
what stands in its texts; both have blanks there, so that all else keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from samplegen.check.problem import Fix, Problem
from samplegen.languages import has, language, part
from samplegen.readback.model import Named

if TYPE_CHECKING:
    from samplegen.check.rule import SampleView

Span = tuple[int, int]

TRIES_AGAIN = r"\bcontinue\b|\b[sS]leep\("
"""What tries once more has not failed yet."""

FAILS = r"\b(?:exit|die|throw|panic|abort|rethrow|Exit|exitCode|ExitCode|Fatal\w*|Environment)\b"
"""What leaves with another exit code than 0."""


class Stale(NamedTuple):
    """A name that an SDK no longer has.

    Attributes:
        pattern: finds it; the group `place` is where it stands.
        message: `{found}` is what stands there, and `{package}` the SDK.
        source: where that is known from.
        package: which SDK, as the catalog's packages name it, such as `openai-sdk`.
        new: what stands there in new code, with groups of the pattern in braces.
        new_unless: code that fits this pattern has no room for `new`.
        unwrap: whether a call's argument can stand in place of the call.
        works: whether it still works in programs that have an old version of the SDK.
    """

    pattern: str
    message: str
    source: str
    package: str
    new: str = ""
    new_unless: str = ""
    unwrap: bool = False
    works: bool = False


class Deprecated(NamedTuple):
    """What still works but should no longer be shown; where `whole_line`, its line can go."""

    pattern: str
    message: str
    source: str
    whole_line: bool = False


class Needless(NamedTuple):
    """An import that a sample can do without; where `whole_line`, by leaving its line out.

    `name` is a pattern as those of `fnmatch`.
    """

    name: str
    message: str
    whole_line: bool = False


class Words(NamedTuple):
    """A pattern, and texts of which one is in each match and quickly found."""

    words: tuple[str, ...] = ()
    pattern: str = ""

    def within(self, code: str) -> Iterator[re.Match[str]]:
        """The matches in code."""
        if any(word in code for word in self.words):
            yield from re.finditer(self.pattern, code)


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


class LanguageChecks:
    """What the rules know of a language where nothing is said."""

    # Its text

    code_name: ClassVar[str] = ""
    """What its code is called, where that is not the language's name."""
    comment: ClassVar[str] = r"//[^\n]*|/\*[\s\S]*?\*/"
    """A comment, where the parser is not to be asked."""
    texts_are_code: ClassVar[bool] = False
    """Whether what stands in its texts may be code, as in a shell's."""
    blocks: ClassVar[tuple[str, str] | None] = None
    """What opens and what closes a block, where that is done by words and not by brackets."""
    marks: ClassVar[tuple[Words, ...]] = ()
    """What only its programs say: a line with such a text is out of place in another language."""
    shares: ClassVar[frozenset[str]] = frozenset()
    """The words of other languages' marks that it has, too."""
    semicolons: ClassVar[Literal["needed", "usual", "needless", ""]] = ""
    """What a semicolon at a statement's end is, where one may be behind it on the same line."""
    blanks_around_assignment: ClassVar[bool] = True
    """Whether blanks may stand around the sign of an assignment."""

    relative: ClassVar[str] = ""
    """What only a relative of the language says, which its reader does not read."""

    relative_mark: ClassVar[str] = ""
    """What of that is surely wrong where a page calls the code by this language's name."""

    def is_other(self, code: str, *, named: bool = False) -> bool:
        """Whether a text is not this language but a relative of it.

        Args:
            named: whether the page calls it by this language's name.
        """
        if named and self.relative_mark and re.search(self.relative_mark, code):
            return False
        return bool(self.relative) and re.search(self.relative, code) is not None

    def mistyped(self, code: str, bodies: Iterable[Span]) -> Iterator[Problem]:
        """What word processors, browsers and slips of the hand left in code, as it was meant.

        Args:
            bodies: the texts that are to be JSON and are none, with their quotes.
        """
        return iter(())

    # Imports

    imports: ClassVar[Mapping[str, str]] = {}
    """Where the names that samples use come from; `{openai-sdk}` is that package's name."""
    needs_imports: ClassVar[bool] = True
    """Whether a whole program always imports something."""
    import_start: ClassVar[str] = ""
    """What each line of imports begins with where another one can be put beside it."""
    usual_imports: ClassVar[frozenset[str]] = frozenset()
    """What the usual project brings in by itself, so that a program builds without it."""
    imports_bind: ClassVar[bool] = True
    """Whether an import of a module lets a program speak of it by the module's own name."""
    key_import: ClassVar[str] = ""
    """The import that reading a variable takes, where it must not be left unused."""

    def is_imported(self, name: str, source: str, imported: Iterable[str]) -> bool:
        """Whether a name that comes from `source` is there, with what is imported."""
        return any(one == source or one.rpartition("/")[2] == name for one in imported)

    def use(self, name: str) -> str:
        """A pattern of where code uses an imported name."""
        return rf"(?<![\w.$\"/@]){name}(?=[.(<>]|\s+\w+\s*[=({{;,)]|\s+\w+\(|\[\])"

    def import_line(self, name: str, source: str) -> str:
        """The line that brings in a name of `imports`."""
        raise NotImplementedError

    def is_in_second_group(self, source: str) -> bool:
        """Whether an import stands in the second group of them."""
        return False

    def unused(self, bare: str, imports: Iterable[Named]) -> Iterator[Named]:
        """The imports that nothing uses, where that stops a program."""
        return iter(())

    # Variables

    marked_variables: ClassVar[bool] = False
    """Whether a mark tells variables from other words, also in texts."""
    plain_text: ClassVar[str] = ""
    """Texts: one that begins with a single quote has no variables in it."""
    given: ClassVar[frozenset[str]] = frozenset()
    """Variables that it sets itself."""

    def variable(self, name: str) -> str:
        """A variable as the language writes it, of the name behind its mark."""
        return name

    # Requests and failures

    sends: ClassVar[str] = ""
    """What sends a request without failing on an HTTP error."""
    sends_with: ClassVar[str] = ""
    """A text that is in each program that sends so."""
    looks_at_status: ClassVar[str] = ""
    """What looks at the status of a response."""
    fails_in_blocks: ClassVar[bool] = False
    """Whether what a program does on failure stands in the blocks of an `if`."""
    runs: ClassVar[str] = ""
    """What a file has that does something when it is run, and not only defines."""
    plumbing: ClassVar[frozenset[str]] = frozenset()
    """Words, beside those of rendered samples, that say nothing of the call: how programs begin,
    send, print and fail."""
    starts: ClassVar[str] = ""
    """What each whole program has, where its language asks for something."""

    def failing(self, code: str, at: int) -> tuple[str, Fix] | None:
        """How to make a request that ends at an offset fail on an HTTP error, where that is short.

        Returns:
            What to say, and the fix.
        """
        return None

    def drops(self, code: str) -> Iterator[Span]:
        """Where a program turns to an error without reading its body."""
        return iter(())

    def unseen(self, code: str) -> Iterator[Span]:
        """Requests that give nothing where no server is reached, and nobody looks."""
        return iter(())

    def exits(self, code: str, bare: str) -> Iterator[Span]:
        """Where a program goes on to exit code 0 after a failure."""
        return iter(())

    def unhandled(self, bare: str) -> Iterator[Problem]:
        """Failures that nobody hears of, since nothing waits for what fails."""
        return iter(())

    def shared_headers(self, bare: str) -> Iterator[Span]:
        """Where headers change that all requests share."""
        return iter(())

    # What it prints

    prints: ClassVar[str] = ""
    """What writes to standard output."""
    prints_text: ClassVar[str] = ""
    """A text that is written to standard output, up to any of its words; `call` writes it."""
    error_output: ClassVar[str] = ""
    """What to write in place of `call`, so that it goes to standard error."""
    labels_answer: ClassVar[str] = ""
    """Words that are printed before the answer."""

    def to_stderr(self, sample: SampleView, at: int) -> Fix | None:
        """The fix that lets what stands at an offset write to standard error."""
        return None

    def wrong_streams(self, sample: SampleView) -> Iterator[Problem]:
        """What else writes to the wrong stream."""
        return iter(())

    def shows_object(self, code: str) -> Span | None:
        """Where an SDK's object is printed as the language shows it, and not as JSON."""
        return None

    # Its client

    may_have_sdk: ClassVar[bool] = True
    """Whether readers expect an SDK for it."""
    long_flags: ClassVar[Mapping[str, str]] = {}
    """The long forms of a command's short flags."""
    short_flags: ClassVar[str] = ""
    """A word of short flags that all have long forms."""

    def needless_flags(self, code: str) -> Iterator[Problem]:
        """Flags that a command does not need, or that do harm."""
        return iter(())

    sdk_module: ClassVar[str] = ""
    """The module of the OpenAI SDK, where the rules know what it takes."""
    adds_scheme: ClassVar[bool] = False
    """Whether the SDK takes a base URL without its scheme, and means https."""
    sdk_arguments: ClassVar[frozenset[str]] = frozenset()
    """All that the OpenAI SDK's call takes, where another name is an error."""
    client_options: ClassVar[frozenset[str]] = frozenset()
    """What the OpenAI SDK's client takes."""
    refuses_options: ClassVar[bool] = False
    """Whether a client fails on an option that it does not have."""
    extra_fields: ClassVar[str] = ""
    """How the OpenAI SDK's call is given a field that it has no name for."""
    fails_on_no_item: ClassVar[bool] = True
    """Whether reading an item that a list does not have is a failure by itself."""
    # What is known to be wrong

    stale: ClassVar[tuple[Stale, ...]] = ()
    deprecated: ClassVar[tuple[Deprecated, ...]] = ()
    needless: ClassVar[tuple[Needless, ...]] = ()

    # Safety

    runs_text: ClassVar[Words] = Words()
    """What runs a text as code."""
    runs_named: ClassVar[bool] = False
    """Whether a text tells what is run, so that texts are searched as well."""
    trusts_anyone: ClassVar[Words] = Words()
    """What switches the check of certificates off."""

    def expanded(self, code: str) -> Iterator[Span]:
        """The parts of a request's body that are run."""
        return iter(())


@cache
def checks_of(id: str) -> LanguageChecks:
    """What the rules know of a language."""
    if not has(id, "checks"):
        return LanguageChecks()
    known: LanguageChecks = part(id, "checks").CHECKS
    return known


def code_name(id: str) -> str:
    """What people call a language's code."""
    return checks_of(id).code_name or language(id).name
