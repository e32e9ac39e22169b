"""Local files in a call: `file:photo.jpg`, which a sample reads and sends as a data URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

START: Final = "file:"

MEDIA_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "image": {
        ".bmp": "image/bmp",
        ".gif": "image/gif",
        ".heic": "image/heic",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".png": "image/png",
        ".tif": "image/tiff",
        ".tiff": "image/tiff",
        ".webp": "image/webp",
    },
    "audio": {
        ".aac": "audio/aac",
        ".amr": "audio/amr",
        ".flac": "audio/flac",
        ".m4a": "audio/mp4",
        ".mp3": "audio/mpeg",
        ".ogg": "audio/ogg",
        ".wav": "audio/wav",
    },
    "video": {
        ".avi": "video/x-msvideo",
        ".mkv": "video/x-matroska",
        ".mov": "video/quicktime",
        ".mp4": "video/mp4",
        ".webm": "video/webm",
    },
}
"""Media types by suffix, for each kind of medium: IANA's; the usual ones of AVI, Matroska."""

# The kind of medium that each type of part has.
_KINDS: Final = {
    "image_url": "image",
    "video": "image",
    "video_url": "video",
    "input_audio": "audio",
}


def urls(part: Mapping[str, Any]) -> Iterator[str]:
    """The URLs in a part of a content."""
    kind = part["type"]
    if kind in ("image_url", "video_url"):
        yield part[kind]["url"]
    elif kind == "video":
        yield from part[kind]
    elif kind == "input_audio":
        yield part[kind]["data"]


def media_type(part: str, url: str) -> str | None:
    """The media type of a local file in a part of that type; None where its suffix is of none."""
    return MEDIA_TYPES[_KINDS[part]].get(PurePosixPath(url).suffix.lower())


def misfit(part: str, url: str) -> str | None:
    """What is wrong with a local file in a part of that type; None where nothing is."""
    path = url.removeprefix(START)
    steps = path.split("/")
    if "" in steps or ".." in steps or "\\" in path or "\0" in path or "." in steps:
        return (
            "a local file is beside the sample or in a folder below it: "
            "write a path such as 'file:photo.jpg'"
        )
    if media_type(part, url) is None:
        known = ", ".join(MEDIA_TYPES[_KINDS[part]])
        return f"the suffix of {path[:60]!r} tells no media type: use one of {known}"
    return None
