"""Of what category, subjects and stages a post speaks."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.model import Category
from nlp.reading import Reading
from nlp.scan import Scan
from nlp.sifting import Sifter

SUBJECT_WORDS = {
    "语文": "语文 作文 阅读理解 古诗文 文言文 大语文 语数 国学 写作 拼音 识字", "数学": "数学 奥数 口算 几何 代数 函数 应用题 算术 语数 数感 珠心算 数理化",
    "英语": "英语 英文 自然拼读 新概念 剑桥英语 音标 语数英 语数外 单词 ket pet 完形填空", "物理": "物理 力学 电学 数理化 理化 物化 理综",
    "化学": "化学 数理化 理化 物化 理综", "生物": "生物 物化生 理综", "历史": "历史 政史地 文综", "地理": "地理 政史地 文综",
    "政治": "政治 道法 政史地 文综", "日语": "日语", "全科": "全科 各科 文化课 主科",
}  # fmt: skip
STAGES = (
    ("学前", r"幼小衔接|学前|幼儿园?|大班(?!课)|中班|幼升小|[3-6]岁|[三四五六]岁"), ("小学", r"小学|小升初|[一二三四五六1-6]年级|中小学|小[一二三四五六](?!时|百)|小中高|小初"),
    ("初中", r"初中|中考|初[一二三](?!步)|[七八九7-9]年级|中学生|小中高|初升高|小初高"), ("高中", r"高中|高考|高[一二三](?!层)|复读|艺考|小初高|小中高|学考|选考"),
)  # fmt: skip


_FIELDS: tuple[tuple[Category, str], ...] = (
    ("学科", "@subjects"), ("文化艺术", "@arts"), ("体育", "@sports"), ("科技", "@science"),
)  # fmt: skip
_SHORT = {"语": "语文", "数": "数学", "英": "英语", "外": "英语", "物": "物理", "理": "物理", "化": "化学"}
_RUNS = Scan(re.compile(r"(?<![\u4e00-\u9fff])[语数英外物理化、/]{2,7}(?![\u4e00-\u9fff])"))
_STAGES = tuple((name, re.compile(pattern)) for name, pattern in STAGES)
_SUBJECTS = tuple((name, re.compile("|".join(words.split()))) for name, words in SUBJECT_WORDS.items())
# One search tells which of them are worth a look: most name one subject and one stage.
_NAMED = (*_SUBJECTS, *_STAGES)
_SIFTER = Sifter([pattern for _, pattern in _NAMED])


class Fields(NamedTuple):
    """Of what a post speaks: `subjects` and `stages` (学前, 小学, 初中, 高中) by their plain names."""

    category: Category
    subjects: tuple[str, ...]
    stages: tuple[str, ...]


def find_fields(reading: Reading, violating: bool) -> Fields:
    """The category, the school subjects and the stages that a text names."""
    text = reading.plain.text
    found = [number for number in _SIFTER.opened(text) if _NAMED[number][1].search(text)]
    subjects = [_NAMED[number][0] for number in found if number < len(_SUBJECTS)]
    for run in _RUNS.finditer(text):
        subjects += [_SHORT[character] for character in run[0] if character in _SHORT]
    stages = [_NAMED[number][0] for number in found if number >= len(_SUBJECTS)]
    return Fields(_category(reading, violating), tuple(dict.fromkeys(subjects)), tuple(stages))


def _category(reading: Reading, violating: bool) -> Category:
    """The department's field: subject teaching when violating, else the field with most words."""
    if violating:
        return "学科"
    counts: dict[Category, int] = {field: len(reading.hits.get(key)) for field, key in _FIELDS}
    most = max(counts.values())
    named = [field for field, count in counts.items() if count == most]
    return named[0] if most and len(named) == 1 else "综合"
