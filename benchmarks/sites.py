"""Builds one page with four site builders, and looks at its tabs in a browser.

    python benchmarks/sites.py [--work DIR] [BUILDER]...

It is no part of the tests: it installs MkDocs Material, Sphinx, VitePress and Docusaurus (some
minutes and 500 MB, once, into DIR), builds each site in two locales from one page with two markers,
and asks of each in headless Chromium: does a click on a tab show its sample and hide the others,
do the other sets follow, is the choice still there after a reload, is each sample whole? Then
`samplegen check` reads the sources and the built pages, and a change of the model in the
configuration must change each sample of all sites, and nothing else.

It needs network, Node.js 20, and Chromium (Debian: `apt-get install chromium`); exit code 1 where
something is not as it should be.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
PYTHON = ["mkdocs==1.6.1", "mkdocs-material==9.8.2", "sphinx==9.0.4", "myst-parser==5.2.0"]
PYTHON += ["sphinx-design==0.8.0", "furo", "playwright"]
NODE = ["vitepress@1.6.4", "@docusaurus/core@3.10.2", "@docusaurus/preset-classic@3.10.2"]
NODE += ["@docusaurus/faster@3.10.2"]
NODE += ["react@19", "react-dom@19", "@mdx-js/react@3", "prism-react-renderer@2"]
LOCALES = ("en", "zh")

PAGES = {
    "en": (
        "# Quickstart\n\nCall a model and show what it says.\n\n## As it arrives\n\n{stream}\n"
        "## At once\n\n{text}\n\nThat is all that there is to it.\n"
    ),
    "zh": (
        "# 快速开始\n\n本文介绍如何调用模型并输出模型的回答。\n\n## 流式输出\n\n{stream}\n"
        "## 一次输出\n\n{text}\n\n以上就是全部内容。\n"
    ),
}
MARKERS = {"stream": "samplegen: example=streaming", "text": "samplegen: example=text"}


class Builder(NamedTuple):
    """How a site is built, and where what a reader sees of its tabs is in the page.

    Attributes:
        files: of the project, beside the pages, by path.
        page: where the page of a locale is, `{}` for the locale.
        built: where its HTML is.
        comment: a marker, `{}` for what it says.
        sets, labels, panes: CSS selectors; of labels and panes within a set.
        code: the code within a pane.
        in_step: whether other sets follow a click, and a reload keeps it.
    """

    files: dict[str, str]
    page: str
    built: str
    comment: str
    command: tuple[str, ...]
    sets: str
    labels: str
    panes: str
    code: str
    in_step: bool = True
    node: bool = False


MKDOCS = """\
site_name: Docs
theme:
  name: material
  font: false
  features: [content.tabs.link]
markdown_extensions:
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.superfences
  - pymdownx.highlight
"""
DOCUSAURUS = """\
export default {
  title: 'Docs', url: 'https://example.com', baseUrl: '/', onBrokenLinks: 'ignore',
  future: {v4: true},
  presets: [['classic', {docs: {routeBasePath: '/', sidebarPath: undefined}, blog: false}]],
  themeConfig: {prism: {additionalLanguages: ['java', 'csharp', 'php', 'bash']}},
};
"""
BUILDERS = {
    "mkdocs": Builder(
        {"mkdocs.yml": MKDOCS, "docs/index.md": "# Docs\n"},
        "docs/{}/quickstart.md",
        "site/{}/quickstart/index.html",
        "<!-- {} -->",
        ("mkdocs", "build", "--strict", "-q"),
        ".tabbed-set",
        ":scope > .tabbed-labels > label",
        ":scope > .tabbed-content > .tabbed-block",
        "pre > code",
    ),
    "sphinx": Builder(
        {
            "conf.py": "extensions = ['myst_parser', 'sphinx_design']\nhtml_theme = 'furo'\n"
            "myst_enable_extensions = ['colon_fence']\nproject = 'Docs'\n"
            "exclude_patterns = ['site']\n",
            "index.md": "# Docs\n\n```{toctree}\n:glob:\n*/quickstart\n```\n",
        },
        "{}/quickstart.md",
        "site/{}/quickstart.html",
        "<!-- {} -->",
        ("sphinx-build", "-W", "-q", "-b", "html", ".", "site"),
        ".sd-tab-set",
        ":scope > label",
        ":scope > .sd-tab-content",
        "pre",
    ),
    "vitepress": Builder(
        {".vitepress/config.mjs": "export default {title: 'Docs'}\n", "index.md": "# Docs\n"},
        "{}/quickstart.md",
        ".vitepress/dist/{}/quickstart.html",
        "<!-- {} -->",
        ("vitepress", "build"),
        ".vp-code-group",
        ":scope > .tabs > label",
        ":scope > .blocks > *",
        "pre code",
        in_step=False,
        node=True,
    ),
    "docusaurus": Builder(
        {
            "docusaurus.config.mjs": DOCUSAURUS,
            # Not of type "module": Docusaurus would not find its own parts.
            "package.json": '{"private": true}\n',
            "docs/index.md": "---\nslug: /\n---\n\n# Docs\n",
        },
        "docs/{}/quickstart.mdx",
        "build/{}/quickstart/index.html",
        "{{/* {} */}}",
        ("docusaurus", "build"),
        ".theme-tabs-container, .tabs-container",
        ":scope > [role=tablist] > [role=tab]",
        "[role=tabpanel]",
        "pre code",
        node=True,
    ),
}


def run(command: list[str], folder: Path, *, may_fail: bool = False, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not may_fail:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def installed(work: Path, *, node: bool) -> tuple[Path, Path]:
    """The folders of what Python and Node.js run, filled once."""
    python, packages = work / "py", work / "node"
    if not (python / "bin" / "mkdocs").exists():
        run([sys.executable, "-m", "venv", str(python)], work)
        run([str(python / "bin" / "pip"), "install", "-q", *PYTHON], work)
    if node and not (packages / "node_modules" / "vitepress").exists():
        packages.mkdir(parents=True, exist_ok=True)
        (packages / "package.json").write_text('{"private": true}\n')
        run(["npm", "install", "--no-audit", "--no-fund", *NODE], packages)
    return python, packages


def samplegen(folder: Path, *arguments: str, may_fail: bool = False) -> str:
    command = [sys.executable, "-m", "samplegen", *arguments]
    return run(command, folder, may_fail=may_fail, PYTHONPATH=str(ROOT))


CONFIG = """\
pages = [{pages}]
exclude = ["node_modules", "**/node_modules"]
tabs = "{tabs}"
languages = ["all"]
notes = "brief"

