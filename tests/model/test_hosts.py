"""Hosts that a call may name in place of its region's own: for batches, for private links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from samplegen import Call, InputError, render
from samplegen.model.catalog import builtin
from samplegen.model.catalog_file import load
from samplegen.model.hosts import HostFact, further
from samplegen.protocols.request import Request, parse
from samplegen.rendering.sample import chosen
from samplegen.rendering.targets import find, targets
from samplegen.verify.hosts import every_origin
from samplegen.verify.published import meanings
from samplegen.verify.subject import PLACEHOLDER, of_rendered

BATCH = "batch.dashscope.aliyuncs.com"
LINK = "ep-2ze-7.dashscope.cn-beijing.privatelink.aliyuncs.com"
PLACE = "ep-***.dashscope.cn-beijing.privatelink.aliyuncs.com"
EXAMPLE = Path(__file__).with_name("of_0_1.toml")


def call(host: str, protocol: str = "openai", **more: Any) -> Call:
    return Call(protocol=protocol, region="beijing", host=host, **more)


@pytest.mark.parametrize("host", [BATCH, LINK, PLACE])
@pytest.mark.parametrize("target", targets(), ids=str)
def test_every_target_renders_at_a_host_that_a_call_names(target: Any, host: str) -> None:
    one = call(host, target.protocol)
    if host == BATCH and target.protocol != "openai":
        with pytest.raises(InputError, match="does not speak protocol 'dashscope': use openai"):
            render(one, target.language, target.client)
        return
    scheme = "https" if host == BATCH else "http"
    code = render(one, target.language, target.client).code
    assert f"{scheme}://{host}/" in code
    # It is of one region: no note lists the hosts of others.
    assert "dashscope-intl" not in code


@pytest.mark.parametrize("host", [BATCH, LINK, PLACE])
def test_a_request_at_it_is_that_call(host: str) -> None:
    one = call(host)
    assert parse(Request.of(one, "")) == one == Call.parse(one.as_json())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"region": "beijing", "host": "api.example.com"}, "choose from batch.dashscope"),
        ({"region": "singapore", "host": BATCH}, "none that calls of region 'singapore' go to"),
        ({"region": "beijing", "host": f"{BATCH}/x"}, "is none that calls"),
        ({"region": "beijing", "host": f"ep-$(id).{LINK}"}, "is none that calls"),
        ({"region": "beijing", "host": f"ep-'.{LINK}"}, "is none that calls"),
        ({"region": "beijing", "host": f"{LINK}\n"}, "is none that calls"),
        ({"region": "beijing", "host": LINK, "workspace": "ws-1"}, "a workspace has its own host"),
    ],
)
def test_a_host_that_no_call_of_the_region_goes_to(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        render(Call(**given), "curl")


def test_a_workspace_by_header_goes_to_any_host() -> None:
    one = call(LINK, "dashscope", workspace="ws-1", workspace_by="header")
    assert parse(Request.of(one, "")) == one


def test_a_host_that_serves_no_calls_is_none_for_a_call() -> None:
    assert further(builtin(), "help.aliyun.com") is None
    assert further(builtin(), "dashscope.aliyuncs.com") is None


def test_a_sample_of_a_page_means_the_same_host() -> None:
    assert {(one.region, one.host) for one in meanings(call(BATCH), builtin())} == {
        ("beijing", BATCH)
    }


@pytest.mark.parametrize(("host", "left"), [(PLACE, PLACEHOLDER), (LINK, "")])
def test_where_a_reader_fills_in_a_part_nothing_is_run(host: str, left: str) -> None:
    one = call(host)
    target = find("curl", "openai")
    subject = of_rendered(render(one, "curl"), one, chosen(None, one, target), builtin())
    assert subject.left == left


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('region = "mars"', "hosts, region of 'b.example.com': unknown region 'mars'"),
        ('region = "global"\nscheme = "ftp"', "scheme"),
        ('protocols = ["grpc"]', "hosts, protocols of 'b.example.com': unknown protocol 'grpc'"),
    ],
)
def test_what_a_catalog_says_of_a_host_is_checked(facts: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    host = f'\n[[hosts]]\npattern = "b.example.com"\nkind = "batch"\n{facts}\n'
    file.write_text(EXAMPLE.read_text(encoding="utf-8") + host, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load(file)


def test_a_users_catalog_may_have_such_hosts() -> None:
    catalog = replace(load(EXAMPLE), hosts=[HostFact("b.example.com", "batch", region="global")])
    one = Call(region="global", model="deepseek-v4-flash", host="b.example.com")
    code = render(one, "curl", catalog=catalog, notes="none").code
    assert "https://b.example.com/chat/completions" in code


def test_no_server_stands_in_for_a_host_that_is_to_be_filled_in() -> None:
    subjects = [
        of_rendered(render(one, "curl"), one, "whole", builtin())
        for one in map(call, (PLACE, BATCH))
    ]
    origins = every_origin(subjects, builtin())
    assert f"https://{BATCH}" in origins
    assert not any("*" in one for one in origins)
