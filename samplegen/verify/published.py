"""The samples of files and pages, as subjects of verification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from samplegen.check.directives import to_run
from samplegen.errors import InputError
from samplegen.languages import language
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, builtin
from samplegen.model.hosts import further, is_placeholder
from samplegen.pages import PublishedSample, below, format_of, load, read
from samplegen.pages.language import in_pages
from samplegen.pages.naming import says_untyped
from samplegen.protocols.request import Request
from samplegen.rendering.sample import Sample
from samplegen.verify.pieces import whole
from samplegen.verify.subject import NO_TOOLCHAIN, PART, PLACEHOLDER, Subject
from samplegen.verify.toolchain import idle, runnable


def subjects(
    paths: Iterable[Path], languages: Sequence[str], calls: Sequence[Call], catalog: Catalog
) -> list[Subject]:
    """The samples in files, pages, and folders of both.

    Args:
        languages: only these, by id or alias; none is every language.
        calls: what each sample may mean; none is any call.

    Raises:
        InputError: a path that cannot be read, or no sample in any of them.
    """
    wanted = {language(name).id for name in languages if name.lower() != "all"}
    requests = [Request.of(call, "", catalog) for call in calls]
    found = [
        one
        for path in paths
        for file in (below(path) if path.is_dir() else [path])
        for one in subjects_in(file, requests, catalog)
        if not wanted or one.sample.language in wanted
    ]
    if not found:
        names = " or ".join(language(name).name for name in sorted(wanted))
        kind = f"{names} sample" if names else "sample"
        raise InputError(f"no {kind} in {', '.join(map(str, paths))}")
    return found


def subjects_in(
    file: Path, requests: Sequence[Request], catalog: Catalog | None = None
) -> list[Subject]:
    """The samples in a page, or of a file that is one sample.

    Those that a comment says to ignore are left out.

    Args:
        requests: what each sample may mean; none is any call.

    Raises:
        InputError: it cannot be read, or a comment for samplegen makes no sense.
    """
    text = load(file).text
    page = read(file, text)
    found = to_run(str(file), text, page)
    return [subject(sample, requests, page, catalog) for sample in found]


def meanings(
    call: Call, catalog: Catalog, protocol: str | None = None, region: str | None = None
) -> list[Call]:
    """What a sample of a page may mean by a call: the same in any protocol and shared region.

    Args:
        protocol, region: only these; a workspace or a further host is in its call's region.
    """
    served = catalog.family(call.model).protocols
    protocols = [protocol] if protocol else [one for one in catalog.protocols if one in served]
    shared = [name for name, one in catalog.regions.items() if one.host]
    regions = [call.region] if region or call.host or call.workspace else shared
    return [replace(call, protocol=one, region=where) for one in protocols for where in regions]


def subject(
    published: PublishedSample,
    requests: Sequence[Request],
    page: Sequence[PublishedSample] = (),
    catalog: Catalog | None = None,
) -> Subject:
    """A sample of a page, as it is run: its code, in a file of the name that it needs.

    Args:
        page: the samples of its page, of which those before it may belong to it.
        catalog: of the service that is meant; None is the built-in one.
    """
    assert published.language is not None
    catalog = catalog or builtin()
    code = whole(published, page, catalog.right_variables, _is_part)
    sample = Sample(
        language=published.language,
        protocol="",
        client="",
        region="",
        locale="",
        filename=_filename(published),
        code=code,
        install="",
    )
    published = published._replace(code=code)
    first = requests[0] if requests else None
    others = tuple(requests[1:])
    left = _left(published, catalog)
    return Subject(sample, first, others, published.path, published.line, left)


def _left(published: PublishedSample, catalog: Catalog) -> str:
    """Why a sample is not run, which is no failure of its page; empty where it is."""
    id = str(published.language)
    if not runnable(id):
        return NO_TOOLCHAIN
    if format_of(published.path) != "source":
        lines = [line for line in published.code.splitlines() if line.strip()]
        if lines and all(_COMMAND.match(line) for line in lines):
            return "a command of a shell, which makes no call"
        if _is_part(published) or idle(id, published.code):
            return PART
        if _is_no_program(published):
            return "no program: it does not parse, and nothing in it calls a model"
    if _has_placeholder(published, catalog):
        return PLACEHOLDER
    if host := _other_server(published, catalog):
        return f"calls {host}, which is not the service"
    return ""


# How alike two hosts are where one is a slip of the other.
_ALIKE: Final = 0.8

# What installs or starts something, as pages show it in fences of another language, too.
_COMMAND: Final = re.compile(
    r"(?:#|(?:\$ )?(?:sudo )?(?:pip3?|python3?|uv|conda|npm|npx|yarn|pnpm|node|go|dotnet|composer|"
    r"mvn|gradle|export|set|setx)\s+\S)"
)


def _has_placeholder(published: PublishedSample, catalog: Catalog) -> bool:
    """Whether the host that a program calls is one of the service's with a part to fill in."""
    from samplegen.readback import can_read, readback

    if "*" not in published.code or not can_read(str(published.language)):
        return False
    address = readback(str(published.language), published.code, catalog).address
    host = urlsplit(str(address.value)).netloc if address else ""
    return is_placeholder(host) and further(catalog, host) is not None


