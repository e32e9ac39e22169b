"""Whether a sample keeps keys secret and runs nothing that it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.examples import bad, good
from samplegen.check.rule import PageView, Problem, SampleView, rule

# Long, and neither a word nor a row of the same: what a provider hands out.
_REAL = re.compile(r"\bsk-(?:[a-z]+-)?(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{16,}")
_STAND_IN = re.compile(r"(?i)x{3,}|\*{3,}|\.{3}|your|<|placeholder|example|replace|api[_-]?key")
_SHOWN = 5


@rule("S701", "literal-key", bad=bad("S701"), good=good("S701"))
def literal_key(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A key in a sample: a real one is everyone's, and a stand-in is sent as it is."""
    variable = page.catalog.provider.key_env
    key = sample.call.key_literal
    if key is not None:
        said = sample.code[key.start : key.end]
        if _STAND_IN.search(said):
            message = f"a stand-in for the key is sent: read the variable {variable}"
        else:
            message = f"a key (`{said[:_SHOWN]}...`): read the variable {variable}"
        yield Problem(key.start, key.end, message)
    for found in _REAL.finditer(sample.code):
        inside = key is not None and key.start <= found.start() < key.end
        if not inside and not _STAND_IN.search(found[0]):
            message = f"a key (`{found[0][:_SHOWN]}...`): take it out, and revoke it"
            yield Problem(found.start(), found.end(), message)


_RUNS = {
    "python": r"\bos\.system\(|\bshell\s*=\s*True|(?<![\w.])(?:eval|exec)\(",
    "nodejs": r"(?<![\w.])(?:eval|execSync|exec)\(|\bnew Function\(",
    "php": r"(?<![\w>:])(?:eval|exec|shell_exec|system|passthru|popen)\(",
    "java": r"\bRuntime\.getRuntime\(\)\.exec\(|\bnew ProcessBuilder\(",
    "go": r"\bexec\.Command\(\"(?:ba)?sh\"",
    "csharp": r"\bProcess\.Start\(",
    "curl": r"(?<![\w-])eval\s|\|\s*(?:sudo\s+)?(?:ba|z)?sh\b",
}


@rule("S702", "runs-text", bad=bad("S702"), good=good("S702"))
def runs_text(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Text that is run as code or by a shell: an answer or a message may take over."""
    code = sample.without_texts if sample.language != "go" else sample.without_comments
    pattern = _RUNS.get(sample.language)
    for found in re.finditer(pattern, code) if pattern else ():
        said = found[0].strip().rstrip("(")
        yield Problem(found.start(), found.end(), f"`{said}` runs what it is given: do without it")
    if sample.language == "curl":
        body = r"(?<=\s)(?:-d|--data(?:-\w+)?|--json)[\s=]+\"((?:\\.|[^\"\\])*)\""
        for found in re.finditer(body, code):
            for hole in re.finditer(r"(?<!\\)(?:\$\(|`)", found[1]):
                start = found.start(1) + hole.start()
                message = "the shell runs this part of the body: put the body in single quotes"
                yield Problem(start, start + len(hole[0]), message)


_NO_TLS = {
    "python": r"\bverify\s*=\s*False\b|\b_create_unverified_context\b",
    "nodejs": r"\brejectUnauthorized\s*:\s*false\b|\bNODE_TLS_REJECT_UNAUTHORIZED\b",
    "php": r"\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\s*(?:,|=>)\s*(?:false|0)\b",
    "java": r"\bALLOW_ALL_HOSTNAME_VERIFIER\b|\bTrustAll\w*",
    "go": r"\bInsecureSkipVerify\s*:\s*true\b",
    "csharp": (
        r"\bDangerousAcceptAnyServerCertificateValidator\b"
        r"|\bServerCertificate(?:Custom)?ValidationCallback\s*\+?=\s*"
        r"(?:(?:\([^()]*\)|\w+)\s*=>|delegate\b[^{};]*\{\s*return)\s*true\b"
    ),
    "curl": r"(?<=\s)(?:-k|--insecure)(?=\s)",
}


@rule("S703", "no-certificate-check", bad=bad("S703"), good=good("S703"))
def no_certificate_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A certificate that is not checked: the key goes to whoever answers."""
    pattern = _NO_TLS.get(sample.language)
    for found in re.finditer(pattern, sample.without_texts) if pattern else ():
        message = f"`{found[0]}` sends the key to whoever answers: check the certificate"
        yield Problem(found.start(), found.end(), message)
