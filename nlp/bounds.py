"""What a sum of words cannot tell, both ways: lawful look-alikes are held down, plain brokering is lifted up.

Each rule is one of the labelling conventions (policy page): other fields, adults, free help, goods, talk without an offer.
"""

from __future__ import annotations

import re

from core.model import Channel
from core.pattern import late
from core.rules import Thresholds
from nlp.bare import FEWEST_LINES
from nlp.reading import Reading
from nlp.sifting import Sifter

# e squared: odds of 7 to 1 become even; most talk that was misread on the town's seeds had less than that.
DOUBT = 7.4
GROWN = late("成年人|驾照|驾校|成人|上班族|大学生和|学员多为白领|在职人员|职场|考研|考公")
PUPILS = late("年级|初[一二三中]|高[一二三中考]|孩子|小学|小升初|少儿|幼小|娃")
FREE = late("全程免费|全部免费|免费答疑|不花钱|智慧教育平台|课后服务|免费辅导|志愿者|公益|义务辅导|支教")
SOLD = late("旧课本|课外书|字典|台灯|学习机|搬家出|杂志|打印机|书桌|词典|练习册|绘本出|邮费|包邮")
LESSONS = late("网课|录播|课程|账号|直播课|视频课|辅导|家教|补|讲题|授课|一对一")
EMPLOYER = late(
    "出版社|图书公司|教辅编辑|教材编辑|校对|全日制学校|(?:小学|中学|学校|高中|学院)(?:公开)?(?:招聘|诚聘)"
)
TRAINING = late("机构|培训|辅导|补|家教|托管|晚托|兼职带|学员")
# What one parent says to another; whoever leaves a number with it is not doubted (`_mere_talk`).
TALK = late(
    "不用报班|没报班|没补|要不要|聊聊|请教|错题本|笔记方法|算不算违规|开窍|慢慢来|别太急|给点时间|不想补|焦虑|[听看]你说|亲测|我家用了|不急|别越位"
)
# Whoever tells of other people's children, and neither offers, asks nor names a price, accuses nobody. Of the posts of all
# our authors that read so sixteen are lawful and two are not.
OTHERS_CHILD = late(
    "(?:隔壁|邻居|侄[子女儿]|外甥|表[弟妹]|同事|朋友|闺蜜|人家|别人)家?[的那]?(?:孩子|娃|小孩|女儿|儿子|闺女|小子|姑娘)|我(?:侄[子女儿]|外甥|表[弟妹])"
)
OFFERED = late(
    "求|找|招|收|接|荐|有没有|哪里|哪家|哪位|谁|带|元|块|价|费|钱|联系|私|扫|群|报名|加|预约|试|戳|电话|请|需要|想|拼|一起|名额|微信|滴|聊|上门|空|教"
)
OFFICIAL = late(
    "人民法院|审结|教育局(?:联合|会同|:)|解读|集中整治|公告|通报|责令|严禁|赛区启动|双减|(?<![零无没0])投诉|举报|维权|报名须知|志愿填报须知"
)
CARE = late(
    "不做任何补习|不补习|不开设任何学科|不补课|不讲课|不辅导功课|只管.{0,8}看护|只负责.{0,8}看护|仅提供看护"
)
LESSON_SOLD = late("错题|提优|预习|照常|讲解|老师讲|数学|英语|语文")
OWN_REGIME = late("文化课(?:回|不含|自理|自己)|不(?:涉及|含|教|上)文化课|只教专业")
# Who became another trade teaches nobody, unless the text says what goes on behind it (LESSON_GOES_ON). What was taught
# before may be named: 英语 is not among those words.
OTHER_TRADE = late(
    "(?:转型|转行|改行|改|变)(?:成|为|开|做|卖)了?(?:一?家)?(?:咖啡|花店|奶茶|茶馆|餐|饭|火锅|面馆|超市|便利店|健身|瑜伽|美容|美甲|理发|民宿|水果|农场|台球)"
)
LESSON_GOES_ON = late(
    "补|辅导|家教|讲|作业|照常|上课|带课|教室|老师|孩子|学生|私聊|年级|初[一二三中]|高[一二三中考]|一对一|小班|数学|语文|物理|化学|提分|冲刺|试听|网课"
)
# A school's week, as parents pass it on in pictures when a term begins: who sells lessons in 语文 holds no 班会 and names
# a price or a way to him.
SCHOOL_WEEK = late(r"课程?表[\s\S]{0,400}?(?:体育|音乐|美术|班会|劳动|道法|道德与法治)")
LESSONS_OFFERED = late(
    "[元块费补招托]|辅导|家教|报名|试听|名额|咨询|小班|一对一|联系|电话|私信|微信|加我|培优|提[分优]|冲刺|预习|衔接|机构|校区|寒假|暑"
)
# What schools, teachers and pupils write for each other: homework, what to revise, what to sign, who sits where, contents of
# a textbook. Nobody is paid for it; whoever sells lessons with it says where, to whom, for how much or with whom. Of our
# learned posts 90 lawful ones read so, and no violation.
_BOOK = "(?:语文|数学|英语|物理|化学|生物|历史|地理|政治|年级|必修[一二三]?)"
SCHOOL_PAPER = late(
    r"今[日天]作业|(?:周末|家庭)作业[:\n]|作业单|家长(?:检查|签字)|请.{0,6}签字|复习提纲|单元[测检][试测]|本周学习(?:内容)?[:\n]"
    r"|[寒暑]假作业(?!辅导|托管|班|营|管|帮|陪|不会|难)|错题(?:整理|集)(?!营)|知识点(?:归纳|总结|整理|汇总)"
    rf"|{_BOOK}[^。!?]{{0,6}}[上下]册.{{0,12}}(?:目录|单元|章|翻译|知识点|错题|unit)|课文翻译"
    r"|座位表|值日[表生]|课代表|奖状|特发此状|请假条|联系本|学生手册|作息表|选科意向|准考证"
    r"|备课(?:组|记录)|集体备课|教学计划|课程设置|考试(?:时间)?安排|监考|考场(?:安排|号)|试卷分析|实验报告"
)
# Lines of points from which schools take pupils, as news and tables print them: full of subjects, and nobody teaches. Of our
# learned posts two lawful ones hold such a line, and no violation; of 60,000 lines of the background twelve do.
SCORE_LINE = late("分数线(?:分别|为|是|:|公布)|(?:[文理]科|物理类|历史类|本科|专科|普高)分数线")
# Wider than LESSONS_OFFERED: such papers are what sellers hang an offer on (错题整理, then a place in the evening), while the
# subjects of a school's week stand beside nothing.
SOLD_BESIDE = late(
    r"(?<![单公多美])元(?![素音旦])|[块费补招托接陪住吃饭餐拆钱聘找求卖送缺营群凑]|拼(?![音读写])|收(?!作业|齐)|讲(?!台|评)"
    r"|(?<!老)教(?![研室务材案版具辅师]|学[楼目计重]|育局)|辅导|家教|报名|试听|名额|咨询|小班|一对一|联系(?!本)|电话|私[信聊]|微信|加我"
    r"|培优|提[分优]|冲刺|预习|衔接|机构|校区|[寒暑]假班|包月|晚托|名师|满分|资料|扫码|会员|账号|来我|我[家这]|开[课班]|练习?班|班课|占[座位]"
    r"|老师[坐带]|游戏化|训练|学员|[3-9]折|晚上?[五六七八5-8]点|[千百]|[0-9]{3,}(?![0-9年级—-]|以内|分钟|[道个字词遍])"
)
HOUSE = late("(?:房|公馆|小区|整租|合租).{0,6}出租|整租|陪读房")
TAUGHT_IN = late("补课|教室|授课|上课|自习室|辅导班|培训")
BROKERED = late("择校|入学名额|转学插班|学位名额|志愿填报|升学规划")
PAID = late("付费|收费|定金|代办|办理|内部名额|对接|元|渠道|席位|办成|面谈")
LET = late(
    "(?:教室|自习室|场地|[一二三两]间|房|办学许可|执照|许可证)[^。\n]{0,24}(?:租|转让|共享)|(?:出租|分租|时租|短租|合租|转租|求租|想租|共享)[^。\n]{0,24}(?:教室|自习室|场地|房|办学许可|执照|许可证)"
)
# Said of whom the room is for: that somebody tutored in it, or the neighbours do, offers nothing.
_TUTORING = "(?:补课|补习|带课|授课|辅导|补学|讲课|带学生)"
TUTORED_IN = late(
    f"(?:适合|可以?|供|给|用于|欢迎|方便)[^,。;!?\n]{{0,6}}{_TUTORING}"
    f"|{_TUTORING}(?:的?老师|团队|机构)?[^,。;!?\n]{{0,3}}(?:可用|用|看过来|优先|按小时|合适)"
)
LET_FOR_NONE = late(
    "(?:不|禁止|严禁|谢绝|不得|不可|不能|勿)[^,。\n]{0,6}(?:补课|补习|授课|辅导|讲课|教学)|钢琴|画室|舞蹈|瑜伽|成人|公司培训"
)
WARNED = late(
    "谨防|骗|被查|违规|罚款|倒查|派出所|律师|物业通知|街道通知|房管所|无关|不收|不存在|严禁|免费|考试院|招办|招生办|招生考试|教务处|教育局|(?<![零无没0])投诉|举报"
)
SPELLED = late("补课|补习|辅导|家教|一对一|私教|晚托|托管|小班|培优|提分|冲刺|网课|预习")
LIFTED = 0.6  # above the threshold of flagging, below what the model says when it is sure
# The same for rooms offered to tutors: they name two words of the trade as a matter of course.
LIFTED_ROOM = Thresholds().wordy


