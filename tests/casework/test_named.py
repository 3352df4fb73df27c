"""What a post names, told in Chinese: plain forms, what stands there, pictures; and that every kind has its name."""

from __future__ import annotations

from typing import get_args

from casework.labels import ENTITIES, PRICE_UNITS
from casework.named import Named, named
from core.mask import mask_value
from core.model import EntityKind, Picture, PictureLine, Version
from nlp.entities import find_entities
from nlp.fees import fee_facts, with_counts
from nlp.price_words import UNIT_WORDS
from tests.casework.desks import SEEN, TinyJudge, make_post


def version(text: str, *lines: str) -> Version:
    post = make_post(text)
    if lines:
        read = tuple(PictureLine(text=line, box=(0, 0, 9, 9)) for line in lines)
        post = post.model_copy(update={"pictures": (Picture(url="http://a.test/1.png", lines=read),)})
    verdict = TinyJudge().judge(post)
    whole = "\n".join((text if not post.title else f"{post.title}\n{text}", *lines))
    verdict = verdict.model_copy(update={"entities": find_entities(whole)})
    return Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=(), seen_from=SEEN, seen_to=SEEN
    )


def test_things_are_told_by_kind_with_what_stands_there_where_it_reads_otherwise() -> None:
    text = "王老师上门，一百五一小时，每周六下午2:00-4:00，周末80-100元/小时，电话幺三八零零一三八零零零，薇 Math_2024，薇 Math_2024"
    assert named(version(text)) == {
        "电话": [Named("13800138000", "幺三八零零一三八零零零", False)],
        "微信": [Named("Math_2024", "", False)],
        "人名": [Named("王老师", "", False)],
        "价格": [Named("150元/小时", "一百五一小时", False), Named("80-100元/小时", "", False)],
        "时间": [Named("每周六下午2:00-4:00", "", False)],
    }


def test_what_a_picture_names_says_so() -> None:
    told = named(version("看图", "电话13800138000"))
    assert told["电话"] == [Named("13800138000", "", True)]


def test_of_lessons_and_months_it_is_said_that_they_are_paid_at_once() -> None:
    text = "初二数学一对一，80节课一次付清16000元，六个月一交"
    entities = find_entities(text)
    found = version(text)
    counted = with_counts(fee_facts(text, entities), entities)
    verdict = found.verdict.model_copy(update={"entities": counted})
    told = named(found.model_copy(update={"verdict": verdict}))
    assert told["一次收取课次"] == [Named("80节", "", False)]
    assert told["一次收取月数"] == [Named("6个月", "六个月", False)]


def test_what_a_price_is_paid_by_is_told_with_the_price() -> None:
    text = "幼小衔接拼音识字，1450元一个月"
    entities = find_entities(text)
    counted = with_counts(fee_facts(text, entities), entities)
    found = version(text)
    verdict = found.verdict.model_copy(update={"entities": counted})
    assert {item.kind for item in counted} == {"price", "months"}
    told = named(found.model_copy(update={"verdict": verdict}))
    assert told == {"价格": [Named("1450元/月", "", False)]}


def test_of_a_masked_number_nothing_more_is_told() -> None:
    found = version("初二数学一对一，电话幺三八零零一三八零零零")
    masked = tuple(
        item.model_copy(
            update={
                "value": mask_value(item.value),
                "span": item.span.model_copy(update={"text": mask_value(item.span.text)}),
            }
        )
        for item in found.verdict.entities
        if item.kind == "phone"
    )
    verdict = found.verdict.model_copy(update={"entities": masked})
    told = named(found.model_copy(update={"verdict": verdict}))
    assert told["电话"] == [Named("138******00", "", False)]


def test_every_kind_and_unit_that_the_judge_finds_has_its_name() -> None:
    text = (
        "博学教育中心，学军中学在职的王老师，文化路88号3楼，电话13800138000，微信 math_2024，QQ 123456789，邮箱 a@b.test，"
        "https://a.test/x，五年级，每周六下午2:00-4:00，150元/小时"
    )
    found = {item.kind for item in find_entities(text)}
    assert found | {"lessons", "months"} == ENTITIES.keys() == set(get_args(EntityKind))
    assert {name for name, _ in UNIT_WORDS} - {"none"} <= PRICE_UNITS.keys()
