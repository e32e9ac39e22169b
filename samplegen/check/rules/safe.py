"""Whether a sample keeps keys secret and runs nothing that it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.examples import bad, good
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


# What is in each match and quickly found, and the pattern.
_RUNS = {
    "python": (
        ("os.system", "shell", "eval", "exec"),
        r"\bos\.system\(|\bshell\s*=\s*True|(?<![\w.])(?:eval|exec)\(",
    ),
    "nodejs": (
        ("eval", "exec", "Function"),
        r"(?<![\w.])(?:eval|execSync|exec)\(|\bnew Function\(",
    ),
    "php": (
        ("eval", "exec", "system", "passthru", "popen"),
        r"(?<![\w>:])(?:eval|exec|shell_exec|system|passthru|popen)\(",
    ),
    "java": (
        ("Runtime", "ProcessBuilder"),
        r"\bRuntime\.getRuntime\(\)\.exec\(|\bnew ProcessBuilder\(",
    ),
    "go": (("exec.Command",), r"\bexec\.Command\(\"(?:ba)?sh\""),
    "csharp": (("Process.Start",), r"\bProcess\.Start\("),
    "curl": (("eval", "|"), r"(?<![\w-])eval\s|\|\s*(?:sudo\s+)?(?:ba|z)?sh\b"),
}


def _found(
    patterns: dict[str, tuple[tuple[str, ...], str]], language: str, code: str
) -> Iterator[re.Match[str]]:
    words, pattern = patterns.get(language, ((), ""))
    if any(word in code for word in words):
        yield from re.finditer(pattern, code)


@rule("S702", "runs-text", bad=bad("S702"), good=good("S702"))
def runs_text(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """Text that is run as code or by a shell: an answer or a message may take over."""
    code = sample.without_texts if sample.language != "go" else sample.without_comments
    for found in _found(_RUNS, sample.language, code):
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
    "python": (
        ("verify", "unverified"),
        r"\bverify\s*=\s*False\b|\b_create_unverified_context\b",
    ),
    "nodejs": (
        ("Unauthorized", "UNAUTHORIZED"),
        r"\brejectUnauthorized\s*:\s*false\b|\bNODE_TLS_REJECT_UNAUTHORIZED\b",
    ),
    "php": (
        ("CURLOPT_SSL_VERIFY",),
        r"\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\s*(?:,|=>)\s*(?:false|0)\b",
    ),
    "java": (("ALLOW_ALL", "TrustAll"), r"\bALLOW_ALL_HOSTNAME_VERIFIER\b|\bTrustAll\w*"),
    "go": (("InsecureSkipVerify",), r"\bInsecureSkipVerify\s*:\s*true\b"),
    "csharp": (
        ("DangerousAccept", "ValidationCallback"),
        r"\bDangerousAcceptAnyServerCertificateValidator\b"
        r"|\bServerCertificate(?:Custom)?ValidationCallback\s*\+?=\s*"
        r"(?:(?:\([^()]*\)|\w+)\s*=>|delegate\b[^{};]*\{\s*return)\s*true\b",
    ),
    "curl": (("-k", "--insecure"), r"(?<=\s)(?:-k|--insecure)(?=\s)"),
}


@rule("S703", "no-certificate-check", bad=bad("S703"), good=good("S703"))
def no_certificate_check(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A certificate that is not checked: the key goes to whoever answers."""
    for found in _found(_NO_TLS, sample.language, sample.without_texts):
        message = f"`{found[0]}` sends the key to whoever answers: check the certificate"
        yield Problem(found.start(), found.end(), message)
