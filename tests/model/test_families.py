"""What the built-in catalog says of models, by the pages and the market of the service."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from samplegen import InputError
from samplegen.model.catalog import TEXT, Family, builtin
from samplegen.model.catalog_file import load

EXAMPLE = ROOT / "tests" / "model" / "of_0_1.toml"
SEES = ["image_url", "video_url", "video"]
HEARS = [*SEES, "input_audio"]

# model: kind, thinking, whether it must stream, parts
MODELS = {
    "qwen-plus": ("text", "off", False, []),
    "qwen-plus-latest": ("text", "off", False, []),
    "qwen-plus-us": ("text", "off", False, []),
    "qwen-turbo": ("text", "off", False, []),
    "qwen-flash": ("text", "off", False, []),
    "qwen3-max": ("text", "off", False, []),
    "qwen3-max-preview": ("text", "off", False, []),
    "qwen-max": ("text", "none", False, []),
    "qwen-max-2025-01-25": ("text", "none", False, []),
    "qwen3.5-plus": ("multimodal", "on", False, SEES),
    "qwen3.5-397b-a17b": ("multimodal", "on", False, SEES),
    "qwen3.6-plus": ("multimodal", "on", False, SEES),
    "qwen3.6-flash": ("multimodal", "on", False, SEES),
    "qwen3.6-27b": ("multimodal", "on", False, SEES),
    "qwen3.6-35b-a3b": ("multimodal", "on", False, SEES),
    "qwen3.7-plus": ("multimodal", "on", False, SEES),
    "qwen3.6-max-preview": ("text", "on", False, []),
    "qwen3.7-max": ("text", "on", False, []),
    "qwen3.7-max-2026-05-20": ("text", "on", False, []),
    "qwen3.7-max-preview": ("text", "only", False, []),
    "qwen3.7-max-2026-05-17": ("text", "only", False, []),
    "qwen3.8-max": ("multimodal", None, False, None),
    "qwen3.8-flash": ("multimodal", None, False, None),
    "qwen3-8b": ("text", "on", False, []),
    "qwen3-0.6b": ("text", "on", False, []),
    "qwen3-235b-a22b": ("text", "on", False, []),
    "qwen3-30b-a3b-instruct-2507": ("text", "none", False, []),
    "qwen3-next-80b-a3b-instruct": ("text", "none", False, []),
    "qwen3-coder-480b-a35b-instruct": ("text", "none", False, []),
    "qwen3-coder-plus": ("text", None, False, []),
    "qwen3-235b-a22b-thinking-2507": ("text", "only", True, []),
    "qwq-plus": ("text", "only", True, []),
    "qwq-32b": ("text", "only", True, []),
    "qvq-max": ("multimodal", "only", True, SEES),
    "qvq-plus-2025-05-15": ("multimodal", "only", True, SEES),
    "qwen3-vl-8b-thinking": ("multimodal", "only", False, SEES),
    "qwen3-vl-235b-a22b-thinking": ("multimodal", "only", False, SEES),
    "qwen3-vl-8b-instruct": ("multimodal", "none", False, SEES),
    "qwen3-vl-plus": ("multimodal", "off", False, SEES),
    "qwen3-vl-flash-us": ("multimodal", "off", False, SEES),
    "qwen-vl-max": ("multimodal", "none", False, SEES),
    "qwen2.5-vl-72b-instruct": ("multimodal", "none", False, SEES),
    "qwen-vl-ocr": ("multimodal", "none", False, ["image_url"]),
    "qwen-vl-ocr-latest": ("multimodal", "none", False, ["image_url"]),
    "gui-plus": ("multimodal", None, False, ["image_url"]),
    "qwen3-asr-flash": ("multimodal", None, False, ["input_audio"]),
    "qwen2-audio-instruct": ("multimodal", None, False, ["input_audio"]),
    "qwen3-omni-flash": ("multimodal", None, True, HEARS),
    "qwen3.5-omni-plus": ("multimodal", None, True, HEARS),
    "qwen2.5-omni-7b": ("multimodal", None, True, HEARS),
    "qwen3-livetranslate-flash": ("multimodal", None, True, HEARS),
    "qwen-mt-plus": ("text", "none", False, []),
    "qwen-deep-research": ("text", None, True, []),
    "qwen-plus-character": ("text", "none", False, []),
    "qwen-long-latest": ("text", "none", False, []),
    "qwen-math-plus": ("text", None, False, []),
    "qwen2.5-72b-instruct": ("text", None, False, []),
    "kimi-k2.5": ("multimodal", "off", False, SEES),
    "kimi-k2.6": ("multimodal", "off", False, SEES),
    "kimi/kimi-k2.6": ("multimodal", None, False, SEES),
    "kimi-k2-thinking": ("text", "only", False, []),
    "deepseek-v4-pro": ("text", "on", False, []),
    "deepseek-v3.1": ("text", "off", False, []),
    "deepseek-v3.2-exp": ("text", "off", False, []),
    "siliconflow/deepseek-v3.2": ("text", "off", False, []),
    "deepseek-v3": ("text", None, False, []),
    "deepseek-r1": ("text", "only", False, []),
    "deepseek-r1-distill-qwen-32b": ("text", "only", False, []),
    "vanchin/deepseek-r1": ("text", None, False, []),
    "vanchin/deepseek-ocr": ("multimodal", "none", False, ["image_url"]),
    "glm-4.5-air": ("text", "on", False, []),
    "glm-5": ("text", "on", False, []),
    "glm-5.1": ("text", "on", False, []),
    "ZHIPU/GLM-5.1": ("text", "on", False, []),
    "MiniMax-M2.5": ("text", None, False, []),
    "MiniMax/MiniMax-M2.7": ("text", None, False, []),
    "xiaomi/mimo-v2.5-pro": ("text", "on", False, []),
}

NO_CHAT = [
    "qwen-image",
    "qwen-image-2.0-pro",
    "qwen-image-edit-max",
    "qwen-mt-image",
    "z-image-turbo",
    "wan2.6-t2i",
    "wan2.2-t2i-flash",
    "wanx2.1-t2i-turbo",
    "wanx-v1",
    "kling/kling-v3-omni-video-generation",
    "cosyvoice-v3-flash",
    "sambert-zhichu-v1",
    "qwen3-tts-flash",
    "qwen-tts-latest",
    "MiniMax/speech-2.8-hd",
    "paraformer-realtime-v2",
    "fun-asr-mtl",
    "qwen3-asr-flash-filetrans",
    "qwen3-asr-flash-realtime",
    "qwen3-omni-flash-realtime",
    "qwen3.5-livetranslate-flash-realtime",
    "text-embedding-v4",
    "qwen3-vl-embedding",
    "multimodal-embedding-v1",
    "qwen3-rerank",
    "qwen3-vl-rerank",
    "gte-rerank-v2",
    "emo-v1",
    "emoji-detect-v1",
    "videoretalk",
    "vidu/viduq3-pro_img2video",
    "pixverse/pixverse-v6-t2v",
    "happyhorse-1.0-t2v",
    "Tripo/Tripo-P1.0",
    "qwen-voice-design",
    "voice-enrollment",
]


@pytest.mark.parametrize("model", MODELS)
def test_what_is_known_of_a_model(model: str) -> None:
    family = builtin().family(model)
    known = (family.kind, family.thinking, family.streams_only, family.parts)
    assert (known, family.chat) == (MODELS[model], True)


@pytest.mark.parametrize("model", NO_CHAT)
def test_what_is_no_chat_model(model: str) -> None:
    assert not builtin().family(model).chat


def named(trait: str, value: object) -> list[str]:
    return [model for model in MODELS if getattr(builtin().family(model), trait) is value]


def test_thinking_needs_a_stream_where_the_service_says_so() -> None:
    assert named("thinking_streams", True) == ["qwen3-8b", "qwen3-0.6b", "qwen3-235b-a22b"]
    assert {str(builtin().family(model).options) for model in named("thinking_streams", True)} == {
        "{'enable_thinking': False}"
    }
    others = [family for family in builtin().families if not family.thinking_streams]
    assert [family.options for family in others if family.options] == []


def test_other_limits_of_models() -> None:
    assert named("system", False) == ["qwen-mt-plus"]
    assert named("max_n", 1) == ["xiaomi/mimo-v2.5-pro"]
    assert builtin().family("qwen-deep-research").protocols == ["dashscope"]
    assert builtin().family("qwen3-omni-flash").protocols == ["openai"]
    without_json = named("json_object", False)
    assert {"qwq-plus", "qvq-max", "qwen-mt-plus", "kimi-k2.5", "qwen3-omni-flash"} < set(
        without_json
    )
    assert not {"qwen-plus", "qwen-max", "qwen3-8b", "glm-5", "qwen-vl-max"} & set(without_json)
    assert {"qwen-mt-plus", "qvq-max", "qwen-long-latest"} < set(named("tools", False))
    assert not {"qwen-plus", "qwq-plus", "qwen3-8b"} & set(named("tools", False))
    assert set(named("enable_search", False)) == {
        *("glm-4.5-air", "glm-5", "glm-5.1", "ZHIPU/GLM-5.1", "xiaomi/mimo-v2.5-pro"),
        *("kimi-k2.5", "kimi-k2.6", "kimi/kimi-k2.6", "kimi-k2-thinking"),
    }


def test_each_known_model_is_of_the_family_that_lists_it() -> None:
    for family in builtin().families:
        for model in family.models:
            assert builtin().family(model) is family, model


def test_no_family_stands_in_the_shadow_of_another() -> None:
    """Of each one, some model is its own: the first that matches wins."""
    models = [*MODELS, *NO_CHAT]
    own = {builtin().family(model).name for model in models}
    assert [family.name for family in builtin().families if family.name not in own] == []


def test_what_is_not_known_restricts_nothing() -> None:
    for family in (TEXT, builtin().family("my-own-model"), load(EXAMPLE).families[0]):
        unknown = (family.thinking, family.parts, family.json_object, family.json_schema)
        assert (*unknown, family.tools, family.max_n, family.enable_search) == (None,) * 7
        assert (family.chat, family.system, family.thinking_streams) == (True, True, False)


def test_a_users_catalog_says_the_same_of_its_families(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    traits = (
        'chat = false\nthinking = "only"\nthinking_streams = true\nparts = ["file"]\n'
        "json_object = true\njson_schema = false\ntools = false\nsystem = false\nmax_n = 1\n"
        "enable_search = true\n"
    )
    path.write_text(EXAMPLE.read_text() + traits)
    [family] = load(path).families
    expected = Family(
        "DeepSeek",
        ["deepseek-*"],
        chat=False,
        thinking="only",
        thinking_streams=True,
        parts=["file"],
        json_object=True,
        json_schema=False,
        tools=False,
        system=False,
        max_n=1,
        enable_search=True,
        models=family.models,
        protocols=["openai"],
    )
    assert vars(family) == vars(expected)


@pytest.mark.parametrize(
    ("trait", "message"),
    [
        ('thinkin = "on"', "families[0]: unknown field 'thinkin'"),
        ('thinking = "maybe"', "families[0].thinking: 'none', 'off', 'on' or 'only' is expected"),
        (
            'parts = ["image"]',
            "parts of 'DeepSeek': unknown part 'image': did you mean 'image_url'?",
        ),
        ('parts = "image_url"', "families[0].parts: a list is expected"),
        ('json_object = "perhaps"', "families[0].json_object: "),
        ("max_n = 0", "max_n of 'DeepSeek': 0 is less than 1"),
        ('max_n = "two"', "families[0].max_n: "),
    ],
)
def test_what_a_family_may_not_say(trait: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f"{EXAMPLE.read_text()}{trait}\n")
    with pytest.raises(InputError) as raised:
        load(path)
    assert message in str(raised.value)
    assert str(raised.value).startswith(f"{path}: ") and "\n" not in str(raised.value)
