"""T101 unknown-host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from samplegen.check.places import Url, urls
from samplegen.check.prose import words_in_code
from samplegen.check.relevance import own_paths
from samplegen.check.rule import Fix, PageView, Problem, SampleView, page_rule
from samplegen.check.slips import host_slip
from samplegen.model.catalog import Catalog
from samplegen.pages import PublishedSample


@page_rule("T101", "unknown-host")
def unknown_host(page: PageView) -> Iterator[tuple[SampleView | None, Problem]]:
    """A host that is a slip of one of the service's: no such name is found.

    It is looked for in code and in prose, but not in what is said to the model. Another host
    that may exist is left alone, also below the service's own domain: only where this rule is
    selected is that found, in calls.
    """
    for sample in page.samples:
        judged = sample.standing == "judged"
        spans = [one.content for one in sample.call.messages if one.content] if judged else []
        for url in urls(sample.code):
            if not any(span.start <= url.start < span.end for span in spans):
                if not judged and _is_site(url):
                    continue
                for problem in _slip(url, page) or _stranger(url, sample, page):
                    yield sample, problem
    for published in page.published:
        if published.language is None:
            for url in urls(published.code):
                for problem in _slip(url, page):
                    yield None, _in_page(published, problem)
    for start, line in page.prose():
        named = [*urls(line), *(_bare(word, at) for at, word in words_in_code(line, _HOST))]
        for problem in _of_line(line, named, page):
            yield None, _moved(problem, start)


_HOST = re.compile(r"[\w-]+(?:\.[\w-]+){1,5}(?=[/:]|$)", re.ASCII)


def _bare(host: str, start: int) -> Url:
    return Url(host, "", start, start + len(host))


def _of_line(line: str, named: Iterable[Url], page: PageView) -> Iterator[Problem]:
    seen = set()
    for url in named:
        for problem in _slip(url, page):
            # A line that has the right host, too, speaks of the slip.
            told = problem.fix and re.search(rf"(?<![\w.-]){re.escape(problem.fix.new)}", line)
            if not told and problem.start not in seen:
                seen.add(problem.start)
                yield problem


def _slip(url: Url, page: PageView) -> list[Problem]:
    slip = host_slip(url.host, page.catalog)
    if slip is None or (_is_site(url) and url.host.lower() in _sites(page.catalog)):
        return []
    start, end = url.host_start, url.host_start + len(url.host)
    fix = Fix(start, end, slip.right) if slip.right else None
    message = f"unknown host `{url.host}`: did you mean `{slip.nearest}`?"
    return [Problem(start, end, message, fix)]


def _stranger(url: Url, sample: SampleView, page: PageView) -> list[Problem]:
    """A host that nothing is known of, where a call is sent to it."""
    if sample.standing != "judged" or page.catalog.host_kind(url.host):
        return []
    place = sample.call.url or sample.call.base_url
    is_sent_to = place is not None and place.start <= url.start < place.end
    is_open = "{" in url.host or "$" in url.host
    if is_open or not (is_sent_to or url.path.startswith(own_paths(page.catalog))):
        return []
    known = next((one.host for one in page.catalog.regions.values() if one.host), "")
    start, end = url.host_start, url.host_start + len(url.host)
    message = f"unknown host `{url.host}`: the service is at `{known}` and the like"
    return [Problem(start, end, message, strict=True)]


def _sites(catalog: Catalog) -> set[str]:
    """The hosts of websites that are wrong only where a call is sent to them."""
    return {one.wrong for one in catalog.mistakes if one.kind == "host" and one.site}


def _is_site(url: Url) -> bool:
    """Whether a URL is a whole site's, such as a package's homepage: no call goes there."""
    return url.path in ("", "/")


def _in_page(published: PublishedSample, problem: Problem) -> Problem:
    """A problem of code that is no sample, at its place in the page."""
    start, end = published.spans.start(problem.start), published.spans.end(problem.end)
    fix = problem.fix
    # What is not written there letter by letter is left to its author.
    plain = fix and end - start == problem.end - problem.start
    return problem._replace(
        start=start, end=end, fix=fix._replace(start=start, end=end) if fix and plain else None
    )


def _moved(problem: Problem, by: int) -> Problem:
    fix = problem.fix
    if fix:
        fix = fix._replace(start=fix.start + by, end=fix.end + by)
    return problem._replace(start=problem.start + by, end=problem.end + by, fix=fix)
