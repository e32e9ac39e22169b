"""The language of a sample: from what a page says of it, else from its code."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from samplegen.languages import language, language_ids

# What fences and tabs call a language, beside its id and aliases.
_MORE_NAMES = {
    "cjs": "nodejs",
    "console": "curl",
    "nodejs": "nodejs",
    "pycon": "python",
    "shell-session": "curl",
    "shellscript": "curl",
    "sh-session": "curl",
    "terminal": "curl",
    "zsh": "curl",
}

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
        "typescript",
        "ts",
        "tsx",
        "jsx",
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
    found = dict(_MORE_NAMES)
    for id in language_ids():
        one = language(id)
        found |= dict.fromkeys((id, one.name.lower(), one.fence, *one.aliases), id)
    return found


def from_info(info: str, code: str) -> tuple[bool, str | None]:
    """Whether a fence's info string or a class names a language, and samplegen's id of it.

    The id is None for another language, and for a shell's commands without curl.
    """
    words = _info_words(info)
    if not words:
        return False, None
    id = names().get(words[0])
    if id == "curl" and words[0] != "curl" and not runs_curl(code):
        return True, None
    return True, id


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


# A line that runs curl, perhaps after a prompt, in an assignment or behind a pipe.
_CURL = re.compile(
    r"""(?mx)^[ \t]*(?:[$%>#][ ])?(?:\w+=)?["']?(?:(?:\$\(|`)[ ]*)?curl(?:\.exe)?[ \t\n\\]"""
)
_PIPED_CURL = re.compile(r"[|;&(][ \t]*curl[ \t]")

# Cheap signs that no other of the languages has, in the order to try them.
_SIGNS = {
    "php": r"<\?(?:php|=)|^[ \t]*\$\w+[ \t]*=[^=~].*;[ \t]*$|\bcurl_setopt\(",
    "csharp": r"^using[ \t]+(?:static[ \t]+)?[\w.]+[ \t]*(?:=[ \t]*[\w.<>]+[ \t]*)?;"
    r"|^[ \t]*namespace[ \t]+[\w.]+[ \t]*[;{]?[ \t]*$"
    r"|\bConsole\.(?:Error\.)?Write|\bEnvironment\.GetEnvironmentVariable\(",
    "java": r"^[ \t]*import[ \t]+(?:static[ \t]+)?[\w.]+(?:\.\*)?;|^[ \t]*package[ \t]+[\w.]+;"
    r"|\bpublic[ \t]+static[ \t]+void[ \t]+main\(|\bSystem\.(?:out|err)\.print"
    r"|\bSystem\.getenv\(",
    "go": r"^package[ \t]+\w+[ \t]*$|^func[ \t]+(?:\([^()\n]{0,80}\)[ \t]*)?\w+\("
    r"|\bos\.Getenv\(|\bfmt\.Print",
    "nodejs": r"""^[ \t]*import[ \t][^;'"]{0,500}\bfrom[ \t]+["']|^[ \t]*import[ \t]+["']"""
    r"|\bprocess\.env\b|\bconsole\.(?:log|error)\(|\brequire\([ \t]*[\"']"
    r"|^[ \t]*(?:const|let)[ \t]+[\w{[]",
    "python": r"^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]"
    r"|^[ \t]*import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?(?:,[ \t]*[\w.]+)*[ \t]*$"
    r"|^[ \t]*(?:async[ \t]+)?def[ \t]+\w+\(|\bos\.(?:getenv\(|environ\b)|^[ \t]*print\(",
}
_SIGN_PATTERNS = {id: re.compile(signs, re.MULTILINE) for id, signs in _SIGNS.items()}

# A sign stands near a sample's start; more need not be searched.
_SEARCHED = 20_000


def runs_curl(code: str) -> bool:
    """Whether shell text runs curl."""
    code = code[:_SEARCHED]
    return bool(_CURL.search(code) or _PIPED_CURL.search(code))


def from_code(code: str) -> str | None:
    """The language that a sure sign in the code tells, if there is one."""
    code = code[:_SEARCHED]
    if re.match(r"\s*(?:[\[{]\s*[\"\]}{]|<(?!\?php))", code):
        return None
    if runs_curl(code) and not re.match(r"\s*(?:<\?php|import |package |using )", code):
        return "curl"
    return next((id for id, signs in _SIGN_PATTERNS.items() if signs.search(code)), None)


# What stands below a language's heading and is no program in it.
_INSTALL = re.compile(
    r"\s*(?:[$%>#] )?(?:sudo |python3? -m |py -m )?(?:pip3?|npm|pnpm|yarn|go (?:get|mod|install)"
    r"|dotnet|composer|mvn|gradle|apt(?:-get)?|brew|uv|poetry|export|set|setx|echo|cd|mkdir)\s"
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
            if _INSTALL.match(code) or _DATA.match(code):
                return None
            if id == "curl" and not runs_curl(code):
                return None
            return id
    return from_code(code)
