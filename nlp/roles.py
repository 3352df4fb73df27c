"""Of what category, subjects and stages a post speaks."""

from __future__ import annotations

import re

from core.model import Category
from nlp.reading import Reading
from nlp.scan import Scan

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


def find_category(reading: Reading, violating: bool) -> Category:
    """The department's field: subject teaching when violating, else the field with most words."""
    counts: dict[Category, int] = {
        "学科": len(reading.hits.get("@subjects")), "文化艺术": len(reading.hits.get("@arts")),
        "体育": len(reading.hits.get("@sports")), "科技": len(reading.hits.get("@science")),
    }  # fmt: skip
    if violating:
        return "学科"
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] and list(counts.values()).count(counts[best]) == 1 else "综合"


_SUBJECTS = tuple((name, tuple(words.split())) for name, words in SUBJECT_WORDS.items())
_SHORT = {"语": "语文", "数": "数学", "英": "英语", "外": "英语", "物": "物理", "理": "物理", "化": "化学"}
_RUNS = Scan(re.compile(r"(?<![\u4e00-\u9fff])[语数英外物理化、/]{2,7}(?![\u4e00-\u9fff])"))
_STAGES = tuple((name, re.compile(pattern)) for name, pattern in STAGES)


def find_subjects(reading: Reading) -> tuple[str, ...]:
    """School subjects named, plain names."""
    text = reading.plain.text
    found = []
    for name, words in _SUBJECTS:
        for word in words:
            if word in text:
                found.append(name)
                break
    for run in _RUNS.finditer(text):
        found += [_SHORT[character] for character in run[0] if character in _SHORT]
    return tuple(dict.fromkeys(found))


def find_stages(reading: Reading) -> tuple[str, ...]:
    """School stages named: 学前, 小学, 初中, 高中."""
    return tuple(name for name, pattern in _STAGES if pattern.search(reading.plain.text))
