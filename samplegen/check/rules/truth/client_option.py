"""T116 client-option."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.called import named_place, through_openai
from samplegen.check.language import LanguageChecks, checks_of
from samplegen.check.rule import Fix, PageView, Problem, SampleView, rule


@rule("T116", "client-option")
def client_option(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """An option that the SDK's client does not have, such as `baseUrl` for `baseURL`.

    The client fails, or it ignores the option: then the call, with the key, goes to another
    service.
    """
    checks, seen = checks_of(sample.language), set()
    # Azure's client has options of its own.
    if any(made.name.endswith("AzureOpenAI") for made in sample.call.calls):
        return
    for call in (sample.call, *sample.call.others):
        if not checks.client_options or not through_openai(sample, call):
            continue
        for name, value in call.settings.items():
            if name in checks.client_options or name in _OF_CALLS or value.start in seen:
                continue
            right = _meant(name, checks)
            if right is None and not checks.refuses_options:
                continue
            seen.add(value.start)
            start, end = named_place(sample, name, value)
            told = f": write `{right}`" if right else ""
            is_written = right and sample.code[start:end] == name
            fix = Fix(start, end, str(right), safe=False) if is_written else None
            yield Problem(start, end, f"the client takes no option `{name}`{told}", fix)


# What a single call may be told beside its body.
_OF_CALLS = frozenset(
    {"extra_query", "fetchOptions", "headers", "idempotencyKey", "path", "query", "signal"}
)
# Names that other versions and SDKs have.
_OTHERS = {"api_base": "base_url", "basePath": "baseURL", "endpoint": "base_url"}


def _meant(name: str, checks: LanguageChecks) -> str | None:
    """Which option a name stands for, if it is one in another spelling."""
    folded = {_fold(one): one for one in checks.client_options}
    return folded.get(_fold(name)) or folded.get(_fold(_OTHERS.get(name, name)))


def _fold(name: str) -> str:
    return re.sub(r"_", "", name).lower()
