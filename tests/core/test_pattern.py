from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pattern import parsed

PIECES = st.sampled_from(["(", ")", "(?:", "(?<=", "(?<!", "(?!", "[", "]", "[^", "{0,3}", "{", "*", "+", "?", "|", "教", "学", "ab", "\\d", "\\", "(?i)", "\\1", "(?P<a>", "(?P=a)", "(?(1)a|b)"])  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    ["(", "a)", "[", "*", "a{3,2}", "(?<=a|bc)d", "x(?:y(?<!a*)z|b)+", "(?=(?<=a{1,2})b)", "(?P<1>a)", "\\", "(?<=a{4294967294}b{4294967294})c", "(?(1)(?<=a+)b)(c)"],
)  # fmt: skip
def test_what_cannot_be_compiled_is_refused_with_the_same_words(pattern: str) -> None:
    with pytest.raises(re.error) as compiled:
        re.compile(pattern)
    with pytest.raises(re.error) as read:
        parsed(pattern)
    assert read.value.msg == compiled.value.msg


@given(st.lists(PIECES, max_size=9).map("".join))
def test_reading_refuses_exactly_what_compiling_refuses(pattern: str) -> None:
    def refused(by: object) -> str | None:
        try:
            by(pattern)  # type: ignore[operator]
        except re.error as error:
            return str(error.msg)
        return None

    assert refused(parsed) == refused(re.compile)
