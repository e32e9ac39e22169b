"""A project's own words: notes, names of regions, and links, by locale."""

from __future__ import annotations

from pathlib import Path

import pytest

from samplegen.check import checking, config, fixing
from samplegen.errors import InputError
from samplegen.languages import language_ids
from samplegen.pages import read

WORDS = """
tabs = "headings"

[words]
model = ""
key_link = "Keys of our team are here:\\n{link}"
key_link_regions = "Keys of our team are here:\\n{link}"
requires_more = "Ask in #help where this fails."

[words.zh]
requires_more = "遇到问题请联系我们。"
key_link = "团队的密钥见\\n{link}"
key_link_regions = "团队的密钥见\\n{link}"

[names]
singapore = "Our Singapore"

[names.zh]
singapore = "我们的新加坡"

[links]
api_key = "https://docs.example.com/help/get-a-key"

[links.zh]
api_key = "https://docs.example.cn/key"
"""
PAGE = "# Title\n\n<!-- samplegen: lang={} -->\n<!-- /samplegen -->\n"


def written(folder: Path, said: str, name: str = "page.md", lang: str = "all") -> str:
    plan = config.parse(f'select = ["strict"]\n{said}', folder / "samplegen.toml").plan(name)
    done, left, _ = fixing.fixed(name, PAGE.format(lang), plan)
    assert [one.finding.message for one in left] == []
    # It is checked like the rest: the usual link is wrong here.
    if "docs.example.com" in done:
        wrong = done.replace(
            "https://docs.example.com/help/get-a-key", "https://docs.example.com/help/get-a-kye"
        )
        named = {one.finding.name for one in checking.check(checking.view(name, wrong, plan), plan)}
        assert named >= {"wrong-link", "out-of-date"}
    return done


def test_notes_are_reworded_dropped_and_added(tmp_path: Path) -> None:
    done = written(tmp_path, WORDS)
    count = len(language_ids())
    assert len(read("page.md", done)) == count
    assert done.count("Keys of our team are here:") == count
    assert done.count("https://docs.example.com/help/get-a-key") == count
    assert done.count("Ask in #help where this fails.") == count
    assert done.count("URL for Our Singapore:") == count
    assert "For a list of models" not in done
    assert "alibabacloud.com/help" not in done


def test_words_may_be_of_a_locale(tmp_path: Path) -> None:
    done = written(tmp_path, WORDS, "docs/zh/page.md")
    count = len(language_ids())
    assert done.count("遇到问题请联系我们。") == count
    assert done.count("https://docs.example.cn/key") == count
    assert done.count("我们的新加坡") == count
    # So may those of one sample.
    done = written(tmp_path, WORDS, "page.md", "go locale=zh")
    assert "遇到问题请联系我们。" in done


def test_regions_to_list_stay_chosen(tmp_path: Path) -> None:
    done = written(tmp_path, 'regions = ["virginia"]\n' + WORDS, lang="go")
    assert "US (Virginia): https://" in done
    assert "Beijing" not in done
    done = written(tmp_path, WORDS, lang="go regions=virginia")
    assert "US (Virginia): https://" in done
    assert "Keys of our team are here:" in done


def test_words_of_a_project_are_of_no_other(tmp_path: Path) -> None:
    before = written(tmp_path, "", lang="go")
    assert written(tmp_path, WORDS, lang="go") != before
    assert written(tmp_path, "", lang="go") == before


PRODUCTS = """
[names]
gateway = "Acme {Gateway}"
desk = "help desk"

[names.zh]
gateway = "Acme 网关"

[words]
key_more = "{gateway} has its own keys."
key_link = "The {desk} of {gateway} gives them:\\n{link}"
key_link_regions = "The {desk} of {gateway} gives them:\\n{link}"

[words.zh]
key_more = "{gateway}有自己的密钥。"
key_link = "密钥见{gateway}见\\n{link}"
key_link_regions = "密钥见{gateway}见\\n{link}"
"""


def test_notes_speak_of_a_projects_products_by_their_names(tmp_path: Path) -> None:
    done = written(tmp_path, PRODUCTS)
    count = len(language_ids())
    assert done.count("Acme {Gateway} has its own keys.") == count
    assert done.count("The help desk of Acme {Gateway} gives them:") == count
    done = written(tmp_path, PRODUCTS, "docs/zh/page.md")
    assert done.count("Acme 网关有自己的密钥。") == count
    assert done.count("密钥见Acme 网关见") == count


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("[words]\nmodl = ''", "unknown note 'modl': did you mean 'model'?"),
        ("[words]\nmodel = '{x}'", "words.model: unknown place holder {x}: there are {link}"),
        ("[words]\nmodel = '{'", "words.model: "),
        ("[words]\nkey_more = '{link}'", "unknown place holder {link}: there are none"),
        ("[words]\nkey = 'Set it'", "words.key: must end in {line}"),
        ("[words]\nmodel = 'a ?> b'", "'?>' cannot stand in a comment"),
        ("[words]\nmodel = 'a \\u000a b'", "cannot stand in a comment"),
        ('[words]\nmodel = "a\\u2028b"', "words.model: has a character that cannot be seen"),
        ("[words]\nmodel = 1", "words.model: a text is expected, not 1"),
        ("[words.fr]\nmodel = ''", "words: unknown locale 'fr'"),
        ("[names]\nmars = 'x'", "unknown region 'mars'"),
        ("[names]\nlink = 'x'", "names.link: notes have a place holder of that name"),
        (
            "[names.zh]\nacme = 'x'\n[words]\nkey_more = '{acme}'",
            "names.zh.acme: say it in [names], too, for the other locales",
        ),
        ("[words]\nkey_more = '{acme}'", "unknown place holder {acme}: there are none"),
        ("[links]\nkey = 'https://x'", "unknown link 'key': did you mean 'api_key'?"),
        ("[links]\napi_key = 'x'", "links.api_key: 'x' is no link"),
    ],
)
def test_words_that_no_sample_can_have_are_refused(tmp_path: Path, said: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        config.parse(said, tmp_path / "samplegen.toml")
    assert message in str(caught.value)