def lifted(score: float, reading: Reading) -> float:
    """`score`, or LIFTED (LIFTED_ROOM) at least where the text says all that makes a violation of a kind with few examples.

    School places or form-filling brokered for pay (ADMISSION_CONSULTING), rooms or a licence let for tutoring (VENUE),
    tuition spelled by the first characters of the lines: whoever hides it so means it, whatever else he says.
    """
    text = reading.plain.text
    if len(reading.plain.spelled) >= FEWEST_LINES and SPELLED.search(reading.plain.spelled):
        return max(score, LIFTED)
    may = _LIFTING.opened(text)
    if not may or WARNED.search(text):
        return score
    brokered = 0 in may and BROKERED.search(text) and PAID.search(text)
    if 1 in may and LET.search(text) and TUTORED_IN.search(text) and not LET_FOR_NONE.search(text):
        return max(score, LIFTED_ROOM)
    return max(score, LIFTED) if brokered else score


# Few texts name anything of this: what they name tells which of the patterns are worth trying.
_LIFTING = Sifter((BROKERED, LET))
_OTHER: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (GROWN, PUPILS), (SOLD, LESSONS), (HOUSE, TAUGHT_IN), (EMPLOYER, TRAINING), (CARE, LESSON_SOLD), (OWN_REGIME, None),
    (OTHER_TRADE, LESSON_GOES_ON), (SCHOOL_WEEK, LESSONS_OFFERED), (SCHOOL_PAPER, SOLD_BESIDE),
    (SCORE_LINE, LESSONS_OFFERED),
)  # fmt: skip
_OTHERS = Sifter([pattern for pattern, _ in _OTHER])


