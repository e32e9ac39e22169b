"""samplegen rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from samplegen.cli.common import completes, put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samplegen.check.rule import Example, Rule


def _names() -> list[str]:
    from samplegen.check.rules import all_rules

    return [rule.name for rule in all_rules()]


@click.command("rule")
@click.argument("name", required=False, shell_complete=completes(_names))
def command(name: str | None) -> None:
    """Say what a rule of 'samplegen check' is for, or list all rules.

    Those marked 'strict' are off where nothing is selected.

    \b
      samplegen rule
      samplegen rule unknown-host
      samplegen rule T101
    """
    from samplegen.check.rules import all_rules, select

    put(_list(all_rules()) if name is None else "\n".join(map(_page, select(name))))


def _list(rules: Iterable[Rule]) -> str:
    lines: list[str] = []
    group = ""
    for rule in rules:
        if rule.group != group:
            group = rule.group
            lines.append(group)
        reason = rule.reason.partition("\n")[0]
        strict = "strict" if rule.strict else ""
        line = f"  {rule.code}  {rule.name:<28}{rule.severity:<9}{strict:<8}{reason}"
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def _page(rule: Rule) -> str:
    parts = [
        f"{rule.code} {rule.name}\n",
        f"Group {rule.group}, {rule.severity}{', strict' * rule.strict}\n",
        f"{rule.reason}\n",
        *(_example("Wrong", one) for one in rule.bad),
        *(_example("Right", one) for one in rule.good),
        f"Ignore it above a sample with <!-- samplegen: ignore={rule.name} -->\n",
    ]
    return "\n".join(parts)


def _example(title: str, example: Example) -> str:
    code = "".join(f"    {line}".rstrip() + "\n" for line in example.code.splitlines())
    return f"{title} ({example.language}):\n\n{code}"
