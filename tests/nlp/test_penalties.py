"""The elements of the penalty clauses: what a text points to is quoted, what it does not is work left for the officer."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog import load_catalog
from core.model import Element, Verdict
from core.rules import Violation
from nlp.judge import Judge
from tests.nlp.conftest import CONFIG


@pytest.fixture(scope="module")
def judge(rules: list[Violation], words: Path) -> Judge:
    routes = load_catalog(CONFIG).routes
    return Judge.load(rules, words, routes=tuple(routes.values()))


def quoted(verdict: Verdict) -> dict[str, list[str]]:
    return {item.title: [span.text for span in item.spans] for item in verdict.elements}


def element(verdict: Verdict, beginning: str) -> Element:
    return next(item for item in verdict.elements if item.title.startswith(beginning))


def test_an_institution_shows_premises_and_staff_and_not_its_licence(judge: Judge) -> None:
    text = "春季班招生：语文数学英语，六名老师任教，教务处随时答疑，学费每科800元，地址文化路12号二楼"
    verdict = judge.judge_text(text)
    assert verdict.decision == "flagged"
    found = quoted(verdict)
    assert found["未经审批"] == []
    assert "许可证" in element(verdict, "未经审批").check
    assert found["两名以上培训从业人员"] == ["六名老师"]
    assert found["有相应的组织机构和分工"] == ["教务"]
    assert any("文化路12号" in item for item in found["线下有专门的培训场所，或线上有专门的网站、应用程序"])
    assert {"数学", "语文"} <= set(found["内容是学校学科"])


def test_a_disguised_word_is_quoted_as_it_stands(judge: Judge) -> None:
    text = "在zhi老师，初三数学一怼一，晚上家里上课，150一小时"
    verdict = judge.judge_text(text)
    assert [span.text for span in element(verdict, "一对一").spans] == ["一怼一"]
    assert [span.text for span in element(verdict, "中小学在职").spans] == ["在zhi老师"]
    assert all(text[span.start : span.end] == span.text for item in verdict.elements for span in item.spans)


@pytest.mark.parametrize(
    ("said", "title", "quotes"),
    [
        ("3个名额，刘老师", "两名以上", []),
        ("5位学员全部提分 老师耐心", "两名以上", []),
        ("三位重点大学老师", "两名以上", ["三位重点大学老师"]),
        ("咨询电话13800138000", "以咨询", []),
        ("博学教育咨询公司", "以咨询", ["咨询公司"]),
        ("培养数学思维", "以咨询", []),
        ("思维训练营", "以咨询", ["思维训练"]),
        ("不上门", "利用居民楼", []),
        ("可上门", "利用居民楼", ["可上门"]),
        ("拒绝上门", "利用居民楼", []),
        ("可以去你家", "利用居民楼", ["去你家"]),
        ("周末来家里讲题", "利用居民楼", ["来家里"]),
        ("打印出来家长签字", "利用居民楼", []),
        ("可住家教英语", "利用居民楼", ["住家"]),
        ("离住家附近", "利用居民楼", []),
        ("不接线上", "利用即时通讯", []),
        ("线上授课", "利用即时通讯", ["线上"]),
        ("在线答疑", "利用即时通讯", ["在线"]),
        ("不做线上", "利用即时通讯", []),
        ("前校长推荐", "有相应的组织机构", []),
        ("退休一线老师", "中小学在职", []),
        ("公办老师", "中小学在职", ["公办老师"]),
        ("现任教某小学", "中小学在职", ["现任教某小学"]),
        ("在职宝妈", "中小学在职", []),
        ("专业辅导数学", "内容是学校学科", ["数学"]),
        ("教初中科学", "内容是学校学科", ["初中科学"]),
        ("初二男，科学差", "内容是学校学科", ["初二男，科学"]),
        ("中考科学备考", "内容是学校学科", []),
        ("初一本科学历", "内容是学校学科", []),
        ("八年级科学实验营", "内容是学校学科", []),
        ("三年级科学", "内容是学校学科", []),
    ],
)
def test_only_what_says_so_points_to_an_element(
    judge: Judge, said: str, title: str, quotes: list[str]
) -> None:
    verdict = judge.judge_text(f"初三数学一对一，150一小时，{said}，家长加微信teacher_li88")
    assert verdict.elements
    found = [span.text for span in element(verdict, title).spans]
    assert [word for word in found if word in said] == quotes


def test_a_parent_and_a_lawful_post_have_no_elements(judge: Judge) -> None:
    seeker = judge.judge_text("求推荐上门家教，孩子四年级，数学跟不上，想找个女老师，一周两次")
    assert (seeker.decision, seeker.role, seeker.elements) == ("flagged", "seeker", ())
    assert judge.judge_text("周末天气好，一起去爬山吧").elements == ()


def test_counter_evidence_that_was_not_found_is_named_and_what_was_found_is_not(judge: Judge) -> None:
    verdict = judge.judge_text("数学一对一辅导，初三冲刺，每小时200元，家长加微信teacher_li88咨询")
    assert "面向成人" in verdict.absent
    assert not set(verdict.absent) & {reason.meaning for reason in verdict.counter}
    grown = judge.judge_text("初中数学一对一辅导，另有成人英语班，家长加微信teacher_li88咨询，每小时200元")
    assert grown.decision == "flagged"
    assert "面向成人" not in grown.absent
    assert any(reason.meaning == "面向成人" for reason in grown.counter)


def test_routes_change_the_rule_version(judge: Judge, rules: list[Violation], words: Path) -> None:
    assert Judge.load(rules, words).rule_version != judge.rule_version
