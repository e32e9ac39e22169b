"""The call that a file of data says: a call file, a request's body, an example in OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.call_file import parse
from samplegen.model.catalog import Catalog
from samplegen.protocols.request import find_protocol
from samplegen.sources import Source
from samplegen.sources.differing import of_body


def of_data(text: str, where: str, suffix: str, catalog: Catalog) -> Source:
    """The call of a file of JSON, TOML or YAML.

    Raises:
        InputError: it is none of them, or no call.
    """
    data = _yaml(text, where) if suffix in (".yaml", ".yml") else parse(text, where, suffix)
    if isinstance(data, dict) and isinstance(data.get("paths"), dict):
        return _of_openapi(data, where, catalog)
    if isinstance(data, dict) and isinstance(data.get("log"), dict):
        from samplegen.sources.recorded import of_log

        return of_log(data["log"], where, catalog)
    call = Call.parse(data, catalog, where)
    if isinstance(data, dict) and find_protocol(data) is not None:
        return Source(call, tuple(of_body(data, call, catalog)))
    return Source(call)


def _yaml(text: str, where: str) -> object:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise InputError(
            f"{where}: reading it needs the package {error.name}: "
            "install samplegen with its extra 'check'"
        ) from None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"{where}: not valid YAML: {' '.join(str(error).split())}") from None


def _of_openapi(data: dict[str, Any], where: str, catalog: Catalog) -> Source:
    """The call of the first example of a request to a chat model."""
    why: InputError | None = None
    for path, operation, body in _examples(data["paths"]):
        try:
            call = Call.parse(body, catalog, f"{where}: {operation.upper()} {path}")
        except InputError as error:
            why = why or error
            continue
        return Source(call, (f"it is the example of {operation.upper()} {path}",))
    raise why or InputError(f"{where}: has no example of a request with a model and messages")


def _examples(paths: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each example of a body of JSON that names a model: its path, its method, the body."""
    for path, operations in paths.items():
        for method, operation in _items(operations):
            for media_type, body in _items(_at(operation, "requestBody", "content")):
                if "json" not in media_type or not isinstance(body, dict):
                    continue
                named = [_at(one, "value") for _, one in _items(body.get("examples"))]
                in_schema = _at(body, "schema", "example")
                for example in (body.get("example"), *named, in_schema):
                    if isinstance(example, dict) and "model" in example:
                        yield path, method, example


def _items(value: object) -> list[tuple[str, Any]]:
    return [(str(k), v) for k, v in value.items()] if isinstance(value, dict) else []


def _at(value: object, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
