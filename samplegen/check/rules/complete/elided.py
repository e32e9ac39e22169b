"""C502 elided."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samplegen.check.language import checks_of
from samplegen.check.rule import PageView, Problem, SampleView, rule

# A line of nothing but an ellipsis; one in a comment may have words behind it, in any language:
# `// ... the rest`, `# …省略`. And a comment that says so without one. That something can be left
# out (可省略, 省略可, 생략 가능) is no such.
_WORDS = "此处|这里|以下|其余|其他|中间|后续|剩余"
_SAID = "|".join(
    (
        r"(?:the )?(?:rest|remainder) of (?:the |your )?(?:code|program|script|function|request)",
        r"[\w, ]{0,40}\b(?:omitted|elided|left out) for (?:brevity|clarity|simplicity)",
        r"[\w, ]{0,20}\bcode (?:is |was )?(?:omitted|elided|left out)(?: here)?\b(?! if| when)",
        r"[^\n可]{0,12}(?:代码|部分|内容|处理|逻辑)(?:已|被|都)?省略(?!可)",
        r"(?:[^\n]{0,20}[はを])省略(?!可|でき|時|した場合|する場合|すると)",
        r"(?:[^\n]{0,14}\s)?생략(?!\s*(?:가능|하면|할|시))",
        r"(?:der )?rest des (?:codes|programms)|restlicher code",
        r"(?:le )?reste du (?:code|programme)|code omis\b",
        r"(?:el |il )?resto del (?:código|programa|codice)|código omitido|codice omesso",
        r"(?:o )?(?:resto|restante) do (?:código|programa)",
        r"остальной код|код (?:опущен|пропущен)",
    )
)
_ELIDED = re.compile(
    r"^[ \t]*(?:(?://|\#|/\*)[ \t]*(?:\.{3,6}|\u2026{1,2})[^\n]{0,80}"
    rf"|(?://|\#)[ \t]*[\uff08(]?(?:{_WORDS})[^\n]{{0,12}}省略[^\n]{{0,40}}"
    rf"|(?://|\#|/\*)[ \t]*[\uff08(\[<]?(?:{_SAID})[^\n]{{0,40}}"
    r"|(?://|\#)[ \t]*(?:(?:以下|中|後)?(?:省略|略)|コード[^\n]{0,6}省略[^\n]{0,40})"
    r"|(?:\.\.\.|\u2026)[^\S\n]*"
    r"(?:(?:the )?(?:rest|remaining|existing|other|your)\b[^\n]{0,80})?)$",
    re.MULTILINE | re.IGNORECASE,
)


@rule("C502", "elided", "warning")
def elided(sample: SampleView, page: PageView) -> Iterator[Problem]:
    """A line with an ellipsis in place of code: nobody can run the sample as it stands."""
    if not (sample.call.model or sample.call.messages):
        return
    strings = [span for one in sample.call.messages if one.content for span in [one.content[1:3]]]
    if not checks_of(sample.language).texts_are_code:
        # A prompt may well show a list that goes on.
        strings += [(one.start, one.end) for one in sample.call.texts]
    for found in _ELIDED.finditer(sample.code):
        if not any(start <= found.start() < end for start, end in strings):
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            yield Problem(start, found.end(), "code is left out here: show the whole program")
