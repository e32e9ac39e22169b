"""Maven Central."""

from __future__ import annotations

from xml.etree import ElementTree

from samplegen.drift.registry import Ask, Release
from samplegen.model.catalog import Package

_CENTRAL = "https://repo.maven.apache.org/maven2"


def releases(package: Package, ask: Ask) -> list[Release]:
    """The versions of `group:artifact`, as its `maven-metadata.xml` lists them."""
    group, _, artifact = package.name.partition(":")
    answer = ask(f"{_CENTRAL}/{group.replace('.', '/')}/{artifact}/maven-metadata.xml", "*/*")
    if answer is None:
        return []
    try:
        root = ElementTree.fromstring(answer)
    except ElementTree.ParseError as error:
        raise ValueError(error) from None
    if root.tag != "metadata":
        raise ValueError(f"<{root.tag}> is no <metadata>")
    listed = root.iterfind("versioning/versions/version")
    return [Release(package.name, one.text or "") for one in listed]
