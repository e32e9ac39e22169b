"""Slips of known names: a letter, a part in another place, a wrong parent domain.

Only what nothing known explains is a slip. Something else that may exist, such as a new model
or another host below the provider's domains, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from samplegen.model.catalog import Catalog

_FEWEST_LETTERS: Final = 4
"""A word with fewer letters may well be another word, such as the name of another region."""


SERVES: Final = frozenset({"region", "workspace", "batch", "private", "plan"})
"""The kinds of hosts that serve calls."""


# What nobody can own, as for tests and examples: RFC 2606, RFC 6761.
_RESERVED = re.compile(r"(?:^|\.)(?:test|example|invalid|localhost|example\.(?:com|net|org))$")


class Slip(NamedTuple):
    """What a name is a slip of; `right` is None where it may be one of several names."""

    right: str | None
    nearest: str


def one_letter_off(said: str, known: str) -> bool:
    """Whether a letter is missing, added or another one, or two neighbours changed places."""
    if said == known or abs(len(said) - len(known)) > 1:
        return False
    start = 0
    for one, other in zip(said, known, strict=False):
        if one != other:
            break
        start += 1
    rest, right = said[start:], known[start:]
    return (
        rest[1:] == right[1:]
        or rest[1:] == right
        or rest == right[1:]
        or (rest[:2] == right[1::-1] and rest[2:] == right[2:])
    )


def _doubled_or_swapped(said: str, known: str) -> bool:
    """Whether two words differ by a letter that is there twice, or by two that changed places."""
    if sorted(said) == sorted(known):
        return one_letter_off(said, known)
    twice = any(said == known[:at] + known[at - 1] + known[at:] for at in range(1, len(known) + 1))
    return len(said) == len(known) + 1 and twice


def _words_slip(said: Sequence[str], known: Sequence[str]) -> bool:
    """Whether one word of a name has a slip in it, and the others are right."""
    if len(said) != len(known):
        return False
    pairs = [(one, other) for one, other in zip(said, known, strict=True) if one != other]
    if len(pairs) != 1:
        return False
    one, other = pairs[0]
    if len(other) < _FEWEST_LETTERS or not other.isalpha():
        return _doubled_or_swapped(one, other)
    return one_letter_off(one, other)


# Hosts


@lru_cache(maxsize=4096)
def host_slip(host: str, catalog: Catalog) -> Slip | None:
    """What a host is a slip of; None if it is right, or another one that may exist."""
    if catalog.host_kind(host):
        return None
    host = re.sub(r":\d+$", "", host.lower())
    if _RESERVED.search(host):
        return None
    if not re.fullmatch(r"[a-z0-9_-]+(?:\.+[a-z0-9_-]+)+", host):
        return None
    for mistake in catalog.mistakes:
        if mistake.kind == "host" and mistake.wrong == host:
            return Slip(mistake.right, mistake.right)
    # The same words in another order are surely that name, also where one of them is like another.
    found = [known for known in _hosts(catalog) if _reordered(host, known)] or [
        known for known in _hosts(catalog) if _is_host_slip(host, known, catalog)
    ]
    if not found:
        return None
    return Slip(found[0] if len(found) == 1 else None, found[0])


def _hosts(catalog: Catalog) -> Iterator[str]:
    """The hosts of calls that are known by their whole names."""
    for region in catalog.regions.values():
        yield from (one.lower() for one in (region.host, *region.aliases) if one)
    for fact in catalog.hosts:
        if fact.kind in SERVES and "*" not in fact.pattern:
            yield fact.pattern


def _is_host_slip(host: str, known: str, catalog: Catalog) -> bool:
    said, right = _words(host), _words(known)
    service, parent = _parted(known)
    if service and host.startswith(f"{service}."):
        return _is_like_own(host.removeprefix(f"{service}."), parent, catalog)
    if _words_slip(said, right):
        return True
    # A dot or hyphen may be what is missing; the words themselves were judged above.
    return len(said) != len(right) and one_letter_off(host, known)


def _reordered(host: str, known: str) -> bool:
    """Whether a host has the words of a known one in another order, and ends as that does."""
    said, right = _words(host), _words(known)
    return sorted(said) == sorted(right) and said[-1] == right[-1]


def _words(host: str) -> list[str]:
    return re.split(r"[._-]+", host)


def _parted(host: str) -> tuple[str, str]:
    """What a host's name is below its domain, and the domain."""
    labels = host.split(".")
    return ".".join(labels[:-2]), ".".join(labels[-2:])


