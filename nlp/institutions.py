"""Institutions that a text names: training bodies, shops and schools, each by what makes it a name and not a trade.

Each is looked for from its ending (公司, 学堂, 中学) backwards over a few characters, so that a page of nothing but
endings costs no more than any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from core.pattern import late
from core.regions import load_regions
from nlp.beginnings import LONGEST, beginning

Found = tuple[str, str, int, int]  # kind, value, start, end

# What an institution of this kind teaches or is; the name proper stands before it.
_TRADE = "(?:课外|课后|校外|文化|语文|英语|数学|外语|艺术|体育|科技|科学|教育|咨询|信息|技术|少儿|儿童|青少年|中小学生?|小学|初中|高中|有限)"
_LEGAL = rf"{_TRADE}{{0,4}}(?:培训|补习|辅导|文化)学校(?:有限(?:责任)?公司)?"
# Before these 教育 is a word of offices, books and laws: 教育专业, 教育专干; but 博雅教育专注初高中 names one.
_NO_BRAND = "局部厅法学类机培孩平系质资咨家行理界体基集方工水经公发改年阶目科辅课要综督领管格中信文"
_INSTITUTION = late(
    rf"(?P<legal>{_LEGAL})|有限(?:责任)?公司|(?:培训|辅导|教育|托管|家教|学习|服务|补习)中心|[托晚]托班|托管班|家教网|学堂|书院|书屋|工作室|研习社|学社"
    rf"|教育(?![{_NO_BRAND}]|专(?![注攻]))|家政(?![服公平阿员行])|自习室|[学维]馆|国学馆"
)
_REGISTERED = 20  # characters before 学校 and 公司: city, district, name
# Chains that everybody calls by the name alone; 新东方 teaches cooks as well.
_CHAIN = late(
    r"(?P<name>新东方(?!烹饪|厨|红)|(?<![好爱博勤])学而思(?!不|则)|猿辅导|作业帮|好未来(?=教育|网校|集团)|高途课堂|掌门1对1)"
)
# 托管 alone is a bank's and a cat's as well: only behind a name such as child-care shops bear.
_CARE = late(
    r"(?<![\u4e00-\u9fff])(?P<name>(?:小(?![区型班学初高孩朋饭时店])|阳光|育|启|博|童(?!年)|晨|慧|金(?![融额毛])|贝|星(?!期)|智(?!能))[\u4e00-\u9fff]{0,3}?托管)(?![班中机构服务\u7684])"
)
_BRAND = (
    "教育|学校|书院|学堂|家教[网部]?|家教中介|培训|辅导|托管班?|中心|家政|工作室|公司|学社|教员|师院|书屋|画室|琴行|俱乐部|幼儿园|少年宫|馆|学习机?|课堂|教室"
    "|[行物事]社"
)
# A sender or a headline in brackets: a name that ends in a trade, and perhaps what it tells (启明教育招生).
_BRACKET = late(
    rf"【(?P<name>[\u4e00-\u9fffa-z0-9·]{{1,12}}(?:{_BRAND}))(?:·[\u4e00-\u9fffa-z0-9·]{{1,10}}|(?:[春秋]季|[寒暑]假)?(?:招生|招聘|公告|通知|提醒|简介))?】"
)
# A school is named by those who say that a teacher of it teaches: 学军中学在职老师. 小学数学老师 says what is taught.
_SUBJECT = "语文|数学|英语|物理|化学|生物|政治|历史|地理|科学|体育|美术|音乐"
_SCHOOL = late(
    rf"(?:(?<!中)小学(?!{_SUBJECT})|中学|附中|附小|外国语学校|实验学校|(?<=[\u4e00-\u9fff])[一二三四五六七八九十]中)"
    rf"(?=(?:的|{_SUBJECT}|现任|骨干|优秀|高级|特级|资深|退休|[高初][一二三]|[高初]中部?|毕业班){{0,4}}(?:在职|在编|现任|任教|执教|老师|教师(?!资|证|编|岗)|班主任|当老师|教书))"
)
_EMPLOYED = late(
    r"(?:任教|执教|任职|就职)于(?P<name>[\u4e00-\u9fff]{2,10}?(?:(?<!中)小学|中学|附中|附小|外国语学校|实验学校|[一二三四五六七八九十]中))"
)
PATTERNS = {"school": _SCHOOL, "employed": _EMPLOYED, "institution": _INSTITUTION, "bracket": _BRACKET, "chain": _CHAIN, "care": _CARE}  # fmt: skip
# Patterns that say themselves where a name begins.
_WHOLE = ("bracket", "chain", "care", "employed")
# Words after which an institution's name begins, beside those of `nlp.beginnings`: 更名为启智, 楼下有个自习室.
_OPENS = late(
    "更名为?|改名为?|[原现曾]名|改[为成叫]|[变换]成|换为|转为|注册[为成]?|名为|叫做?|[楼门][上下里口]|[一二三四五六七八九十]楼|校门|隔壁|有(?:一?[个家间]|没有)|[可想开创举筹]办|想开|做过|(?:盈利|营业|经营|招生)中"
    "|撤销|属于|所谓|参观|请问|会同|整顿后|我们做|我[这校]|这[间家个]|您对|适合|求[租拼]|\\A以(?![琳恒诺勒])|[上下]午(?!茶)"
)


def find_institutions(text: str, searches: Collection[str]) -> Iterator[Found]:
    """Institutions of folded `text`, and schools that a teacher is of; `searches` names the patterns that may match."""
    known = list(_ended(text)) if "institution" in searches else []
    yield from known
    if "school" in searches:
        yield from _schools(text)
    for search in _WHOLE:
        if search in searches:
            for match in PATTERNS[search].finditer(text):
                if _is_one(search, match, known):
                    yield (
                        ("school" if search == "employed" else "institution"),
                        match["name"],
                        *match.span("name"),
                    )


def _is_one(search: str, match: re.Match[str], known: list[Found]) -> bool:
    """Whether a whole name is more than a heading in brackets, and no part of an institution's that is known."""
    name = match["name"]
    if search == "chain":
        return not any(start <= match.start() < end for _, _, start, end in known)
    if search == "employed":
        return _is_proper(_LEVEL.sub("", name), name[-2:])
    if _GENERIC.fullmatch(name) or _of_place(name):
        return False
    return search != "bracket" or not _SENTENCE.search(name)