def _other_server(published: PublishedSample, catalog: Catalog) -> str | None:
    """The host that a program says it calls, if it is no slip of one of the service's."""
    from samplegen.check.places import urls
    from samplegen.readback import can_read, readback

    if not can_read(str(published.language)):
        return None
    call = readback(str(published.language), published.code, catalog)
    said = call.url or call.base_url
    for url in urls(str(said.value)) if said else ():
        host = url.host.partition(":")[0]
        if not re.fullmatch(r"[\w.-]+", host):
            return None
        known = catalog.host_kind(url.host) is not None
        own = [region.host for region in catalog.regions.values() if region.host]
        return None if known or get_close_matches(host, own, 1, _ALIKE) else host
    return None


# The last names of what sends a request, in any of the languages.
_SENDS: Final = re.compile(
    r"(?i)(?:call|chat|complete|create|curl_exec|do|fetch|generate|a?invoke|new|newCall|post\w*|"
    r"predict|query|request|send\w*|stream\w*)"
)


def _is_part(published: PublishedSample) -> bool:
    """Whether code shows a part of a program, such as how a base URL is set.

    A file is a program, and so is what a reader would take for one: what does not parse
    is run, and fails.
    """
    if format_of(published.path) == "source":
        return False
    from samplegen.readback import can_read, readback

    if not can_read(str(published.language)):
        return False
    call = readback(str(published.language), published.code)
    if call.broken or not call.complete or call.model or call.messages or call.url:
        return False
    names = (one.name.rpartition(".")[2] for one in call.calls if not one.is_new)
    return not any(_SENDS.fullmatch(name) for name in names)


def _is_no_program(published: PublishedSample) -> bool:
    """Whether text is something else, such as what a program shows.

    It does not parse, and has no model, host, message, import or request; and only a tab
    or a heading says what language that would be.
    """
    from samplegen.readback import can_read, readback

    above = (published.tab, *published.headings)
    if not can_read(str(published.language)) or published.info not in above:
        return False
    call = readback(str(published.language), published.code)
    if not call.broken or call.model or call.messages or call.url or call.base_url or call.imports:
        return False
    return not any(_SENDS.fullmatch(one.name.rpartition(".")[2]) for one in call.calls)


def _filename(published: PublishedSample) -> str:
    """What the file is called: its own name, or what the code asks for."""
    path = Path(published.path)
    if format_of(path) == "source":
        return path.name
    shown = in_pages(str(published.language))
    if shown.typed and not says_untyped(published.info):
        from samplegen.readback import can_read, readback

        id = str(published.language)
        if can_read(id) and readback(id, published.code).typed:
            return shown.typed_filename
    return shown.filename_of(published.code)
