"""`samplegen init`: the configuration that it writes, and that `samplegen check` reads it."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from samplegen import Call
from samplegen.check import config
from samplegen.rendering.sample import render

HI = {"messages": [{"role": "user", "content": 'Say "hi"\x7f\n\\ café'}], "region": "beijing"}
BYE = {"messages": [{"role": "user", "content": "Bye"}]}


def page(call: dict[str, Any], *languages: str, locale: str = "en") -> str:
    parts = ["# Title\n\nThis page says how to call a model, and what it answers.\n"]
    for one in languages or ("python", "go", "curl"):
        code = render(Call.parse(call), one, locale=locale).code
        parts.append(f"```{'bash' if one == 'curl' else one}\n{code}```\n")
    return "\n".join(parts)


def put(folder: Path, **pages: str) -> None:
    for name, text in pages.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def written(done: subprocess.CompletedProcess[bytes], folder: Path) -> dict[str, Any]:
    assert (done.returncode, done.stderr) == (0, b"")
    return tomllib.loads((folder / "samplegen.toml").read_text())


def test_it_writes_what_check_reads(samplegen: Run, tmp_path: Path) -> None:
    put(
        tmp_path,
        **{
            "docs/a.md": page(HI),
            "docs/sub/b.md": page(HI, "java"),
            "docs/sub/c.MDX": page(HI, "php"),
            "docs/no.md": "# Nothing here\n",
            "docs/conf.py": "x = 1\n",
            "docs/examples/hi.py": render(Call.parse(HI), "python").code,
            "docs/data.json": "{}",
            "README.md": page(BYE),
        },
    )
    done = samplegen("init", "docs")
    data = written(done, tmp_path)
    assert data["pages"] == ["docs/**/*.md", "docs/examples/*.py", "docs/**/*.MDX"]
    assert data["locale"] == "en"
    assert Call.parse(data["call"]) == Call.parse(HI)
    said = done.stdout.decode().splitlines()
    assert said[0] == "samplegen.toml is written for 4 pages, 6 samples:"
    assert said[1:4] == [
        "  docs/**/*.md: 2 pages, 4 samples",
        "  docs/examples/*.py: 1 page, 1 sample",
        "  docs/**/*.MDX: 1 page, 1 sample",
    ]
    assert "languages: Python 2, Go 1, curl 1, Java 1, PHP 1" in said
    assert said[-2:] == ["0 findings now", "next: samplegen check"]
    done = samplegen("check")
    told = b"no findings\nlooked at 5 pages, 6 samples: 6 calls judged\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, told, b"")


def test_what_is_wrong_now_can_be_switched_off(samplegen: Run, tmp_path: Path) -> None:
    wrong = page(BYE).replace("dashscope-intl.aliyuncs.com", "dashscope-intl.aliyun.com")
    put(tmp_path, **{"docs/a.md": wrong, "docs/b.md": wrong.replace("qwen-plus", "qwen-puls")})
    done = samplegen("init")
    assert written(done, tmp_path)["ignore"] == []
    checked = json.loads(samplegen("check", "--format", "json").stdout)["findings"]
    counts: dict[str, int] = {}
    for one in checked:
        counts[one["name"]] = counts.get(one["name"], 0) + 1
    assert len(counts) > 1
    file = tmp_path / "samplegen.toml"
    listed = re.findall(r'^    # "([\w-]+)",  # (\d+) findings? in ', file.read_text(), re.M)
    assert {name: int(count) for name, count in listed} == counts
    assert [int(count) for _, count in listed] == sorted(counts.values(), reverse=True)
    assert f"  unknown-host: {counts['unknown-host']}\n" in done.stdout.decode()
    assert f"{len(checked)} findings now, " in done.stdout.decode()
    # Without the first # of each of these lines, nothing is found.
    file.write_text(re.sub(r'^    # (?=")', "    ", file.read_text(), flags=re.M))
    assert set(config.load(file).ignore) == set(counts)
    assert samplegen("check").returncode == 0


def test_each_locale_has_its_pages(samplegen: Run, tmp_path: Path) -> None:
    hello = {"messages": [{"role": "user", "content": "こんにちは"}]}
    put(
        tmp_path,
        **{
            "docs/a.md": page(BYE),
            "docs/b.md": page(BYE),
            "docs/guide/c.md": page(BYE),
            "docs/i18n/ja/deep/a.md": page(hello, locale="ja"),
            "docs/i18n/ja/b.md": page(hello, locale="ja"),
            "docs/guide/c.zh.md": page(BYE, locale="zh"),
            "docs/a.zh.md": page(BYE, locale="zh"),
        },
    )
    done = samplegen("init", "docs")
    data = written(done, tmp_path)
    assert (data["locale"], Call.parse(data["call"])) == ("en", Call.parse(BYE))
    chinese, japanese = data["overrides"]
    assert chinese == {"pages": ["**/*.zh.md"], "locale": "zh"}
    call = japanese.pop("call")
    assert japanese == {"pages": ["docs/i18n"], "locale": "ja"}
    assert Call.parse(call) == Call.parse(hello)
    assert "locale: en; zh in **/*.zh.md; ja in docs/i18n\n" in done.stdout.decode()
    plan = config.load(tmp_path / "samplegen.toml").plan
    for path, locale in (("docs/a.zh.md", "zh"), ("docs/i18n/ja/b.md", "ja"), ("docs/b.md", "en")):
        assert plan(str(tmp_path / path)).locale == locale


@pytest.mark.parametrize(
    "pages",
    [
        {"a.md": page(HI), "b.md": page(BYE)},
        {"a.md": page(HI, "python") + page(BYE, "go")},
        {"a.md": page(HI), "b.md": page(HI), "ja/a.md": page(BYE), "ja/b.md": page(HI)},
    ],
    ids=["pages", "samples", "a locale"],
)
def test_no_call_is_written_where_pages_differ(
    pages: dict[str, str], samplegen: Run, tmp_path: Path
) -> None:
    put(tmp_path, **pages)
    done = samplegen("init")
    data = written(done, tmp_path)
    assert "call" not in data
    assert not any("call" in one for one in data.get("overrides", []))
    assert b"\ncall: the pages differ\n" in done.stdout


def test_odd_names(samplegen: Run, tmp_path: Path) -> None:
    put(
        tmp_path,
        **{
            'do"cs [1]/a.md': page(BYE),
            'do"cs [1]/node_modules/x/b.md': page(HI),
            "api [2].yaml": "x-codeSamples:\n  - lang: Python\n    source: |\n"
            + "".join(
                f"      {line}".rstrip() + "\n"
                for line in render(Call.parse(BYE), "python").code.splitlines()
            ),
        },
    )
    data = written(samplegen("init"), tmp_path)
    assert data["pages"] == ["api [[]2].yaml", 'do"cs [[]1]/**/*.md']
    assert data["exclude"] == ['do"cs [1]/node_modules']
    assert samplegen("check").returncode == 0


def test_what_git_ignores_is_no_page(samplegen: Run, tmp_path: Path) -> None:
    built = f"<pre><code class='language-python'>{render(Call(), 'python').code}</code></pre>"
    put(
        tmp_path,
        **{
            ".gitignore": "_build/\n*.draft.md\n",
            "docs/a.md": page(BYE),
            "docs/b.draft.md": page(HI),
            "docs/_build/html/a.html": built,
        },
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    data = written(samplegen("init", "docs"), tmp_path)
    assert data["pages"] == ["docs/**/*.md"]
    assert data["exclude"] == ["docs/_build", "docs/b.draft.md"]
    assert Call.parse(data["call"]) == Call.parse(BYE)
    assert samplegen("check").returncode == 0


def test_a_page_that_cannot_be_read_is_told(samplegen: Run, tmp_path: Path) -> None:
    put(tmp_path, **{"docs/a.md": page(BYE)})
    (tmp_path / "docs/b.md").write_bytes(b"\xff\xffx")
    (tmp_path / "docs/c.html").write_bytes(b"\xff\xffx")
    done = samplegen("init")
    assert done.returncode == 0
    assert done.stderr == b"samplegen: docs/b.md: not UTF-8 (byte 0): save it as UTF-8\n"
    assert (tmp_path / "samplegen.toml").exists()


@pytest.mark.parametrize("name", ["samplegen.toml", "pyproject.toml", "../pyproject.toml"])
def test_a_configuration_that_is_there_stays(name: str, samplegen: Run, tmp_path: Path) -> None:
    put(tmp_path, **{"docs/a.md": page(BYE)})
    file = tmp_path / name
    file.write_text("" if "samplegen" in name else "[tool.samplegen]\n")
    try:
        before = file.read_text()
        done = samplegen("init", "docs")
        assert (done.returncode, done.stdout) == (2, b"")
        message = f"{file.resolve()} is a configuration already: change it, or remove it first"
        assert done.stderr.decode() == f"samplegen: error: {message}\n"
        assert file.read_text() == before
        assert not (tmp_path / "samplegen.toml").exists() or name == "samplegen.toml"
    finally:
        file.unlink()


def test_another_tool_s_configuration_is_none(samplegen: Run, tmp_path: Path) -> None:
    put(tmp_path, **{"docs/a.md": page(BYE), "pyproject.toml": "[tool.other]\n"})
    assert written(samplegen("init"), tmp_path)["pages"] == ["docs/**/*.md"]


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("empty", "empty: no page there: name the folder of your docs"),
        ("plain", "plain: no sample of a model call in 1 page there: name the folder of your docs"),
        ("no", "no: no such folder"),
        ("plain/a.md", "plain/a.md: is a file: name its folder"),
        ("..", "..: is not below this folder: go to the root of its project first"),
        ("", "Invalid value for '[FOLDER]': a path is empty"),
    ],
)
def test_bad_input(folder: str, message: str, samplegen: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path, **{"plain/a.md": "```python\nprint(1)\n```\n"})
    done = samplegen("init", folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"samplegen: error: {message}")
    assert done.stderr.count(b"\n") == 1
    assert not (tmp_path / "samplegen.toml").exists()


def test_what_cannot_be_written_leaves_nothing(samplegen: Run, tmp_path: Path) -> None:
    put(tmp_path, **{"docs/a.md": page(BYE)})
    (tmp_path / "samplegen.toml").mkdir()
    done = samplegen("init")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"cannot write samplegen.toml: is a directory" in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["docs", "samplegen.toml"]
