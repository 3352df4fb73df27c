"""Names in a text: institutions, addresses (`nlp.addresses`), persons, years of school and hours (`nlp.hours`).

Each is looked for from its ending (公司, 号, 老师) backwards over a few characters, so that a page of nothing but 路 costs
no more than any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nlp import addresses, hours
from nlp.beginnings import LONGEST, beginning

Found = tuple[str, str, int, int]  # kind, value, start, end

# What an institution of this kind teaches or is; the name proper stands before it.
_TRADE = "(?:课外|课后|校外|文化|语文|英语|数学|外语|艺术|体育|科技|科学|教育|咨询|信息|技术|少儿|儿童|青少年|中小学生?|小学|初中|高中|有限)"
_LEGAL = rf"{_TRADE}{{0,4}}(?:培训|补习|辅导|文化)学校(?:有限(?:责任)?公司)?"
_INSTITUTION = re.compile(
    rf"(?P<legal>{_LEGAL})|有限(?:责任)?公司|(?:培训|辅导|教育|托管|家教|学习|服务|补习)中心|[托晚]托班|托管班|家教网|学堂|书院|书屋|工作室|研习社|学社"
    r"|教育(?![局部厅法学类机培孩平系质资咨家行理界体基集方工水经专公发改年阶目科辅课要综督领管格中信文])|家政(?![服公平阿员行])|自习室|[学维]馆|国学馆"
)
_REGISTERED = 20  # characters before 学校 and 公司: city, district, name
# Chains that everybody calls by the name alone; 新东方 teaches cooks as well.
_CHAIN = re.compile(
    r"(?P<name>新东方(?!烹饪|厨|红)|(?<![好爱博勤])学而思(?!不|则)|猿辅导|作业帮|好未来(?=教育|网校|集团)|高途课堂|掌门1对1)"
)
# 托管 alone is a bank's and a cat's as well: only behind a name such as child-care shops bear.
_CARE = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<name>(?:小(?![区型班学初高孩朋饭时店])|阳光|育|启|博|童(?!年)|晨|慧|金(?![融额毛])|贝|星(?!期)|智(?!能))[\u4e00-\u9fff]{0,3}?托管)(?![班中机构服务\u7684])"
)
_COMPOUND = "欧阳|司马|诸葛|上官|司徒|皇甫|尉迟|慕容|令狐|夏侯|公孙|宇文|端木|(?<!新)东方"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文高"
)
# A word that begins with a surname's character and goes before 老师: 谢绝老师, 周末老师, 高中老师.
_WORDS = (
    "谢绝|谢谢|高中|高[一二三]|高数|高考|高薪|高知|高级|高端|周[一二三四五六日末]|周[边围]|金牌|金奖|王牌|任课|任何|任教|方便|方法|文化|文书|文综|文理|文科|文言"
    "|白天|武术|江苏|康复|夏令|夏天|许多|马上|常[年见用]|钱[打多]|石油|孔子|史地|易错|龙头|毛笔|陆续|唐诗|何时|汤圆|田径|万能|万一|段位|金融|程序|雷同|于是|余[下额]"
)
# The same where the character ends the word: 语文老师, 感谢老师, 课程老师.
_ENDS = (
    "语文|英文|中文|作文|国文|人文|历史|课程|全程|工程|编程|教程|流程|过程|二胡|京胡|不许|属于|善于|位于|用于|至于|基于|几何|健康|主任|担任|信任|责任|胜任|现任|前任|任何|如何|由于|关于|对于|等于|对方|校方|官方|地方|双方|多方|紧张|容易|千万|立马|也许|允许"
    "|业余|其余|感谢|谢谢|答谢|多谢|师傅|祝贺|阶段|学段|现金|非常|日常|经常|平常|明白|提高|司马|夏侯|东方|公孙|宇文|收钱|省钱|多钱"
)
_SURNAME = rf"(?:{_COMPOUND}|(?!{_WORDS})[{_SURNAMES}](?<!{_ENDS}))"
_CALLED = r"(?<![\u4e00-\u9fff])(?:联系人?|找|加|询|电|我是|请)?[: ]?"
_PERSON = re.compile(
    rf"{_CALLED}(?P<name>{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?:老师|教练|女士|先生|校长|院长|主任|教授|阿姨|师傅))"
)
_TITLED = re.compile(rf"(?P<name>{_SURNAME}(?:老师|女士|先生|校长|院长))(?![傅\u200b])")
_FAMILIAR = re.compile(rf"{_CALLED}(?P<name>{_SURNAME}(?:姐|哥))(?![姐妹夫哥弟\u200b])")
# A whole name stands alone behind who is asked for; never behind 姓名, which is asked of children.
_NAMED = re.compile(
    rf"(?:联系人|负责人|法定代表人|我叫)[: ]{{0,2}}(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}}?)(?=[^\u4e00-\u9fff]|\Z|电话|手机|微信)"
)
_BRACKET = re.compile(r"【(?P<name>[\u4e00-\u9fffa-z0-9·]{2,14})】")
_BRAND = re.compile(
    "教育|学校|书院|学堂|家教|培训|辅导|托管|中心|家政|工作室|公司|学社|教员|师院|书屋|画室|琴行|俱乐部|幼儿园|少年宫|馆|学习|课堂|教室|社"
)


PATTERNS = {
    "institution": _INSTITUTION, "bracket": _BRACKET, "chain": _CHAIN, "care": _CARE, **addresses.PATTERNS, "person": _PERSON,
    "titled": _TITLED, "familiar": _FAMILIAR, "named": _NAMED, **hours.PATTERNS,
}  # fmt: skip
# Patterns that say themselves where a name begins, and what it is the name of.
_WHOLE = {
    "bracket": "institution", "chain": "institution", "care": "institution", "person": "person", "titled": "person",
    "familiar": "person", "named": "person",
}  # fmt: skip


def find_names(text: str, searches: Collection[str] = PATTERNS.keys()) -> Iterator[Found]:
    """Institutions, addresses, persons, years of school and hours of folded `text`; `searches` names the patterns that may match."""
    institutions = list(_institutions(text)) if "institution" in searches else []
    yield from institutions
    for search, kind in _WHOLE.items():
        if search in searches:
            for match in PATTERNS[search].finditer(text):
                if _is_one(search, match, institutions):
                    yield kind, match["name"], *match.span("name")
    for start, end in addresses.find_addresses(text, searches):
        yield "address", text[start:end], start, end
    yield from hours.find_hours(text, searches)


def _is_one(search: str, match: re.Match[str], institutions: list[Found]) -> bool:
    """Whether a whole name is more than a heading in brackets, and no part of an institution's that is known."""
    if search == "bracket":
        return bool(_BRAND.search(match["name"])) and not _GENERIC.fullmatch(match["name"])
    return search != "chain" or not any(start <= match.start() < end for _, _, start, end in institutions)


