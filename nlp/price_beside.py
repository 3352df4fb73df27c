"""Prices that are told by what stands right beside the number: who pays it, what it is paid for, what comes back for it.

Each test is made only where the number stands before or behind a character with which it can hold.
"""

from __future__ import annotations

from core.pattern import late
from nlp.price_sight import Sight
from nlp.price_words import BEFORE, FEW, SPOKEN, YEAR
from nlp.scan import Ending, first_characters

_SUM = rf"(?:[0-9]{{2,4}}(?:\.[0-9]{{1,2}})?|[0-9],[0-9]{{3}}|[{SPOKEN}]{{2,5}})元?"
_UNCOUNTED = r"(?![0-9.:%分名人岁个位道题页字节次课天号点年月日本级斤平公里度毫滴粒片克颗组届米张票钻cmk])"
# Who pays, and when: one such word beside another, each with its number, is a list of prices (大人58小孩38).
_PAYER = r"(?:(?:大人|成人|儿童|小孩子?|全价|半价|早鸟|现场|单人|双人|(?<!非)会员|非会员|周[末中]|平[日时]|工作日|节假日|[旺淡]季|[一两]大[一两]小)(?:票|价|套餐)?|(?:学生|老生|新生|男士|女士)(?:票|价|套餐))"
_PAYERS = rf"(?:{_PAYER}|(?:老人|孩子|家长|老师)(?:票|价)?)"
_GAP = r"[,、/;| \t]{0,2}"
_PAID_BY = Ending(late(rf"{_PAYERS}:?$"))
_AGED = late("(?:老人|孩子|家长|老师):?$")  # 老人80,小孩10 are as old
# Doses, heights and fevers are told in such rows as well.
_DOSED = r"(?![^。;!?\n]{0,6}(?:每[日次]|[一1]日|体温|毫升|ml|mg|身高|规模))"
_AND_PAYER = late(rf"{_GAP}{_PAYERS}:?{_SUM}{_UNCOUNTED}{_DOSED}")
_NOT_DOSED = late(_DOSED)
_PAYER_TOO = late(rf"{_PAYER}:?{_SUM}{_GAP}{_PAYERS}:?$")
LEAST_PAYER = 8  # yuan; below it stand heads: 大人2小孩1

# What is paid in and what comes back for it: 充100送20, 满300减50.
_PAID_IN = Ending(
    late(r"(?:(?<!补)充值?|(?<![公成相杂])[交缴]|预?存|冲|办卡|消费|囤|[每单]满|(?<![未不])满)$")
)
_BACK = r"(?:立?减|[立直]降|[再可]?[送返得抵当](?:现金?|话费|红包)?|返现)"
_COMES_BACK = late(
    rf"元?(?:(?:即|就|可|立)?{_BACK}{_SUM}{_UNCOUNTED}|(?:包邮|起送|可用|[还再即就]送|享[0-9一二三四五六七八九半]))"
)
_CAME_BACK = late(rf"(?:充值?|存|冲|满|消费|囤|办卡){_SUM}(?:即|就|可|立)?{_BACK}$")
_BACK_SOON = Ending(late(rf"{_BACK}$"))
LEAST_PAID_IN = 20  # yuan; below it lessons are given with lessons: 满10送2

