"""Commands of Windows' shells, as a POSIX shell has them.

What a program gets of its command line is decided twice there: by the shell, and by the
program's own runtime, which splits the line that the shell leaves into words, see Microsoft's
C language documentation, "Parsing C command-line arguments".
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

# `^` at the end of a line, or before a quote; `%NAME%` where a POSIX shell has `$NAME`.
_CMD = re.compile(
    r"\^[ \t]*\n|\^\"|%[A-Za-z_]\w*%|^[ \t]*[A-Z]:\\[^>\n]*>|\bset \w+=", re.MULTILINE
)
# A backtick at the end of a line, a variable of the environment, a here-string.
_POWERSHELL = re.compile(
    r"(?<=\s)`[ \t]*\n|\$env:\w|@['\"][ \t]*\n|^[ \t]*PS [A-Z]:\\|^[ \t]*\$\w+\s*=", re.MULTILINE
)
_POSIX = re.compile(r"\\[ \t]*\n|<<|\$\(")


def posix(code: str) -> str:
    """A command of cmd.exe or PowerShell as one of a POSIX shell; any other text as it is."""
    if _POSIX.search(code) and not _POWERSHELL.search(code):
        return code
    text = code.replace("\r\n", "\n")
    if _POWERSHELL.search(text):
        return "\n".join(_of_powershell(text))
    if _CMD.search(text):
        return "\n".join(_of_cmd(text))
    return code


# cmd.exe


def _of_cmd(code: str) -> Iterator[str]:
    """Commands of cmd.exe."""
    for line in _uncaret(code).split("\n"):
        line = re.sub(r"^[ \t]*(?:[A-Z]:\\[^>\n]*>[ \t]*)?", "", line)
        said = re.fullmatch(r"set (?:\"(\w+)=(.*)\"|(\w+)=(.*))", line.rstrip())
        if said is not None:
            yield f"{said[1] or said[3]}={_quoted(said[2] or said[4] or '')}"
        elif line.strip():
            yield " ".join(_quoted(word) for word in _words(line))


def _uncaret(code: str) -> str:
    """Commands without the carets that quote the next character, or the end of a line.

    Within double quotes a caret is as any other character; quotes end with their line.
    """
    found, quoted, at = [], False, 0
    while at < len(code):
        if code[at] == "^" and not quoted:
            at += 1
            # The blanks that pages leave behind it are no part of what it quotes.
            end = re.compile(r"[ \t]*\n").match(code, at)
            at = end.end() if end else at
        elif code[at] == '"':
            quoted = not quoted
        quoted = quoted and code[at : at + 1] != "\n"
        found.append(code[at : at + 1])
        at += 1
    return "".join(found)


def _words(line: str) -> Iterator[str]:
    """The words that a program's runtime makes of its command line.

    Blanks are between words but within double quotes; a backslash counts only before a double
    quote, which it quotes; two double quotes within double quotes are one.
    """
    for match in re.finditer(r'(?:"(?:\\.|""|[^"\\]|\\)*(?:"|\Z)|\\.|[^\s"])+', line, re.DOTALL):
        yield "".join(_unquoted(match[0]))


def _unquoted(word: str) -> Iterator[str]:
    quoted, at = False, 0
    while at < len(word):
        slashes = len(word) - at - len(word[at:].lstrip("\\"))
        following = word[at + slashes : at + slashes + 1]
        if slashes and following == '"':
            yield "\\" * (slashes // 2)
            at += slashes
            if slashes % 2:
                yield '"'
                at += 1
            continue
        if slashes:
            yield "\\" * slashes
            at += slashes
        elif word[at] == '"' and quoted and word[at + 1 : at + 2] == '"':
            yield '"'
            at += 2
        elif word[at] == '"':
            quoted = not quoted
            at += 1
        else:
            yield word[at]
            at += 1


def _quoted(word: str) -> str:
    """A word as a POSIX shell has it, with `%NAME%` as a variable."""
    parts = re.split(r"%([A-Za-z_]\w*)%", word)
    return _with_variables(parts)


def _with_variables(parts: list[str]) -> str:
    """Texts with the names of variables between them, as a word of a POSIX shell."""
    found = [
        f'"${{{part}}}"' if number % 2 else shlex.quote(part)
        for number, part in enumerate(parts)
        if part
    ]
    return "".join(found) or "''"


# PowerShell

# about_Quoting_Rules, about_Special_Characters: texts, here-strings, what a backtick quotes.
_TOKEN = re.compile(
    r"""(?xs)
      (?P<gap>(?:[ \t]|`[ \t]*\n)+)
    | (?P<end>[\n;]|\|)
    | (?P<note>\#[^\n]*)
    | @'[ \t]*\n(?P<plain>.*?)\n'@ | @"[ \t]*\n(?P<said>.*?)\n"@
    | (?P<single>'(?:''|[^'])*')
    | (?P<double>"(?:`.|""|[^"`])*")
    | (?P<bare>(?:`.|[^\s'"`;|])+)
    """
)
_ESCAPES = {
    "e": "\x1b",
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
}
_IN_DOUBLE = re.compile(
    # Halves of a pair of surrogates are no characters.
    r"`u\{(?![Dd][89A-Fa-f]..\})(?P<number>[0-9A-Fa-f]{1,5})\}"
    r'|`(?P<escaped>.)|(?P<two>"")|\$(?:env:)?(?P<name>\w+)|\$\{(?:env:)?(?P<braced>\w+)\}'
    r"|\$\(\$(?:env:)?(?P<inner>\w+)\)",
    re.DOTALL,
)


def _of_powershell(code: str) -> Iterator[str]:
    """Commands of PowerShell."""
    code = re.sub(r"^[ \t]*PS [^>\n]*>[ \t]*", "", code, flags=re.MULTILINE)
    words: list[list[str]] = []
    joins, before = False, ""
    for token in [*_TOKEN.finditer(code), None]:
        kind = token.lastgroup if token is not None else "end"
        if kind in ("gap", "note"):
            joins = False
        elif token is None or kind == "end":
            pipes = token is not None and token[0] == "|"
            if words:
                # A value alone is written.
                writes = len(words) == 1 and pipes
                before += f"printf %s {_command(words)}" if writes else _command(words)
                if pipes:
                    before += " | "
                else:
                    yield before
                    before = ""
            words, joins = [], False
        else:
            parts = _parts(token, str(kind))
            if joins:
                # A text, a variable, …, one right behind the other, are one word.
                words[-1] = [*words[-1][:-1], words[-1][-1] + parts[0], *parts[1:]]
            else:
                words.append(parts)
            joins = True


def _parts(token: re.Match[str], kind: str) -> list[str]:
    """Texts with the names of variables between them."""
    if kind == "single":
        return [token[0][1:-1].replace("''", "'")]
    if kind == "plain":
        return [token["plain"]]
    text = token["said"] if kind == "said" else token[0][1:-1] if kind == "double" else token[0]
    parts, at = [""], 0
    for found in _IN_DOUBLE.finditer(text):
        parts[-1] += text[at : found.start()]
        at = found.end()
        name = found["name"] or found["braced"] or found["inner"]
        if name is not None:
            parts += [name, ""]
        elif found["number"]:
            parts[-1] += chr(int(found["number"], 16))
        elif found["two"]:
            parts[-1] += '"' if kind == "double" else '""'
        else:
            parts[-1] += _ESCAPES.get(found["escaped"], found["escaped"])
    parts[-1] += text[at:]
    return parts


def _command(words: list[list[str]]) -> str:
    """A command, or the setting of a variable."""
    if len(words) > 2 and words[1] == ["="] and len(words[0]) > 1:
        return f"{words[0][1]}={_with_variables(words[2])}"
    return " ".join(_with_variables(_passed(parts)) for parts in words)


def _passed(parts: list[str]) -> list[str]:
    r"""What a program gets of an argument.

    Windows PowerShell, and PowerShell up to 7.2, put it on the command line between double
    quotes and leave those in it as they are, so pages quote them by backslashes (`'{\"a\": 1}'`).
    Since 7.3 they are passed on, but to a program that gets `{"a": 1}` in either way the
    backslashes would be of no use: so they stand for the quotes alone.
    """
    return [part if number % 2 else part.replace('\\"', '"') for number, part in enumerate(parts)]
