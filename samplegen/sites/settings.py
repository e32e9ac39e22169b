"""What a project's configuration says of all the samples that samplegen writes into its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Settings(NamedTuple):
    """What a marker need not say, since the configuration does; None and empty say nothing.

    Attributes:
        tabs: the builder whose tab sets pages have.
        languages: of a marker that names none; ids or aliases.
        labels: of languages and protocols by id, for each locale; '' is every locale.
    """

    tabs: str | None = None
    languages: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    client: str | None = None
    example: str | None = None
    flow: str | None = None
    notes: str | None = None
    regions: tuple[str, ...] = ()
    titles: bool = False
    labels: Mapping[str, Mapping[str, str]] = {}

    def label(self, id: str, locale: str) -> str | None:
        """What a language or protocol is called in a locale, where the project says it."""
        return self.labels.get(locale, {}).get(id) or self.labels.get("", {}).get(id)


NOTHING_SAID = Settings()
"""The settings of a project without any."""