def _is_like_own(domain: str, own: str, catalog: Catalog) -> bool:
    """Whether a domain is taken for the provider's own: one of its others, or a slip of one."""
    if domain == own:
        return False
    labels = domain.split(".")
    first = labels[0]
    names = _own_names(catalog)
    return first in names or any(
        len(name) >= _FEWEST_LETTERS
        and (one_letter_off(first, name) or re.fullmatch(rf"{name}-\w+|\w+-{name}", first))
        for name in names
    )


@lru_cache(maxsize=16)
def _own_names(catalog: Catalog) -> frozenset[str]:
    """The names of the provider's domains."""
    hosts = [*_hosts(catalog), *(fact.pattern for fact in catalog.hosts)]
    return frozenset(
        name for host in hosts if (name := _parted(host)[1].partition(".")[0]).isalpha()
    )


# Models

# What may stand behind a model's name: a date, a snapshot, what is newest.
_VERSION = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{4}|latest|preview)\Z")


@lru_cache(maxsize=4096)
def model_slip(name: str, catalog: Catalog) -> Slip | None:
    """What a model's name is a slip of; None if it is right, or another one that may exist."""
    for mistake in catalog.mistakes:
        if mistake.kind == "model" and mistake.wrong == name:
            return Slip(mistake.right, mistake.right)
    known = _models(catalog)
    plain = name.strip()
    base = _VERSION.sub("", plain)
    if plain == name and (name in known or base in known):
        return None
    if catalog.other_provider(name) or not plain:
        return None
    folded = {one.lower(): one for one in known}
    for one in (plain, base):
        if right := folded.get(one.lower()):
            # Another way to write it in letters is no other model.
            version = plain[len(one) :]
            return Slip(right + version, right + version)
    found = [one for one in known if _is_model_slip(base.lower(), one.lower())]
    if not found:
        return None
    version = plain[len(base) :]
    return Slip(found[0] + version if len(found) == 1 else None, found[0] + version)


@lru_cache(maxsize=16)
def _models(catalog: Catalog) -> dict[str, None]:
    return dict.fromkeys([*catalog.models, *catalog.listed_models])


def _is_model_slip(said: str, known: str) -> bool:
    if re.findall(r"\d+", said) != re.findall(r"\d+", known):
        return False
    words, right = (re.split(r"[-_ /]+", one) for one in (said, known))
    if words == right or "".join(words) == "".join(right):
        # The same but for what stands between its words.
        return True
    if _words_slip(words, right):
        return True
    # What is cut off at its end may end in a short word.
    return len(words) > 1 and len(words[-1]) > 1 and said == known[:-1]


# Variables


def variable_slip(name: str, known: str) -> bool:
    """Whether a variable's name is a slip of a known one."""
    if name == known:
        return False
    said, right = (one.upper().split("_") for one in (name, known))
    if name.upper() == known.upper() or "".join(said) == "".join(right):
        return True
    return one_letter_off("_".join(said), "_".join(right))


# Paths


def path_slip(path: str, right: Iterable[str], catalog: Catalog) -> str | None:
    """Which of the right paths a path is a slip of; None where it may be another one."""
    said = _parts(path)
    if catalog.endpoint_of(path):
        return None
    found = [one for one in right if _is_path_slip(said, _parts(one), catalog)]
    others = [
        fact.path
        for fact in catalog.endpoints
        if "{" not in fact.path and _one_part_off(said, _parts(fact.path))
    ]
    return found[0] if found and not others else None


def _parts(path: str) -> list[str]:
    return [one for one in path.partition("?")[0].split("/") if one]


def _one_part_off(said: Sequence[str], right: Sequence[str]) -> bool:
    """Whether one part of a path has a slip in it."""
    pairs = [(one, other) for one, other in zip(said, right, strict=False) if one != other]
    return len(said) == len(right) and len(pairs) == 1 and one_letter_off(*pairs[0])


def _is_path_slip(said: Sequence[str], right: Sequence[str], catalog: Catalog) -> bool:
    if _one_part_off(said, right):
        return True
    # Parts are missing, or more than there should be.
    if said and (_within(said, right) or _within(right, said)):
        return True
    if len(said) == len(right):
        pairs = [(one, other) for one, other in zip(said, right, strict=True) if one != other]
        if len(pairs) == 1:
            one, other = pairs[0]
            # Another version, or only the beginning of a word.
            return bool(re.fullmatch(r"v\d+", one) and re.fullmatch(r"v\d+", other)) or (
                len(one) >= _FEWEST_LETTERS and other.startswith(one)
            )
    # One protocol's beginning with another one's end.
    bases = [_parts(facts.base_path) for facts in catalog.protocols.values()]
    ends = [_parts(end) for facts in catalog.protocols.values() for end in facts.paths.values()]
    return any([*base, *end] == list(said) for base in bases for end in ends)


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether parts stand in others, in their order."""
    rest = iter(many)
    return all(one in rest for one in few)
