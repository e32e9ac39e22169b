"""The language of a sample: from what a page says of it, else from its code."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from samplegen.languages import language, language_ids
from samplegen.pages.language import SEARCHED, by_turn, in_pages

# Languages that a page may show and samplegen has no samples in.
_OTHERS = frozenset(
    (
        "c",
        "c++",
        "clojure",
        "cpp",
        "dart",
        "elixir",
        "erlang",
        "haskell",
        "kotlin",
        "lua",
        "matlab",
        "objective-c",
        "perl",
        "powershell",
        "r",
        "ruby",
        "rust",
        "scala",
        "swift",
        "vb",
    )
)

# Words beside a language's name in a label, and languages' versions.
_FILLERS = re.compile(
    r"""(?ix)
    \([^()]*\) | \bv?\d+(?:\.\d+)*(?:\.x)?\+?(?!\w)
    | \b(?:api|async|call|client|code|command|demo|examples?|https?|in|request|rest|samples?|sdk
        |snippet|sync|the|use|using|via|with)\b
    | 示例 | 代码 | 请求 | 调用 | コード | サンプル | の例 | 例
    """
)
_LABEL_EDGE = " \t:*_`|/-"
_LABEL_LENGTH = 60


@cache
def names() -> dict[str, str]:
    """The id of a language by each of its names, in small letters."""
    found: dict[str, str] = {}
    for id in language_ids():
        one, page = language(id), in_pages(id)
        suffixes = (suffix.removeprefix(".") for suffix in page.suffixes)
        own = (id, one.name.lower(), one.fence, *one.aliases, *page.names, *suffixes)
        found |= dict.fromkeys(own, id)
    return found


@cache
def in_prose() -> re.Pattern[str]:
    """What texts call the languages."""
    titles = [title for id in language_ids() for title in in_pages(id).titles]
    return re.compile("|".join(_whole(title) for title in titles))


def _whole(title: str) -> str:
    """A pattern of a name that is no part of another word."""
    before = r"\b" if re.match(r"\w", title) else ""
    return f"{before}{re.escape(title)}" + (r"\b" if re.search(r"\w\Z", title) else "")


def from_info(info: str, code: str) -> tuple[bool, str | None]:
    """Whether a fence's info string or a class names a language, and samplegen's id of it.

    The id is None for another language, and for a shell's commands that run none.
    """
    words = _info_words(info)
    if not words:
        return False, None
    id = names().get(words[0])
    if id and words[0] != id and not in_pages(id).may_be(code):
        return True, None
    return True, id


def says_untyped(info: str) -> bool:
    """Whether an info string or a class names a language, and so not its sibling with types."""
    words = _info_words(info)
    id = names().get(words[0]) if words else None
    return id is not None and words[0] in in_pages(id).untyped_names


def _info_words(info: str) -> list[str]:
    """The first word of an info string, without what different writers put around it."""
    info = info.strip().lower()
    directive = re.match(r"\{(?:code-block|code|code-cell|sourcecode|highlight)\}\s*(.*)", info)
    if directive:
        info = directive.group(1)
    word = re.match(r"\{?\s*\.?([^\s{}\[(,:;=|]+)(?=$|[\s{}\[(,:;|])", info)
    return [re.sub(r"^(?:language|lang|highlight|brush)-", "", word.group(1))] if word else []


def from_label(label: str) -> tuple[bool, str | None]:
    """Whether a tab's label or a heading is a language's name, and samplegen's id of it."""
    if len(label) > _LABEL_LENGTH:
        return False, None
    # Wide punctuation, as Chinese and Japanese have it, becomes plain.
    label = unicodedata.normalize("NFKC", label)
    name = _FILLERS.sub(" ", label).strip(_LABEL_EDGE).lstrip("# ").lower()
    if name in names():
        return True, names()[name]
    if name in _OTHERS:
        return True, None
    return False, None


def from_code(code: str) -> str | None:
    """The language that a sure sign in the code tells, if there is one."""
    code = code[:SEARCHED]
    if re.match(r"\s*(?:[\[{]\s*[\"\]}{]|<(?!\?php))", code):
        return None
    return next((id for id, page in by_turn() if page.shows(code)), None)


# What stands below a language's heading and is no program in it.
_COMMANDS = ("apt(?:-get)?", "brew", "export", "set", "setx", "echo", "cd", "mkdir")


@cache
def _installs() -> re.Pattern[str]:
    """A command that installs what a sample needs, or prepares for it."""
    installers = [one for id in language_ids() for one in in_pages(id).installers]
    return re.compile(
        r"\s*(?:[$%>#] )?(?:sudo |python3? -m |py -m )?"
        rf"(?:{'|'.join((*installers, *_COMMANDS))})\s"
    )


_DATA = re.compile(
    r"\s*(?:[\[{]\s*[\"{\]}]|<(?:dependency|project|\?xml|PackageReference)\b|data: ?\{)"
)


def language_of(code: str, info: str, labels: tuple[str, ...]) -> str | None:
    """The id in samplegen of the language of `code`; None for another language or where unknown.

    Args:
        info: a fence's info string, a class or what a format has in its place.
        labels: tab labels and headings, the nearest first.
    """
    said, id = from_info(info, code)
    if said:
        return id
    for label in labels:
        said, id = from_label(label)
        if said:
            if _installs().match(code) or _DATA.match(code):
                return None
            return id if id and in_pages(id).may_be(code) else None
    return from_code(code)