[call]
model = "{model}"
"""


def configure(folder: Path, name: str, one: Builder, model: str) -> None:
    pages = ", ".join(json.dumps(one.page.format(locale)) for locale in LOCALES)
    (folder / "samplegen.toml").write_text(CONFIG.format(pages=pages, tabs=name, model=model))


def expected(model: str) -> dict[str, dict[str, list[str]]]:
    """By locale and marker, the samples that a page has to show."""
    sys.path.insert(0, str(ROOT))
    from samplegen import Call, render
    from samplegen.examples import EXAMPLES, path_of
    from samplegen.languages import language_ids

    found: dict[str, dict[str, list[str]]] = {}
    for locale in LOCALES:
        for name, example in (("stream", "streaming"), ("text", "text")):
            file = path_of(example)
            assert file is not None
            call = Call.parse({**json.loads(file.read_text()), "model": model})
            flow = EXAMPLES[example].flow
            codes = []
            for id in language_ids():
                try:
                    sample = render(call, id, flow=flow, locale=locale, notes="brief")
                except ValueError:
                    # curl shows a whole answer where the others show its text.
                    sample = render(call, id, locale=locale, notes="brief")
                codes.append(sample.code)
            found.setdefault(locale, {})[name] = codes
    return found


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


# Runs with the Python that has Playwright: reads questions from a file, prints what it saw.
LOOK = r"""
import json, sys
from playwright.sync_api import sync_playwright
asked = json.loads(open(sys.argv[1]).read())
SHOWN = '''([sets, labels, panes, code]) => {
const text = one => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll("br").forEach(br => br.replaceWith("\\n"));
  return copy.textContent;
};
return [...document.querySelectorAll(sets)].map(set => ({
  labels: [...set.querySelectorAll(labels)].map(one => one.textContent.trim()),
  panes: [...set.querySelectorAll(panes)].map(pane => ({
    shown: pane.getClientRects().length > 0 && getComputedStyle(pane).display != "none",
    code: text(pane.querySelector(code) || pane),
  })),
}))}'''
seen = {}
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=asked["browser"], args=["--no-sandbox"])
    for locale, url in asked["urls"].items():
        page = browser.new_context().new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.wait_for_load_state("networkidle")
        look = [asked[name] for name in ("sets", "labels", "panes", "code")]
        states = [page.evaluate(SHOWN, look)]
        first = page.query_selector_all(asked["sets"])[0]
        for number in range(len(states[0][0]["labels"])):
            first.query_selector_all(asked["labels"])[number].click()
            page.wait_for_timeout(150)
            states.append(page.evaluate(SHOWN, look))
        page.reload()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        states.append(page.evaluate(SHOWN, look))
        seen[locale] = {"states": states, "errors": errors}
    browser.close()
