"""What MkDocs cannot write itself: a page for each rule, the explorer, and pages of the root."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from samplegen import InputError, render
from samplegen.check.rule import Example, Rule
from samplegen.check.rules import all_rules
from samplegen.examples import EXAMPLES
from samplegen.languages import language, language_ids
from samplegen.model.catalog import builtin
from samplegen.preview.export import files as explorer
from samplegen.preview.form import example_call
from samplegen.rendering.targets import targets

ROOT = Path(__file__).parents[2]

# Pages of the root, and what their links mean on the site.
_OF_ROOT = {
    "CONTRIBUTING.md": "contributing",
    "SECURITY.md": "security",
    "CHANGELOG.md": "changelog",
}
_MATRIX = "<!-- matrix -->"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is generated."""
    made: dict[str, str | bytes] = {
        **{f"explorer/{name}": data for name, data in explorer(builtin()).items()},
        **{f"{name}.md": _of_root(ROOT / file) for file, name in _OF_ROOT.items()},
        "rules/index.md": _rules(),
        **{f"rules/{rule.name}.md": _rule(rule) for rule in all_rules()},
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, files: Files) -> str:
    """The table of kinds of call and languages, where a page asks for it."""
    if _MATRIX not in markdown:
        return markdown
    up = "../" * page.url.count("/")
    return markdown.replace(_MATRIX, _matrix(f"{up}explorer/index.html"))


def _matrix(explorer: str) -> str:
    """A row for each kind of call, with a link to its sample in each language."""
    rows = ["| Kind of call | Sample |", "|---|---|"]
    for name, example in EXAMPLES.items():
        links = [
            f'<a href="{explorer}#example={name}&lang={id}">{language(id).name}</a>'
            for id in language_ids()
            if _shows(name, id)
        ]
        said = f"`{name}`" if name == "first-call" else f"[`{name}`](calls/{name}.md)"
        rows.append(f"| {said}<br>{example.about} | {'&nbsp; '.join(links)} |")
    return "\n".join(rows)


def _shows(name: str, id: str) -> bool:
    """Whether a language has a sample of an example, in the first protocol."""
    call, flow = example_call(name, builtin()), EXAMPLES[name].flow
    there = [one for one in targets() if (one.language, one.protocol) == (id, call.protocol)]
    for target in there:
        try:
            render(call, id, target.client, flow=flow if flow in target.flows else None)
        except InputError:
            continue
        return True
    return False


def _of_root(path: Path) -> str:
    """A page of the root, its links as they are from the site."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\]\(docs/", "](", text)
    for file, name in _OF_ROOT.items():
        text = text.replace(f"]({file})", f"]({name}.md)")
    # What else it links to is no page: the name alone says where it is.
    return re.sub(r"\[([^\]]*)\]\((?!https?:|#|[\w-]+\.md)[^)]*\)", r"`\1`", text)


def _rules() -> str:
    lines = [
        "# Rules",
        "",
        "What `samplegen check` asks, by group. `samplegen rule NAME` says the same.",
        "",
    ]
    group = ""
    for rule in all_rules():
        if rule.group != group:
            group = rule.group
            lines += ["", f"## {group}", "", _ASKS.get(group, ""), "", "| | | |", "|---|---|---|"]
        reason = rule.reason.partition("\n")[0]
        lines.append(f"| {rule.code} | [`{rule.name}`]({rule.name}.md) | {_cell(reason)} |")
    return "\n".join(lines) + "\n"


_ASKS = {
    "truth": "Are host, path, model, key variable, links and SDK calls what the catalog knows?",
    "runs": "Does it parse, is every name there, does the hint work when it is followed?",
    "agrees": "Do the samples of a page make the same call, with the same notes?",
    "behaves": "Does it fail when the service does, on the right stream, with the service's words?",
    "complete": "Is a language, an SDK or a region missing, or a part of a program left out?",
    "translated": "Are notes and messages in the page's language?",
    "safe": "Does a key stand in it, can a text run?",
    "managed": "Is a sample between markers what renders now?",
    "verified": "With `--run`: does it run, and send what it should?",
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _rule(rule: Rule) -> str:
    """A rule's page: why, and its examples."""
    parts = [
        f"# {rule.name}",
        f"**{rule.code}**, group `{rule.group}`, {rule.severity}.",
        rule.reason,
        *_examples("Wrong", rule.bad),
        *_examples("Right", rule.good),
        "## Leave it alone",
        f"Above one sample:\n\n```html\n<!-- samplegen: ignore={rule.name} -->\n```",
        f"Everywhere, in `samplegen.toml`:\n\n```toml\nignore = [{json.dumps(rule.name)}]\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _examples(title: str, examples: Any) -> list[str]:
    given: list[Example] = list(examples)
    return [f"## {title}", *(_fence(one) for one in given)] if given else []


def _fence(example: Example) -> str:
    longest = max((len(run) for run in re.findall("`+", example.code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{_lexer(example.language)}\n{example.code.rstrip()}\n{fence}"


def _lexer(id: str) -> str:
    return language(id).fence if id in language_ids() else id