def _of_place(heading: str) -> bool:
    """Whether it says no more than what is offered where: 郑州家教, 金水区托管."""
    place = _OFFER.sub("", heading)
    return place != heading and _is_place(place)


def _is_place(name: str) -> bool:
    return any(name + kind in load_regions().by_name for kind in ("", "市", "区", "县", "省"))


_OFFER = late("(?:家教|托管|辅导|培训)\\Z")


def _ended(text: str) -> Iterator[Found]:
    """Names known by how they end."""
    done = 0
    for match in _INSTITUTION.finditer(text):
        registered = match["legal"] or match[0].endswith("公司")
        start = beginning(text, match.start(), done, _OPENS, _REGISTERED if registered else LONGEST)
        if text[start - 1 : start].isdigit() and text[start] in _COUNTED:
            start += 1
        name = text[start : match.start()]
        if registered and not match["legal"]:
            name = _BUSINESS.sub("", name)
        if len(name) >= 2 and not _common(name):
            done = match.end()
            yield "institution", text[start:done], start, done


def _schools(text: str) -> Iterator[Found]:
    """Schools whose teachers are spoken of, by a name of their own."""
    done = 0
    for match in _SCHOOL.finditer(text):
        start = beginning(text, match.start(), done, _SCHOOL_OPENS, _SCHOOL_NAME)
        name = text[start : match.start()]
        runs_on = len(name) == _SCHOOL_NAME and start and _HAN.match(text, start - 1)
        of_town = match[0][0] in _NUMERALS and name in _OF_TOWN
        if of_town or (not runs_on and _is_proper(name, match[0])):
            done = match.end()
            yield "school", text[start:done], start, done


def _is_proper(name: str, level: str) -> bool:
    """Whether a school can be called so: no kind of schools, and none of all schools of a place (湖北中学教师)."""
    if len(name) < 2 or _KIND.fullmatch(name) or name[-1] in "省市区县":
        return False
    return name + "省" not in load_regions().by_name and not (level == "小学" and _is_place(name))


_LEVEL = late("(?:小学|中学|附中|附小|外国语学校|实验学校|[一二三四五六七八九十]中)\\Z")
_SCHOOL_NAME = 10  # characters before 中学 (city, district, name); a longer run of words is a sentence
_HAN = late("[\u4e00-\u9fff]")
_NUMERALS = "一二三四五六七八九十"
_OF_TOWN = frozenset(("市", "县", *_NUMERALS))  # 市二中, 十五中; 二中 alone is in every town
# What stands before a school's name in a sentence: who he is, who is sought.
_SCHOOL_OPENS = late(
    "本人|目前|现在|退休|请|有|[一两几]?[位名个]|名师|[你他她]|我们?|聘|招|求|前任?|举报|反映|做过|[现曾担]任|如果|[说问跟给被缺]|所|为(?!明)|信(?![阳达宜丰])|冒充|自称|号称|通报|认识|隔壁|机构|兼职|[到过]|都是"
)
# Kinds of schools, in which no name is: 公办小学, 重点中学, 初级中学.
_KIND = late(
    "(?:公办|公立|民办|私立|国际|重点|初级|高级|完全|中心|双语|寄宿制?|普通|乡镇|城区|市区|农村|山区|郊区|本地|本市|本校|外地|知名|名牌|名校|示范性?|[省市县区]级?|[乡村镇]上?|省会|里|海边"
    "|全国|各大?|其他|多所|所|[在现]职|在编|编内|体制内|仅限|附近|同一|楼上|夫妻|朋友|[爸妈]妈?|原|[教老新]|职业|全日制|小学|初中|高中|中小学|数学|语文|英语|一线|资深|线上|孩子|家教类?|[一二三四五六七八九十两]+[年名]|百分之|[一二三四五六七八九十]|[这那哪每][些年一]?|对口|优秀|热门|顶尖"
    "|报考|考[取上]|从事|成为|[当做原现前大好]|广大|部分|.{0,4}某.{0,3})+"
)