# What the sum is called that stands behind it: 交了三百信息费, 退我50押金.
_CALLED = late(
    r"[ ]?的?(?:[当做作]?(?:信息费|中介费|介绍费|报名费|学费|资料费|书本?费|差价|手续费|服务费|管理费|教材费|材料费|房费|生活费|路费|车费|饭费|餐费|伙食费|住宿费|班费|会费|违约金|押金|订金|定金|诚意金|保证金|房租|租金|购物卡|加油卡|房补|餐补|车补|路补|补[贴助]|生活补[贴助]|全勤|奖金|工资|契税|罚款|红包|代金券|抵用券|优惠券|押[一二三半]付|奖学金|(?:考务|场地|培训|课时|辅导|加急|配送)费))"
)
LEAST_CALLED = 10  # yuan
# What was or is got for it: 4399入手, 19.9体验两节.
_GOT = late(
    r"\s?(?:入手|先拍|一起(?:拿走|带走|出)|买[入来](?=[的,。;!?\n]|$)|购入|拿(?:链接|资料|课|货)|秒发(?=[,。;!?\n]|$|货|链接)|收的|试听|体验(?=[一两三四五]|课|[,。;!?\n]|$)|抢(?!答|险|救|购)|秒杀(?![敌了])|自动发货|自提|包邮|[一两三四五][节次堂])"
)
LEAST_GOT = 9  # yuan
# A sum that ends as prices end: 体验课9.9, 绘本39.9.
_ENDS_DEAR = late(r"[0-9]{1,3}\.(?:9|99|8|88)")
_PRICED_DEAR = late(r"(?:[0-9]?9|[1-9][0-9]9)\.9")  # 9.9, 29.9, 199.9: at the head of a clause nothing else
LEAST_DEAR = 1.8  # yuan; below it stand eyes and shares
_SCORED = late(
    r"(?:[分评温烧均涨降达增率绩点近约超重高长到从力度眼值第在是有瓣铺试数语综球跑泳米水操酐醇氧压节围级速耗幕电量腺肪酸糖脂]|gpa|雅思|托福|视力|体温|血糖|尿酸|[a-z0-9])[: ]?$"
)
_SOLD_SOON = late(r"(?:[\u4e00-\u9fff】)]|^) ?$")
_CLAUSE_ENDS = late(r"\s?(?:[,。;!?、|\n)+]|$)|\s(?:网盘|自动|秒)")
# What was spent so and for what: 花三千找了个一对一.
_SPENT = Ending(late(r"(?:(?<![桂棉雪葱菊烟火鲜])花|悬赏|交|付|掏|凑|砸)[了掉过出]?$"))
_TO_GET = late(r"(?:找|请|买|报|让|占|办|换|补|学|上(?!下)|进|就|才|又|的)")
LEAST_SPENT = 100  # yuan
# The same of so much that it can be nothing else: 退了3600还记过, 花4000给我报.
_SPENT_MUCH = Ending(
    late(r"(?:(?<![桂棉雪葱菊烟火鲜])花|(?<![消倒后])退|赔|罚|掏|亏|被?骗|砸)[了掉过走出我他她]?$")
)
# The same behind the number, and before it, of hundreds: 还剩4600没退, 剩下1400开课交, 还差1660.
_MUCH_LATER = late(r"多?(?:没退|未退)|(?:开课|到店|见面|当面)[再时前]?[交付](?![易流作接])")
_MUCH_BEFORE = Ending(
    late(
        r"(?:(?<![考班赛线])还差|剩下|余下|另有|已经?凑到|筹到|退[回还款]|[您你]得|[(](?:原来?|平时|官方|门市|市价|单买))$"
    )
)
_BOUGHT = late("多?买的(?![时人])")  # 当年5298买的; 618 and 11.11 are days
LEAST_HUNDREDS = 300  # yuan: below it stand days, people, marks and fevers
LEAST_MUCH = 1000  # yuan
_NO_YUAN = frozenset("钻金票点分步才")  # what games are paid with, marks and steps
_SENT = late(r"\s?(?:包邮|自动发货|秒发(?=[,。;!?\n]|$|货|链接))")  # whatever stands before: 整套36包邮
# 8000以上 between two stops is a wage; marks, hills and readings lie below.
_BOUND, LEAST_BOUND = late(r"以[上内下](?=[,。;!?\n]|$)"), 2000
_AN_HOUR, LEAST_HOUR = late(r"以内一(?:小时|次)(?=[都也,。;!\n]|$)"), 100
_MEASURED = late("海拔|缺氧|[高低线强分板]")  # what such a number measures

# One to four 块 are a thing's pieces, unless somebody adds, takes off or pays them: 评价返一块, 每多一公里加两块.
_SMALL = Ending(late(r"(?:[返罚赔]|每[页张])$"))
_SMALL_MORE = Ending(
    late(r"(?:[返罚赔涨降省退]|便宜|只收|每[页张斤]|(?:公里|小时|分钟|一?[次单套本])[加补减少])了?$")
)

# What follows a number of so many yuan and more, anywhere, and where it is the head of its clause.
_LEAST_LATER = ((_MUCH_LATER, LEAST_HUNDREDS), (_BOUGHT, LEAST_MUCH))
_LEAST_HEADED = (*_LEAST_LATER, (_AN_HOUR, LEAST_HOUR), (_GOT, LEAST_GOT))

