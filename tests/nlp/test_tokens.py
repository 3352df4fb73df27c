from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlp.hashed import word_place
from nlp.network import WIDTHS
from nlp.segment import load_segmenter
from nlp.signals import GROUPS, Hits
from nlp.tokens import CONTACT_DIGITS, FIRST, LAST, LONGEST, MARKS, SEAM, WORDS, known_characters, tokens

SUBJECTS = GROUPS.index("subjects")


def test_a_token_knows_its_word_and_the_groups_that_name_it() -> None:
    text = "教数学啦"
    found = tokens(text, Hits({"@subjects": [(1, 3)]}))
    assert "".join(map(chr, found.characters)) == text
    assert found.marks[:, SUBJECTS].tolist() == [0, 1, 1, 0]
    assert found.marks.sum() == 2
    assert "数学" in load_segmenter().cut(text)
    assert found.words[1] == found.words[2] == 1 + word_place("数学") % (WORDS - 1)
    assert len(set(found.words.tolist())) == 3


def test_a_number_is_one_token_and_a_long_one_is_marked() -> None:
    found = tokens("每节80元电话13800001111", Hits({}))
    assert "".join(map(chr, found.characters)) == "每节0元电话0"
    assert found.marks[:, -1].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert tokens("1500.00元", Hits({})).marks[:, -1].sum() == 0
    assert tokens("电话" + "1" * (CONTACT_DIGITS - 1), Hits({})).marks[:, -1].sum() == 0
    same = tokens("每节95元电话18x00002222", Hits({}))
    assert np.array_equal(found.characters, same.characters)


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    text = "甲" * FIRST + "乙" * 500 + "丙" * LAST
    found = tokens(text, Hits({}))
    assert len(found) == len(found.words) == len(found.marks) == LONGEST
    assert "".join(map(chr, found.characters)) == "甲" * FIRST + SEAM + "丙" * LAST
    assert not found.words[FIRST : FIRST + len(SEAM)].any()
    assert len(SEAM) >= max(WIDTHS) - 1  # no filter sees both ends at once
    assert len(tokens("甲" * LONGEST, Hits({}))) == LONGEST


@given(st.text(max_size=80))
def test_any_text_has_rows_of_one_length(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    found = tokens(clean, Hits({}))
    assert len(found.characters) == len(found.words) == len(found.marks) <= len(clean)
    assert found.marks.shape[1] == len(MARKS)
    assert all(0 <= row < WORDS for row in found.words.tolist())


def test_the_commonest_characters_are_known_in_order() -> None:
    read = [tokens(text, Hits({})) for text in ("甲乙", "甲乙丙", "甲丙丙丙", "丁")]
    assert "".join(map(chr, known_characters(read, 10, 2))) == "".join(sorted("甲乙丙"))
    assert "".join(map(chr, known_characters(read, 1, 1))) == "甲"
    assert not known_characters([], 10, 1).size
