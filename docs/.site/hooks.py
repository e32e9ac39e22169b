"""What MkDocs cannot write: pages of rules and site builders, the explorer, pages of the root."""

from __future__ import annotations

import json
import re
import sys
from inspect import getdoc
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from samplegen import InputError, render
from samplegen.check.rule import Example, Rule
from samplegen.check.rules import all_rules
from samplegen.check.schema import schema
from samplegen.examples import EXAMPLES
from samplegen.languages import language, language_ids
from samplegen.model.catalog import builtin
from samplegen.model.schema import SCHEMAS
from samplegen.preview.export import files as explorer
from samplegen.preview.form import example_call
from samplegen.rendering.targets import targets
from samplegen.sites import site, site_names
from samplegen.sites.base import Place
from samplegen.sites.samples import groups
from samplegen.sites.settings import NOTHING_SAID

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
        **{f"sites/{name}.md": _site(name) for name in site_names()},
        **{f"schemas/{name}.json": _json(of()) for name, of in _SCHEMAS.items()},
        **{f"fields/{name}.md": _fields(name, of()) for name, of in SCHEMAS.items()},
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
    return _fenced(example.code.rstrip(), _lexer(example.language))


# What the page of a site builder shows: curl has only few flows.
_SHOWN = ("python", "curl")
_SHOWN_EXAMPLE = "first-call"
_MARKUP = {"markdown": "markdown", "rst": "rst", "asciidoc": "text", "html": "html"}


def _site(name: str) -> str:
    """A site builder's page: how it is found, what it needs, a marker, and what is written."""
    chosen = site(name)
    title, _, about = str(sys.modules[type(chosen).__module__].__doc__).partition(":")
    form = chosen.forms[0]
    call = example_call(_SHOWN_EXAMPLE, builtin())
    flow = EXAMPLES[_SHOWN_EXAMPLE].flow
    samples = [render(call, id, flow=flow, notes="brief") for id in _SHOWN]
    place = Place(form, missing=frozenset(chosen.imports))
    lines = chosen.write(groups(samples, NOTHING_SAID, "en"), place)
    marker = f"samplegen: lang={','.join(_SHOWN)} example={_SHOWN_EXAMPLE} notes=brief"
    first, last = (chosen.opening.format(one) for one in (marker, "/samplegen"))
    found = ", ".join(f"`{one}`" for one in chosen.files)
    parts = [
        f"# {title}",
        f"{about.strip()[:1].upper()}{about.strip()[1:]} {getdoc(type(chosen))}",
        f"`samplegen init` finds it by {found}, and writes" if found else "In `samplegen.toml`:",
        f'```toml\ntabs = "{name}"\n```',
    ]
    if chosen.tried:
        parts.append(chosen.tried)
    if chosen.needs:
        needs = "\n".join(f"- {one}" for one in chosen.needs.values())
        parts += ["Its own configuration must have:", needs]
    parts += [
        "A marker in a page:",
        f"```text\n{first}\n{last}\n```",
        "`samplegen check --fix` writes between the two lines:",
        _fenced("\n".join(lines).strip("\n"), _MARKUP[form]),
        "[All builders](../sites.md), [what a marker takes](../pages.md)",
    ]
    return "\n\n".join(parts) + "\n"


_SCHEMAS = {**SCHEMAS, "samplegen": schema}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


_COMMANDS = {"catalog": "samplegen catalog new --schema", "call": "samplegen call --schema"}


def _fields(name: str, made: dict[str, Any]) -> str:
    """A page with each field of a file: what it is, its type, and what it is without it."""
    parts = [
        f"# Fields of a {name}{' file' * (name == 'call')}",
        made["title"],
        f"[The JSON Schema](../schemas/{name}.json) of such files is what `{_COMMANDS[name]}` "
        "prints. Editors complete by it: in TOML with a first line "
        f"`#:schema ./{name}.schema.json`, in JSON with a key `$schema`.",
        _table(made),
    ]
    for title, table in sorted(made["$defs"].items()):
        about = table.get("description", "")
        parts += [f"## {title}", about, _table(table) if "properties" in table else ""]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(of: dict[str, Any]) -> str:
    rows = ["| field | is | without it | |", "|---|---|---|---|"]
    for field, one in of["properties"].items():
        if field == "$schema":
            continue
        needed = "needed" if field in of.get("required", ()) else ""
        default = one.get("default")
        shown = f"`{json.dumps(default, ensure_ascii=False)}`" if default not in (None, "") else ""
        about = _cell(one.get("description", ""))
        rows.append(f"| `{field}` | {_cell(_type(one))} | {needed or shown} | {about} |")
    return "\n".join(rows)


def _type(of: Any) -> str:
    """A schema's type in a few words, with links to tables."""
    if "$ref" in of:
        name = of["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in of or "const" in of:
        return " or ".join(f"`{json.dumps(one)}`" for one in of.get("enum", [of.get("const")]))
    for choice in ("anyOf", "oneOf"):
        if choice in of:
            kinds = (_type(one) for one in of[choice] if one.get("type") != "null")
            return " or ".join(dict.fromkeys(kinds))
    kind = of.get("type", "anything")
    if kind == "array":
        return f"list of {_type(of['items'])}" if of.get("items") else "list"
    inner = of.get("additionalProperties")
    if kind == "object" and isinstance(inner, dict):
        return f"table of {_type(inner)}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind).replace("object", "table")


def _fenced(text: str, lexer: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{lexer}\n{text}\n{fence}"


def _lexer(id: str) -> str:
    return language(id).fence if id in language_ids() else id
