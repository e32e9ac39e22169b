"""What registries answer, and what of it is worth a try."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from email.message import Message
from http.client import IncompleteRead
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest

from samplegen.drift import registry
from samplegen.drift.registry import Ask, Release, newer, releases, withdrawn
from samplegen.errors import InputError
from samplegen.model.catalog import Package, builtin


def served(pages: dict[str, bytes]) -> Ask:
    """A registry that has these pages, by the end of their URLs."""

    def ask(url: str, media_type: str) -> bytes | None:
        return next((page for end, page in pages.items() if url.endswith(end)), None)

    return ask


PYPI = json.dumps(
    {
        "versions": ["1.9.0", "2.0.0", "2.1.0", "3.0.0rc1"],
        "files": [
            {"filename": "a_b-1.9.0.tar.gz", "yanked": False},
            {"filename": "a_b-2.0.0-py3-none-any.whl", "yanked": False},
            {"filename": "a_b-2.1.0-py3-none-any.whl", "yanked": "breaks"},
            {"filename": "a_b-3.0.0rc1.zip"},
        ],
    }
).encode()
NPM = json.dumps({"versions": {"1.0.0": {}, "1.1.0": {"deprecated": "oops"}}}).encode()
MAVEN = b"""<metadata><versioning><versions>
<version>4.1.0</version><version>4.2.0</version><version>5.0.0-M1</version>
</versions></versioning></metadata>"""
GO = {
    "/example.com/!big/v2/@v/list": b"v2.0.0\nv2.1.0\nv2.2.0\nv2.3.0\n",
    "/example.com/!big/v2/@v/v2.3.0.mod": b"module x\n\nretract v2.2.0 // oops\nretract (\n"
    b"  [v2.0.0, v2.0.9] // too early\n)\n",
    "/example.com/!big/v3/@v/list": b"v3.0.0-rc1\n",
}


def of(language: str, name: str, pages: dict[str, bytes]) -> dict[str, bool]:
    """The versions that are read, and whether each was withdrawn."""
    return {
        one.version: one.withdrawn for one in releases(language, Package(name, "1"), served(pages))
    }


def test_pypi_says_what_was_yanked() -> None:
    found = of("python", "a-b", {"/simple/a-b/": PYPI})
    assert found == {"1.9.0": False, "2.0.0": False, "2.1.0": True, "3.0.0rc1": False}


def test_npm_says_what_is_deprecated() -> None:
    assert of("nodejs", "@s/a", {"/@s%2Fa": NPM}) == {"1.0.0": False, "1.1.0": True}


def test_maven_central_lists_versions() -> None:
    pages = {"/maven2/org/x/a/maven-metadata.xml": MAVEN}
    assert of("java", "org.x:a", pages) == {"4.1.0": False, "4.2.0": False, "5.0.0-M1": False}


def test_go_has_a_module_for_each_major_version_and_says_what_it_retracts() -> None:
    found = releases("go", Package("example.com/Big/v2", "2.1.0"), served(GO))
    assert [(one.name, one.version, one.withdrawn) for one in found] == [
        ("example.com/Big/v2", "2.0.0", True),
        ("example.com/Big/v2", "2.1.0", False),
        ("example.com/Big/v2", "2.2.0", True),
        ("example.com/Big/v2", "2.3.0", False),
        ("example.com/Big/v3", "3.0.0-rc1", False),
    ]


@pytest.mark.parametrize("language", ["python", "nodejs", "java", "go"])
def test_a_package_that_is_gone_is_said(language: str) -> None:
    with pytest.raises(InputError, match=r"^a:b: is not in its registry any more$"):
        releases(language, Package("a:b", "1"), served({}))


@pytest.mark.parametrize(
    "answer",
    [
        b"<html><body>Log in</body></html>",
        b"<a>",
        b"{}",
        b"[]",
        b"null",
        b'{"versions": 3, "files": [1]}',
        b'{"versions": ["1.0"], "files": [{"filen',
        b"\xff\xfe\x00",
    ],
)
@pytest.mark.parametrize("language", ["python", "nodejs", "java", "go"])
def test_an_answer_that_makes_no_sense_is_said(language: str, answer: bytes) -> None:
    begins = re.escape(repr(answer[:40].decode(errors="replace")))
    said = rf"^a:b: what \S+ answers is no list of versions: it begins with {begins}$"
    with pytest.raises(InputError, match=said):
        releases(language, Package("a:b", "1"), served({"": answer}))


@pytest.mark.parametrize("language", ["python", "nodejs", "java"])
def test_an_empty_answer_is_said(language: str) -> None:
    with pytest.raises(InputError, match=r"answers is no list of versions: it is empty$"):
        releases(language, Package("a:b", "1"), served({"": b""}))


@pytest.mark.parametrize("language", ["python", "nodejs", "java", "go"])
def test_a_registry_that_cannot_be_asked_is_said_as_it_is(language: str) -> None:
    def ask(url: str, media_type: str) -> bytes | None:
        raise InputError("example answers 500 Internal Server Error: try again later")

    with pytest.raises(InputError, match=r"^example answers 500 Internal Server Error"):
        releases(language, Package("a:b", "1"), ask)


def test_every_language_with_packages_can_be_asked() -> None:
    assert all(registry.can_be_asked(name) for name in builtin().packages)


ALL = [Release("p", one) for one in ("1.0.0", "1.2.0", "1.10.0", "2.0.0", "2.1.0b1", "strange")]


@pytest.mark.parametrize(
    ("today", "early", "found"),
    [
        ("1.2.0", False, ["2.0.0", "1.10.0"]),
        ("2.0.0", False, []),
        ("2.0.0", True, ["2.1.0b1"]),
        ("1.10.0", False, ["2.0.0"]),
        ("strange", False, []),
    ],
)
def test_newest_first_then_the_newest_of_todays_major(
    today: str, early: bool, found: list[str]
) -> None:
    assert [one.version for one in newer(Package("p", today), ALL, early=early)] == found


def test_what_was_withdrawn_is_not_tried_and_is_said_of_today() -> None:
    taken = [Release("p", "1.0.0", True), Release("p", "1.1.0", True)]
    assert newer(Package("p", "1.0.0"), taken) == []
    assert withdrawn(Package("p", "1.0.0"), taken)
    assert withdrawn(Package("p", "0.9.0"), taken)
    assert not withdrawn(Package("p", "2.0.0"), ALL)


def fails(error: Exception) -> Callable[..., Any]:
    def urlopen(*_: object, **__: object) -> None:
        raise error

    return urlopen


def test_a_registry_that_is_down_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for error, said in (
        (URLError("no route"), "cannot ask pypi.example for newer versions: no route"),
        (TimeoutError("timed out"), "cannot ask pypi.example for newer versions: timed out"),
        (
            IncompleteRead(b"[", 9),
            r"cannot ask pypi.example for newer versions: IncompleteRead\(1 bytes read, 9 more .*",
        ),
        (HTTPError("", 403, "Forbidden", Message(), None), "pypi.example answers 403 Forbidden"),
        (
            HTTPError("", 503, "Unavailable", Message(), None),
            "pypi.example answers 503 Unavailable: try again later",
        ),
    ):
        monkeypatch.setattr("urllib.request.urlopen", fails(error))
        with pytest.raises(InputError, match=f"^{said}$"):
            registry.ask("https://pypi.example/simple/a/")
    monkeypatch.setattr(
        "urllib.request.urlopen", fails(HTTPError("", 404, "Not Found", Message(), None))
    )
    assert registry.ask("https://pypi.example/simple/a/") is None


def test_a_password_goes_to_the_registry_and_into_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def urlopen(request: Request, **_: object) -> None:
        asked.append(request)
        raise URLError("no route")

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    with pytest.raises(InputError, match=r"^cannot ask pypi\.example:8080 for newer versions"):
        registry.ask("https://me:s%40cret@pypi.example:8080/simple/a/")
    [request] = asked
    assert request.full_url == "https://pypi.example:8080/simple/a/"
    assert request.get_header("Authorization") == "Basic " + b64encode(b"me:s@cret").decode()
