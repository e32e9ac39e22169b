"""Asking package registries which versions of a package there are.

Each language's `registry` module has `releases(package, ask)`: how its registry is asked.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from packaging.version import InvalidVersion, Version

from samplegen import __version__
from samplegen.errors import InputError
from samplegen.languages import has, language, part
from samplegen.model.catalog import Package

SECONDS = 30

Ask = Callable[[str, str], bytes | None]
"""Asks for a URL and a media type; None says that nothing is there."""


class Release(NamedTuple):
    """A version of a package in its registry.

    Args:
        name: of the package; Go's says the major version.
        withdrawn: whether its makers took it back: yanked, deprecated, retracted.
    """

    name: str
    version: str
    withdrawn: bool = False

    @property
    def order(self) -> Version | None:
        """Its place among the versions; None for one that is no plain version number."""
        try:
            return Version(self.version)
        except InvalidVersion:
            return None

    @property
    def early(self) -> bool:
        """Whether it is a pre-release, such as `2.0.0rc1` or `3.0.0-M2`."""
        order = self.order
        return order is None or order.is_prerelease


def ask(url: str, media_type: str = "*/*") -> bytes | None:
    """What is at a URL; None if nothing is.

    Raises:
        InputError: the registry cannot be asked.
    """
    headers = {"Accept": media_type, "User-Agent": f"samplegen/{__version__}"}
    # Names and passwords, as in pip's settings, are for the registry alone.
    scheme, place, *rest = urlsplit(url)
    login, _, host = place.rpartition("@")
    url = urlunsplit((scheme, host, *rest))
    if login:
        headers["Authorization"] = f"Basic {b64encode(unquote(login).encode()).decode()}"
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            answer: bytes = response.read()
            return answer
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            return None
        advice = ": try again later" if error.code >= 429 else ""
        raise InputError(f"{host} answers {error.code} {error.reason}{advice}") from None
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise InputError(f"cannot ask {host} for newer versions: {reason}") from None


def can_be_asked(language: str) -> bool:
    """Whether it is known how a language's registry is asked."""
    return has(language, "registry")


def releases(language: str, package: Package, ask: Ask = ask) -> list[Release]:
    """All versions of a package that its registry has.

    Raises:
        InputError: the registry cannot be asked, or does not know the package.
    """
    module = part(language, "registry")
    return _understood(package.name, lambda ask: module.releases(package, ask), ask)


def of_runtime(language_id: str, ask: Ask = ask) -> list[Release]:
    """All versions that a registry has of what runs a language's programs.

    Raises:
        InputError: the registry cannot be asked, or has none.
    """
    module = part(language_id, "runtimes")
    return _understood(language(language_id).name, module.releases, ask)


def _understood(name: str, releases: Callable[[Ask], list[Release]], ask: Ask) -> list[Release]:
    said = ["", ""]

    def noting(url: str, media_type: str) -> bytes | None:
        answer = ask(url, media_type)
        said[:] = [urlsplit(url).hostname or url, (answer or b"").decode(errors="replace")]
        return answer

    try:
        found = releases(noting)
    except InputError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError):
        host, answer = said
        begins = f"it begins with {answer[:40]!r}" if answer else "it is empty"
        raise InputError(f"{name}: what {host} answers is no list of versions: {begins}") from None
    if not found:
        raise InputError(f"{name}: is not in its registry any more")
    return found


def newer(package: Package, found: list[Release], *, early: bool = False) -> list[Release]:
    """What is worth a try, in this order: the newest release, and the newest of today's major.

    Args:
        early: whether pre-releases are.
    """
    today = Release(package.name, package.version).order
    if today is None:
        return []
    worth: Mapping[Version, Release] = {
        one.order: one
        for one in found
        if one.order is not None and one.order > today
        if not one.withdrawn and (early or not one.early)
    }
    if not worth:
        return []
    newest = worth[max(worth)]
    same = [order for order in worth if order.major == today.major]
    return list(dict.fromkeys([newest, *([worth[max(same)]] if same else [])]))


def withdrawn(package: Package, found: list[Release]) -> bool:
    """Whether the version that samples are made for was taken back, or is gone."""
    same = [one for one in found if one.version == package.version and one.name == package.name]
    return not same or all(one.withdrawn for one in same)
