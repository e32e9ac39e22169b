"""The pages in a real browser: Debian's Chromium, without a window."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from conftest import Tell
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from previewing import form_of
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from toolchains import need_all

from samplegen import Call, Message, render
from samplegen.examples import EXAMPLES
from samplegen.model.catalog import builtin
from samplegen.preview.export import export
from samplegen.preview.form import example_call
from samplegen.preview.serving import LOOPBACK, listen, server

DESKTOP, PHONE = (1360, 900), (390, 844)

# Where screenshots go, to be looked at; nowhere by default.
SHOTS = os.environ.get("SAMPLEGEN_SCREENSHOTS")

HOSTILE = """</code></pre><script>document.title = "owned"</script>
<img src=x onerror="document.title='owned'">
"'`${x}$(id)\\ {{ y }} \u202e\u2028 日本語 😀"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page that is served on a real socket."""
    with listen(0) as listener:
        port = listener.getsockname()[1]
        serves = server(builtin(), port)
        thread = Thread(target=serves.run, args=([listener],), daemon=True)
        thread.start()
        yield f"http://{LOOPBACK}:{port}/"
        serves.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Without it a test is skipped, and fails on CI."""
    path = os.environ.get("SAMPLEGEN_CHROMIUM") or shutil.which("chromium")
    if path is None:
        reason = "needs chromium: apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        # As root, as in a container, Chromium has no sandbox of its own.
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Opened:
    """A page in a browser of its own, and what the console said."""

    def __init__(self, browser: Browser, size: tuple[int, int] = DESKTOP, **how: Any) -> None:
        width, height = size
        viewport: Any = {"width": width, "height": height}
        self.context: BrowserContext = browser.new_context(viewport=viewport, **how)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.context.set_default_timeout(20_000)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # A form with an error is answered with 422, which Chromium reports.
        if message.type in ("error", "warning") and "422" not in message.text:
            self.said.append(message.text)

    def go(self, url: str) -> Page:
        self.page.goto(url)
        self.page.locator("#code-text span").first.wait_for()
        return self.page

    def shot(self, name: str, *, whole: bool = False) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page=whole)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    one = Opened(browser)
    yield one
    one.context.close()
    assert one.said == []


def code(page: Page) -> str:
    return page.locator("#code-text").text_content() or ""


def pasted(page: Page) -> str:
    text: str = page.evaluate("() => navigator.clipboard.readText()")
    return text


# The live page.


def test_a_call_in_every_language(opened: Opened, address: str) -> None:
    page = opened.go(f"{address}#example=streaming&region=beijing")
    opened.shot("live-desktop")
    call = example_call("streaming", builtin())
    call = Call.parse({**call.as_json(), "region": "beijing"})
    for name, id in (("Go", "go"), ("PHP", "php"), ("Python", "python"), ("curl", "curl")):
        page.get_by_role("tab", name=name, exact=True).click()
        assert code(page) == render(call, id).code
        page.click("#copy")
        expect(page.locator("#copy")).to_have_text("Copied")
        assert pasted(page) == render(call, id).code
    page.get_by_role("tab", name="Go", exact=True).click()
    page.get_by_role("radio", name="HTTP").check()
    assert code(page) == render(call, "go", "http").code
    # A language without an SDK shows what it has, and the next one what is liked again.
    page.get_by_role("tab", name="C#").click()
    expect(page.get_by_role("radio", name="SDK")).to_be_disabled()
    assert {url for url in opened.asked if not url.startswith((address, "data:"))} == set()


def test_the_sample_follows_the_form(opened: Opened, address: str) -> None:
    page = opened.go(address)
    page.get_by_role("tab", name="Node.js").click()
    page.get_by_label("Region").select_option("beijing")
    page.get_by_label("Notes in").select_option("ja")
    page.get_by_label("Model").fill("qwen-max")
    page.get_by_label("Message 2", exact=True).fill("Hello")
    page.get_by_role("button", name="Add temperature").click()
    page.get_by_label("Value of option 1").fill("0.5")
    call = Call.parse(
        {
            "region": "beijing",
            "model": "qwen-max",
            "temperature": 0.5,
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "Hello"},
            ],
        }
    )
    sample = render(call, "nodejs", locale="ja").code
    expect(page.locator("#code-text")).to_have_text(sample, use_inner_text=False)
    assert code(page) == sample
    page.get_by_role("tab", name="Request").click()
    expect(page.locator("#url")).to_contain_text("dashscope.aliyuncs.com")
    expect(page.locator("#body")).to_contain_text('"temperature": 0.5')
    page.get_by_role("tab", name="Use it").click()
    expect(page.locator("#command")).to_contain_text("--set temperature=0.5")
    expect(page.locator("#marker")).to_contain_text("set.temperature=0.5")
    opened.shot("live-use")
    # The link opens the same call in a tab of its own, and each keeps its own.
    link = page.locator("#link").text_content() or ""
    other = opened.tab()
    other.goto(link)
    expect(other.locator("#code-text")).to_have_text(sample, use_inner_text=False)
    other.get_by_label("Model").fill("qwen-turbo")
    expect(other.locator("#code-text")).to_contain_text("qwen-turbo")
    assert code(page) == sample


