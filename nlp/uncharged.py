"""Prices that nobody is charged: wages, gifts, savings, what others ask, and old prices beside new ones.

A sum over the limit is stated of a person by itself (`nlp.fees`), so a price counts only where it may be the fee.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.model import Entity
from core.pattern import late
from nlp.taken_off import left_of

_BEFORE = 14  # characters before a price in which a word may say what it is
# Money that is paid to somebody, not by parents. A wage is named in the clause before (待遇从优,8000), a prize is not.
_WAGE = late(
    r"(?:薪|工资|待遇|保底|酬|提成|日结|租|罚款?|涉案|被骗|骗走|退[费还][^。;\n]{0,4}计)[^。;\n]{0,6}$"
    r"|(?:补贴|奖|悬赏|所得|工钱|给到|退费|退还|返还|[赚挣]|收入|[年月日]入|营业额|流水|注册资本|转让费|加盟|安家费)[^,。;\n]{0,6}$"
)
# What a gift or a course is worth, and what it costs elsewhere.
_WORTH = late(r"(?:价值|市场价|市面|外[面边头]|别家|别处|别的机构|其[他它]机构)[^,。;\n]{0,7}$")
# What is given, saved or counted as money, told at once before the number; 江苏省 and 全省 save nothing, 名额已满 is no threshold.
_GIVEN = late(
    r"(?:(?<!接)送(?:[你您]|出)?|返(?:现金?|利|[你您])?|减免?|优惠|直降|抵(?:扣|用|现)?|(?<![招报额已人期员爆])满"
    r"|(?<![江苏浙东西南北川徽建州宁肃海林湾全本外该我两各跨邻])省[了下出]?"
    r"|[充存交][^,。;\n]{1,8}[当得变享])(?:约|近|高达|最高|[:\s])?$"
)
_GIFT = late(
    r"\s?的?(?:大?礼[包品盒]|[大豪好]礼|红包|(?:代金|现金|优惠|抵[扣用]|课程)?券|[奖助]学金|契税|房租|租金|[房餐车路]补|生活补|补[贴助]|工资|奖金|罚款|违约金|全勤)"
)
# What somebody tells of having spent: 花八千报了个班.
_SPENT, _SPENT_ON = late("花[了掉过出]?$"), late("[找请报让买占换补]")
# An old price is the fee, unless a lower one stands beside it or something is taken off it.
_OLD = late(r"(?:原[价来先]|门市价|划线价|标价|日常价|平[时日]|以前)[^,。;\n0-9]{0,6}$")
_OFF = late(
    r"[^。;!?\n]{0,12}?(?:[0-9一二三四五六七八九]折|半价|[立直再]减|直降|减免|立省|秒杀|免费(?!试|体验|[送赠测评提]))"
)
_NEW = late(r"(?:现|今|活动|优惠|早鸟|团|券后|到手|特|限时|只要|仅)[^,。;\n0-9]{0,5}$")
# What is paid before the fee or beside it is no lower price.
_BESIDE = late(r"(?:[定订押]金|诚意金|保证金|资料|教材|书本|讲义|报名费|餐|住宿|试听|体验)[^,。;\n0-9]{0,4}$")
_REACH = 30  # characters from an old price to the new one: one line of an advertisement
# What stands between a new price and the old one behind it: 2680元(原价6800元).
_BEHIND = late(r"\W{0,2}(?:原|门市|划线|标|日常|平)[^,。;\n0-9]{0,4}$")
_PARTS = frozenset({"hour", "lesson", "day", "week"})
_WHOLE = frozenset({"none", "package", "term", "year"})  # units of prices that pay for everything


class AskedPrice(NamedTuple):
    """A price that is asked now: `yuan` of it are, and `end` is where what was taken off it stands, if anything was."""

    price: Entity
    yuan: float
    end: int | None = None


class _Priced(NamedTuple):
    """A price in the folded text, with the words before it."""

    yuan: float
    unit: str | None
    start: int
    end: int
    before: str


def charged(plain: str, prices: Sequence[Entity], places: Sequence[tuple[int, int]]) -> list[Entity]:
    """Those of `prices` that parents may be charged; `places` say where they stand in the folded text `plain`."""
    read = _read(plain, prices, places)
    return [price for price, one in zip(prices, read, strict=True) if not _is_no_fee(plain, one)]


def asked_now(plain: str, prices: Sequence[Entity], places: Sequence[tuple[int, int]]) -> list[AskedPrice]:
    """`prices` less what is taken off them, without the old ones that a lower one stands beside."""
    read = _read(plain, prices, places)
    found = (_asked(plain, price, read, number) for number, price in enumerate(prices))
    return [asked for asked in found if asked]


def yuan(price: Entity) -> float:
    """What a price comes to, at least."""
    return float(price.value.split("-")[0])


def _read(plain: str, prices: Sequence[Entity], places: Sequence[tuple[int, int]]) -> list[_Priced]:
    return [
        _Priced(yuan(price), price.unit, start, end, plain[max(0, start - _BEFORE) : start])
        for price, (start, end) in zip(prices, places, strict=True)
    ]


def _is_no_fee(plain: str, price: _Priced) -> bool:
    words = (_WAGE, _WORTH, _GIVEN)
    spent = _SPENT.search(price.before) and _SPENT_ON.match(plain, price.end)
    return bool(spent or _GIFT.match(plain, price.end)) or any(word.search(price.before) for word in words)


def _asked(plain: str, price: Entity, prices: Sequence[_Priced], number: int) -> AskedPrice | None:
    """What is asked of this price; None where it is an old one that nobody pays any more."""
    one = prices[number]
    old = bool(_OLD.search(one.before))
    if old and _is_undercut(plain, prices, number):
        return None
    left = left_of(plain, one.end, one.yuan) if one.unit in _WHOLE and "-" not in price.value else None
    if left is None:
        return None if old and _OFF.match(plain, one.end) else AskedPrice(price, one.yuan)
    written = any(other.yuan == left.yuan for other in prices)  # what is left is a price of its own
    return None if written else AskedPrice(price, left.yuan, left.end)


def _is_undercut(plain: str, prices: Sequence[_Priced], number: int) -> bool:
    """Whether a lower price took the place of this old one."""
    old = prices[number]
    after, ahead = prices[number + 1 : number + 2], prices[max(0, number - 1) : number]
    return any(_is_new(new, old) and _is_near(plain[old.end : new.start]) for new in after) or any(
        _is_new(new, old) and _BEHIND.match(plain[new.end : old.start]) for new in ahead
    )


def _is_near(between: str) -> bool:
    return len(between) <= _REACH and "\n" not in between


def _is_new(new: _Priced, old: _Priced) -> bool:
    """Whether `new`, if it stands near by, is the price that took the place of `old`."""
    if new.yuan >= old.yuan or new.unit == "deposit" or _BESIDE.search(new.before):
        return False
    # A lesson costs less than a course and undercuts none, unless the text says that this is the price now.
    alike = new.unit == old.unit or not {new.unit, old.unit} & _PARTS
    return alike or bool(_NEW.search(new.before))
