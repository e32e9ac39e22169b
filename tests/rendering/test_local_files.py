"""Local files in a call: a sample reads them and sends data URLs, or the call is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from toolchains import need_all

from samplegen import Call, InputError, render
from samplegen.languages import language_ids
from samplegen.model.catalog import Family, builtin
from samplegen.protocols.request import Request
from samplegen.rendering.targets import Target, targets
from samplegen.verify.checks import Subject
from samplegen.verify.supplied import supplied
from samplegen.verify.verification import verify

SEES = replace(builtin(), families=[Family("any", ["*"], "multimodal")], parameters={})

# What a string, a format or an interpolation could take for something of its own.
NAME = "a 'b' \"c\" $d {e} {{f}} }}} %s %% #g `h` é 你.png"
TEXT = '100 %s %d {{x}} }}}} {{{ """ $y ${z} \\ \0 {"a": {"b": {}}}'


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def call(target: Target, *parts: dict[str, Any], model: str = "m") -> Call:
    said = [*parts, {"type": "text", "text": "What is this?"}]
    data = {
        "protocol": target.protocol,
        "model": model,
        "messages": [{"role": "user", "content": said}],
    }
    return Call.parse(data, SEES)


READING = [target for target in targets() if target.language != "curl"]
MEDIA: dict[str, list[dict[str, Any]]] = {
    "an image": [image("file:photos/one.JPG")],
    "two of an odd name": [
        image(f"file:{NAME}"),
        {"type": "text", "text": TEXT},
        image(f"file:2 {NAME}"),
    ],
    "a sound": [{"type": "input_audio", "input_audio": {"data": "file:a.wav", "format": "wav"}}],
    "a video": [{"type": "video_url", "video_url": {"url": "file:a.mp4"}}],
    "frames": [{"type": "video", "video": [f"file:frames/{n}.png" for n in range(4)]}],
    "beside a URL": [image("https://a.example/file:b.png"), image("file:b.png")],
}


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", [one for one in language_ids() if one != "curl"])
def test_files_arrive_as_data_urls(language: str) -> None:
    need_all(language)
    subjects, names = [], []
    for target in READING:
        for name, parts in MEDIA.items():
            if target.language != language:
                continue
            if (target.protocol, target.client, name) == ("dashscope", "sdk", "beside a URL"):
                # The SDK would upload nothing here; it takes such a URL for what it is.
                continue
            asked = call(target, *parts)
            sample = render(asked, target.language, target.client, catalog=SEES)
            meant, files = supplied(asked)
            assert files
            request = Request.of(meant, "", SEES)
            subjects.append(Subject(sample, request, call=meant, files=files))
            names.append(f"{target.name}: {name}")
    results = verify(subjects, SEES, once=True)
    failed = {name: one.failures for name, one in zip(names, results, strict=True) if one.failures}
    assert failed == {}


def test_rendering_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = call(READING[0], image("file:photo.jpg"))
    before = render(asked, "python", catalog=SEES).code
    (tmp_path / "photo.jpg").write_bytes(b"x")
    render.__globals__["_skeleton"].cache_clear()
    assert render(asked, "python", catalog=SEES).code == before


BESIDE = "a local file is beside the sample or in a folder below it"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/photo.jpg", BESIDE),
        ("file://photo.jpg", BESIDE),
        ("file:/photo.jpg", BESIDE),
        ("file:../photo.jpg", BESIDE),
        ("file:a/../../photo.jpg", BESIDE),
        ("file:./photo.jpg", BESIDE),
        ("file:a\\photo.jpg", BESIDE),
        ("file:", BESIDE),
        ("file:photo", "the suffix of 'photo' tells no media type: use one of .bmp, .gif,"),
        ("file:sound.wav", "the suffix of 'sound.wav' tells no media type"),
        ("photo.jpg", "The provided URL does not appear to be valid."),
    ],
)
def test_what_is_no_local_file_is_refused(url: str, said: str) -> None:
    for target in targets():
        asked = replace(call(target, image(url)), model="qwen3-vl-plus")
        with pytest.raises(InputError) as refused:
            render(asked, target.language, target.client)
        assert str(refused.value).startswith(f"messages[0].content[0]: {said}")
        assert "\n" not in str(refused.value)


def test_curl_reads_none() -> None:
    for target in targets():
        if target.language == "curl":
            for parts in MEDIA.values():
                with pytest.raises(InputError, match="a curl sample reads no local file"):
                    render(call(target, *parts), "curl", catalog=SEES)
