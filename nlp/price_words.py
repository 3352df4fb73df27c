"""What stands around a price: units, words of money, and what else a number may count."""

from __future__ import annotations

import re

UNIT_WORDS = (
    ("hour", "小时|钟头|h(?![a-z0-9])|时(?![间候段常刻])|60分钟"), ("lesson", "节课?|课时|次课?|堂课?|课(?!程|[外本后前内])|讲(?![解义座])|场(?![地馆所次景])|回(?![复放来家访])|单(?=[,。;!\n]|$)"),
    ("day", "天|日|晚上?(?![自托辅])"), ("week", "周|星期|礼拜"), ("month", "个?月(?![考底初份])"), ("term", "个?学期|季度?"), ("year", "学?年(?!级)"),
    ("package", "套餐?|期|份|全包|打包|篇|张|本(?!科|人|校|次)|个疗程"), ("none", "人|位|科|门|生|户|家|组|名|班"),
)  # fmt: skip
UNITS = "|".join(f"(?P<{name}>{words})" for name, words in UNIT_WORDS)
ANY_UNIT = "|".join(words for _, words in UNIT_WORDS)
# What is paid for by the piece and is no lesson: 20一顿, 180一坑, 12/平, 24一个点.
PIECES = r"顿|题|罐|餐|坑|斤|首|只|件|瓶|杯|页|桌|盒|碗|袋|盘|箱|枚|趟|章|把|平|㎡|台|辆|幅|孩(?!子)|娃|条(?!件)|个(?=[,。;!、\n]|$)|点(?=[,。;!/\n]|$)"
HALVES = "(?P<half>半(?:个?(?:小时|钟头|月|学期)|天|日|学?年))"  # 200/半天
# 10800一次交清 is paid at once: what follows it is no lesson.
PER_UNITS = f"{UNITS.replace('次课?', '次课?(?!(?<=[一1]次)[性交付缴收结])')}|(?P<each>{PIECES})|{HALVES}"
COUNTED_MONEY = "元块圆毛"
SPOKEN = "一二两三四五六七八九十百千万零壹贰叁肆伍陆柒捌玖拾佰仟"  # the latter as receipts write them
# A single spoken digit is a price only before 元 and its kin: 一 and 三 stand everywhere.
TOKEN = re.compile(
    rf"[0-9]{{1,3}}[o零〇]{{1,2}}(?=\s|[元块/每一,。;!、\n]|$)|(?P<grouped>[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?![0-9])|[1-9] [0-9]{{3}}(?![0-9]))|[0-9]{{1,9}}(?:\.[0-9]{{1,2}})?|[{SPOKEN}]{{2,9}}|[{SPOKEN}](?=[{COUNTED_MONEY}])"
)
# What counts or dates the number before it, whatever stands around: most numbers end here.
NEVER = frozenset("年月日分岁点号名届级班%:道题页字楼层室栋平公里斤度种毛")
STRONG_GATE = re.compile("[¥费价薪酬资底报收要需售惠低金款贴租杂卖💰口时日仅补保预]")
SCALE = "\\s?万(?=元|[,。;!\\n]|$)|万|w(?![a-z])|千|百(?=[元块]|一(?:小时|[位个节次月科]))|k(?![a-z])"
MONEY = r"元(?!旦|素|宵|气|宝|音|首|老|件|月(?![卡票付费]))|块(?!儿|内容|板|头|地|区|肉|屏)钱?|rmb|cny|人民币|大洋|蚊(?![子香帐虫液叮])|圆(?=[/每一])|💰|🍚|r(?=[/每一,。;!?\n]|$)|米(?=[/每,。;!\n]|一(?!对|v)|$)|¥(?!\s?[0-9])"
# A tenth of a yuan: 2毛一张, 八毛钱; 三毛 writes books, 一毛钱 and 一毛不拔 are said of nothing at all.
DIME = r"毛(?:(?<!一毛)钱|(?=[/每]|[0-9一二三四五六七八九]?[一1](?:张|页|斤|面|块|支|颗|粒|条|片|枚|包|根|字|题|度|(?<![三二]毛一)[个本份次只])))"
# 五百一月 is five hundred a month; 次卡300月卡980 is a list of cards.
SOON_MONEY = re.compile(
    f"分[一二三四六0-9]{{1,2}}期|\\s?{DIME}|(?<=[百千万]一)[月年斤页]|平[日时]|[月年]卡[0-9]"
)
# 35 一学期才980: behind a blank the unit belongs to the next number, if one follows, and 每周六 is no unit.
OF_NEXT = rf"[课时钟餐度才只就仅要收给价共是约:]{{0,4}}[0-9{SPOKEN}]|\s[才只就仅要收给价共是约:]{{0,2}}[0-9]{{3}}|[末日天上下早中晚内至]"
# What may follow a number: scale, upper end of a range, a word of money and how it is counted.
AFTER = re.compile(
    rf"(?P<scale>{SCALE})?(?:(?P<more>[0-9](?![0-9]))千?)?(?:\s?(?:元|块)?\s?(?:[-~\u2010-\u2015]{{1,2}}|到|至)\s?(?P<high>[0-9]{{1,7}}(?:\.[0-9]{{1,2}})?|[{SPOKEN}]{{1,5}}[十百千万][二三四五六七八九]?(?=一个?(?:{ANY_UNIT}))|[{SPOKEN}]{{2,6}})(?:(?P<scale2>{SCALE})(?P<more2>[0-9](?![0-9.]))?)?)?"
    rf"(?P<about>(?:以?[内下]|起)(?=\s?[/每])|[+多余左右上下来]{{0,2}})(?:[ \t]?(?P<money>{MONEY}|{DIME})(?P<tenths>(?<=9块)9(?![0-9.点])|(?<=[块钱毛])(?:[一1](?=[,。;!?、)\s]|$)|[02-9二三四五六七八九])(?![0-9.点二三四五六七八九十]|一(?![个面颗粒条片支包根串吨度碟]|{ANY_UNIT}|{PIECES})|[节次小个天周月课年人科对季学期套份讲分张本斤]))?)?(?P<about2>左右|上下|起(?!步))?"
    rf"(?P<per>(?:\s?/|(?P<gap>\s)?(?:每|一|1(?![0-9])))\s?(?:(?:个|人/|人每|生/|科/|人)(?=\S))?(?:{PER_UNITS})(?(gap)(?!{OF_NEXT}))|(?<=[元块])(?:{ANY_UNIT.replace('h(?![a-z0-9])|', '')})(?=[,。;!\n]|$))?"
)
# Words that make the next number a sum of money, strong ones whatever follows, weak ones only before a stop.
LINK = r"(?:[:为是要在约才起只仅您你他她我了嘛(\s→=]|另[计收付加缴交补算包给]|各|还[要差剩]|大概|大约|左右|不到|低至|即|每[人月次节天]|一[次节个月人套]|元)"
STRONG = re.compile(
    rf"(?:¥|(?:(?<![免消浪])费用?(?:标准)?|(?:[一二三四五六七八九十]|课|单|均|团|拼团|原|现|特|售|优惠|底|标|定|早鸟|活动|会员|打包|全款|打折|券后|到手|套|体验|试听)?(?<!评)价[格位]?|薪[水资酬]?|工资|报酬|底薪|保底|报价|预算|收费|收|只要|仅需|只需|仅售|仅收|特惠|低至|押金|定金|订金|尾款|余款|诚意金|保证金|补贴|餐补|房补|房租|租金|学杂|卖|💰|全程打包|一口价|时薪|日结)){LINK}{{0,5}}$"
)
WEAK = re.compile(
    rf"(?:直播间|按[次天月周节]结?|大洋|[次周月]结|[两三四五六]门|[四五六]科|小?刀到|底薪[^,。]{{0,8}}[+加]课时|[拍买][一两二三四五]份|茶水|场[地租]|付款?|给|出|转账?|汇款|打款|最便宜的?|最贵的?|悬赏|收取|红包|酬[谢金劳]?|票面|面[值额]|罚款?|违约金|千[字词]|奖励?|满勤|[时日月年周]租|(?<![出招])租[借用]?|摊|(?<![一二三十每])凑|[再另外队]加|[月次节人天晚周时科单趟]加|再[补交付缴]|另[补缴交付]|[油车话饭]补|[油饭水茶车药菜本份路工礼]钱|(?:压岁|零[花用])钱|早鸟|优惠|起步|(?<=[介台司家])抽|[两二三四][门科]一起|满[0-9一二三四五六七八九十]{{1,3}}个?[人家]|(?<![目指商坐招投达超])标|(?<![分数员线率群人班科度])加到|[砍压]到|各[补加返]|罚|(?<![苏浙东西南北川徽建州宁肃海林湾全本外该我两跨邻])省|[立直]减|[立直]降|(?<![加缩瘦增删裁0-9十百千])减免?|全程|出到|(?<![桂棉雪葱菊烟])花|到手|打包|人均|均价|门票|(?<![消倒后])退|(?<!往)返|赔|欠|(?<!补)充|垫|(?:预算|价格?|[单一每]次|费|报销|一节|小时|最多)[不别]超过?|(?<![龄重速身纪温压数])别超过?|给到|期望|税[前后]|[未没][缴交]清?|[一1]次(?:性|[付缴交][清讫])|[下本首每单]期|首[节课次单]|住宿|颜料|教材|材料|资料|伙食|[缴交]纳|共计?|总共|合计|仅|只|就|报|(?<!公)交|缴|要|现|后|降到|涨到|拼|单科|两科|三科|全科|半科|上车|加课|单买|拿走|带走|待遇|团|券|者|生|老师|硕士|本科|博士){LINK}{{0,4}}$"
)
RATE = re.compile(
    rf"(?:每|(?<![十百二三四五六七八九])一|(?<![0-9])1|单|按|包|全|半|整)\s?个?\s?(?:{UNITS})(?:卡|[两2一1]小时|一对一|1对1|线上|线下|课程?|费|共|只要|要|收|给|付|是|才|价|就|大概|约|也就|合|折|抽|红包|[:\s(]){{0,4}}$"
)
# So many lessons or days for a sum: 10次课3200, 七天六晚4280.
BULK = re.compile(
    r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})个?(?:天|次|节|晚(?<![一二三四五六][二三四五六]晚)|周|月|课时|场|讲|期|小时|钟头)课?(?:共|只要|仅|仅需|总共|一共)?[: ]?$"
)
CARD = re.compile(
    r"(?:(?:月|季|年|次|节|周|日|天|半年|学期|体验|会员)(?:卡|票)|(?:学生|成人|儿童|老人|[单双]人|[早晚]鸟|[半全]价|全|通|[一每]张|电影|[车机门]|高铁|演出)票|(?:[双两三四单]人|自助[午晚]?|午|晚|套)餐)(?:价|只要|仅|[: ]){0,2}$"
)
# 月3000 at the start of a clause or after a word; 8月3000 is a date.
MONTHLY = re.compile(r"(?<![0-9一二三四五六七八九十两几个上下本当每岁年])月(?:租|底?结|付)?[: ]?$")
SALE = re.compile(
    r"\s?(?:就?出(?![生发国现来版头了])|转(?![账学发班车院机正身])|带走|拿走|拍下|包邮|可[小刀]|秒发|一口价|自提|上车)"
)
SCHOOLING = re.compile(
    r"(?:小学|初中|高中|初[一二三]|高[一二三]|[一二三四五六七八九]年级|低年级|高年级|线上|线下|上门|试听|体验|正课|托|全包|吃住|亲子场|专场|主班|配班|助教|辅导|平分|就是|[一二两三四五六七八九]?十五?分钟|[一1](?:对|vs?)[1-9一二两三四五六七八多]|[0-9]{2,3}分钟)[: ]?$"
)
ONE_TO_ONE = re.compile(r"[一1](?:对|vs?)[1-9一二两三四五六七八多] $")
LUMP = re.compile(
    r"\s?[一1]次(?:(?P<sure>性[交付缴收结支给买报]|[交付缴收结][清齐完全足讫纳])|[交付缴收结])(?!费?[:为是]?\s?[0-9])"
)
# 一次收取60课时费用9000元 is the fee of all of them.
AT_ONCE = re.compile(r"(?<![第每0-9十])[一1]次(?:(?P<sure>性)|[付收交缴结购买报支])(?!.*[惠减省返]$)")
LEAST_LUMP = (
    1000  # yuan from which 一次付 alone means at once: few lessons cost so much, few courses so little
)
# How long a lesson is for which the number before is paid: 100/90min, 200/2h, 300两小时.
SITTING = re.compile(
    r"\s?/\s?(?:[0-9]{2,3}\s?(?:min|分钟)|(?:[1-3](?:\.5)?|[一两三])个?半?\s?(?:小时|钟头|h(?![a-z0-9])))|(?:两|一个半|三)个?(?:小时|钟头)(?![前后内路车])"
)
FOR_TIME = frozenset("/ 一两三")  # with which SITTING and SHARE begin
SAT = re.compile(r"[0-9]{2,3}分钟[:/ 收给]{0,2}$")
# 2680/15次; what is done of a task (80/100次) is less than the whole.
SHARE = re.compile(r"\s?/\s?(?P<count>[0-9]{1,3})\s?(?:[节次堂]课?|课时|讲|天)")
LEAST_SHARE = 5  # yuan a lesson
LEAD_UNITS = (
    ("hour", re.compile("时薪|小时费|每小时")), ("month", re.compile("月薪|(?<!个)月费|月收|底薪|月租|每月|月卡")),
    ("year", re.compile("年薪|年费|年卡")), ("lesson", SAT), ("lesson", re.compile("(?<![0-9个一二三四五六七八九十百])课时费|课单价|单节|每节")), ("day", re.compile("日薪|日结|每天")),
    ("deposit", re.compile("(?:[定订押]金|保证金|诚意金)[^0-9]{0,4}$")), ("term", re.compile("季费|季卡|学期费|(?<=学)期")),
)  # fmt: skip
NEXT_OFFER = re.compile(r"[0-9元]\s")  # 月卡299 季卡699: the month is said of the first
# After such a word the number counts something else.
COUNT = re.compile(
    r"\s?(?:分(?![一二三四六0-9]{1,2}期)|%|‰|折|个|人|名|位|岁|周(?!卡|[一二三四五六日末][带交付给上下晚])|年(?!卡)|届|级|班|月(?!卡)|日|天|号|点|道|题|页|字|词|遍|次(?!卡)|节|课|讲|期|组|篇|本|套|份|张|条|只|家|所|间|层|楼|栋|室|平(?![日时])|米|公里|千?克|斤|cm|mm|km|kg|m(?![a-z])"
    r"|h(?![a-z])|小时|钟|秒(?!杀(?!敌)|发(?=[,。;!?\n]|$|货|链接))|毫|时|对|v|x\d|ml|后|余|多[个人名]|门|科|单元|章|回|步|度|倍|版|集|款|辆|台|件|户|场|轮|位数|[下支颗粒枚遍圈块杯瓶](?!午)|美[元金刀]|[欧日澳加港新][元币]|英镑|泰铢|韩元|:\d|[.\-/][0-9]|学|升|大(?!家)|初(?![中一二三])|高(?![中一二三])|码|[a-z]{2})"
)
STOP = re.compile(
    r"\s?(?:[,。.;!?、)\]|~\n…❤🌸️#]|$|起|包[住吃食餐晚午会邮教含过来接]|自提|含|全[程包]|打包|拍下|可[小刀谈议]|不[刀议]|不小刀|不讲价|不过(?=[退全])|带走|秒|拿走|到手|一口价|不议|左右|上下|直接|\+|\(|卖|转|出|就|现|管|吃住|附|送|名额|也[行可]|都行|以?[内下](?=[,。;!?\n都也最]|$)|(?:以?[内下])?[都也]?(?:[能可]以?)?(?:接受|考虑|谈)|押[一二三]付|押[着在]|另[结算付计]|[日天月季年次周]卡[0-9]{2,5}|[早午晚全日][餐托辅]班?[0-9]{2,4}|一样|封顶|打底|可?分[0-9一二三四六]{1,2}期|可分|意思|体验|试听|试课|全(?:拿|带)走|整(?=[,。;!?\n]|$)|精修|加?底片|[\u201d\u2019\u0022」』】|]|[行够]吗|行不行|一家|平摊|(?<=[0-9])了(?!解)|买[了的个]"
    # 小学60初中80, but not 高一50高二40人
    r"|(?:(?:小学|初[中一二三]|高[中一二三]|[一二三四五六七八九]年级|本科|硕士|博士|研究生|在职)[0-9]{2,3}){1,3}(?![0-9%人名分个位班道题所初高本硕博研在]|小学|[一二三四五六七八九]年级)"
    r"|(?:小学|初中|高中|[午晚全日]托)[一二两三四五六七八九][一二三四五六七八九十百千]{1,3}(?![0-9一二三四五六七八九十百千%人名分个位班道题所]))"
)
# A blank is the comma of advertisements that run on, unless what the number counts stands behind it, or a numeral goes on.
BLANK_COUNT = re.compile(
    r"\s(?:分(?![期校])|%|‰|折|个|人(?!工)|名(?![师校额])|位(?!置)|岁|周(?![末一二三四五六日边])|年(?![级底卡])|届|级|班(?![级型额])|月(?![底卡])|日(?!期)|天|号|点|道|题(?!目)|页|字|词|遍|次(?!日)|节(?!假)|集|课时|讲(?!师)|期(?![待末中])|组|篇|套|份|张|条|所|间|层|楼|栋|室|平|米|公里|千?克|斤"
    r"|(?:cm|mm|km|kg|ml|m|h|v|x)(?![a-z])|小时|钟|秒|毫|余|多|门(?![口店])|单元|章|回|步|度|倍|款|辆|台|件|户|轮|首|句|则|例|招(?!生)|关|强|以[内上下]|后(?![付结])|[单核必常高]?[词心背用频]|[0-9]{2,5}(?:\s|$|[.\-/:])|[\-*/=<>])"
)
COUNTED_SOON = re.compile("^[0-9]{1,3}[^0-9,。]{0,3}(?:分钟|小时|课时)")
# Universities, hotlines and days that go by a number.
FEW = frozenset(
    [
        "211",
        "985",
        "996",
        "007",
        "110",
        "119",
        "120",
        "520",
        "315",
        "12345",
        "12315",
        "12388",
        "12348",
        "12333",
        "12355",
        "96110",
    ]
)
CALLED = frozenset({"110", "120"})  # who is taught for 120 yuan is no ambulance: 一对三120
YEAR = re.compile(r"(?:19|20)\d\d")
CLAUSE = re.compile(r"[,。;!?|\n]")
BEFORE = 14  # characters of the same clause before a number in which a word of money is looked for
FACTORS = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "百": 100}
# What each is charged, by things that are no unit of lessons: 一座一百二, 每人份75, 一壶70.
APIECE = re.compile(
    r"(?:(?<![十百千0-9])一|每)(?:人份?|位|座|个|席|[娃孩]|家|户|壶|页|趟|单|份|课|顿|餐|坑|斤|首|只|件|瓶|杯|桌|盒|碗|袋|盘|箱|枚|章|把|圈|式|粒钟|套)(?:合|收|按|只|要|是|就|才|算){0,2}$"
)
# A number at the head of a clause that such words follow is what the thing costs: 2600押一付三, 480八次, 780包月.
PAID_SO = re.compile(
    r"\s?(?:含(?!金)|包(?:[月季年吃住教票]|[一两半]个?[月季年学])|押[一二]付|[一二三四五六七八九十两]{1,2}(?:[次节堂天晚]|课时|个月)|起步|封顶|线下班|[听看学]?到(?=考|期末|年底|开学|中考|高考)|五险|社保|绩效|提成|全勤|底薪|不[还议]价|可[谈议刀]|不刀|顶天|永久(?=[看可有使学回])|先拍|包找回)"
)
# 3000以内/月, 两万二以下, 三千的课; 二十以内 is arithmetic, 八千的孩子 are children.
WITHIN = re.compile(r"以[内下](?!的?(?:[加减数]|单词|口算))|的(?=.{0,4}(?:卡|课|班|学费|套餐))")
LEAST_APIECE = 15  # yuan a head or a lesson; below it stand ages and pieces
LEAST_PAID_SO = 50  # yuan; below it the head of a clause counts (12含4, 20三节)
LEAST_SPOKEN_RANGE, LEAST_RANGE = 80, 1000  # yuan; below them stand ages and people, hours, pages and rooms
LEAST_SUM = 300  # yuan: below it stand numbers of things, marks and sums of arithmetic
# What a large number counts whose name stands before it: readers, words, steps, marks.
TALLIED = re.compile(
    r"(?:阅读量?|播放量?|浏览量?|粉丝|[增涨掉]粉|点赞|词汇量?|单词|字数|人数|人口|学员|用户|会员|销量|累计|步数|里程|面积|积分|巅峰|战力|考了?|(?<!所)得分?|满分|百分之|第|成|上|数|几|破|近|读了|写了|背了?|认了?|跑了?|跳了?|打了?|占地|资源|落后|排名?|排到|[一二三]模|最[高低]|掉到|字量?|不到|超越|领先|减|便宜|省下?了?|优惠|降了?|少|扣了?|[0-9一二三四五六七八九十个])[: ]?$"
)
MOST_METRES = 400  # from here on 米 is a way to run, not money: 三千米一趟
# 6块白板, 三块电池: so many pieces of a thing.
PIECED = re.compile(
    r"\s?(?:[白黑展画看]板|[金银铜奖广]?牌[子匾,。、]|屏幕?|大屏|地[板砖]|瓷砖|砖|电池|硬盘|玻璃|手表|橡皮|滑板|拼图|积木|毛巾|[香肥]皂|腹肌|石头|布料|豆腐|蛋糕|饼干|田[地,。]|场地|泡沫|垫子)"
)
# 几千块 is no amount, 3栋502 a room, 白板8块 are boards.
VAGUE = frozenset("几数上")
HOUSED = re.compile(r"(?:[0-9a-z]座|[0-9a-z一二三四五六七八九十](?:栋|幢|单元|号楼|号院)) ?$")
BOARDS = re.compile(r"(?:[白黑展画]板|屏幕?|地板|地砖|瓷砖|电池|玻璃)$")
MOST_BOARDS = 30  # pieces; so many yuan is a cheap one already
# Units of which 九十一次, alone between two stops, is ninety yuan each; 四十一人 are people, 九十一天 days.
HEADED = frozenset("时头次节堂回位")
LEAST_HEADED = 50  # yuan; 四十一次 is as likely a count
