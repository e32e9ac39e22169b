"""The local files that samples read: what is put beside them, and the call that they then make."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from samplegen.model import media
from samplegen.model.call import Call
from samplegen.model.frozen import thaw

Files = tuple[tuple[str, bytes], ...]


def supplied(call: Call) -> tuple[Call, Files]:
    """The call with data URLs for its local files, and what these files hold.

    No file of this machine is read: each holds a few bytes that are its own.
    """
    files: dict[str, bytes] = {}
    messages = []
    for message in call.messages:
        content = message.content
        if isinstance(content, tuple):
            parts = tuple(_with_data(thaw(part), files) for part in content)
            message = replace(message, content=parts)  # type: ignore[arg-type]
        messages.append(message)
    return (replace(call, messages=tuple(messages)) if files else call), tuple(files.items())


def _with_data(part: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """A part with data URLs; its files are added."""
    kind = part["type"]

    def data(url: Any) -> Any:
        if not isinstance(url, str) or not url.startswith(media.START):
            return url
        path = url.removeprefix(media.START)
        # What no byte order, text encoding or newline leaves as it is.
        files[path] = path.encode() + bytes(range(256)) + b"\r\n"
        written = base64.b64encode(files[path]).decode()
        return f"data:{media.media_type(kind, url)};base64,{written}"

    value = part[kind]
    if isinstance(value, dict):
        return {**part, kind: {name: data(item) for name, item in value.items()}}
    return {**part, kind: [data(item) for item in value] if isinstance(value, list) else value}


def supply(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Put files into a sample's folder."""
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
