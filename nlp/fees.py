"""Fee facts: how many lessons and months one payment covers and what it comes to, beside the limits of the rules.

At most 3 months or 60 lessons may be charged at a time (Ministry of Education and five others, 教监管函〔2021〕2号) and at
most 5,000 yuan (thirteen departments' opinion on non-subject training, 2022; local lists of violations repeat it for all
training). The instruments are not checked against the issuing body's text: facts are hints for a person.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.model import Entity, Reason, Span
from core.pattern import late
from core.text import fold_with_offsets
from nlp.numerals import amount, uncircled
from nlp.scan import scan
from nlp.uncharged import AskedPrice, asked_now, charged, yuan

Kind = Literal["lessons", "months", "sum"]
LIMITS: dict[Kind, float] = {"lessons": 60, "months": 3, "sum": 5000}
PREPAID = "教监管函〔2021〕2号：一次收费不得超过三个月或六十课时"
CEILING = "校外培训预收费单次不超过五千元（各地规定须核对）"
TERM = 4.0  # months of a school term at least: September to January, March to June
YEAR = 12.0
LIFETIME = 120.0  # months that 终身 counts: ten years, the school life of a child

_SPOKEN = "一二两三四五六七八九十百"
_COUNT = rf"(?P<count>[0-9]{{1,4}}|[{_SPOKEN}]{{1,4}})"
_LESSONS = scan(
    rf"{_COUNT}\s?个?(?:课时|节课?|次课|堂课?|讲)(?!\s?/|以[上下]|[义座]|课?(?:每|[一1](?!次[性交付缴收结买报]))|起)"
)
_MONTHS = scan(
    rf"(?<![0-9第])(?:{_COUNT}个月(?![前后内以大龄的了])|(?P<half>半学?年)|(?P<years>[一两二三四五六1-6])学?年(?![级前后内多以来从经教下上开之制前都]|龄)|(?P<year>全学?年|整年|年卡|包年|年费|年课|一年制)|(?P<term>(?:一|整|每|全)?个?学期)|(?P<life>(?:终身|永久)(?!免)))"
)
# A count that is no prepayment: what is left over, what a week holds, which one it is.
_NOT_CHARGED = late(
    r"(?:剩|余|第|每周|每天|每晚|每日|一周|一天|已上|已经|[上跟学教读]了|上过|教过|带过|讲过|累计|还有|满|送|赠|试听|免费|工作|教龄|从业|经验|合同|管理|监管|保修|质保|不超过|超过|不得)[^,。;\n]{0,3}$"
)
# So many weeks with so many lessons each, in either order.
_A_WEEK = r"(?:每|一)周[上学]?"
_WEEKS = rf"(?<![0-9第{_SPOKEN}])(?P<weeks>[0-9]{{1,2}}|[{_SPOKEN}]{{1,3}})个?周(?![一二三四五六日末岁年])"
_EACH = r"(?P<each>[0-9]|[一二两三四五六七])(?:节课?|次课?|堂课?|课时)"
_WEEKLY = (
    scan(rf"{_WEEKS}[^。;!?\n]{{0,4}}?{_A_WEEK}{_EACH}"),
    scan(rf"{_A_WEEK}{_EACH}[^。;!?\n]{{0,4}}?{_WEEKS}"),
)
_NOT_OFFERED = late(r"\s?(?:都|也|暂|已经?|一律)?(?:不[卖收办做设售开]|没有|取消|停[售办])")
_PAYS = "[交付缴收结]"
# Words beside a number of months that say it is paid in one go: beside a price by the month nothing else does.
_GOES_BEFORE = late(r"(?:一次性?|[交付缴报买续]|按|打包|预存)[^,。;\n了过]{0,2}$")
_GOES_AFTER = late(rf"(?:起[交付缴报]|[一1]{_PAYS}|[一1]次性?{_PAYS}|打包|{_PAYS}[一1]次)")
# Paid in parts: then what the whole course holds or costs is not charged at a time ...
_IN_PARTS = late(
    rf"分[几多0-9{_SPOKEN}]{{0,2}}(?:次|批|笔|个?[月季])(?:{_PAYS}|支付)|分[几多0-9{_SPOKEN}]{{1,2}}期(?:{_PAYS}|支付)|按[次课节月季周]度?(?:{_PAYS}|支付)"
    rf"|(?:每个?月|每季度?|每节?课|每次课)[^,。;\n0-9]{{0,2}}{_PAYS}|[一每](?:课|节|次|个?月|季度?)[一1]{_PAYS}|(?<!个)[月季次]结|课后[付交结]|先[上学]课?后[付交]|上[一1][次节]课?[付交结][一1][次节]"
)
# ... unless all at once is offered, too; ... but a part can itself be over the limit.
_AT_ONCE = late(rf"(?<![不无免非])(?<![不无][用必需须要是])[一1]次性?(?:{_PAYS}|买|报)")
_A_PART = late(r"(?:每|首|第一)(?:次|期|笔|批|季度?|回)[^,。;\n]{0,9}$")
_AROUND = 40  # characters on either side in which the way of paying is said: a line of an advertisement
_DEAREST = 3000  # yuan; no lesson and no month costs more, and what is read so is multiplied into nonsense
_TIMES = frozenset({"hour", "day", "week", "month"})
_RATES = _TIMES | {"lesson", "deposit"}
_LINE = late(r"[;\n]")
_SENTENCE = late(r"[。!?\n]")
_NEAR = (
    24  # characters between a count and the price that is charged for it: one sentence of an advertisement
)


@dataclass(frozen=True)
class FeeFact:
    """What one payment covers (`lessons`, `months`) or comes to (`sum`, yuan), and where the text says it."""

    kind: Kind
    value: float
    spans: tuple[Span, ...]
    worked_out: str = ""  # how, in words for an officer; empty where the text says the number

    @property
    def over(self) -> bool:
        """Whether it is more than the rule allows."""
        return self.value > LIMITS[self.kind]


def fee_facts(text: str, entities: Sequence[Entity]) -> tuple[FeeFact, ...]:
    """All fee facts of `text` in order of place; `entities` are `nlp.entities.find_entities(text)`.

    A count is believed only beside a price that parents pay; sums that are not written are worked out (130 a lesson,
    73 lessons).
    """
    prices = [item for item in entities if item.kind == "price"]
    if not prices:
        return ()
    plain, origins = fold_with_offsets(text)
    read = _Text(text, uncircled(plain), origins)
    prices = charged(read.plain, prices, read.places(prices))
    asked = asked_now(read.plain, prices, read.places(prices))
    facts = [*_covered(read, prices), *_sums(read, asked)]
    facts += _products([item.price for item in asked], facts)
    return tuple(sorted(facts, key=lambda fact: fact.spans[0].start))


def fee_reasons(facts: Sequence[FeeFact]) -> tuple[Reason, ...]:
    """Reasons for FEE_VIOLATION: one for each fact over its limit, in words for an officer."""
    return tuple(
        Reason(
            signal=f"prepaid_{fact.kind}",
            span=fact.spans[0],
            weight=1.0,
            meaning=_meaning(fact),
            clause=CEILING if fact.kind == "sum" else PREPAID,
        )
        for fact in facts
        if fact.over
    )


def with_counts(facts: Sequence[FeeFact], entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """`entities` of a text with the lessons and months that one payment covers, in order of place.

    Their `value` is that number, worked out where the text says it by weeks; a term and a lifetime are left out, whose months are our guess.
    """
    counts = [
        Entity(kind=fact.kind, value=f"{fact.value:g}", span=fact.spans[0])
        for fact in facts
        if fact.kind == "lessons" or (fact.kind == "months" and fact.value not in (TERM, LIFETIME))
    ]
    if not counts:
        return entities
    return tuple(sorted((*entities, *counts), key=lambda item: (item.span.start, item.kind)))


def is_too_much(fact: FeeFact) -> bool:
    """Whether a fact alone makes a post a fee violation. A term is not: how long it is is our guess."""
    return fact.over and (fact.kind != "months" or fact.value > TERM)


def is_long(fact: FeeFact) -> bool:
    """Whether it is what the labelling conventions call prepaid: a year and longer, or more than sixty lessons."""
    return fact.over and (fact.kind == "lessons" or (fact.kind == "months" and fact.value >= YEAR))


def _meaning(fact: FeeFact) -> str:
    number = f"{fact.value:g}"
    if fact.kind == "lessons":
        return f"一次收取{number}课时的费用，超过60课时"
    if fact.kind == "months":
        return (
            f"一次收取约{number}个月的费用，超过3个月"
            if fact.value < LIFETIME
            else "一次收取长期费用，超过3个月"
        )
    return f"一次收费{number}元{fact.worked_out}，超过5000元"


@dataclass(frozen=True)
class _Text:
    original: str
    plain: str
    origins: list[int]

    def span(self, match: re.Match[str]) -> Span:
        start, end = self.origins[match.start()], self.origins[match.end() - 1] + 1
        return Span(start=start, end=end, text=self.original[start:end])

    def through(self, span: Span, end: int) -> Span:
        """A span of the original and what follows it up to `end` of `plain`."""
        last = self.origins[end - 1] + 1
        return Span(start=span.start, end=last, text=self.original[span.start : last])

    def place(self, span: Span) -> tuple[int, int]:
        """Where a span of the original stands in `plain`."""
        return bisect_left(self.origins, span.start), bisect_left(self.origins, span.end)

    def places(self, entities: Sequence[Entity]) -> list[tuple[int, int]]:
        """Where entities stand in `plain`."""
        return [self.place(item.span) for item in entities]

    def is_in_parts(self, start: int, end: int) -> bool:
        """Whether the text says of what stands from `start` to `end` of `plain` that it is paid bit by bit."""
        left, right = self.plain[max(0, start - _AROUND) : start], self.plain[end : end + _AROUND]
        near = _LINE.split(left)[-1] + self.plain[start:end] + _LINE.split(right)[0]
        return bool(_IN_PARTS.search(near)) and not _AT_ONCE.search(near) and not _A_PART.search(left)


def _covered(read: _Text, prices: Sequence[Entity]) -> Iterator[FeeFact]:
    for kind, match, value in _counts(read.plain):
        span = read.span(match)
        before = read.plain[max(0, match.start() - 8) : match.start()]
        if (
            value
            and not _NOT_CHARGED.search(before)
            and not _NOT_OFFERED.match(read.plain, match.end())
            and _is_paid(read, match, kind, prices)
            and not read.is_in_parts(*match.span())
        ):
            yield FeeFact(kind, value, (span,))


def _counts(plain: str) -> Iterator[tuple[Kind, re.Match[str], float]]:
    """All numbers of lessons and months that are written, and lessons a week times weeks."""
    for match in _LESSONS.finditer(plain):
        yield "lessons", match, _value(match)
    for match in _MONTHS.finditer(plain):
        yield "months", match, _value(match)
    for weekly in _WEEKLY:
        for match in weekly.finditer(plain):
            yield "lessons", match, _number(match["weeks"]) * _number(match["each"])


def _value(match: re.Match[str]) -> float:
    found = match.groupdict()
    if found["count"]:
        return _number(found["count"])
    if found.get("years"):
        return 12 * _number(found["years"])
    lengths = {"half": 6.0, "year": 12.0, "term": TERM, "life": LIFETIME}
    return next(months for name, months in lengths.items() if found[name])


def _number(words: str) -> float:
    return float(words) if words.isdigit() else amount(words) or 0.0


def _is_paid(read: _Text, match: re.Match[str], kind: Kind, prices: Sequence[Entity]) -> bool:
    """Whether a price stands in the same sentence, near by. A rate by the hour or day pays no lot of lessons."""
    span = read.span(match)
    after = bisect_left(prices, span.start, key=_start)
    for price in prices[
        max(0, after - 2) : after + 2
    ]:  # two neighbours on either side: an old price and a new one
        if price.span.start <= span.start < price.span.end:
            return kind == "months"  # 9800元/年; but 180一节 is a rate
        left, right = sorted(((price.span.start, price.span.end), (span.start, span.end)))
        between = read.original[left[1] : right[0]]
        if len(between) > _NEAR or _SENTENCE.search(between):
            continue
        if price.unit not in _TIMES or (
            price.unit == "month" and kind == "months" and _goes_at_once(read, match)
        ):
            return True
    return False


def _goes_at_once(read: _Text, match: re.Match[str]) -> bool:
    before = read.plain[max(0, match.start() - 8) : match.start()]
    return bool(_GOES_BEFORE.search(before) or _GOES_AFTER.match(read.plain, match.end()))


def _start(price: Entity) -> int:
    return price.span.start


def _sums(read: _Text, asked: Sequence[AskedPrice]) -> Iterator[FeeFact]:
    for price, left, end in asked:
        if price.unit in _RATES or read.is_in_parts(*read.place(price.span)):
            continue
        if end is None:
            yield FeeFact("sum", left, (price.span,))
        else:
            yield FeeFact("sum", left, (read.through(price.span, end),), "（价格减去优惠）")


def _products(prices: Sequence[Entity], facts: Sequence[FeeFact]) -> list[FeeFact]:
    """Sums that are not written: the first rate by the lesson times the lessons, by the month times the months."""
    if any(fact.kind == "sum" and fact.value >= 1000 for fact in facts):
        return []  # the text says what it comes to
    found = []
    for kind, unit in (("lessons", "lesson"), ("months", "month")):
        rate = next((price for price in prices if price.unit == unit), None)
        counts = [fact for fact in facts if fact.kind == kind and 1 < fact.value < LIFETIME]
        if counts and rate and yuan(rate) <= _DEAREST:
            total = yuan(rate) * counts[0].value
            found.append(FeeFact("sum", total, (rate.span, *counts[0].spans), "（单价乘以数量）"))
    return found
