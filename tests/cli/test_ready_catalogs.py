"""Each catalog that samplegen brings along, through the commands that its users run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

from samplegen import Call, render
from samplegen.languages import language
from samplegen.model.catalog_file import named, names
from samplegen.rendering.targets import targets
from samplegen.sources import read


@pytest.mark.parametrize("name", names()[1:])
def test_what_it_renders_is_clean_and_reads_back(
    name: str, samplegen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under every rule, `check` says nothing, and `call` gives the call back."""
    monkeypatch.chdir(tmp_path)
    facts = named(name)
    (tmp_path / "samplegen.toml").write_text(f'catalog = "{name}"\n', encoding="utf-8")
    fences, number = [], 0
    for region in facts.published:
        call = Call.parse({"region": region}, facts)
        for client in ("sdk", "http"):
            lang = ",".join(
                one.language
                for one in targets()
                if (one.protocol, one.client) == ("openai", client)
            )
            chosen = ("--lang", lang, "--client", client, "--region", region, "--format", "json")
            done = samplegen("render", *chosen)
            assert (done.returncode, done.stderr) == (0, b"")
            for sample in json.loads(done.stdout):
                file = tmp_path / f"{region}-{client}" / sample["filename"]
                file.parent.mkdir(exist_ok=True)
                file.write_text(sample["code"], encoding="utf-8")
                assert read(str(file), facts) == (call, ())
                fence = language(sample["language"]).fence
                fences.append(f"```{fence}\n{sample['code']}```\n")
                number += 1
    assert number == 11 * len(facts.published)
    (tmp_path / "page.md").write_text("# Call it\n\n" + "\n".join(fences), encoding="utf-8")
    done = samplegen("check", "page.md", "--select", "strict", "--statistics")
    assert (done.returncode, done.stderr) == (0, b"")
    looked = f"looked at 1 page, {number} samples: {number} calls judged"
    assert done.stdout.decode() == f"no findings\n{looked}\n"


def test_a_key_is_the_catalogs_own_as_a_whole(tmp_path: Path) -> None:
    """What only begins like the text that stands where no key is needed is somebody's key."""
    facts = named("ollama")
    file = tmp_path / "ask.py"
    code = render(Call.parse({}, facts), "python", catalog=facts).code
    file.write_text(code, encoding="utf-8")
    assert read(str(file), facts).said == ()
    file.write_text(code.replace('"ollama"', '"ollama-7f3a9c"'), encoding="utf-8")
    assert "is not taken over" in read(str(file), facts).said[0]
