"""The page's server, for this machine alone.

A page of another site may make a reader's browser send requests here, but it cannot read
the answers, and is not answered: the Host header must name this server (so that no other
name can lead here), and what is posted must come from its own page.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samplegen.configured import Project, unconfigured
from samplegen.errors import InputError
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog
from samplegen.preview.form import FieldError, Wanted, first_call, parse_json, read, to_form
from samplegen.preview.look import choices, flow_of, look
from samplegen.rendering.sample import fitting, render
from samplegen.rendering.targets import find
from samplegen.rendering.words import worded

if TYPE_CHECKING:
    from samplegen.preview.running import Run

ASSETS: Final = Path(__file__).with_name("assets")

LIMIT: Final = 4 * 1024 * 1024
"""The longest form that is read, bytes."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def app(
    catalog: Catalog, port: int, begin: Call | None = None, project: Project | None = None
) -> Starlette:
    """The application.

    Args:
        port: that it is served at: the Host header must have it.
        begin: the call that the page begins with; None is the project's, else the first example.
        project: whose samples are shown.
    """
    state = _State(catalog, begin, project or unconfigured(catalog))
    routes = [
        Route("/", _page),
        *(Route(f"/{name}", partial(_asset, name)) for name in ("page.css", "page.js", "live.js")),
        Route("/icon.svg", partial(_asset, "icon.svg")),
        Route("/favicon.ico", partial(_asset, "icon.svg")),
        Route("/choices", state.choices),
        Route("/look", state.look, methods=["POST"]),
        Route("/form", state.form, methods=["POST"]),
        Route("/run", state.run, methods=["POST"]),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=hosts(port))],
        exception_handlers={
            InputError: _refused,
            404: _missing,
            405: _missing,
            Exception: _failed,
        },
    )


def hosts(port: int) -> frozenset[str]:
    """What the Host header may say."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Guard:
    """Lets in requests of the server's own page alone, and gives every answer its headers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        why = self._why_not(request)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name.lower() for name, _ in message["headers"]}
                more = ((name.lower().encode(), v.encode()) for name, v in HEADERS.items())
                message["headers"] += [one for one in more if one[0] not in named]
            await send(message)

        answer: ASGIApp = self._app
        if why:
            answer = PlainTextResponse(f"{why}\n", 421 if why.startswith("Host") else 403)
        await answer(scope, receive, with_headers)

    def _why_not(self, request: Request) -> str:
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return "Host: this is a page for this machine: open it by the address that was printed"
        from_here = request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        follows_link = request.headers.get("sec-fetch-dest") == "document"
        if not from_here and not (follows_link and request.method == "GET"):
            return "Sec-Fetch-Site: the request comes from another site"
        if request.method in ("GET", "HEAD"):
            return ""
        if request.headers.get("origin") != f"http://{host}":
            return "Origin: the request does not come from this page"
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return "Content-Type: application/json is expected"
        return ""


async def _asset(name: str, request: Request) -> Response:
    path = ASSETS / name
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix])


async def _page(request: Request) -> Response:
    text = (ASSETS / "live.html").read_text(encoding="utf-8")
    return HTMLResponse(with_parts(text, runs=True))


def with_parts(text: str, *, runs: bool) -> str:
    """A page with the parts that the live and the exported one share.

    Args:
        runs: with what runs a sample.
    """
    card = (ASSETS / "card.html").read_text(encoding="utf-8")
    parts = {"<!-- run -->": "", "<!-- run tab -->": "", "<!-- run panel -->": ""}
    if runs:
        panel = (ASSETS / "run.html").read_text(encoding="utf-8")
        parts = {
            "<!-- run -->": '<button type="button" class="strong" id="run">Run</button>',
            "<!-- run tab -->": '<button type="button" role="tab" id="tab-run" '
            'aria-controls="panel-run">Run</button>',
            "<!-- run panel -->": panel,
        }
    for place, part in parts.items():
        card = card.replace(place, part)
    return text.replace("<!-- card -->", card)


