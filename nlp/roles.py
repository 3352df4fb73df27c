"""Who speaks, of what category, subjects and stages."""

from __future__ import annotations

import re

from core.model import Category, Role
from nlp.reading import Reading

SEEKING = re.compile(
    r"(?:求|诚?寻|找|急找|想找|蹲|诚?请)(?:一?[个位名])?[^，。；！\n]{0,14}(?:老师|家教|辅导|补习|大学生|姐姐|哥哥|学姐|学长|机构|班|补课|教师)"
    r"|(?:给|帮)(?:我家|自家)?(?:孩子|娃|儿子|女儿|宝贝|闺女|弟弟|妹妹|外甥|侄)[^，。；\n]{0,12}(?:找|请|求|补|报)"
    r"|家长直招|有没有[^，。\n]{0,20}(?:老师|家教|班)|谁(?:家|知道|有)[^，。\n]{0,16}(?:老师|补|家教)|想拼|想请|一起请|合请|求推荐|求购|想收|求带"
    r"|(?:我家|我们家|家里)(?:有个)?(?:孩子|娃|儿子|女儿|闺女|小子)?[^，。\n]{0,10}(?:想|需要|要|打算)[^，。\n]{0,6}(?:补|找|请|学)|攒班|组(?:个)?班|差一(?:个|家|人)"
)
AGENCY = re.compile(
    r"家教(?:网|中心|平台|单|群|信息|中介|部|服务)|信息费|中介费|接单|派单|抢单|学员地址|老师要求|教员要求|家教地址|薪水[:：]|推荐(?:老师|家教)|对接(?:老师|家长)|"
    r"海量老师|众多老师|大学生家教|代找|帮(?:您|你|家长)(?:找|匹配)|匹配老师|中介|免费试课.{0,6}满意|回收单|开学单|家教兼职群|牵线|介绍老师|家政|师资库|代办|志愿|老师资源"
)
PROVIDING = re.compile(
    "招生|本人|我是|接受|可上门|招聘|诚聘|急聘|主讲|我们|开班|开课|优惠|教龄|毕业|授课|名额|招收|试听|出租|低价|网盘|求职"
)
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


def find_role(reading: Reading, violating: bool) -> Role:
    """Who speaks; `other` for lawful texts (news, notices, chatter)."""
    if not violating:
        return "other"
    text = reading.plain.text
    if AGENCY.search(text) and not re.search("家长直招|非中介|中介勿扰|勿扰|中介绕道", text):
        return "intermediary"
    if (sought := SEEKING.search(text)) and not (
        (offered := PROVIDING.search(text)) and offered.start() < sought.start()
    ):
        return "seeker"
    return "provider"


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


def find_subjects(reading: Reading) -> tuple[str, ...]:
    """School subjects named, plain names."""
    text = reading.plain.text
    found = [name for name, words in SUBJECT_WORDS.items() if any(word in text for word in words.split())]
    short = {"语": "语文", "数": "数学", "英": "英语", "外": "英语", "物": "物理", "理": "物理", "化": "化学"}
    for run in re.findall(r"(?<![\u4e00-\u9fff])[语数英外物理化、/]{2,7}(?![\u4e00-\u9fff])", text):
        found += [short[character] for character in run if character in short]
    return tuple(dict.fromkeys(found))


def find_stages(reading: Reading) -> tuple[str, ...]:
    """School stages named: 学前, 小学, 初中, 高中."""
    return tuple(name for name, pattern in STAGES if re.search(pattern, reading.plain.text))
