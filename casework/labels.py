"""What officers read in place of the words of the code: short Chinese names."""

from __future__ import annotations

from collections.abc import Iterable

from core.model import Code, Finding, Review

CODES = {
    "ONE_TO_ONE": "一对一或小组学科培训", "CROWDFUNDED_TUTOR": "众筹私教", "LIVE_IN_TUTOR": "住家教师",
    "HOME_TUTOR": "上门家教", "JOB_AD": "学科辅导招聘求职", "DISGUISED_NAME": "隐形变异名目",
    "DAYCARE_TUTORING": "托管机构违规补课", "CAMP_TUTORING": "研学营地违规补课", "PRESCHOOL": "学前学科培训",
    "HIGH_SCHOOL": "高中学科培训",
    "IN_SERVICE_TEACHER": "在职教师有偿补课", "UNLICENSED_ONLINE": "无证线上培训",
    "GHOST_INSTITUTION": "已注销机构仍在办学", "FALSE_PROMOTION": "虚假宣传", "FEE_VIOLATION": "违规收费",
    "COMPETITION": "违规竞赛考级", "OFF_SYLLABUS": "超前超标教学", "ADVERTISING": "培训广告",
    "VENUE": "提供培训场地", "ADMISSION_CONSULTING": "违规升学咨询",
}  # fmt: skip
CHANNELS = {
    "tutor_site": "家教网站", "job_board": "招聘平台", "housekeeping": "家政平台", "classified": "分类信息",
    "secondhand": "二手交易", "social": "社交平台", "forum": "论坛", "chat_group": "聊天群",
    "short_video": "短视频", "live": "直播", "life_service": "生活服务", "online_school": "网校",
    "online_course": "网课平台", "portal": "门户网站", "search": "搜索引擎", "navigation": "导航网站",
    "popup_ad": "弹窗广告", "consulting": "咨询推荐", "news": "新闻", "gov": "政务", "message": "消息",
    "other": "其他",
}  # fmt: skip
STATUSES = {"flagged": "疑似违规", "unsure": "待研判", "confirmed": "已确认", "rejected": "已驳回"}
DECISIONS = {"flagged": "疑似违规", "unsure": "拿不准", "clear": "未见违规"}
ROLES = {
    "provider": "提供方", "intermediary": "中介", "seeker": "家长求助（不是违规主体）", "other": "身份不明",
}  # fmt: skip
LOOKS = {"first": "初次抓取", "second": "浏览器取证", "again": "补取缺件", "gone": "页面不在的应答"}
SECOND_LOOKS = {"pending": "等待截图", "done": "已截图", "missing": "未能截图"}
ITEMS = {
    "warc": "原始网络记录", "screenshot": "网页截图", "dom": "网页代码", "text": "网页文字",
    "post": "帖文记录",
    "post_picture": "帖中图片", "provenance": "判断依据", "response": "网络应答", "exchange": "页面组成部分",
    "post_screenshot": "帖文截图", "certificates": "网站证书", "picture": "帖中图片", "contact": "联系方式",
    "loaded": "页面加载", "settled": "页面静止", "read_through": "浏览到页面底部", "click": "点击展开",
    "screenshot_rest": "截图以外的部分", "pictures_loaded": "图片加载",
}  # fmt: skip
ORIGINS = {"original": "原始", "derived": "生成", "redacted": "遮盖"}
RUN_KINDS = {
    "crawl": "巡查", "visit": "查看单页", "retake": "补取缺件", "lookback": "回头看", "rejudge": "重新判断", "export": "导出",
    "import": "导入",
}  # fmt: skip
RUN_STATES = {
    "queued": "排队中", "running": "进行中", "done": "完成", "suspect": "完成但异常", "failed": "失败",
    "cancelled": "已取消", "lost": "中断待续",
}  # fmt: skip
COUNTS = {
    "pages": "网页", "posts": "帖子", "flagged": "疑似", "unsure": "待研判", "clear": "未见违规",
    "unchanged": "无变化", "changed": "有改动", "sealed": "已取证", "attempts": "次数", "looks": "截图",
    "waiting": "待入库", "parts": "补取部分",
    "export_steps": "共几步", "export_done": "已完成步数", "exported": "已导出线索",
    "pictures_read": "已识别图片", "pictures_known": "重复图片", "pictures_unread": "未识别图片",
}  # fmt: skip
# How a kept file was made (Item.how): the machine's word and what it means. `how_name` shows both.
HOWS = {
    "drawn-dom": "浏览器绘制完成后的网页代码", "drawn-text": "绘制完成后网页上显示的文字",
    "full-page-screenshot": "浏览器整页截图，过长的页面自上而下分幅", "post-screenshot": "浏览器对帖文所在部分的截图",
    "tls-chain-devtools": "浏览器与网站建立加密连接时验证的证书链",
    "tls-leaf-scrapy": "抓取程序与网站建立加密连接时收到的网站证书（不含上级证书）",
    "judged-by": "判断所依据的规则和模型的版本",
    # As written before 2026-11-21.
    "page.content() after drawing": "浏览器绘制完成后的网页代码",
    "innerText of the drawn page": "绘制完成后网页上显示的文字",
    "full page, 1366 px wide, headless Chromium": "浏览器整页截图",
    "written by Wangxun: versions of the rules and of the model that judged this post": "判断所依据的规则和模型的版本",
}  # fmt: skip
# Lines of the provenance sheet (docs/evidence.md says where each comes from).
PROVENANCE = {
    "software": "取证软件", "software_versions": "组成部分版本", "host": "取证设备", "user_agent": "访问标识",
    "source": "来源文件", "basis": "巡查依据", "rule_version": "规则版本", "model_version": "模型版本",
    "option_viewport": "屏幕、语言、时区", "option_waits": "等待条件", "option_scroll": "滚动",
    "option_click": "点击", "option_budget": "时间和大小上限", "pace_seconds": "两次访问间隔（秒）",
    "rate_used": "实际访问频率", "robots": "访问规则（robots）", "robots_answer": "访问规则的应答和时间",
    "dns": "域名解析", "server_addresses": "服务器地址", "tls": "网站证书", "removed": "已去除的会话信息",
    "started_utc": "开始（UTC）", "started_beijing": "开始（北京时间）", "ended_utc": "结束（UTC）",
    "ended_beijing": "结束（北京时间）", "clock_state": "系统时钟状态", "clock_checked_at": "时钟检查时间",
    "clock_reference": "对照时钟", "clock_offset_seconds": "与对照时钟之差（秒）",
    "clock_server_date_seconds": "网站时间减本机时间（秒）", "scrapy": "抓取程序版本",
}  # fmt: skip
OFFICER_ROLES = {
    "viewer": "查阅员", "reviewer": "审核员", "supervisor": "主管", "administrator": "管理员",
    "system": "系统",
}  # fmt: skip
# What a post names, in the order in which an officer asks for it (kinds of `nlp.entities` and `nlp.fees`).
ENTITIES = {
    "phone": "电话", "wechat": "微信", "qq": "QQ", "email": "邮箱", "url": "网址", "institution": "机构", "school": "任教学校", "person": "人名",
    "address": "地址", "price": "价格", "lessons": "一次收取课次", "months": "一次收取月数", "grade": "年级", "time": "时间",
}  # fmt: skip
PRICE_UNITS = {
    "hour": "/小时", "lesson": "/课次", "day": "/天", "week": "/周", "month": "/月", "term": "/学期", "year": "/年",
    "package": "（整套）", "deposit": "（定金）",
}  # fmt: skip
CASE_STATES = {"open": "办理中", "closed": "已结"}
# Of a code for which no single word speaks that could be quoted.
UNQUOTED = "没有可以单独引用的词语，按整体措辞判断"
LABELS: dict[str, dict[str, str]] = {
    "code": CODES, "channel": CHANNELS, "status": STATUSES, "decision": DECISIONS, "role": ROLES,
    "look": LOOKS,
    "second_look": SECOND_LOOKS, "item": ITEMS, "origin": ORIGINS, "run_kind": RUN_KINDS,
    "run_state": RUN_STATES, "count": COUNTS, "officer_role": OFFICER_ROLES, "case_state": CASE_STATES,
}  # fmt: skip


SAID, JUDGED = "认定类型", "系统判断"  # codes as an officer named them, and as the judge did


def code_names(codes: Iterable[Code]) -> str:
    """Codes by their names."""
    return "、".join(CODES[code] for code in codes) or "无"


def codes_told(finding: Finding, made: Review) -> str:
    """The codes that a decision names, and the judge's where they differ; "" where the officer did not say."""
    if not made.codes:
        return ""
    said = f"{SAID}：{code_names(made.codes)}"
    judged = [one.verdict.codes for one in finding.versions if one.content_digest == made.content_digest]
    if not judged or set(judged[-1]) == set(made.codes):
        return said
    return f"{said}（{JUDGED}：{code_names(judged[-1])}）"


def how_name(how: str) -> str:
    """How a file was made, in Chinese beside the machine's word; what is Chinese already stays as it is."""
    return f"{HOWS[how]}（{how}）" if how in HOWS else how