def test_an_error_stands_beside_its_field(opened: Opened, address: str) -> None:
    page = opened.go(address)
    before = code(page)
    page.get_by_role("button", name="Add temperature").click()
    page.get_by_label("Value of option 1").fill("3")
    expect(page.locator('[id="error-options.0"]')).to_have_text(
        "temperature: Temperature should be in [0.0, 2.0)"
    )
    expect(page.get_by_label("Value of option 1")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#stale")).to_contain_text("last call that was right")
    opened.shot("live-error")
    page.get_by_label("Value of option 1").fill("1")
    expect(page.get_by_label("Value of option 1")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#stale")).to_be_hidden()
    assert code(page) != before


def test_a_hostile_text_is_text(opened: Opened, address: str) -> None:
    page = opened.go(address)
    page.get_by_label("Message 2", exact=True).fill(HOSTILE)
    messages = (Message("system", "You are a helpful assistant."), Message("user", HOSTILE))
    for name, id in (("Python", "python"), ("PHP", "php"), ("curl", "curl")):
        page.get_by_role("tab", name=name, exact=True).click()
        sample = render(Call(messages=messages), id).code
        expect(page.locator("#code-text")).to_have_text(sample, use_inner_text=False)
        assert code(page) == sample
    # From a link, too.
    form = form_of("first-call", messages=[{"role": "user", "content": HOSTILE}], example=HOSTILE)
    pack = "t => btoa(String.fromCharCode(...new TextEncoder().encode(t)))"
    packed = page.evaluate(f"({pack})", json.dumps(form))
    other = opened.tab()
    other.goto(f"{address}#form={quote(packed)}&lang={quote(HOSTILE)}&client=%3Cb%3E")
    other.locator("#code-text span").first.wait_for()
    assert (page.title(), other.title()) == ("samplegen preview",) * 2
    assert page.locator("script").count() == other.locator("script").count() == 2


def test_a_text_of_100_kb(opened: Opened, address: str) -> None:
    page = opened.go(address)
    text = '"\\é$<b>\n' * 12_500
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_label("Message 2", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")
    messages = (Message("system", "You are a helpful assistant."), Message("user", text))
    for name, id in (("Python", "python"), ("Go", "go")):
        page.get_by_role("tab", name=name, exact=True).click()
        sample = render(Call(messages=messages), id).code
        until = time.monotonic() + 20
        while code(page) != sample and time.monotonic() < until:
            page.wait_for_timeout(50)
        assert code(page) == sample
    page.get_by_role("tab", name="Use it").click()
    expect(page.locator("#link")).to_contain_text("too long for a link")


@pytest.mark.parametrize("name", ["image", "tools", "streaming", "json-schema", "chat"])
def test_a_kind_of_call(opened: Opened, address: str, name: str) -> None:
    page = opened.go(address)
    page.get_by_label("Example").select_option(name)
    sample = render(example_call(name, builtin()), "python", flow=EXAMPLES[name].flow).code
    expect(page.locator("#code-text")).to_have_text(sample, use_inner_text=False)
    page.get_by_role("tab", name="curl").click()
    if name in ("tools", "chat"):
        expect(page.locator("#why")).to_contain_text("has no sample of flow")
        expect(page.locator("#copy")).to_be_disabled()
        opened.shot(f"live-{name}-curl")
    else:
        expect(page.locator("#code-text")).to_contain_text("curl ")


def test_a_call_is_pasted(opened: Opened, address: str) -> None:
    page = opened.go(address)
    page.get_by_role("button", name="Paste a call").click()
    page.get_by_label("JSON", exact=True).fill('{"mesages": []}')
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("#paste-error")).to_contain_text("did you mean 'messages'")
    messages = [{"role": "user", "content": "Moin"}]
    body = json.dumps({"model": "qwen-max", "messages": messages, "stream": True})
    page.get_by_label("JSON", exact=True).fill(body)
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Message 1", exact=True)).to_have_value("Moin")
    expect(page.locator("#code-text")).to_contain_text("stream=True")


def test_a_sample_is_run(opened: Opened, address: str, namespaces: None) -> None:
    need_all("curl")
    page = opened.go(f"{address}#example=streaming&lang=curl")
    page.click("#run")
    expect(page.locator("#run-verdict")).to_contain_text("curl, HTTP: passed", timeout=120_000)
    expect(page.locator("#run-verdict")).to_contain_text("sealed")
    expect(page.locator("#run-checks li").first).to_contain_text("with a good key")
    expect(page.locator("#run-arrived .url")).to_contain_text("→ 200")
    expect(page.locator("#run-shown")).to_contain_text("data: ")
    opened.shot("live-run", whole=True)
    page.get_by_label("Model").fill("qwen-max")
    expect(page.locator("#run-old")).to_be_visible()


def test_a_run_is_stopped(opened: Opened, address: str, namespaces: None) -> None:
    need_all("curl")
    page = opened.go(f"{address}#lang=curl")
    page.click("#run")
    page.click("#run-stop")
    expect(page.locator("#run-verdict")).to_contain_text("Stopped")
    # The next one is free to run as soon as the last has ended.
    expect(page.locator("#run")).to_be_enabled()


def test_the_keyboard_reaches_everything(opened: Opened, address: str) -> None:
    page = opened.go(address)
    wanted = {
        *("example", "paste", "protocol", "region", "model", "message-0", "message-1"),
        *("add-message", "locale", "notes", "flow", "language-python", "copy", "run"),
        *("install-code", "code", "tab-request", "theme"),
    }
    reached: list[str] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " return [e.id || e.firstElementChild?.id || e.value, s.outlineStyle, e.type] }"
        )
        name, outline, kind = said
        if name and kind != "radio":
            assert outline != "none", name
        reached.append(name or "")
        if "tab-request" in reached and "theme" in reached:
            break
    assert wanted - set(reached) == set()
    # Along the tabs with arrows, and into another sample without a mouse.
    page.focus("#language-python")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#language-java")).to_be_focused()
    expect(page.locator("#language-java")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(page.locator("#language-curl")).to_be_focused()
    assert code(page) == render(Call(), "curl").code
    page.keyboard.press("Home")
    page.focus("#copy")
    page.keyboard.press("Enter")
    expect(page.locator("#copy")).to_have_text("Copied")
    assert pasted(page) == render(Call(), "python").code
    expect(page.locator("#said")).to_have_text("Copied")


def test_every_control_has_a_name(opened: Opened, address: str) -> None:
    page = opened.go(f"{address}#example=tools")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, [role=tab]")]
            .filter(e => !(e.getAttribute("aria-label") || e.labels?.length || e.innerText.trim()
                           || e.closest("[hidden]") || e.closest("dialog:not([open])")))
            .map(e => e.outerHTML)"""
    )
    assert nameless == []


def test_what_the_reader_chose_stays(opened: Opened, address: str) -> None:
    page = opened.go(address)
    page.get_by_role("tab", name="Java", exact=True).click()
    page.get_by_role("radio", name="HTTP").check()
    page.click("#theme")
    page.goto("about:blank")
    page = opened.go(address)
    assert code(page) == render(Call(), "java", "http").code
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_no_page_may_frame_it(opened: Opened, address: str) -> None:
    def page_of(request: Any) -> HTMLResponse:
        return HTMLResponse(f'<iframe src="{address}"></iframe>')

    with served(Starlette(routes=[Route("/", page_of)])) as other:
        opened.page.goto(other)
        frame = opened.page.frames[-1]
        opened.page.wait_for_timeout(300)
        assert "samplegen" not in frame.content()
    assert opened.said
    opened.said.clear()


def test_no_other_page_may_ask(opened: Opened, address: str) -> None:
    with served(Starlette(routes=[Route("/", lambda r: HTMLResponse("<p>x"))])) as other:
        opened.page.goto(other)
        for how in ("{}", '{mode: "no-cors"}', '{method: "POST", body: "{}", mode: "no-cors"}'):
            for path in ("choices", "look", "run"):
                ask = f"fetch('{address}{path}', {how})"
                got = opened.page.evaluate(f"{ask}.then(r => r.text(), e => 'no: ' + e)")
                assert got == "" or got.startswith("no: ")
    opened.said.clear()


def served(app: Any) -> Any:
    """An app on a port of its own, of another origin."""
    from contextlib import contextmanager

    import uvicorn

    @contextmanager
    def serving() -> Iterator[str]:
        with listen(0) as listener:
            config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
            one = uvicorn.Server(config)
            thread = Thread(target=one.run, args=([listener],), daemon=True)
            thread.start()
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
            one.should_exit = True
            thread.join()

    return serving()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(browser: Browser, address: str, scheme: Any) -> None:
    one = Opened(browser, PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    page = one.go(f"{address}#example=streaming&lang=go")
    one.shot(f"live-phone-{scheme}")
    # The sample comes first, and nothing is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.locator("#call-box > summary").click()
    page.get_by_label("Region").select_option("beijing")
    expect(page.locator("#code-text")).to_contain_text("https://dashscope.aliyuncs.com")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    one.shot(f"live-phone-{scheme}-form", whole=True)
    one.context.close()
    assert one.said == []


def test_from_a_change_to_the_screen(opened: Opened, address: str, tell: Tell) -> None:
    page = opened.go(f"{address}#example=streaming&lang=java")
    page.evaluate(
        """() => {
            window.took = [];
            const code = document.getElementById("code-text");
            new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
                window.took.push(performance.now() - window.since);
            }))).observe(code, {childList: true});
            document.addEventListener("input", () => { window.since = performance.now(); }, true);
        }"""
    )
    for number in range(12):
        page.get_by_label("Message 2", exact=True).fill(f"Hello {number}")
        expect(page.locator("#code-text")).to_contain_text(f"Hello {number}")
        page.wait_for_timeout(30)
    took = page.evaluate("() => window.took")
    assert len(took) >= 12
    middle = statistics.median(took)
    tell(f"preview: from a change to the sample on screen {middle:.0f} ms (median of {len(took)})")
    # On two cores that do nothing else it is under 150; tests run beside others.
    assert middle < 1_000


# The exported page.


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "a b" / "samples"
    export(builtin(), folder)
    return folder


def sample_of(name: str, language: str, region: str = "singapore", locale: str = "en") -> str:
    call = Call.parse({**example_call(name, builtin()).as_json(), "region": region})
    return render(call, language, flow=EXAMPLES[name].flow, locale=locale).code


def test_the_exported_page_works_from_a_file(opened: Opened, exported: Path) -> None:
    page = opened.go(exported.joinpath("index.html").as_uri())
    opened.shot("export-desktop")
    assert code(page) == sample_of("first-call", "python")
    page.get_by_role("link", name="streaming the answer").click()
    page.get_by_label("Region").select_option("beijing")
    page.get_by_role("tab", name="Go", exact=True).click()
    page.get_by_label("Notes in").select_option("zh")
    expect(page.locator("#code-text")).to_have_text(
        sample_of("streaming", "go", "beijing", "zh"), use_inner_text=False
    )
    page.click("#copy")
    expect(page.locator("#copy")).to_have_text("Copied")
    assert pasted(page) == sample_of("streaming", "go", "beijing", "zh")
    # What was chosen stays, and a link says more than what was chosen.
    page.goto("about:blank")
    page = opened.go(exported.joinpath("index.html").as_uri())
    assert code(page) == sample_of("first-call", "go", "beijing", "zh")
    link = "#example=text&lang=php&region=singapore&locale=en"
    page.goto("about:blank")
    page = opened.go(exported.joinpath("index.html").as_uri() + link)
    assert code(page) == sample_of("text", "php")
    assert {
        url for url in opened.asked if not url.startswith(("file:", "about:", "data:"))
    } == set()


def test_the_exported_page_works_below_a_path_and_in_a_page(opened: Opened, exported: Path) -> None:
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    source = "/docs/en/x/?embed#lang=java"
    frame = f'<h1>Docs</h1><iframe title="Samples" width="900" height="800" src="{source}">'
    routes = [
        Route("/", lambda request: HTMLResponse(frame)),
        Route("/favicon.ico", lambda request: HTMLResponse("")),
        Mount("/docs/en/x", StaticFiles(directory=exported, html=True)),
    ]

    def policy(app: Any) -> Any:
        async def guarded(scope: Any, receive: Any, send: Any) -> None:
            async def with_policy(message: Any) -> None:
                if message["type"] == "http.response.start":
                    own = ("script-src", "style-src", "img-src", "frame-src")
                    said = "; ".join(["default-src 'none'", *(f"{one} 'self'" for one in own)])
                    message["headers"].append((b"content-security-policy", said.encode()))
                await send(message)

            await app(scope, receive, with_policy)

        return guarded

    with served(policy(Starlette(routes=routes))) as other:
        opened.page.goto(f"{other}docs/en/x/#example=streaming&lang=curl")
        expect(opened.page.locator("#code-text")).to_have_text(
            sample_of("streaming", "curl"), use_inner_text=False
        )
        opened.page.goto(other)
        inner = opened.page.frame_locator("iframe")
        expect(inner.locator("#code-text")).to_have_text(
            sample_of("first-call", "java"), use_inner_text=False
        )
        opened.shot("export-embedded")
        inner.get_by_role("tab", name="curl").click()
        expect(inner.locator("#code-text")).to_have_text(
            sample_of("first-call", "curl"), use_inner_text=False
        )


def test_the_exported_page_on_a_phone(browser: Browser, exported: Path) -> None:
    one = Opened(browser, PHONE, color_scheme="dark", has_touch=True, is_mobile=True)
    page = one.go(exported.joinpath("index.html").as_uri())
    page.get_by_label("Example", exact=True).select_option("thinking")
    expect(page.locator("#code-text")).to_have_text(
        sample_of("thinking", "python"), use_inner_text=False
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    one.shot("export-phone")
    one.context.close()
    assert one.said == []
