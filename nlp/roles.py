"""Of what category, subjects and stages a post speaks."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.model import Category
from nlp.reading import Reading
from nlp.scan import Scan
from nlp.sifting import Sifter

# What stands inside another word is none: 努力学习 is no 力学, 写作业 no 写作, 期中考试 no 中考, 入学前 no 学前.
SUBJECT_WORDS = {
    "语文": "语文 (?<![工制操合])作文(?![件档案员化章秘职]) 阅读理解 古诗文 文言文 大语文 语数 (?<![中外美英法德韩全我本各泰])国学(?![生校历籍员霸]) 写作(?!业) 拼音 识字",
    "数学": "(?<![多少])数学 奥数 口算 (?<!曾)几何(?!时) (?<!几)代数 函数 应用题 算术 语数 数感 珠心算 数理化",
    "英语": "英语 英文 自然拼读 新概念 剑桥英语 (?<!声)音标(?!准) 语数英 语数外 单词 (?<![a-z])(?:ket|pet)(?![a-z]) 完形填空",
    "物理": "物理(?!治疗) (?<![努能潜动精极气])力学(?![习生校会员]) 电学(?![习生校]) 数理化 (?<![管合处])理化(?!妆) 物化(?!妆) (?<![管办处])理综(?!合)",
    "化学": "(?<!(?<!语)文)化学(?!校|院|历|习(?!题)) 数理化 (?<![管合处])理化(?!妆) 物化(?!妆) (?<![管办处])理综(?!合)",
    "生物": "生物(?![钟识]) 物化生 (?<![管办处])理综(?!合)", "历史": "历史(?!悠久|新[高低]|最[高低]|记录|遗留) 政史地 文综(?!合)", "地理": "(?<![本当])地理(?!位置|[发工]) 政史地 文综(?!合)",
    "政治": "政治(?!面貌|审查|处) 道法 政史地 文综(?!合)", "日语": "日语", "全科": "全科(?!医) 各科(?!室) 文化课 主科",
}  # fmt: skip
STAGES = (
    ("学前", r"幼小衔接|(?<![开入放上升大])学前|学前班|幼儿园?|大班(?!课)|中班(?!车)|幼升小|(?<![0-9])[3-6]岁|(?<!十)[三四五六]岁"),
    ("小学", r"小学|小升初|(?<![0-9])[一二三四五六1-6]年级|中小学|小[一二三四五六](?![时百点些号寸千万十])|小中高|小初"),
    ("初中", r"初中|(?<![期高初])中考(?![虑察勤])|(?<!大年)(?<!正月)初[一二三](?!步)|初高中|[七八九7-9]年级|中学生|小中高|初升高|小初高"),
    ("高中", r"高中|(?<!提)高考(?![虑勤])|(?<![提更最])高[一二三](?![层点些筹截倍等档])|复读(?!机)|艺考|小初高|小中高|(?<![数升大入同中小文科化开])学考(?![试研核察虑])|选考(?![试虑核])"),
)  # fmt: skip


_FIELDS: tuple[tuple[Category, str], ...] = (
    ("学科", "@subjects"), ("文化艺术", "@arts"), ("体育", "@sports"), ("科技", "@science"),
)  # fmt: skip
_SHORT = {"语": "语文", "数": "数学", "英": "英语", "外": "英语", "物": "物理", "理": "物理", "化": "化学"}
_WHOLE = re.compile(r"(英语|外语|物理)")  # names of two characters, each of which is a short name as well
_SPELLED = re.compile(r"(?:英语|外语|物理)+化?")
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
        subjects += _of_run(run[0])
    stages = [_NAMED[number][0] for number in found if number >= len(_SUBJECTS)]
    return Fields(_category(reading, violating), tuple(dict.fromkeys(subjects)), tuple(stages))


def _of_run(run: str) -> list[str]:
    """The subjects of 语数英 (one a character) or of 英语、物理 (one a word)."""
    found: list[str] = []
    for part in re.split("[、/]", run):
        words = _WHOLE.split(part) if _SPELLED.fullmatch(part) else part
        found += [_SHORT[word[0]] for word in words if word]
    return found


def _category(reading: Reading, violating: bool) -> Category:
    """The department's field: subject teaching when violating, else the field with most words."""
    if violating:
        return "学科"
    counts: dict[Category, int] = {field: len(reading.hits.get(key)) for field, key in _FIELDS}
    most = max(counts.values())
    named = [field for field, count in counts.items() if count == most]
    return named[0] if most and len(named) == 1 else "综合"
