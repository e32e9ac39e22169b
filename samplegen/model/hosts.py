"""The hosts of a provider: which region each is of, and how calls go there."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from samplegen.errors import InputError

if TYPE_CHECKING:
    from samplegen.model.catalog import Catalog

Scheme = Literal["https", "http"]


class HostFact(NamedTuple):
    """Hosts, and what they are for.

    Attributes:
        pattern: of `fnmatch`, in small letters.
        source: where that is said.
        kind: `region`, `workspace`, or another, such as `batch`, `plan`, `private`,
            `console`, `docs`, `management`, `assets`.
        region: whose calls may go there in place of its own host, where a call says so.
        scheme: of such calls.
        protocols: that it serves; None is all of the catalog.
    """

    pattern: str
    kind: str
    source: str = ""
    region: str = ""
    scheme: Scheme = "https"
    protocols: list[str] | None = None


def origin(
    catalog: Catalog, region: str, workspace: str | None = None, host: str | None = None
) -> str:
    """Scheme and host of a region's calls, without a slash at the end.

    Args:
        host: in place of the region's own.

    Raises:
        InputError: an unknown region; a region that needs a workspace, or has no host for
            one; a workspace that no host name can contain; a host that is none of the region.
    """
    facts = catalog.region(region)
    if host is not None:
        return _own_origin(catalog, region, workspace, host)
    if workspace is None:
        if facts.host is None:
            raise InputError(
                f"region {region!r} has no shared host: give the id of your workspace "
                f"(--workspace, or 'workspace' in the call)"
            )
        return f"{facts.scheme}://{facts.host}"
    if facts.workspace_host is None:
        with_one = [name for name, other in catalog.regions.items() if other.workspace_host]
        raise InputError(
            f"region {region!r} has no workspace hosts: leave the workspace out"
            + (f", or choose from {', '.join(with_one)}" if with_one else "")
        )
    if not _fits_host(workspace):
        raise InputError(
            f"workspace {workspace!r} cannot be part of a host name: "
            f"use letters, digits and inner hyphens, 63 at most"
        )
    return f"{facts.scheme}://{facts.workspace_host.format(workspace=workspace)}"


def _own_origin(catalog: Catalog, region: str, workspace: str | None, host: str) -> str:
    if workspace is not None:
        raise InputError("a workspace has its own host: leave out 'host', or the workspace")
    fact = further(catalog, host)
    if fact is None or fact.region != region:
        known = [one.pattern for one in catalog.hosts if one.region == region]
        raise InputError(
            f"host {host[:100]!r} is none that calls of region {region!r} go to: "
            + (f"choose from {', '.join(known)}" if known else "leave it out")
        )
    return f"{fact.scheme}://{host}"


# What stands in a page for the part that each reader has, as in `ep-***.example.com`, too.
_HOST = re.compile(r"(?!-)[A-Za-z0-9*-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9*-]{1,63}(?<!-))+")


def further(catalog: Catalog, host: str) -> HostFact | None:
    """What a host is that a call may name in place of its region's own; None if it is none."""
    if not _HOST.fullmatch(host):
        return None
    fact = next((one for one in catalog.hosts if fnmatchcase(host.lower(), one.pattern)), None)
    return fact if fact is not None and fact.region else None


def is_placeholder(host: str) -> bool:
    """Whether a reader has yet to fill in a part of a host."""
    return "*" in host


def region_at(catalog: Catalog, host: str) -> str | None:
    """See `Catalog.region_at`."""
    host = host.lower()
    for name, region in catalog.regions.items():
        if host in {one.lower() for one in (region.host, *region.aliases) if one}:
            return name
    return None


def scheme_at(catalog: Catalog, host: str) -> Scheme:
    """How a host is called."""
    region = region_at(catalog, host)
    if region is not None:
        return catalog.regions[region].scheme
    fact = further(catalog, host)
    return "https" if fact is None else fact.scheme


# A page names the same few hosts again and again.
@lru_cache(maxsize=4096)
def host_kind(catalog: Catalog, host: str) -> str | None:
    """See `Catalog.host_kind`; in small letters."""
    names = {host, re.sub(r":\d+$", "", host)}
    for region in catalog.regions.values():
        if names & {one.lower() for one in (region.host, *region.aliases) if one}:
            return "region"
    for fact in (*catalog.hosts, *_workspace_hosts(catalog)):
        if any(fnmatchcase(name, fact.pattern) for name in names):
            return fact.kind
    return None


def _workspace_hosts(catalog: Catalog) -> list[HostFact]:
    return [
        HostFact(region.workspace_host.replace("{workspace}", "*").lower(), "workspace")
        for region in catalog.regions.values()
        if region.workspace_host
    ]


def _fits_host(label: str) -> bool:
    """Whether a text can be one label of a host name: RFC 1123, section 2.1.

    Two hyphens after two letters are reserved: RFC 5891, section 4.2.3.1.
    """
    word = label.replace("-", "")
    inner = not (label.startswith("-") or label.endswith("-") or label[2:4] == "--")
    return word.isascii() and word.isalnum() and inner and len(label) <= 63
