from __future__ import annotations

import gc
import importlib
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from core.pattern import Late, late, parsed

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


def test_a_late_pattern_is_compiled_when_first_tried_and_then_kept() -> None:
    pattern = late("一对[一1]")
    assert (pattern.pattern, pattern.flags) == ("一对[一1]", re.compile("一对[一1]").flags)
    assert "search" not in vars(pattern)
    assert pattern.search("数学一对1")
    first = pattern.search
    re.purge()  # or compiling once more would find the same by chance
    assert pattern.search is first
    assert pattern.finditer.__self__ is first.__self__  # type: ignore[attr-defined]


def test_a_fault_in_a_late_pattern_shows_when_it_is_first_tried() -> None:
    pattern = late("(")
    with pytest.raises(re.error):
        pattern.search("x")


def test_every_late_pattern_of_the_judge_can_be_compiled() -> None:
    for module in pkgutil.iter_modules(nlp.__path__):
        if not module.name.startswith("train"):  # these need JAX, which must not start in this process
            importlib.import_module(f"nlp.{module.name}")
    gc.unfreeze()  # a judge loaded by another test has put them where the collector does not look
    found = [item for item in gc.get_objects() if isinstance(item, Late)]
    assert len(found) > 100
    for item in found:
        if item.pattern != "(":  # of the test before, perhaps not collected yet
            re.compile(item.pattern)
