"""What the rules know of Go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from samplegen.check.language import Deprecated, LanguageChecks, Stale, Words, words
from samplegen.check.problem import Fix, Problem
from samplegen.readback.model import Named

if TYPE_CHECKING:
    from samplegen.check.rule import SampleView


def _package_name(path: str) -> str:
    """What a module's or package's path is called in code, as far as the path tells."""
    return re.sub(r"^go-|-go$", "", re.sub(r"/v\d+$", "", path).rpartition("/")[2])


class Checks(LanguageChecks):
    """An import that nothing uses stops the compiler; the built-in `print` writes to stderr."""

    marks = (
        Words(("os.Getenv",), r"\bos\.Getenv\("),
        Words(("fmt.",), r"\bfmt\.(?:Print|Sprint)"),
    )
    # There is a rule of its own for that one.
    shares = frozenset({"print("})

    imports: ClassVar = {
        "bytes": "bytes",
        "context": "context",
        "errors": "errors",
        "fmt": "fmt",
        "http": "net/http",
        "io": "io",
        "json": "encoding/json",
        "log": "log",
        "openai": "{openai-sdk}",
        "option": "{openai-sdk}/option",
        "os": "os",
        "strings": "strings",
    }
    import_start = '"'
    key_import = "os"

    def is_imported(self, name: str, source: str, imported: Iterable[str]) -> bool:
        return any(one == source or _package_name(one) == name for one in imported)

    def use(self, name: str) -> str:
        # A package's name stands before a dot.
        return rf"(?<![\w.\"/@]){name}(?=\.\w)" if name[0].islower() else super().use(name)

    def import_line(self, name: str, source: str) -> str:
        return f'"{source}"'

    def is_in_second_group(self, source: str) -> bool:
        return "." in source.partition("/")[0]

    def unused(self, bare: str, imports: Iterable[Named]) -> Iterator[Named]:
        if not re.search(r"\bfunc main\b", bare):
            return
        for named in imports:
            # Only the standard library's packages are sure to be called as their paths end.
            own = "." not in named.name.partition("/")[0]
            name = _package_name(named.name) if own else ""
            if name and not re.search(rf"(?<![\w.]){name}\.\w", bare):
                yield named

    sends = r"\b\w++\.Do(?=\()|\bhttp\.Post(?=\()"
    looks_at_status = r"\.Status(?:Code)?\b"
    fails_in_blocks = True
    runs = r"(?m)^func main\(\)"
    starts = r"\bfunc main\b"

    prints = r"\bfmt\.Print\w*(?=\()"
    prints_text = r"(?P<call>\bfmt\.Print\w*)\(\s*\"[^\"\n]*"
    labels_answer = (
        r"\bfmt\.Print\w*\(\s*\"[^\"\n%]*[:\uff1a]\s*(?:\"\s*,|%)"
        r"|\bprint\(\s*[\"`][^\"`{}\n]*[:\uff1a]\s*(?:\"\s*[,+]|\$?\{)"
    )

    def to_stderr(self, sample: SampleView, at: int) -> Fix | None:
        call = re.compile(r"fmt\.Print(\w*)\(").match(sample.code, at)
        if call is None or not any(one.name == "os" for one in sample.call.imports):
            return None
        return Fix(at, call.end(), f"fmt.Fprint{call[1]}(os.Stderr, ")

    def wrong_streams(self, sample: SampleView) -> Iterator[Problem]:
        for found in re.finditer(r"(?<![\w.])print(?:ln)?(?=\()", sample.without_texts):
            message = f"`{found[0]}` writes to standard error: an answer belongs on standard output"
            new = {"print": "fmt.Print", "println": "fmt.Println"}[found[0]]
            known = any(named.name == "fmt" for named in sample.call.imports)
            fix = Fix(*found.span(), new) if known else None
            yield Problem(found.start(), found.end(), message, fix)

    stale = (
        Stale(
            pattern=r"openai\.F(?:ield)?(?:\[\w+\])?(?=\()",
            message="`openai.F` is gone from the SDK since 2025: give the value itself",
            source="the changelog of openai-go, version 0.1.0-beta.1",
            package="openai-sdk",
            unwrap=True,
        ),
        Stale(
            pattern=(
                r'"github\.com/openai/openai-go(?=/option"|/param"|/shared"|/packages/\w+"|")'
            ),
            message="the module has moved: import `{package}`",
            source="the README of openai-go",
            package="openai-sdk",
            new='"{package}',
            works=True,
        ),
    )
    deprecated = (
        Deprecated(
            pattern=r"\bioutil\.\w+(?=\()",
            message="`{found}` is deprecated since Go 1.16: use the packages io and os",
            source="the documentation of io/ioutil",
        ),
    )

    plumbing = words(
        "Background Body Choices Client Close Content Do Error F Fatal Fatalf Getenv Header "
        "Input Marshal Message Messages Model NewBuffer NewReader NewRequest Parameters Print "
        "Printf Println RawJSON ReadAll ResultFormat Role Set TODO any byte bytes context defer "
        "err error fmt http interface io ioutil json log map nil openai option os panic print "
        "println string struct type var"
    )

    runs_text = Words(("exec.Command",), r"\bexec\.Command\(\"(?:ba)?sh\"")
    runs_named = True
    trusts_anyone = Words(("InsecureSkipVerify",), r"\bInsecureSkipVerify\s*:\s*true\b")


CHECKS = Checks()
