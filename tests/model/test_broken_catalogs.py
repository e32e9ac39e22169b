"""What a newcomer gets wrong in a catalog; the error says where, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from samplegen import InputError
from samplegen.model.catalog_file import load

GOOD = """\
[provider]
key_env = "MY_KEY"

[defaults]
model = "m-1"
messages = [{ role = "user", content = "Who are you?" }]

[regions.global]
name = "Global"
host = "api.example.com"

[protocols.openai]
base_path = "/v1"
paths = { text = "/chat/completions", multimodal = "/chat/completions" }

[[families]]
name = "M"
patterns = ["m-*"]
models = ["m-1"]
"""
KEY = 'key_env = "MY_KEY"'
HOST = '"api.example.com"'
BASE = 'base_path = "/v1"'
PROTOCOL = GOOD[GOOD.index("[protocols.openai]") : GOOD.index("[[families]]")]
SECRET = "sk-0123456789abcdef0123456789abcdef"


def said(text: str, folder: Path) -> str:
    path = folder / "c.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load(path)
    message = str(raised.value)
    assert "\n" not in message
    return message.partition("c.toml: ")[2]


def test_what_is_broken_below_is_good_before(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load(path).origin("global") == "https://api.example.com"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            KEY,
            f'{KEY}\nbase_url = "https://api.example.com/v1"',
            "provider.base_url: a catalog says it in two: [provider] has scheme and host, "
            "[protocols.openai] has the path as base_path",
        ),
        (HOST, '"https://api.example.com"', "'localhost:8000': write \"api.example.com\""),
        (
            HOST,
            '"http://localhost:8000/api/v1/"',
            ': write "localhost:8000", and scheme = "http", base_path = "/api/v1" of the protocol',
        ),
        (
            HOST,
            '"api.example.com/v1"',
            "regions.global.host: 'api.example.com/v1' is not a host name or address without a "
            "scheme and path, such as 'localhost:8000': write \"api.example.com\", and "
            'base_path = "/v1" of the protocol',
        ),
        (
            BASE,
            'base_path = "v1/"',
            "protocols.openai.base_path: 'v1/' is not a path: empty, or a slash before each "
            'word: write "/v1"',
        ),
        (BASE, 'base_path = "https://api.example.com/v1"', ': write "/v1"'),
        (BASE, 'base_path = "/"', 'is not a path: empty, or a slash before each word: write ""'),
        (BASE, 'base_path = "/a b"', "'/a b' is not a path: empty, or a slash before each word"),
        (
            'text = "/chat/completions"',
            'text = "chat/completions"',
            "protocols.openai.paths.text: 'chat/completions' is not a path: empty, or a slash "
            'before each word: write "/chat/completions"',
        ),
        ('["m-1"]', '"m-1"', 'families[0].models: a list is expected, not "m-1": write ["m-1"]'),
        (KEY, f'{KEY}\nauth = "X-Key: {{key}}"', 'not "X-Key: {key}": write ["X-Key: {key}"]'),
        (KEY, f'{KEY}\nkey_aliases = "B_KEY"', 'provider.key_aliases: a list is expected, not "B'),
        ("[[families]]", "[families]", '["m-1"]}: write [[families]]'),
        (
            KEY,
            f'key_env = "{SECRET}"',
            "provider.key_env: 'sk-01******************************' is not the name of an "
            "environment variable: it looks like a key; name the variable",
        ),
        (PROTOCOL, "", "missing: [protocols]; `samplegen catalog new` writes them all"),
        (
            "[protocols.openai]",
            "[protocols]",
            "protocols.base_path: this belongs into a table with a name, such as "
            "[protocols.openai]",
        ),
        ("[regions.global]", "[regions]", "regions.name: this belongs into a table with a name, "),
        (
            f"host = {HOST}",
            'workspace_host = "{workspace}.api.example.com"\nnoted = true',
            "regions.global.noted: it has hosts of workspaces only, which no note can list",
        ),
        ("[protocols.openai]", "[protocols.OpenAI]", "'OpenAI': did you mean 'openai'?"),
        (
            "[[families]]",
            '[packages.pyton.openai-sdk]\nname = "a"\nversion = "1"\n[[families]]',
            "packages: unknown language 'pyton': did you mean 'python'?",
        ),
        (
            '"MY_KEY"',
            "MY_KEY",
            "not valid TOML: Invalid value (at line 2, column 11): a text stands between quotes, "
            'such as "MY_KEY"',
        ),
        ('"MY_KEY"', "“MY_KEY”", ': “ is no quote of TOML, which are plain, such as "a"'),
        ('"MY_KEY"', "[", "not valid TOML: "),
    ],
)
def test_a_mistake_is_told_with_what_to_write(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert GOOD.count(old) >= 1
    told = said(GOOD.replace(old, new, 1), tmp_path)
    assert message in told
    assert SECRET not in told


def test_an_empty_file_says_who_writes_one(tmp_path: Path) -> None:
    assert said("", tmp_path) == "is empty: `samplegen catalog new` writes a catalog that works"
    assert said("# nothing yet\n", tmp_path).startswith("is empty")
    provider = f"[provider]\n{KEY}\n"
    assert said(provider, tmp_path).startswith("missing: [defaults], [protocols]; ")
