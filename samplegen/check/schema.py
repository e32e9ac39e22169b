"""The form of `samplegen.toml`: as a JSON Schema for editors, and what one comes to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from samplegen.check.config import Config
from samplegen.rendering.words import texts
from samplegen.sites import site_names
from samplegen.sites.settings import INSTALL, Settings

Texts = list[str]
# What is shown as tables.
_TABLES = frozenset({"labels", "words"})
# A text for every locale, or a table of them for one.
ByLocale = dict[str, str | dict[str, str]]


def _about(text: str) -> Any:
    from pydantic import Field

    return Field(description=text)


def _form() -> Any:
    """The keys, their types and what they are for."""
    from pydantic import ConfigDict, Field, with_config
    from typing_extensions import TypedDict

    from samplegen.examples import EXAMPLES
    from samplegen.languages import language as language_of
    from samplegen.languages import language_ids
    from samplegen.rendering.notes import LEVELS, locales
    from samplegen.rendering.targets import CLIENTS, FLOWS

    def one_of(*names: str) -> Any:
        return Literal[names]

    ids = language_ids()
    # As a value: its keys are known only when it runs.
    table: Any = TypedDict
    # With a region behind it, as in zh-CN, too.
    locale: Any = Annotated[str, Field(pattern=f"^({'|'.join(locales())})([-_].+)?$")]
    language: Any = one_of(*ids, *(alias for id in ids for alias in language_of(id).aliases), "all")
    call: Any = str | dict[str, Any]
    of_samples: dict[str, Any] = {
        "call": Annotated[
            call, _about("What the pages document: a call's fields, or a call file's name.")
        ],
        "locale": Annotated[locale, _about("Of the notes in samples; else each page tells.")],
        "tabs": Annotated[
            one_of(*site_names()), _about("The site builder whose tabs managed samples stand in.")
        ],
        "languages": Annotated[
            list[language],
            _about("Of managed samples whose marker names none."),
        ],
        "protocols": Annotated[Texts, _about("Several make tab sets of two levels.")],
        "client": Annotated[one_of(*CLIENTS, "all"), _about("Default: a language's SDK.")],
        "example": Annotated[one_of(*EXAMPLES), _about("What managed samples show.")],
        "flow": Annotated[one_of(*FLOWS), _about("What they do with the answer.")],
        "notes": Annotated[one_of(*LEVELS), _about("How much their comments explain.")],
        "titles": Annotated[bool, _about("Whether fences have the name of a file.")],
        "install": Annotated[
            one_of(*INSTALL), _about("Where it stands what to install: in the sample, or above it.")
        ],
        "labels": Annotated[
            ByLocale, _about("What tabs are called, by language or protocol, and by locale.")
        ],
        "words": Annotated[
            ByLocale, _about("Notes in the project's own words; an empty one drops a note.")
        ],
        "names": Annotated[
            ByLocale,
            _about("What regions, by id, and the project's products are called, by locale."),
        ],
        "links": Annotated[
            ByLocale, _about("The pages that notes point at: api_key, models; and by locale.")
        ],
    }
    override: Any = table("override", {"pages": Texts, **of_samples}, total=False)
    form = table(
        "samplegen",
        {
            "pages": Annotated[Texts, _about("Patterns of the pages to check.")],
            "exclude": Annotated[Texts, _about("Patterns of what is left alone.")],
            "catalog": Annotated[str, _about("Another provider's facts, as TOML.")],
            **of_samples,
            "regions": Annotated[Texts, _about("The regions whose URLs notes list.")],
            "select": Annotated[Texts, _about("Rules or groups; 'default', or 'strict' for all.")],
            "ignore": Annotated[Texts, _about("Rules or groups that are off.")],
            "per-file-ignores": Annotated[
                dict[str, Texts], _about("Rules that are off, by pattern of pages.")
            ],
            "overrides": Annotated[list[override], _about("What is different for some pages.")],
            "required-version": Annotated[str, _about("Such as '0.2' or '>=0.2,<1'.")],
        },
        total=False,
    )
    for one in (override, form):
        with_config(ConfigDict(extra="forbid"))(one)
    return form


def schema() -> dict[str, Any]:
    """The JSON Schema of `samplegen.toml`."""
    from pydantic import TypeAdapter

    made: dict[str, Any] = TypeAdapter(_form()).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def as_json() -> str:
    """The JSON Schema as text."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def shown(config: Config, paths: Sequence[str]) -> str:
    """What a configuration comes to, as TOML; of one page, where one is named."""
    if paths:
        config = config.near(paths[0])
    plan = config.plan(paths[0]) if paths else None
    call = plan.call if plan else config.call
    settings = plan.settings if plan else config.settings
    said: dict[str, Any] = {
        "pages": config.pages,
        "exclude": config.exclude,
        "locale": plan.locale if plan else config.locale,
        "select": config.select,
        "ignore": config.ignore,
        "regions": config.catalog.noted,
        **{key: getattr(settings, key) for key in Settings._fields if key not in _TABLES},
    }
    of = f", for {paths[0]}" if paths else ""
    lines = [f"# {config.file or 'No samplegen.toml is here or above: the defaults'}{of}"]
    lines += [
        f"{key} = {_toml(value)}" for key, value in said.items() if value not in (None, (), False)
    ]
    if plan:
        lines.append(f"# rules: {', '.join(rule.name for rule in plan.rules)}")
    words = settings.words
    for table, by_locale in (
        ("labels", texts(settings.labels)),
        ("words", words.notes),
        ("names", words.names),
        ("links", words.links),
    ):
        for locale, said_there in by_locale:
            lines += ["", f"[{table}{f'.{locale}' if locale else ''}]"]
            lines += [f"{_toml(name)} = {_toml(text)}" for name, text in said_there]
    if call:
        lines += ["", "[call]", *(f"{key} = {_toml(one)}" for key, one in call.as_json().items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A JSON value as TOML, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