def _institutions(text: str) -> Iterator[Found]:
    done = 0
    for match in _INSTITUTION.finditer(text):
        registered = match["legal"] or match[0].endswith("公司")
        start = beginning(text, match.start(), done, longest=_REGISTERED if registered else LONGEST)
        name = text[start : match.start()]
        if registered and not match["legal"]:
            name = _BUSINESS.sub("", name)
        if len(name) >= 2 and not _common(name):
            done = match.end()
            yield "institution", text[start:done], start, done


# What a company does, at the end of what stands before 有限公司.
_BUSINESS = re.compile(
    "(?:教育|科技|文化|咨询|信息|技术|艺术|体育|管理|服务|传播|发展|传媒|网络|家政|有限)+\\Z"
)


def _common(name: str) -> bool:
    return name in _COMMON or name.endswith(_COMMON_ENDS)


_COMMON_WORDS = (
    "名师 高端 学历 私人 普通 设计 编程 秋季 春季 暑期 寒假 暑假 溺水 防溺水 知名 著名 大型 优质 品牌 连锁 "
    "违规 无证 非法 老师 绘画 考研 考公 考证 附近的 周末 高薪"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_GENERIC = re.compile(
    "(?:一对一|辅导|科目|学校|公司|搬家|小?课堂|家长|法治|概况|培训|学习|家教|家政|教育|中心|招聘|急聘|急招|线上|暑假|寒假|托管|社区|新店|云|内容|要求|时间|地点|价格|收费|方式|机|班|群|派单|派工|简介)+"
)


_COMMON_ENDS = (
    "我们", "咱们", "某某", "做过", "几家", "多家", "两家", "这种", "混", "防溺水", "常年",
    "家庭", "素质", "义务", "学前", "应试", "成人", "职业", "高等", "基础", "继续", "早期", "安全", "心理", "健康", "艺术", "体育", "思想",
    "特殊", "校外", "线上", "在线", "远程", "课外", "小学", "初中", "高中", "中学", "国家", "英语", "数学", "语文", "接受", "劳动", "技术",
    "幼儿", "儿童", "少儿", "民办", "公办", "正规", "专业", "一家", "某个", "这家", "各类", "所有", "付费", "共享", "沉浸", "个人", "公司",
    "的", "对", "受", "重视", "科学", "法制", "法治", "道德", "爱国", "我的", "公益", "国际", "从事", "全国", "区", "市", "省", "县", "开个", "做", "搞", "主题", "纪律", "学习", "传统", "党", "警示", "宣传", "研究生", "大学", "学校", "超过", "全民",
)  # fmt: skip
