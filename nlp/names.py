"""Names in a text: institutions, addresses and persons with a title.

Each is looked for from its ending (公司, 号, 老师) backwards over a few characters, so that a page of nothing but 路 costs
no more than any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

Found = tuple[str, str, int, int]  # kind, value, start, end

_HAN = re.compile(r"[\u4e00-\u9fff]+$")
_LONGEST = 14  # characters before an ending that may belong to the name
# Words after which a name begins.
_OPENS = re.compile(
    r"(?:地址|位于|就在|在|住|到|来|去|校区|坐标|地点|学员|欢迎|加入|选择|联系|报名|走进|我们是|我是|这里是|是|由|找|和|与|及|的|了|了解|附近|旁边|对面|本|原|转让|招聘|诚聘|家长|店名|名称|关于|同意|通知|推荐|搜|致电|详情|让|把|要|群|校址|现址?|您好|这是)"
)
_INSTITUTION = re.compile(
    r"有限(?:责任)?公司|(?:培训|补习|辅导|文化)学校|(?:培训|辅导|教育|托管|家教|学习|服务|补习)中心|[托晚]托班|托管班|家教网|学堂|书院|书屋|工作室|研习社|学社"
    r"|教育(?![局部厅法学类机培孩平系质资咨家行理界体基集方工水经专公发改年阶目科辅课要综督领管格中信文])|家政(?![服公平阿员行])|自习室|[学维]馆|国学馆"
)
_STREET = re.compile(
    r"(?:路|街|大道|巷|弄|胡同|大街|道)(?P<no>[0-9]{1,5}[号弄](?:院)?(?:[\u4e00-\u9fffa-z0-9\-]{0,8}?(?:楼|层|室|栋|单元|座|店)){0,3})"
)
_ESTATE = re.compile(
    r"(?:花园|小区|家园|大厦|广场|写字楼|公馆|名邸|华庭|嘉园|佳苑|商务楼|创业园|产业园|商业城|购物中心|新村)(?:[a-z0-9]{1,4}(?:座|栋|号楼|楼|幢|室)(?:[0-9]{1,4}(?:室|号)?)?)?"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文高"
)
_PERSON = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:联系人?|找|加|询|电|我是|请)?[: ]?(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:老师|教练|女士|先生|校长|院长|主任|教授|阿姨|师傅))"
)
_TITLED = re.compile(rf"(?P<name>[{_SURNAMES}](?:老师|女士|先生|校长|院长))(?![傅\u200b])")
_BRACKET = re.compile(r"【(?P<name>[\u4e00-\u9fffa-z0-9·]{2,14})】")
_BRAND = re.compile(
    "教育|学校|书院|学堂|家教|培训|辅导|托管|中心|家政|工作室|公司|学社|教员|师院|书屋|画室|琴行|俱乐部|幼儿园|少年宫|馆|学习|课堂|教室|社"
)


PATTERNS = {
    "institution": _INSTITUTION, "bracket": _BRACKET, "street": _STREET, "estate": _ESTATE, "person": _PERSON,
    "titled": _TITLED,
}  # fmt: skip


def find_names(text: str, searches: Collection[str] = PATTERNS.keys()) -> Iterator[Found]:
    """Institutions, addresses and persons of folded `text`; `searches` names the patterns that may match."""
    if "institution" in searches:
        yield from _institutions(text)
    if "bracket" in searches:
        for match in _BRACKET.finditer(text):
            if _BRAND.search(match["name"]):
                yield "institution", match["name"], *match.span("name")
    yield from _addresses(text, searches)
    for search in ("person", "titled"):
        if search in searches:
            for match in PATTERNS[search].finditer(text):
                yield "person", match["name"], *match.span("name")


def _institutions(text: str) -> Iterator[Found]:
    done = 0
    for match in _INSTITUTION.finditer(text):
        start = _from(text, match.start(), done)
        if match.start() - start >= 2 and not _common(text[start : match.start()]):
            done = match.end()
            yield "institution", text[start:done], start, done


def _addresses(text: str, searches: Collection[str]) -> Iterator[Found]:
    for search, pattern in (("street", _STREET), ("estate", _ESTATE)):
        if search not in searches:
            continue
        done = 0
        for match in pattern.finditer(text):
            start = _from(text, match.start(), done)
            if match.start() - start >= 2 or (pattern is _STREET and match.start() > start):
                done = match.end()
                yield "address", text[start:done], start, done


def _common(name: str) -> bool:
    return any(name.endswith(word) for word in _COMMON_ENDS)


_COMMON_ENDS = (
    "家庭", "素质", "义务", "学前", "应试", "成人", "职业", "高等", "基础", "继续", "早期", "安全", "心理", "健康", "艺术", "体育", "思想",
    "特殊", "校外", "线上", "在线", "远程", "课外", "小学", "初中", "高中", "中学", "国家", "英语", "数学", "语文", "接受", "劳动", "技术",
    "幼儿", "儿童", "少儿", "民办", "公办", "正规", "专业", "一家", "某个", "这家", "各类", "所有", "付费", "共享", "沉浸", "个人", "公司",
    "的", "对", "受", "重视", "科学", "法制", "法治", "道德", "爱国", "我的", "公益", "国际", "从事", "全国", "区", "市", "省", "县", "开个", "做", "搞", "主题", "纪律", "学习", "传统", "党", "警示", "宣传", "研究生", "大学", "学校", "超过", "全民",
)  # fmt: skip


def _from(text: str, end: int, done: int) -> int:
    """Where the name that ends at `end` begins: after the last word that opens one, at most _LONGEST back."""
    before = _HAN.search(text[max(done, end - _LONGEST) : end])
    if not before:
        return end
    opened = [match.end() for match in _OPENS.finditer(before[0])]
    return end - len(before[0]) + (opened[-1] if opened else 0)
