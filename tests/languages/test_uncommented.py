"""A program without its comments: what two programs share that differ in those alone."""

import pytest

from samplegen.model.call import Call
from samplegen.readback.uncommented import uncommented
from samplegen.rendering.notes import locales
from samplegen.rendering.sample import render
from samplegen.rendering.targets import targets

SAME = {
    "python": ("# Hällo\nx = 1  # one\n\nprint(x)\n", "# a\n# b\nx = 1 # 2\n\nprint(x)\n"),
    "nodejs": (
        "// a\nlet x = 1; // b\n/* c\n   d */\nf(x);\n",
        "let x = 1; // c\n// d\n\nf(x);\n",
    ),
    "php": ("<?php\n// a\n# b\n$x = 1; // c\n", "<?php\n$x = 1; // it's\n"),
    "curl": ("# a 'b\ncurl x # c\n", "curl x # d\n"),
}
DIFFERENT = {
    "python": ("x = '# a'\n", "x = '# b'\n"),
    "nodejs": ("f(`// a`);\n", "f(`// b`);\n"),
    "php": ("<?php\n$x = '// a';\n", "<?php\n$x = '// b';\n"),
    "curl": ("cat <<E\n# a\nE\n", "cat <<E\n# b\nE\n"),
}


@pytest.mark.parametrize("language", list(SAME))
def test_comments_make_no_difference_and_all_else_does(language: str) -> None:
    one, other = (uncommented(language, code) for code in SAME[language])
    assert one == other
    assert one
    one, other = (uncommented(language, code) for code in DIFFERENT[language])
    assert one != other


def test_a_comment_that_ends_a_line_is_still_one() -> None:
    """JavaScript ends a statement where a line ends, be it within a comment."""
    one, other = "return /*\n*/ 1", "return /* */ 1"
    assert uncommented("nodejs", one) != uncommented("nodejs", other)


@pytest.mark.parametrize("code", ["print(1\nx = = 2\n", "x = '\0'  # a\n"])
def test_what_is_no_whole_program_is_like_nothing_else(code: str) -> None:
    assert uncommented("python", code) is None


@pytest.mark.parametrize("target", targets(), ids=str)
def test_a_sample_is_the_same_in_each_locale(target) -> None:  # type: ignore[no-untyped-def]
    call = Call(protocol=target.protocol)
    codes = {
        locale: render(call, target.language, target.client, locale=locale).code
        for locale in locales()
    }
    assert len(set(codes.values())) == len(codes)
    bare = {uncommented(target.language, code) for code in codes.values()}
    assert len(bare) == 1
    assert None not in bare
