"""Templates work as any Jinja user expects, and a `{{ value }}` is a literal wherever it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from samplegen import Call, Message, render

BASE = """\
{% macro shout(value, name) %}
say({{ value }}, {{ name | code }}){% endmacro %}
{% block top %}
# {{ "a literal" }}
{% endblock %}
{% block ask %}
{% endblock %}
"""

# What a template says, and the lines that come of it; the text of the call is: a "q" \\ $(id)
TEXT = 'a "q" \\ $(id) {{ 1 }} &<'
LITERAL = "'a \"q\" \\\\ $(id) {{ 1 }} &<'"

TEMPLATES = {
    "a macro with a text": (
        "{% from 'openai/python-sdk/base.py.j2' import shout %}{{ shout(model, 'x') }}",
        f"say({LITERAL}, x)\n",
    ),
    "a macro with a body": (
        "{% macro twice() %}[{{ caller() }}, {{ caller() }}]{% endmacro %}"
        "{% call twice() %}{{ model }}{% endcall %}",
        f"[{LITERAL}, {LITERAL}]\n",
    ),
    "a block that is set": (
        "{% set said %}f({{ model }}){% endset %}x = {{ said }}; y = {{ said }}",
        f"x = f({LITERAL}); y = f({LITERAL})\n",
    ),
    "a value that is set": (
        "{% set one = model %}{% set two = 'plain' %}{{ one }} {{ two }} {{ two | code }}",
        f'{LITERAL} "plain" plain\n',
    ),
    "super": (
        "{% extends 'openai/python-sdk/base.py.j2' %}"
        "{% block top %}{{ super() }}and {{ model }}\n{% endblock %}",
        f'# "a literal"\nand {LITERAL}\n',
    ),
    "an include": (
        "{% include 'openai/python-sdk/part.py.j2' %}",
        f"part({LITERAL})\n",
    ),
    "a loop and a condition": (
        "{% for n in [1, true, none, 'a'] %}{% if n %}{{ n }},{% endif %}{% endfor %}",
        '1,True,"a",\n',
    ),
    "texts joined by a template are one literal": (
        "{{ 'a' ~ 'b\"' }}",
        "'ab\"'\n",
    ),
    "code beside a value": (
        "{{ ('f(' ~ key_env ~ ')') | code }} = {{ model }}",
        f"f(DASHSCOPE_API_KEY) = {LITERAL}\n",
    ),
}

PROGRAM = """
import sys
from samplegen import Call, render
sys.stdout.write(render(Call(model=sys.argv[1]), "python").code)
"""


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_jinja_offers_comes_out_right(checkout: Path, name: str) -> None:
    template, expected = TEMPLATES[name]
    folder = checkout / "templates/openai/python-sdk"
    (folder / "base.py.j2").write_text(BASE)
    (folder / "part.py.j2").write_text("part({{ model }})")
    (folder / "whole.py.j2").write_text(template)
    command = [sys.executable, "-c", PROGRAM, TEXT]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected


def test_the_same_shape_with_other_texts_and_values() -> None:
    # To Python, 1 is 1.0 and True: one skeleton must not serve them all.
    said = set()
    for value in (1, 1.0, True, "1", None, [1], -0.0, 0.0, 0):
        call = Call(messages=(Message("user", "x"),), parameters={"x_a": value})  # type: ignore[arg-type]
        said.add(render(call, "python").code)
    assert len(said) == 9
