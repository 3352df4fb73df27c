"""The first gate: a post that names too little of the field cannot be suspected, and is let go without a further look.

The bound is part of what a score means, so it is exact. An *anchor* is a word of school subjects, teaching, children,
training bodies or school places, a guarded word, or a word of a rule's telling signals. A text is *anchored* when its
undisguised form holds a strong anchor (家教, 补课, 入学名额: little else is called so), or two different ones, or one in a
text whose words were spelled otherwise; in a brief text one anchor or one character of the field is enough. The score
of a text that is not anchored is 0: one everyday word in a long text accuses nobody.

`may_be_anchored` answers before disguise is undone, and says no only where that is certain: every form of disguise,
and every anchor less the marks that may stand between its characters, is looked for in the text without those marks
and in the first characters of its lines. Marks taken away can only bring more anchors together. So its no is a proof,
and the quick verdict is the slow one's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.rules import Violation
from core.text import fold, fold_many
from nlp.bare import BareTexts
from nlp.disguise import Change, Disguise, Plain
from nlp.finder import Finder
from nlp.signals import GROUPS
from nlp.words import read_list

TOPICS = ("subjects", "teaching", "children", "training_org", "admission")
NEAR_TOPICS = ("care", "agent", "venue", "outcome", "service", "staff", "employer_tuition")
# Words of the other groups (优惠, 招聘, 通知) stand in every advertisement: they anchor nothing, in a rule either.
GENERAL = frozenset(GROUPS) - {*TOPICS, *NEAR_TOPICS}
TELLING = 0.8  # weight of a rule's signal: what weighs less (还是, 要求) stands in every second post
SHORTEST = 2  # characters of a rule's word: one (元, 保) stands everywhere
# Words of the lists that everybody uses: each was met in posts of the background that teach nobody.
_EVERYDAY = (
    "学费 作业 阅读 思维 机构 教练 导师 学长 学姐 强化 同步 直播 回放 主讲 讲师 集训 冲刺 衔接 系统课 年级 考试 工作室 书院 学堂"
    " 品牌 课程 助教 督学 教材 研学 奖学金 学科 家长 老师 教师 上门 开班 培训 陪伴"
)
EVERYDAY = frozenset(_EVERYDAY.split())
# Words of `admission` that only brokers and those who warn of them use; 录取, 学位 and 关系 are everybody's.
_BROKERED = "入学名额 入学指标 内部名额 办理入学 留位费 占位费 占座费 择校 志愿填报 填志愿 志愿规划 升学规划"
BROKERED = frozenset(_BROKERED.split())
NO_ANCHOR = frozenset(["微信", "关系"])  # a contact, and a word of every news report
BRIEF = 75  # characters: a shorter text has no room for a second word; every longer violation we know has two
# What a brief text may hide in a single character of the field when its words are spelled in ways that we do not know.
SIGNS = frozenset("学课班补教额考训升读愿")


class Gate:
    """Built once from the rules and word lists; holds no state between texts."""

    def __init__(self, rules: Sequence[Violation], folder: Path, disguise: Disguise) -> None:
        self._disguise = disguise
        words, strong = anchors(rules, folder)
        forms = disguise.hidden
        self._words = sorted(words)
        self._strong = frozenset(place for place, word in enumerate(self._words) if word in strong)
        self._anchors = Finder(self._words)
        bare = Counter(map(self._without_marks, words))
        # Two anchors that differ by marks only count as two.
        certain = (
            forms | {self._without_marks(word) for word in strong} | {w for w, n in bare.items() if n > 1}
        )
        self._bare = sorted(forms.union(bare))
        self._certain = frozenset(place for place, word in enumerate(self._bare) if word in certain)
        self._all = Finder(self._bare)

    def may_be_anchored(self, text: str) -> bool:
        """False only when `anchored` is false of the undisguised text."""
        return self.each_may_be_anchored([text])[0]

    def each_may_be_anchored(self, texts: Sequence[str]) -> list[bool]:
        """`may_be_anchored` of each text."""
        return self.each_bare(self._disguise.lay_all_bare(fold_many(texts)), texts) if texts else []

    def each_bare(self, bare: BareTexts, texts: Sequence[str]) -> list[bool]:
        """The same for texts that were laid bare already, with one search for all of them."""
        found: list[set[int]] = [set() for _ in texts]
        for number, start, _ in self._all.find(bare.joined):
            found[bisect_right(bare.ends, start)].add(number)
        answers = [
            _enough(numbers, self._certain)
            or (len(text) < BRIEF and _enough_in_brief(numbers, bare.folded.text(place), len(text)))
            for place, (numbers, text) in enumerate(zip(found, texts, strict=True))
        ]
        for place in bare.lines:
            spelled = "" if answers[place] else self._disguise.spelled_down(bare.folded.text(place))
            answers[place] = answers[place] or (bool(spelled) and self._disguise.named_in(spelled))
        return answers

    def anchored(self, plain: Plain) -> bool:
        """Whether the undisguised text is anchored."""
        hits = self._anchors.find(plain.text)
        found = {hit[0] for hit in hits}
        if _enough(found, self._strong) or _enough_in_brief(found, plain.text, len(plain.original)):
            return True
        return bool(found) and any(self._by_form(plain, change) for change in plain.changes)

    def _by_form(self, plain: Plain, change: Change) -> bool:
        """Whether the word was spelled otherwise: marks alone (高 中) part the characters of honest lists, too."""
        return self._disguise.lay_bare(plain.original[change.start : change.end]).text != change.plain

    def _without_marks(self, word: str) -> str:
        left = "".join(character for character in word if character not in self._disguise.dropped)
        return left or word


def _enough(found: set[int], certain: frozenset[int]) -> bool:
    """Whether these anchors are enough for a text of any length."""
    return len(found) > 1 or not found.isdisjoint(certain)


def _enough_in_brief(found: set[int], text: str, length: int) -> bool:
    return length < BRIEF and (bool(found) or not SIGNS.isdisjoint(text))


def anchors(rules: Iterable[Violation], folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """All anchors, and the strong ones among them."""
    lists = {name: frozenset(read_list(folder, name)) for name in GROUPS}
    guarded = frozenset(read_list(folder, "guarded"))
    topical = guarded.union(*(lists[name] for name in TOPICS)) - NO_ANCHOR
    general = NO_ANCHOR.union(*(lists[name] for name in GENERAL))
    said: set[str] = set()
    for signal in (signal for rule in rules for signal in rule.signals if signal.weight >= TELLING):
        for word in signal.words:
            said.update(lists.get(word[1:], ()) if word.startswith("@") else [fold(word)])
    strong = (guarded | lists["teaching"] | lists["training_org"] | BROKERED) & topical
    weak = lists["children"] | lists["subjects"] | EVERYDAY
    return topical | {word for word in said - general if len(word) >= SHORTEST}, strong - weak
