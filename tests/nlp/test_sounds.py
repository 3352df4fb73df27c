from __future__ import annotations

from pathlib import Path

from nlp.sounds import (
    FREQUENT,
    TABLE,
    _sounds,
    _table,
    characters_by_sound,
    read_out,
    sounded,
    spelled,
    written,
)
from nlp.words import read_list


def test_the_table_says_what_pypinyin_says() -> None:
    table = _table()
    assert table["characters"] == characters_by_sound()
    assert table["words"] == {word: read_out(word) for word in table["words"]}
    assert TABLE.read_text(encoding="utf-8") == written(table["words"])


def test_most_guarded_words_are_in_the_table(words: Path) -> None:
    """A word that is missing costs a second at every start: write the table anew (`python -m nlp.sounds`)."""
    missing = set(read_list(words, "guarded")) - _table()["words"].keys()
    assert not missing


def test_a_word_outside_the_table_is_read_all_the_same() -> None:
    assert "重庆" not in _table()["words"]
    assert "chong庆" in spelled("重庆")
    assert any(variant.endswith("庆") for variant in sounded("重庆"))


def test_the_most_frequent_characters_replace_nothing() -> None:
    assert FREQUENT.isdisjoint("".join(_sounds().values()))
