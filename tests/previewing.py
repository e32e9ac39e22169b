"""The preview's app, asked as its own page asks."""

from __future__ import annotations

import json
from typing import Any

from starlette.testclient import TestClient

from samplegen.model.catalog import builtin
from samplegen.preview.app import app
from samplegen.preview.form import example_call, to_form
from samplegen.preview.serving import LOOPBACK

PORT = 8321
HERE = f"http://{LOOPBACK}:{PORT}"


class Client:
    """The app; `http` asks it as anybody may."""

    def __init__(self, **how: Any) -> None:
        self.http = TestClient(app(builtin(), PORT), base_url=HERE, **how)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        headers = {"Origin": HERE, "Content-Type": "application/json", **headers}
        return self.http.post(path, content=json.dumps(body), headers=headers)

    def look(self, form: Any, language: str | None = None) -> Any:
        return self.post("/look", {"form": form, "language": language})


def form_of(name: str, **changes: Any) -> dict[str, Any]:
    return {**to_form(example_call(name, builtin()), name), **changes}