_COUNTED = "号楼层室栋幢座期年月日"  # behind a number: 88号博学教育, 3楼启明学堂
# What a company does, at the end of what stands before 有限公司.
_BUSINESS = late("(?:教育|科技|文化|咨询|信息|技术|艺术|体育|管理|服务|传播|发展|传媒|网络|家政|有限)+\\Z")


def _common(name: str) -> bool:
    return bool(_GENERIC.fullmatch(name)) or "某" in name or name.endswith(_COMMON_ENDS)


# A headline that says something of schools or tuition, and one that hides whose it is.
_SENTENCE = late("[的是不某]|关于|一个")
# Words of which no name is made, however many stand together: 小学托管班, 上门家教, 有名师.
_GENERIC_WORDS = (
    "一对一 辅导 科目 学校 公司 搬家 课堂 小课堂 家长 法治 概况 培训 学习 家教 家政 教育 中心 招聘 急聘 急招 线上 暑假 寒假 托管 社区 新店 云 内容 要求"
    " 时间 地点 价格 收费 方式 机 班 群 派单 派工 简介 名师 高端 学历 私人 普通 设计 编程 秋季 春季 暑期 溺水 防溺水 知名 著名 大型 优质 品牌 连锁 违规"
    " 无证 非法 老师 绘画 考研 考公 考证 附近的 周末 高薪 上门 求 寻 找 单 小学 小学生 初中 初中生 高中 高中生 初高中 中小学 大学 大学生 研究生 考研生"
    " 幼儿园 书院 学堂 教室 工作室 晚托 午托 托班 招生 补习 补课 教师 教员 学员 孩子 个人 求职 求租 兼职 全职 全日制 寄宿 复读 高考 中考 小升初"
    " 高一 高二 高三 初一 初二 初三 冲刺 美术 书法 书画 古筝 钢琴 舞蹈 瑜伽 健身 动画 音乐 围棋 写作 作文 阅读 礼仪 个性化 陪伴式 生活 深夜 午夜"
    " 无人 小型 自习 晚自习 老年 工会 爱心 小区 街道 靠谱 金牌 志愿填报 升学 规划 提分 押题 期末 课后 课外 文化 文化课 心理成长 家庭教育 指导"
    " 社会 机构 转让 盈利 可办 办 有 有没有 做 做过 招 聘 影子 融合 四点半 同城 全科 专业 语文 数学 英语 物理 化学 作业 国学 每月 拟聘 跆拳道 退役 那家 她们 科技馆 围棋馆 少儿 师范生 在职 网络 空中 附近 小饭桌 硕士 博士 本科 985 211 急寻 诚聘"
)
_GENERIC = late(f"(?:{'|'.join(sorted(_GENERIC_WORDS.split(), key=len, reverse=True))}|·)+")
_COMMON_ENDS = (
    "我们", "咱们", "做过", "几家", "多家", "两家", "这种", "混", "防溺水", "常年",
    "家庭", "素质", "义务", "学前", "应试", "成人", "职业", "高等", "基础", "继续", "早期", "安全", "心理", "健康", "艺术", "体育", "思想",
    "特殊", "校外", "线上", "在线", "远程", "课外", "小学", "初中", "高中", "中学", "国家", "英语", "数学", "语文", "接受", "劳动", "技术",
    "幼儿", "儿童", "少儿", "民办", "公办", "正规", "专业", "一家", "这家", "各类", "所有", "付费", "共享", "沉浸", "个人", "公司",
    "的", "对", "受", "重视", "科学", "法制", "法治", "道德", "爱国", "我的", "公益", "国际", "从事", "全国", "区", "市", "省", "县", "开个", "做", "搞", "主题", "纪律", "学习", "传统", "党", "警示", "宣传", "研究生", "大学", "学校", "超过", "全民", "入学", "政治", "技能", "已转", "晚自习", "省级", "学生",
)  # fmt: skip