print(json.dumps(seen))
"""


def shown(panes: list[dict[str, Any]]) -> list[int]:
    return [number for number, pane in enumerate(panes) if pane["shown"]]


def same(seen: str, code: str) -> bool:
    """Whether a browser shows a sample; Python-Markdown expands tabs, also in code."""
    return seen.replace("\xa0", " ").rstrip("\n").expandtabs(4) == code.rstrip("\n").expandtabs(4)


def faults(one: Builder, seen: Any, right: dict[str, list[str]]) -> Iterator[str]:
    """What is not as it should be in one locale."""
    yield from (f"the page's script failed: {error}" for error in seen["errors"])
    first, *clicked, reloaded = seen["states"]
    if len(first) != 2:
        yield f"{len(first)} sets, not 2"
        return
    for number, state in enumerate(clicked):
        if shown(state[0]["panes"]) != [number]:
            yield f"a click on tab {number + 1} shows {shown(state[0]['panes'])}"
        if not same(state[0]["panes"][number]["code"], right["stream"][number]):
            yield f"tab {number + 1}: the sample is not whole"
        label = state[0]["labels"][number]
        if one.in_step and label in state[1]["labels"]:
            at = state[1]["labels"].index(label)
            if shown(state[1]["panes"]) != [at]:
                yield f"the second set does not follow to {label}: {shown(state[1]['panes'])}"
            elif not same(state[1]["panes"][at]["code"], right["text"][at]):
                yield f"second set, {label}: the sample is not whole"
    if one.in_step and shown(reloaded[0]["panes"]) != shown(clicked[-1][0]["panes"]):
        yield "a reload forgets the choice"


def build(name: str, work: Path) -> list[str]:
    """Build one site and look at it; what is wrong."""
    one = BUILDERS[name]
    python, packages = installed(work, node=one.node)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=packages if one.node else work))
    for path, text in one.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for locale, page in PAGES.items():
        file = folder / one.page.format(locale)
        file.parent.mkdir(parents=True, exist_ok=True)
        end = one.comment.format("/samplegen")
        marked = {key: f"{one.comment.format(said)}\n{end}\n" for key, said in MARKERS.items()}
        file.write_text(page.format(**marked))
    wrong: list[str] = []
    configure(folder, name, one, "qwen-plus")
    samplegen(folder, "check", "--fix")
    sources = {one.page.format(locale): "" for locale in LOCALES}
    for path in sources:
        sources[path] = (folder / path).read_text()
    wrong += [f"source: {line}" for line in findings(folder)]
    # Another model, and nothing else: then back.
    configure(folder, name, one, "qwen-max")
    samplegen(folder, "check", "--fix")
    for path, text in sources.items():
        if (folder / path).read_text() != text.replace("qwen-plus", "qwen-max"):
            wrong.append(f"{path}: another model changes something else")
    configure(folder, name, one, "qwen-plus")
    samplegen(folder, "check", "--fix")
    tool = packages / "node_modules" / ".bin" if one.node else python / "bin"
    run([str(tool / one.command[0]), *one.command[1:]], folder)
    pages = {locale: one.built.format(locale) for locale in LOCALES}
    wrong += [f"built: {line}" for line in findings(folder, *pages.values())]
    top = next(iter(one.built.split("/{}"))).strip("/")
    right = expected("qwen-plus")
    with served(folder / top) as base:
        urls = {
            locale: f"{base}/{path.removeprefix(f'{top}/').removesuffix('index.html')}"
            for locale, path in pages.items()
        }
        asked = {
            "urls": urls,
            "browser": shutil.which("chromium") or shutil.which("google-chrome"),
            **{field: getattr(one, field) for field in ("sets", "labels", "panes", "code")},
        }
        (folder / "look.json").write_text(json.dumps(asked))
        (folder / "look.py").write_text(LOOK)
        seen = json.loads(run([str(python / "bin" / "python"), "look.py", "look.json"], folder))
    for locale in LOCALES:
        wrong += [f"{locale}: {fault}" for fault in faults(one, seen[locale], right[locale])]
    if not wrong:
        shutil.rmtree(folder)
    return wrong


def findings(folder: Path, *paths: str) -> list[str]:
    """What `samplegen check` finds, a line each."""
    found = json.loads(samplegen(folder, "check", *paths, "--format", "json", may_fail=True))
    return [f"{one['path']}:{one['line']}: {one['message']}" for one in found["findings"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("builders", nargs="*", metavar="BUILDER", default=[*BUILDERS])
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "samplegen-sites")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in given.builders:
        wrong = build(name, given.work)
        failed = failed or bool(wrong)
        print(f"{name}: {'as it should be' if not wrong else ''}", flush=True)
        for line in wrong:
            print(f"  {line}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
