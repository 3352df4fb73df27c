"""What must stand near a form that means something else as often: a word of learning near sx, an account near 威信."""

from __future__ import annotations

from core.pattern import late

# 12 characters are about one clause.
NEAR = 12
# Stands at the form's own place in what is near it.
PLACE = "\0"
# Initials ("jj") are undone only near a word of learning.
LEARNING = late(
    "学|课|老师|年级|初[一二三中]|高[一二三中]|[初高][123](?![0-9])|辅|教|提分|孩子|娃|成绩|补|小升初|作业|接单|全科|语|数|理|英|题|班|考|栲|科|分|师"
    "|(?<![a-z])(?:sx|yw|yy|wl|hx|sw|gz|cz|wk)(?![a-z])"
)
# What orders of agencies are made of: near it a stage and its subjects in initials (gzhx) are what they seem. No such
# initials stand in the 60,000 posts of the background.
ORDER = late("接|单|带|找|求|招|小时|[0-9]{2,3}|[一每]次|一节|男|女|家长|私|戳|晚上|周[一二三四五六日末]")
# jj alone is an elder sister, a singer and a fund as well, so one word of an order is not enough: 接jj单, 大三女生接jj,
# 接jj with an hour's wage or a stage.
_ORDER_OF_ONE = late(
    r"[接派有求]\0[ ]?单(?![身曲纯机人手位车独品词刷打排])|\0[ ]?单.{0,8}小[一二三四五六]|\0(?:可[约接]|兼职)"
    r"|(?:大[一二三四]|研[一二三]|大学|在[校读]).{0,6}[接做]\0|[接做找求招]\0.{0,8}(?:小初|初高|小高|小时|时薪|求单|[0-9]/h)"
)
_SINGER = late(r"\0[ ]?(?:单曲|林俊杰|演唱会|新歌|的新[歌专])")
# zk and gk are examinations near what is done for one; 中k and 高k are so nowhere else.
_EXAMINED = "冲[刺次剌充]|复习|押题|真题|倒计时|(?<![上下加值换夜])班(?![车次])"
_EXAM = late(_EXAMINED)
# A chart's 日中k线 and 初中k歌 are none.
_EXAM_ALONE = late(
    rf"(?<![初国最提])\0(?![线歌值0-9]).*(?:{_EXAMINED})|(?:{_EXAMINED})[^\0]{{0,4}}(?<![初国最提])\0(?![线歌值0-9])"
)
# A subject's first character and the initial of its second (语w): at the border of a word, beside another subject or
# behind a stage of school (an adult learns 英y as well), and no quantity (数x=3) nor a number blacked out (数x月).
_SUBJECT = "[语数英物化生]"
_STAGE = "(?:年级|[小初高][一二三四五六]|小学|[初高o]中)"  # o: gao中
_HALVED = late(
    rf"(?:{_SUBJECT}[wxyl][ /+、,]{{0,2}}\0|[语数英物化生文学理][ /+、,]{{1,2}}\0|{_STAGE}\0"
    rf"|(?:{_STAGE}|[小初高][1-6]).{{0,6}}(?<![\u4e00-\u9fff])\0|(?:^|[^\u4e00-\u9fff])\0(?=[ /+、,]{{0,2}}{_SUBJECT}[a-z文学]))"
    rf"(?![0-9=*^<>_]|[+\-](?!{_SUBJECT})|[的是为满乘除轴月日年级点元位名人个对])"
)
# The district stands behind its city: gz天河 is 广州天河. No stage is followed by one.
_GUANGZHOU = late(r"\0[ .·\-]?(?:天河|番禺|越秀|海珠|荔湾|白云|黄埔|花都|南沙|从化|增城|萝岗|大学城)")
# A house, a programme or a firm has initials of its own; a firm of those who teach (jj公司) is what it seems.
_NAMED = late(r"\0(?:大厦|大楼|广场|语音|频道|科技|集团|传媒|小区|花园|酒店|公寓|商场|有限|股份)")
_FIRM = late(r"\0公司")
_TEACHING = frozenset(("fd", "jj", "bk", "bx", "tg", "px", "jg"))
# 小🍠 is the platform 小红书, 红🍠 and 烤🍠 a root; what follows speaks of an account there.
_PLATFORM = late(r"[小大红烤蒸煮紫][ ]?\0|\0(?:友|号|书|体|店|app|私信|同名|博主|主页)")
# 威信 is also the esteem somebody has: WeChat where one is told to add it, or where an account or a contact follows.
_CONTACT = late(
    r"(?:(?<![增更添参])加|[+➕扫搜])[ ]?\0|\0(?:同号|同步|同电|联系|咨询|扫码|二维码|群(?!众)|号(?!召)|[ :是为]{0,3}(?:[a-z][a-z0-9_\-]{2}|[0-9]{5}))"
)
# 1:1 is one teacher and one pupil before what such a teacher does or right behind a subject; else a scale (1:1还原).
_TUTORED = late(
    r"(?<![比例按分成])(?<![比例按分成][ ])\0[ ]?(?:(?:线上|在线|专业|精品|专属|名师|老师|大学生|个性化?|针对性){0,2}"
    r"(?:辅(?![助料食警])|上[课门]|授[课教]|班(?![车次子])|教(?![具室堂材练]|学[楼模用])|补[课习差弱]|家教|家庭[教辅]|私教|小班|陪[读写]|提分))"
    r"|(?:语文|数学|英语|物理|化学|生物)[ ]?\0(?=$|[ ,。;!、])"
)
# 七英 and 8物 are classes of the seventh and eighth year in lists of free places: a day, an hour, a number of places or a
# stroke between the entries follows; no word goes before but 个, 的 and 出 (腾出来一个六上语的坑).
_SLOT = late(
    r"(?:^|[^\u4e00-\u9fffa-z0-9]|[个的出])\0[ ]?(?:[:/|]?[ ]?(?:[周一二三四五六日]?[早中晚午日](?=[上空满剩约缺差退0-9 ,。(/]|$)|周[一二三四五六日末]|空|满|剩|约|缺|差|还|[一二三四五六日][/、0-9]|[0-9](?![0-9.元分]))|[ ]?[|/][ ]?[满空剩0-9一二三四五六七八九]|的(?:坑|位(?!置)))"
)
# The forms that config/words/disguise.txt lists, and a few that no school teaches (三物): a form is believed by its shape.
_SLOTS = frozenset(
    f"{year}{term}{subject}"
    for year in "三四五六七八九3456789"
    for term in ("", "上", "下")
    for subject in "语数英物化"
)
_BELIEVED = {
    **dict.fromkeys(_SLOTS, _SLOT),
    "威信": _CONTACT, "1:1": _TUTORED, "1∶1": _TUTORED, "中k": _EXAM_ALONE, "高k": _EXAM_ALONE,
    **dict.fromkeys(("语w", "数x", "英y", "物l", "化x", "生w"), _HALVED),
}  # fmt: skip
# C1 and C2 are driving licences before what is done for one.
_DRIVEN = late(r"\0[ ]?(?:科[目一二三四]|驾|照(?![常旧])|本(?![周月校人]|学期)|证|手动|自动)")
_OTHERWISE = {"gz": _GUANGZHOU, "jj": _SINGER, "c1": _DRIVEN, "c2": _DRIVEN}
_LEARNED = {"jj": _ORDER_OF_ONE, "zk": _EXAM, "gk": _EXAM}


def near(folded: str, start: int, end: int) -> str:
    """What stands before and behind [start, end), with PLACE between."""
    before, behind = folded[max(0, start - NEAR) : start], folded[end : end + NEAR]
    return before.replace(PLACE, " ") + PLACE + behind.replace(PLACE, " ")


def is_another(beside: str, form: str) -> bool:
    """Whether what stands beside a form shows that it is something else, or fails to show what it must."""
    if form in _BELIEVED:
        return not _BELIEVED[form].search(beside)
    if form[0] == "🍠":
        return bool(_PLATFORM.search(beside))
    return form in _OTHERWISE and bool(_OTHERWISE[form].search(beside))


def is_learned(beside: str, form: str, ordered: bool) -> bool:
    """Whether initials stand near a word of learning, or of an order where they are `ordered` so."""
    if form.isascii() and (_NAMED.search(beside) or (form not in _TEACHING and _FIRM.search(beside))):
        return False
    if LEARNING.search(beside) or (ordered and ORDER.search(beside)):
        return True
    return form in _LEARNED and bool(_LEARNED[form].search(beside))