# Characters one of which stands before or behind the number where any of this holds.
_BEFORE_IT = frozenset().union(
    *(ending.last or () for ending in (_PAID_BY, _PAID_IN, _BACK_SOON, _SPENT_MUCH, _MUCH_BEFORE))
)
_BEHIND_IT = frozenset().union(
    *(
        first_characters(words) or ()
        for words in (_CALLED, _GOT, _TO_GET, _SENT, _BOUND, _AN_HOUR, _MUCH_LATER, _BOUGHT)
    )
)


def is_told_beside(sight: Sight) -> bool:
    """Whether words right beside the number make it a sum of money. It counts nothing, as the caller knows."""
    ahead, behind = sight.before[-1:] in _BEFORE_IT, sight.text[sight.end : sight.end + 1] in _BEHIND_IT
    if not (ahead or behind or "." in sight.words):  # most numbers: one look
        return False
    if sight.words in FEW or YEAR.fullmatch(sight.words):
        return False
    if ahead and any(told(sight) for told in (_is_listed_by_payer, _comes_back, _is_spent, _is_left)):
        return True
    return (behind and _is_for_something(sight)) or _ends_dear(sight)


def is_small_change(sight: Sight) -> bool:
    """Whether a few 块 at the end of a clause are money by what is done with them."""
    done = _SMALL if sight.value < 2 else _SMALL_MORE
    return bool(done.search(sight.before) and _CLAUSE_ENDS.match(sight.text, sight.end))


def _is_listed_by_payer(sight: Sight) -> bool:
    if sight.value < LEAST_PAYER or not _PAID_BY.search(sight.before):
        return False
    if _PAYER_TOO.search(_left(sight)):
        return bool(_NOT_DOSED.match(sight.text, sight.end))
    return bool(_AND_PAYER.match(sight.text, sight.end) and not _AGED.search(sight.before))


def _comes_back(sight: Sight) -> bool:
    if sight.value >= LEAST_PAID_IN and _PAID_IN.search(sight.before):
        return bool(_COMES_BACK.match(sight.text, sight.end))
    return bool(_BACK_SOON.search(sight.before) and _CAME_BACK.search(_left(sight)))


def _is_spent(sight: Sight) -> bool:
    return (
        sight.value >= LEAST_MUCH
        and sight.text[sight.end : sight.end + 1] not in _NO_YUAN
        and bool(_SPENT_MUCH.search(sight.before))
    )


def _is_left(sight: Sight) -> bool:
    """What is still to pay, or was paid back, at the end of its clause."""
    if sight.value < LEAST_HUNDREDS or not _MUCH_BEFORE.search(sight.before):
        return False
    return bool(_CLAUSE_ENDS.match(sight.text, sight.end))


def _left(sight: Sight) -> str:
    """What stands before the number, across the end of a clause."""
    return sight.text[max(0, sight.start - BEFORE - 4) : sight.start]


def _is_for_something(sight: Sight) -> bool:
    """Whether what the sum pays for follows it."""
    if sight.value >= LEAST_CALLED and _CALLED.match(sight.text, sight.end):
        return True
    if sight.value >= LEAST_SPENT and _SPENT.search(sight.before) and _TO_GET.match(sight.text, sight.end):
        return True
    if sight.spoken:
        return False
    if sight.value >= LEAST_GOT and _SENT.match(sight.text, sight.end):
        return True
    if not sight.before and sight.value >= LEAST_BOUND and _BOUND.match(sight.text, sight.end):
        return not _MEASURED.search(sight.text[max(0, sight.start - 10) : sight.end + 10])
    least = _LEAST_LATER if sight.before else _LEAST_HEADED
    return any(sight.value >= value and words.match(sight.text, sight.end) for words, value in least)


def _ends_dear(sight: Sight) -> bool:
    if sight.value < LEAST_DEAR or "." not in sight.words or not _ENDS_DEAR.fullmatch(sight.words):
        return False
    before = sight.before
    if _GOT.match(sight.text, sight.end) or (not before and _PRICED_DEAR.fullmatch(sight.words)):
        return True
    return bool(
        _SOLD_SOON.search(before)
        and before
        and not _SCORED.search(before)
        and _CLAUSE_ENDS.match(sight.text, sight.end)
    )
