"""The forms of catalogs and call files as JSON Schemas, for editors and for the docs.

They are made of the very types that read such files, and of what their docstrings say.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from samplegen.model import catalog, parameter
from samplegen.model.catalog import Catalog, builtin
from samplegen.model.forms import CallForm

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def catalog_schema() -> dict[str, Any]:
    """The JSON Schema of a catalog's TOML file."""
    tables = TypeAdapter(Catalog).json_schema()["$defs"]
    for name, table in tables.items():
        of = getattr(catalog, name, None) or getattr(parameter, name)
        if "prefixItems" in table:
            _as_table(table, of)
        _describe(table, of)
        # A key that no table has is refused when the file is read, too.
        table["additionalProperties"] = False
    made = {**tables.pop("Catalog"), "$defs": tables}
    # What the rest of the file says need not be said: see `catalog_file`.
    made["required"] = ["provider", "defaults", "protocols"]
    tables["Defaults"]["required"].remove("region")
    return _schema(made, "A catalog: the facts about a provider.")


def call_schema() -> dict[str, Any]:
    """The JSON Schema of a call file."""
    made = TypeAdapter(CallForm).json_schema()
    made["properties"] |= {
        name: {"type": [*dict.fromkeys(map(_type, one.types))], "description": "Sent as it is."}
        for name, one in builtin().parameters.items()
        if one.place == "body" and name not in made["properties"]
    }
    for name, about in _OF_CALLS.items():
        made["properties"][name]["description"] = about
    # A file of another protocol's body has these elsewhere, and defaults are the catalog's.
    made.pop("required")
    return _schema(made, "A call, or the body of a request.")


_OF_CALLS = {
    "protocol": "What the service is spoken to in.",
    "region": "Where the model runs.",
    "model": "Its name; default: the catalog's.",
    "messages": "The conversation.",
    "host": "A host of the region in place of its usual one, such as the one for batches.",
    "workspace": "The id of a workspace.",
    "workspace_by": "How the service learns of the workspace: by its host, a header, or the key.",
    "then": "A second question, asked after the first answer.",
}

SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "catalog": catalog_schema,
    "call": call_schema,
}


def _type(name: str) -> str:
    return "array" if name == "list" or name.endswith("[]") else name


def _schema(made: dict[str, Any], title: str) -> dict[str, Any]:
    # TOML's editors point at their schema by such a key in JSON alone.
    made["properties"] = {"$schema": {"type": "string"}, **made["properties"]}
    return {"$schema": DIALECT, **made, "title": title}


def _as_table(schema: dict[str, Any], of: Any) -> None:
    """Named tuples are tables in TOML, and no lists."""
    items = schema["prefixItems"]
    schema.clear()
    schema["type"] = "object"
    schema["properties"] = dict(zip(of._fields, items, strict=True))
    schema["required"] = [name for name in of._fields if name not in of._field_defaults]


def _describe(table: dict[str, Any], of: type) -> None:
    """Give a table and its fields the words of a docstring."""
    about, fields = described(of)
    table["description"] = about
    table["properties"] = {
        name: one for name, one in table["properties"].items() if not name.startswith("_")
    }
    for name, words in fields.items():
        if name in table["properties"]:
            table["properties"][name]["description"] = words


def described(of: type) -> tuple[str, dict[str, str]]:
    """What a docstring says of a type, and of each field."""
    text = inspect.getdoc(of) or ""
    about, _, rest = text.partition("\n\n")
    found = re.search(r"^(?:Attributes|Args):\n(?P<fields>(?:[ \t]+.*\n?|\n)+)", rest, re.M)
    fields: dict[str, str] = {}
    for one in re.split(r"\n(?=\S)", textwrap.dedent(found["fields"]) if found else ""):
        names, _, words = one.partition(":")
        for name in names.split(","):
            fields[name.strip()] = " ".join(words.split())
    return " ".join(about.split()), fields
