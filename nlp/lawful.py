"""The lawful look-alikes that a sum of words cannot tell: other fields, adults, free help, goods."""

from __future__ import annotations

import re

from nlp.reading import Reading

CLEARED = 0.2  # below the threshold of review
GROWN = re.compile("成年人|成人|上班族|大学生和|学员多为白领|在职人员|职场|考研|考公")
PUPILS = re.compile("年级|初[一二三中]|高[一二三中考]|孩子|小学|小升初|少儿|幼小|娃")
FREE = re.compile("全程免费|免费辅导|志愿者|公益|义务辅导|支教")
SOLD = re.compile("旧课本|课外书|字典|台灯|学习机|搬家出|杂志|打印机|书桌|词典|练习册|绘本出|邮费|包邮")
LESSONS = re.compile("网课|录播|课程|账号|直播课|视频课|辅导|家教|补|讲题|授课|一对一")
EMPLOYER = re.compile("出版社|图书公司|教辅编辑|教材编辑|校对|全日制学校|(?:小学|中学|学校|高中|学院)(?:公开)?(?:招聘|诚聘)")
TRAINING = re.compile("机构|培训|辅导|补|家教|托管|晚托|兼职带|学员")
TALK = re.compile("不用报班|没报班|没补|要不要|聊聊|请教|错题本|笔记方法|算不算违规|开窍|慢慢来|焦虑")
OFFICIAL = re.compile("人民法院|审结|教育局(?:联合|会同|：)|解读|集中整治|公告|通报|责令|严禁|赛区启动|双减")
CARE = re.compile("不开设任何学科|不补课|不讲课|不辅导功课|只管.{0,8}看护|只负责.{0,8}看护|仅提供看护")
LESSON_SOLD = re.compile("错题|提优|预习|照常|讲解|老师讲|数学|英语|语文")
OWN_REGIME = re.compile("文化课(?:回|不含|自理|自己)|不(?:涉及|含|教|上)文化课|只教专业|校考|联考集训")


def tempered(score: float, reading: Reading) -> float:
    """`score`, or CLEARED at most where the content is none of the school subjects for children."""
    text, hits = reading.plain.text, reading.hits
    other = any(hits.get(f"@{name}") for name in ("arts", "sports", "science", "adult"))
    other_field = other and not hits.get("@subjects")
    adults = bool(GROWN.search(text)) and not PUPILS.search(text)
    free = bool(FREE.search(text)) and not any(entity.kind == "price" for entity in reading.entities)
    goods = bool(SOLD.search(text)) and not LESSONS.search(text)
    hired = bool(EMPLOYER.search(text)) and not TRAINING.search(text)
    reached = any(entity.kind in {"phone", "wechat", "qq"} for entity in reading.entities)
    spoken = not reached and bool(TALK.search(text) or OFFICIAL.search(text))
    care = bool(CARE.search(text)) and not LESSON_SOLD.search(text)
    cleared = spoken or care or hired or other_field or adults or free or goods or bool(OWN_REGIME.search(text))
    return min(score, CLEARED) if cleared else score
