from __future__ import annotations

import json
from pathlib import Path

import nlp
from nlp.segment import FastSegmenter, JiebaSegmenter, is_word


def test_both_segmenters_cut_the_same_words() -> None:
    reference, fast = JiebaSegmenter(), FastSegmenter()
    corpus = Path(nlp.__file__).parent / "corpus"
    texts = [
        json.loads(line)["text"]
        for path in sorted(corpus.glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    assert len(texts) > 200
    for text in texts:
        assert reference.cut(text) == fast.cut(text)


def test_a_word_of_the_dictionary_is_known() -> None:
    assert is_word("高中")
    assert not is_word("薯学")
    assert not is_word("高")
