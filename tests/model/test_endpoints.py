"""What the service has beside chat endpoints, and what pages are known to say wrongly."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

from samplegen import InputError
from samplegen.model.catalog import (
    BUILTIN,
    ENDPOINTS,
    MODELS,
    PARAMETERS,
    Catalog,
    EndpointFact,
    Mistake,
    OtherProvider,
    builtin,
)
from samplegen.model.catalog_file import load
from samplegen.model.hosts import HostFact

EXAMPLE = ROOT / "tests" / "model" / "of_0_1.toml"
CHAT = "/compatible-mode/v1/chat/completions"
GENERATION = "/api/v1/services/aigc/text-generation/generation"
MULTIMODAL = "/api/v1/services/aigc/multimodal-generation/generation"
SERVICES = "/api/v1/services"

PATHS = {
    CHAT: ("chat", "openai"),
    f"{CHAT}/": ("chat", "openai"),
    f"{CHAT}?a=/b": ("chat", "openai"),
    GENERATION: ("chat", "dashscope"),
    MULTIMODAL: ("chat", "dashscope"),
    "/compatible-mode/v1": ("base", "openai"),
    "/compatible-mode/v1/": ("base", "openai"),
    "/api/v1": ("base", "dashscope"),
    "/api/v1/apps": ("application", "dashscope"),
    "/api/v1/apps/YOUR_APP_ID/completion": ("application", "dashscope"),
    "/api/v1/apps/${appId}/completion": ("application", "dashscope"),
    "/api/v1/apps/{$app_id}/completion": ("application", "dashscope"),
    "/api/v1/apps/<APP-ID>/completion": ("application", "dashscope"),
    "/api/v2/apps/agent/{APP_ID}/compatible-mode/v1/responses": ("application", "openai"),
    "/api/v2/apps/deep-search-agent/chat/completions": ("application", None),
    "/api/v2/apps/memory/memory_nodes/search": ("memory", None),
    "/api/v2/apps/protocols/compatible-mode/v1": ("responses", "openai"),
    "/api/v2/apps/protocols/compatible-mode/v1/responses": ("responses", "openai"),
    "/compatible-mode/v1/responses": ("responses", "openai"),
    "/compatible-mode/v1/responses/resp_1": ("responses", "openai"),
    "/compatible-mode/v1/completions": ("completions", "openai"),
    "/compatible-mode/v1/embeddings": ("embeddings", "openai"),
    "/compatible-mode/v1/models": ("models", "openai"),
    "/compatible-mode/v1/files/file-fe-1/content": ("files", "openai"),
    "/compatible-mode/v1/batches/batch_1/cancel": ("batches", "openai"),
    "/compatible-mode/v1/conversations/c/items/i": ("conversations", "openai"),
    "/compatible-api/v1/reranks": ("rerank", "openai"),
    f"{SERVICES}/embeddings/text-embedding/text-embedding": ("embeddings", "dashscope"),
    f"{SERVICES}/embeddings/multimodal-embedding/multimodal-embedding": (
        *("embeddings", "dashscope"),
    ),
    f"{SERVICES}/rerank/text-rerank/text-rerank": ("rerank", "dashscope"),
    f"{SERVICES}/aigc/text2image/image-synthesis": ("image", "dashscope"),
    f"{SERVICES}/aigc/image2image/image-synthesis/": ("image", "dashscope"),
    f"{SERVICES}/aigc/image2image/out-painting": ("image", "dashscope"),
    f"{SERVICES}/aigc/image-generation/generation": ("image", "dashscope"),
    f"{SERVICES}/vision/image-process/process": ("image", "dashscope"),
    f"{SERVICES}/aigc/wordart/texture": ("image", "dashscope"),
    f"{SERVICES}/aigc/video-generation/video-synthesis": ("video", "dashscope"),
    f"{SERVICES}/aigc/video-generation/3d-generation": ("3d", "dashscope"),
    f"{SERVICES}/aigc/image2video/aa-template-generation/": ("video", "dashscope"),
    f"{SERVICES}/audio/asr/transcription": ("audio", "dashscope"),
    f"{SERVICES}/audio/tts/SpeechSynthesizer": ("audio", "dashscope"),
    f"{SERVICES}/audio/music/generation": ("audio", "dashscope"),
    "/api-ws/v1/inference": ("audio", None),
    "/api-ws/v1/realtime?model=qwen3-omni-flash-realtime": ("realtime", None),
    "/api/v1/tasks/86ecf553-d340-4e21-af6e-xxx": ("tasks", "dashscope"),
    "/api/v1/tasks/a/cancel": ("tasks", "dashscope"),
    "/api/v1/uploads?action=getPolicy&model=qwen-vl-plus": ("files", "dashscope"),
    "/api/v1/files/1": ("files", "dashscope"),
    "/api/v1/tokens?expire_in_seconds=1800": ("keys", "dashscope"),
    "/api/v1/fine-tunes/ft-1/export/checkpoint-20": ("training", "dashscope"),
    "/api/v1/deployments/models": ("deployments", "dashscope"),
    "/api/v1/assistants/asst_1": ("assistants", None),
    "/api/v1/threads/thread_1/runs/run_1/steps": ("assistants", None),
    "/api/v1/mcps/WebSearch/sse": ("mcp", None),
    "/apps/anthropic": ("messages", None),
    "/apps/anthropic/v1/messages": ("messages", None),
}


@pytest.mark.parametrize("path", PATHS)
def test_what_a_path_is(path: str) -> None:
    fact = builtin().endpoint_of(path)
    assert fact and (fact.kind, fact.protocol) == PATHS[path]


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/v1", "/v1/chat/completions", "/compatible-mode", "/compatible/v1"),
        *("/compatible-mode/v1/chat/completion", "/compatible-mode/v1/chat", "/compatible-mode/v2"),
        *("/api/v1/services/aigc/text-generation", "/api/v1/chat/completions", "/api/v1/task/1"),
        *("/api/v1/apps/a/b/completion", "/api/v1/apps//completion", "/api/v1/apps/a/completions"),
        *("/apps/anthropics", "/api-ws/v1", f"x{CHAT}", f"{CHAT}x", "/api/v1/tasks/a/b"),
    ],
)
def test_what_is_no_path_of_the_service(path: str) -> None:
    assert builtin().endpoint_of(path) is None


HOSTS = {
    "dashscope-intl.aliyuncs.com": "region",
    "DashScope.aliyuncs.com": "region",
    "dashscope.aliyuncs.com:443": "region",
    "cn-hongkong.dashscope.aliyuncs.com": "region",
    "dashscope-finance.aliyuncs.com": "region",
    "ws-1.cn-beijing.maas.aliyuncs.com": "workspace",
    "{WorkspaceId}.eu-central-1.maas.aliyuncs.com": "workspace",
    "llm-x.me-central-1.maas.aliyuncs.com": "workspace",
    "token-plan.cn-beijing.maas.aliyuncs.com": "plan",
    "token-plan.ap-southeast-1.maas.aliyuncs.com": "plan",
    "coding.dashscope.aliyuncs.com": "plan",
    "coding-intl.dashscope.aliyuncs.com": "plan",
    "batch.dashscope.aliyuncs.com": "batch",
    "vpc-cn-beijing.dashscope.aliyuncs.com": "private",
    "ep-2zei****.dashscope.cn-beijing.privatelink.aliyuncs.com": "private",
    "bailian.console.aliyun.com": "console",
    "dashscope.console.aliyun.com": "console",
    "modelstudio.console.alibabacloud.com": "console",
    "help.aliyun.com": "docs",
    "www.alibabacloud.com": "docs",
    "bailian.cn-beijing.aliyuncs.com": "management",
    "help-static-aliyun-doc.aliyuncs.com": "assets",
    "dashscope-result-bj.oss-cn-beijing.aliyuncs.com": "assets",
    "dashscope-a717.oss-accelerate.aliyuncs.com": "assets",
    "img.alicdn.com": "assets",
}


@pytest.mark.parametrize("host", HOSTS)
def test_what_a_host_is(host: str) -> None:
    assert builtin().host_kind(host) == HOSTS[host]


@pytest.mark.parametrize(
    "host",
    [
        *(
            "api.openai.com",
            "dashscope-intl.aliyun.com",
            "cn-hongkong.aliyuncs.com",
            "aliyuncs.com",
        ),
        *("dashscope.aliyuncs.com.example", "dashscope.aliyuncs.comm", "xdashscope.aliyuncs.com"),
        *(
            "maas.aliyuncs.com",
            "localhost:8000",
            "127.0.0.1",
            "[::1]:8000",
            "",
            "alicdn.com.example",
        ),
    ],
)
def test_what_is_no_host_of_the_service(host: str) -> None:
    assert builtin().host_kind(host) is None


def test_a_mistake_has_the_right_name_beside_it() -> None:
    catalog = builtin()
    for mistake in catalog.mistakes:
        if mistake.kind == "host":
            assert catalog.host_kind(mistake.wrong) is None
            assert catalog.host_kind(mistake.right) == "region"
        elif mistake.kind == "parameter":
            assert mistake.wrong not in catalog.parameters
            assert mistake.right in catalog.parameters
        else:
            assert (mistake.kind, mistake.right in catalog.listed_models) == ("model", True)
            assert mistake.wrong not in catalog.listed_models
    assert "cn-hongkong.aliyuncs.com" in [one.wrong for one in catalog.mistakes]


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        *(("gpt-4o", "OpenAI"), ("gpt-5.6-sol", "OpenAI"), ("o3-mini", "OpenAI"), ("o1", "OpenAI")),
        *(("claude-opus-5-5", "Anthropic"), ("gemini-3.8-flash", "Google"), ("grok-4.7", "xAI")),
        *(("mistral-large-latest", "Mistral"), ("doubao-seed-1-6", "Volcengine")),
        *(("deepseek-chat", "DeepSeek"), ("deepseek-reasoner", "DeepSeek")),
        *(
            ("moonshot-v1-8k", "Moonshot"),
            ("ernie-4.0-turbo-8k", "Baidu"),
            ("hunyuan-t1", "Tencent"),
        ),
        *((model, None) for model in ("qwen-plus", "gpt-oss-20b", "o3x", "my-model", "kimi-k2.5")),
        *((model, None) for model in ("deepseek-v4-pro", "deepseek-r1", "glm-5", "MiniMax-M2.5")),
    ],
)
def test_who_else_serves_a_model(model: str, provider: str | None) -> None:
    assert builtin().other_provider(model) == provider


def test_no_model_of_the_service_is_another_providers() -> None:
    catalog = builtin()
    assert [one for one in catalog.listed_models if catalog.other_provider(one)] == []


def test_the_listed_models_are_chat_models() -> None:
    catalog = builtin()
    assert len(catalog.listed_models) == len({*catalog.listed_models}) > 150
    assert [one for one in catalog.listed_models if not catalog.family(one).chat] == []
    assert [one for one in catalog.models if one not in catalog.listed_models] == []


def test_each_fact_names_its_source() -> None:
    catalog = builtin()
    facts: list[EndpointFact | HostFact | Mistake | OtherProvider] = [*catalog.endpoints]
    facts += [*catalog.hosts]
    facts += [*catalog.mistakes]
    facts += [*catalog.other_providers]
    assert [fact for fact in facts if not fact.source] == []


def test_a_path_and_a_host_are_there_once() -> None:
    paths = [one.path for one in builtin().endpoints]
    assert len(paths) == len({*paths})
    patterns = [one.pattern for one in builtin().hosts]
    assert len(patterns) == len({*patterns})


def test_no_endpoint_stands_in_the_shadow_of_another() -> None:
    catalog = builtin()
    assert [one.path for one in catalog.endpoints if catalog.endpoint_of(one.path) != one] == []


def everything(catalog: Catalog) -> list[object]:
    lists = (catalog.endpoints, catalog.hosts, catalog.mistakes, catalog.other_providers)
    return [*map(list, lists), list(catalog.listed_models), dict(catalog.parameters)]


def test_the_builtin_tables_pass_the_checks_of_users_catalogs(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    files = (MODELS, BUILTIN, PARAMETERS, ENDPOINTS)
    path.write_text("\n".join(one.read_text(encoding="utf-8") for one in files), encoding="utf-8")
    assert everything(load(path)) == everything(builtin())


def test_lists_that_are_read_later_are_lists() -> None:
    hosts = builtin().hosts
    assert (hosts[0], hosts[-1]) == (next(iter(hosts)), [*hosts][-1])
    assert hosts[1:3] == [*hosts][1:3]
    assert hosts[0] in hosts
    assert HostFact("a", "b") not in hosts


def test_a_catalog_is_told_by_its_text_and_goes_to_other_processes() -> None:
    """Findings are kept by the text, and looked for in several processes."""
    show = "from samplegen.model.catalog import builtin; print(builtin())"
    once, again = (
        subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    assert once.stdout == again.stdout
    before = repr(builtin())
    assert everything(pickle.loads(pickle.dumps(builtin()))) == everything(builtin())
    assert repr(builtin()) == before


def test_a_users_catalog_has_its_own(tmp_path: Path) -> None:
    bare = load(EXAMPLE)
    assert everything(bare) == [[], [], [], [], [], {}]
    assert bare.endpoint_of("/chat/completions") == EndpointFact(
        "/chat/completions", "chat", "openai"
    )
    assert bare.endpoint_of("/") == EndpointFact("", "base", "openai")
    assert bare.endpoint_of("/v1/chat/completions") is None
    assert (bare.host_kind("api.deepseek.com"), bare.host_kind("deepseek.com")) == ("region", None)
    assert bare.other_provider("gpt-4o") is None
    tables = """
