"""Catalogs, each with another way to be let in."""

from __future__ import annotations

REST = """
[defaults]
model = "m-1"
messages = [{ role = "user", content = "Who are you?" }]

[protocols.openai]
base_path = "/v1"
paths = { text = "/chat/completions", multimodal = "/chat/completions" }
"""

ACCESS = {
    "no key": 'key_literal = "anything"\nscheme = "http"\nhost = "localhost:8123"',
    "optional key": 'key_env = "MY_KEY"\nkey_optional = true\nkey_literal = "EMPTY"\n'
    'scheme = "http"\nhost = "127.0.0.1:8124"',
    "own header": 'key_env = "MY_KEY"\nauth = ["api-key: {key}"]\nhost = "api.example:8443"\n'
    'headers = { X-Team = "docs, 2", Referer = "https://example.com/" }',
    "own word": 'key_env = "MY_KEY"\nauth = ["Authorization: Token {key}"]\nhost = "192.0.2.7"',
    "own header and word": 'key_env = "MY_KEY"\nauth = ["x-token: Key {key}"]\nhost = "[::1]:81"\n'
    'scheme = "http"',
    "either": 'key_env = "MY_KEY"\nauth = ["api-key: {key}", "Authorization: Bearer {key}"]\n'
    'host = "api.example"',
}
