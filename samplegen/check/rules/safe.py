"""Whether a sample keeps keys secret and runs nothing that it is given."""

from __future__ import annotations

from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule
from samplegen.keys import KEY, STAND_IN, shown


@rule("S701", "literal-key", bad=bad("S701"), good=good("S701"))
def literal_key(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A key in a sample: a real one is everyone's, and a stand-in is sent as it is."""
    variable = page.catalog.provider.key_env
    key = sample.call.key_literal
    if key is not None:
        said = sample.code[key.start : key.end]
        if STAND_IN.search(said):
            message = f"a stand-in for the key is sent: read the variable {variable}"
        else:
            message = f"a key (`{shown(said)}`): read the variable {variable}"
        yield Problem(key.start, key.end, message)
    for found in KEY.finditer(sample.code):
        inside = key is not None and key.start <= found.start() < key.end
        if not inside and not STAND_IN.search(found[0]):
            message = f"a key (`{shown(found[0])}`): take it out, and revoke it"
            yield Problem(found.start(), found.end(), message)


@rule("S702", "runs-text", bad=bad("S702"), good=good("S702"))
def runs_text(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Text that is run as code or by a shell: an answer or a message may take over."""
    checks = checks_of(sample.language)
    code = sample.without_comments if checks.runs_named else sample.without_texts
    for found in checks.runs_text.within(code):
        said = found[0].strip().rstrip("(")
        yield Problem(found.start(), found.end(), f"`{said}` runs what it is given: do without it")
    for start, end in checks.expanded(code):
        message = "the shell runs this part of the body: put the body in single quotes"
        yield Problem(start, end, message)


@rule("S703", "no-certificate-check", bad=bad("S703"), good=good("S703"))
def no_certificate_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A certificate that is not checked: the key goes to whoever answers."""
    for found in checks_of(sample.language).trusts_anyone.within(sample.without_texts):
        message = f"`{found[0]}` sends the key to whoever answers: check the certificate"
        yield Problem(found.start(), found.end(), message)
