"""Names in a text: institutions (`nlp.institutions`), addresses (`nlp.addresses`), persons, years and hours (`nlp.hours`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.pattern import late
from nlp import addresses, hours, institutions

Found = tuple[str, str, int, int]  # kind, value, start, end

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
_PERSON = late(
    rf"{_CALLED}(?P<name>{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?:老师|教练|女士|先生|校长|院长|主任|教授|阿姨|师傅))"
)
_TITLED = late(rf"(?P<name>{_SURNAME}(?:老师|女士|先生|校长|院长))(?![傅\u200b])")
_FAMILIAR = late(rf"{_CALLED}(?P<name>{_SURNAME}(?:姐|哥))(?![姐妹夫哥弟\u200b])")
# A whole name stands alone behind who is asked for; never behind 姓名, which is asked of children.
_NAMED = late(
    rf"(?:联系人|负责人|法定代表人|我叫)[: ]{{0,2}}(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}}?)(?=[^\u4e00-\u9fff]|\Z|电话|手机|微信)"
)


PATTERNS = {
    **institutions.PATTERNS, **addresses.PATTERNS, "person": _PERSON, "titled": _TITLED, "familiar": _FAMILIAR,
    "named": _NAMED, **hours.PATTERNS,
}  # fmt: skip
_PERSONS = ("person", "titled", "familiar", "named")


def find_names(text: str, searches: Collection[str] = PATTERNS.keys()) -> Iterator[Found]:
    """Institutions, addresses, persons, years of school and hours of folded `text`; `searches` names the patterns that may match."""
    yield from institutions.find_institutions(text, searches)
    for search in _PERSONS:
        if search in searches:
            for match in PATTERNS[search].finditer(text):
                yield "person", match["name"], *match.span("name")
    for start, end in addresses.find_addresses(text, searches):
        yield "address", text[start:end], start, end
    yield from hours.find_hours(text, searches)