class _Json(JSONResponse):
    """JSON in ASCII, which also says what is no valid Unicode."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return json.dumps(content, separators=(",", ":")).encode()


async def _refused(request: Request, error: Exception) -> Response:
    fields = error.fields if isinstance(error, FieldError) else {"": str(error)}
    return _Json({"errors": fields}, 422)


async def _failed(request: Request, error: Exception) -> Response:
    # The server goes on, and its terminal has the rest.
    return _Json({"errors": {"": "samplegen itself failed: the terminal says how"}}, 500)


async def _missing(request: Request, error: Exception) -> Response:
    return PlainTextResponse("there is no such page\n", getattr(error, "status_code", 404))


async def _body(request: Request) -> Any:
    """The JSON of a request.

    Raises:
        InputError: it is too long, or no JSON.
    """
    data = bytearray()
    try:
        async for chunk in request.stream():
            data += chunk
            if len(data) > LIMIT:
                raise InputError(f"this is too long: {LIMIT >> 20} MB is the most")
    except ClientDisconnect:
        raise InputError("the request broke off") from None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InputError("the request is not UTF-8") from None
    return parse_json(text, "the request")


async def _asked(request: Request) -> Mapping[str, Any]:
    asked = await _body(request)
    if not isinstance(asked, dict):
        raise InputError("what is asked is an object with a 'form' and a 'language'")
    return asked


class _State:
    """What the requests share: the facts, and that one sample runs at a time."""

    def __init__(self, catalog: Catalog, begin: Call | None, project: Project) -> None:
        self._catalog = catalog
        self._project = project
        self._begin = to_form(begin, "", project) if begin else None
        if begin is None and (project.call or project.settings.example):
            self._begin = to_form(*first_call(project), project)
        self._running = threading.Lock()

    async def choices(self, request: Request) -> Response:
        """What the form lets choose."""
        made = await run_in_threadpool(choices, self._catalog, self._project)
        return _Json({**made, "begin": self._begin})

    async def look(self, request: Request) -> Response:
        """All that is to be seen of a form."""
        asked = await _asked(request)
        return _Json(await run_in_threadpool(self._look, asked))

    def _look(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        seen = asked.get("language")
        known = seen if isinstance(seen, str) else None
        wanted = read(asked.get("form"), self._catalog)
        return look(wanted, self._catalog, known, self._project)

    async def form(self, request: Request) -> Response:
        """The form that says a call file or a request body."""
        text = await _body(request)
        if not isinstance(text, str):
            raise InputError("the text of a call is expected")
        data = parse_json(text, "this")
        made = await run_in_threadpool(Call.parse, data, self._catalog)
        return _Json(to_form(made, "", self._project))

    async def run(self, request: Request) -> Response:
        """What comes of running a sample, an object of JSON on each line."""
        asked = await _asked(request)
        wanted = await run_in_threadpool(read, asked.get("form"), self._catalog)
        language, client = asked.get("language"), asked.get("client")
        if not isinstance(language, str) or not isinstance(client, str):
            raise InputError("which sample? Give its 'language' and 'client'")
        run = await run_in_threadpool(self._start, wanted, language, client)
        return StreamingResponse(self._lines(run), media_type="application/x-ndjson")

    def _start(self, wanted: Wanted, language: str, client: str) -> Run:
        target = find(language, wanted.call.protocol, client)
        flow = flow_of(wanted, target)
        catalog = worded(self._catalog, self._project.settings.words, wanted.locale)
        sample = render(
            wanted.call,
            target.language,
            target.client,
            flow=flow,
            locale=wanted.locale,
            notes=wanted.notes,
            catalog=catalog,
        )
        try:
            from samplegen.preview.running import Run

            run = Run(sample, fitting(wanted.call, flow), flow, catalog)
        except ImportError as error:
            from samplegen.origin import install_line

            raise InputError(
                f"running samples needs {error.name}: {install_line('verify')}"
            ) from None
        if not self._running.acquire(blocking=False):
            raise InputError("a sample is running already: wait until it is done, or stop it")
        return run

    async def _lines(self, run: Run) -> AsyncIterator[bytes]:
        """Each thing that is told as a line; a reader who leaves ends the run."""
        told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(one: dict[str, Any] | None) -> None:
            # A loop that has ended has no reader.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(told.put_nowait, one)

        def work() -> None:
            try:
                for one in run.lines():
                    put(one)
            except InputError as error:
                put({"error": str(error)})
            except Exception:
                put({"error": "samplegen itself failed: the terminal says how"})
                raise
            finally:
                self._running.release()
                put(None)

        threading.Thread(target=work, daemon=True).start()
        try:
            while (one := await told.get()) is not None:
                yield json.dumps(one).encode() + b"\n"
        finally:
            run.stop()