def tempered(score: float, reading: Reading, channel: Channel) -> float:
    """`score` with DOUBT taken from its odds where the content is not school subjects for children, or nothing is offered.

    A doubt, no acquittal: who offers plainly stays flagged although he speaks of 双减 or of a child that is slow.
    """
    doubted = _other_content(reading) or _mere_talk(reading, channel)
    return score / (score + (1 - score) * DOUBT) if doubted else score


def _other_content(reading: Reading) -> bool:
    """Whether the content is another field's, or one of _OTHER and not what makes it tuition all the same."""
    text, hits = reading.plain.text, reading.hits
    if not hits.get("@subjects") and any(map(hits.get, ("@arts", "@sports", "@science", "@adult"))):
        return True
    may = map(_OTHER.__getitem__, _OTHERS.opened(text))
    return any(other.search(text) and not (own and own.search(text)) for other, own in may)


def _mere_talk(reading: Reading, channel: Channel) -> bool:
    text = reading.plain.text
    kinds = {entity.kind for entity in reading.entities}
    if kinds & {"phone", "wechat", "qq"}:
        return False  # who leaves a number offers or seeks, whatever he says beside it
    free = bool(FREE.search(text)) and "price" not in kinds
    gossip = bool(OTHERS_CHILD.search(text)) and "price" not in kinds and not OFFERED.search(text)
    # News and notices that name no way to enrol report; an advertisement dressed as news names one.
    return free or gossip or channel in {"news", "gov"} or bool(TALK.search(text) or OFFICIAL.search(text))