[[endpoints]]
path = "/beta/{id}/x"
kind = "beta"
[[hosts]]
pattern = "*.deepseek.com"
kind = "docs"
[[mistakes]]
kind = "host"
wrong = "a.example"
right = "b.example"
[[other_providers]]
name = "OpenAI"
patterns = ["gpt-*", "deepseek-*"]
"""
    path = tmp_path / "c.toml"
    text = EXAMPLE.read_text().replace('base_path = ""', 'base_path = ""\naliases = ["/v1"]')
    path.write_text(f'listed_models = ["m"]\n{text}{tables}')
    catalog = load(path)
    assert catalog.endpoint_of("/beta/1/x") == EndpointFact("/beta/{id}/x", "beta")
    assert catalog.endpoint_of("/v1/chat/completions") == EndpointFact(
        "/v1/chat/completions", "chat", "openai"
    )
    assert catalog.host_kind("api-docs.deepseek.com") == "docs"
    assert catalog.mistakes == [Mistake("host", "a.example", "b.example")]
    assert catalog.other_providers == [OtherProvider("OpenAI", ["gpt-*", "deepseek-*"])]
    assert catalog.listed_models == ["m"]
    assert [catalog.other_provider(one) for one in ("gpt-4o", "deepseek-x", "deepseek-v4-pro")] == [
        *("OpenAI", "OpenAI", None)
    ]


def test_an_alias_of_a_region_is_a_host_of_it() -> None:
    catalog = load(Path(__file__).with_name("catalogs") / "together.toml")
    assert catalog.host_kind("api.together.xyz") == "region"
    local = load(Path(__file__).with_name("catalogs") / "ollama.toml")
    assert local.host_kind("[::1]:11434") == "region"
    assert local.host_kind("localhost:8000") is None


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[[endpoints]]\npath = "a"\nkind = "b"', "endpoints, path: 'a' is not a path such as"),
        ('[[endpoints]]\npath = "/a/{b"\nkind = "b"', "endpoints, path: '/a/{b' is not a path"),
        ('[[endpoints]]\npath = "/{a...}/b"\nkind = "b"', "'/{a...}/b' is not a path such as"),
        ('[[endpoints]]\npath = "/a"\nkind = "B c"', "endpoints, kind of '/a': 'B c' is not an id"),
        (
            '[[endpoints]]\npath = "/a"\nkind = "b"\nprotocol = "dashscope"',
            "endpoints, protocol of '/a': unknown protocol 'dashscope': choose from openai",
        ),
        ('[[endpoints]]\npath = "/a"', "endpoints[0].kind: this field is missing"),
        ('[[endpoints]]\npath = "/a"\nkind = "b"\nx = 1', "endpoints[0]: unknown field 'x'"),
        ("[endpoints]\na = 1", 'endpoints: a list is expected, not {"a": 1}'),
        ('[[hosts]]\npattern = "A.example"\nkind = "b"', "hosts, pattern: 'A.example' is not a"),
        ('[[hosts]]\npattern = ""\nkind = "b"', "hosts, pattern: '' is not a pattern of hosts"),
        ('[[hosts]]\npattern = "a"\nkind = ""', "hosts, kind of 'a': '' is not an id"),
        (
            '[[mistakes]]\nkind = "host"\nwrong = "a\\nb"\nright = "c"',
            "mistakes: 'a\\nb' is not one",
        ),
        ('[[mistakes]]\nkind = "host"\nwrong = "a"\nright = ""', "mistakes: '' is not one line"),
        ('[[other_providers]]\nname = "a ?> b"\npatterns = []', "'a ?> b' is not a name of one"),
        ('[[other_providers]]\nname = "a"\npatterns = [""]', "patterns of 'a': '' is not one line"),
        ('[[other_providers]]\nname = "a"', "other_providers[0].patterns: this field is missing"),
    ],
)
def test_what_these_tables_may_not_say(table: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f"{EXAMPLE.read_text()}\n{table}\n")
    with pytest.raises(InputError) as raised:
        load(path)
    assert message in str(raised.value)
    assert str(raised.value).startswith(f"{path}: ") and "\n" not in str(raised.value)


@pytest.mark.parametrize("value", ["1", "[1]", '[""]', '["a\\nb"]'])
def test_what_the_list_of_models_may_not_say(value: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f"listed_models = {value}\n{EXAMPLE.read_text()}")
    with pytest.raises(InputError, match="listed_models"):
        load(path)


def test_the_files_have_no_other_tables() -> None:
    tables = {one.name: sorted(tomllib.loads(one.read_text())) for one in (ENDPOINTS, MODELS)}
    assert tables == {
        "endpoints.toml": ["endpoints", "hosts", "mistakes", "other_providers"],
        "models.toml": ["listed_models"],
    }
