"""The rules: a folder for each group, and in it a module for each rule, its examples beside it.

What several rules of a group share is in a module whose name begins with `_`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from samplegen.check.rule import REGISTERED, Rule
from samplegen.errors import unknown

DEFAULT: Final = "default"
"""The rules that are on where nothing is selected."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of this package, by code; importing its modules registers them."""
    for group in iter_modules(__path__, f"{__name__}."):
        for module in iter_modules(import_module(group.name).__path__, f"{group.name}."):
            import_module(module.name)
    rules = sorted(REGISTERED, key=lambda one: one.code[1:])
    for kind in ("code", "name"):
        names = [getattr(one, kind) for one in rules]
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, f"two rules have the {kind} {', '.join(sorted(twice))}"
    return tuple(rules)


def groups() -> tuple[str, ...]:
    """The names of all groups, in the order of their codes."""
    return tuple(dict.fromkeys(one.group for one in all_rules()))


def select(name: str) -> tuple[Rule, ...]:
    """The rules that a name means: a rule's name or code, a group, `default` or `strict`.

    `default` are those that find what breaks a sample or misleads its readers; `strict`, or
    `all`, is every rule.

    Raises:
        InputError: no such rule or group.
    """
    rules = all_rules()
    wanted = name.strip()
    found = tuple(
        one
        for one in rules
        if wanted in ("strict", "all", one.name, one.group)
        or wanted.upper() == one.code
        or (wanted == DEFAULT and not one.strict)
    )
    if not found:
        sets = (DEFAULT, "strict", "all")
        names = [*(one.name for one in rules), *groups(), *(one.code for one in rules), *sets]
        raise unknown("rule", wanted, names, see="samplegen rule")
    return found
