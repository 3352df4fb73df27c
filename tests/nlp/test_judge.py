from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Post, Verdict
from core.rules import Thresholds, Violation
from core.text import judged_text
from nlp.explain import GRAVE
from nlp.judge import Judge

DISGUISED = "🌟初二 数🍠 1⃣对1⃣，老浉可上门，100元/小时，➕薇 math_2024，海淀区"


def quotes_true(verdict: Verdict, text: str) -> bool:
    spans = [reason.span for item in verdict.suspicions for reason in item.reasons]
    spans += [reason.span for reason in verdict.counter] + [entity.span for entity in verdict.entities]
    return all(text[span.start : span.end] == span.text and span.text for span in spans)


def test_a_disguised_offer_is_flagged_and_its_disguises_explained(judge: Judge) -> None:
    verdict = judge.judge_text(DISGUISED)
    assert verdict.decision == "flagged"
    assert {"ONE_TO_ONE", "HOME_TUTOR"} <= set(verdict.codes)
    assert verdict.subjects == ("数学",)
    assert verdict.stages == ("初中",)
    assert verdict.category == "学科"
    assert verdict.region is not None
    assert verdict.region.code == "110108"
    assert quotes_true(verdict, DISGUISED)
    reasons = [reason for item in verdict.suspicions for reason in item.reasons]
    assert any((reason.meaning or "").startswith("“1⃣对1⃣”即“一对一”；") for reason in reasons)
    assert all(reason.clause for reason in reasons)


def told(verdict: Verdict) -> dict[tuple[str, str], str]:
    """Meanings by signal and quotation."""
    reasons = [reason for item in verdict.suspicions for reason in item.reasons]
    return {(reason.signal, reason.span.text): reason.meaning or "" for reason in reasons}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("暑假xsc bk，小班，五人一组", {"xsc": "小升初", "bk": "补课"}),
        ("初二数学一对一，威❤ ttmath66", {"威❤": "微信"}),
        ("初二数学一对一，扣扣 123456789", {"扣扣": "qq"}),
        ("初二数学一对一，🐧123456789", {"🐧": "qq"}),
        ("数学一对一，绿泡泡 abcd1234", {"绿泡泡": "微信"}),
        ("初二数学一对一，➕薇 ttmath66", {"➕薇": "微信"}),
        ("初二数学一对一，佬师佬师，老1⃣", {"佬师": "老师"}),
        ("初二数学一对一，微信 ttmath66", {}),
        ("初二数学1v1，微信 ttmath66", {}),  # told where the rule quotes it
    ],
)
def test_a_disguise_is_a_sign_of_its_own(judge: Judge, text: str, hidden: dict[str, str]) -> None:
    verdict = judge.judge_text(text)
    found = {span: meaning for (signal, span), meaning in told(verdict).items() if signal == "disguise"}
    assert found == {word: f"“{word}”即“{plain}”" for word, plain in hidden.items()}
    assert quotes_true(verdict, text)


@pytest.mark.parametrize(
    ("text", "quoted", "meaning"),
    [
        ("初二数学一对一，老shi上门，150一小时", "老shi上门", "“老shi”即“老师”；上门、到家里"),
        ("初二数学一对一，老shi上门，150一小时，周末也上门", "上门", "上门、到家里"),
        ("初二数学一对一，佬师上🚪，150一小时", "佬师上🚪", "“佬师”即“老师”；“上🚪”即“上门”；上门、到家里"),
        ("初二数学一对一佳教，150一小时", "佳教", "“佳教”即“家教”；家教、家庭教师"),
        ("补一补功夫\n课时不多\n数着日子\n学期到，佳教", "佳教", "“佳教”即“家教”；家教、家庭教师"),
        (
            "补一补功夫\n课时不多\n数着日子\n学期到，佳教", "补一补功夫\n课时不多\n数着日子\n学",
            "各行首字连读即“补课数学”；学校科目",
        ),
    ],
)  # fmt: skip
def test_the_plain_word_is_that_of_the_disguise_and_not_of_what_is_quoted_around_it(
    judge: Judge, text: str, quoted: str, meaning: str
) -> None:
    assert meaning in [said for (_, span), said in told(judge.judge_text(text)).items() if span == quoted]


@pytest.mark.parametrize(
    "text",
    [
        "初中英语提分 10年经验 150一小时 徐州",
        "我白天上班没时间管 想找个老师辅导初二数学",
    ],
)
def test_where_no_word_tells_the_kind_nobody_is_accused_of_the_worst_nor_by_names(
    judge: Judge, rules: list[Violation], text: str
) -> None:
    verdict = judge.judge_text(text)
    assert verdict.decision == "flagged"
    grave = {rule.id for rule in rules if rule.severity >= GRAVE}
    assert not grave & set(verdict.codes)
    quoted = {reason.span.text for item in verdict.suspicions for reason in item.reasons}
    assert not quoted & {"徐州", "10", "150", "100"}


def test_a_broker_of_school_places_needs_one_word_only(judge: Judge) -> None:
    text = (
        "办理通州区入学名额，好学校都有关系，先付定金！户口房产资料我们整理，10月12日前备齐，节点不耽误，"
        "咨询12500元/期，含面谈3次！感兴趣的加微信xueli70222，备注来意"
    )
    verdict = judge.judge_text(text)
    assert (verdict.decision, verdict.codes) == ("flagged", ("ADMISSION_CONSULTING",))


def test_counter_evidence_in_disguise_was_not_looked_for_in_vain(judge: Judge) -> None:
    verdict = judge.judge_text("初二数学一对一家教，150元一小时，住.家也可")
    [found] = [reason for reason in verdict.counter if reason.span.text == "住.家"]
    assert found.meaning == "“住.家”即“住家”；住家服务，另归一类"
    assert "住家服务，另归一类" not in verdict.absent
    assert "住家服务，另归一类" in judge.judge_text("初二数学一对一家教，150元一小时，佬师").absent


def test_a_text_too_long_to_be_read_says_so(judge: Judge) -> None:
    text = "今天天气很好，适合散步。" * 5000 + "初二数学一对一家教，上门辅导，150一小时"
    [note] = judge.judge_text(text).notes
    assert f"{len(text)} 字" in note
    assert "前 50000 字" in note
    offer = judge.judge_text("初二数学家教，150一小时，加微信报名。" + text)
    assert (offer.decision, len(offer.notes)) == ("flagged", 1)
    assert judge.judge_text("晴" * 50_000).notes == ()
    texts = ["晴", text, "雨"]
    found = judge.judge_texts((one, "", "other") for one in texts)
    assert [len(verdict.notes) for verdict in found] == [0, 1, 0]


def test_a_code_is_named_from_its_own_threshold(rules: list[Violation], words: Path, judge: Judge) -> None:
    codes = judge.judge_text(DISGUISED).codes
    likeliest, other = codes[0], codes[1]
    raised = [
        rule.model_copy(update={"thresholds": Thresholds(named=1.0)})
        if rule.id in (likeliest, other)
        else rule
        for rule in rules
    ]
    assert other not in Judge.load(raised, words).judge_text(DISGUISED).codes
    lowered = [rule.model_copy(update={"thresholds": Thresholds(named=0.0)}) for rule in rules]
    assert set(codes) < set(Judge.load(lowered, words).judge_text(DISGUISED).codes)


def _decided(rules: list[Violation], words: Path, thresholds: dict[str, Thresholds]) -> Verdict:
    changed = [
        rule.model_copy(update={"thresholds": thresholds.get(rule.id, Thresholds(flagged=1, unsure=1))})
        for rule in rules
    ]
    return Judge.load(changed, words).judge_text(DISGUISED)


def test_of_the_codes_named_the_lowest_bar_decides(rules: list[Violation], words: Path, judge: Judge) -> None:
    usual = judge.judge_text(DISGUISED)
    first, second = usual.codes[:2]
    low, high = Thresholds(), Thresholds(flagged=1, unsure=0.01)
    assert _decided(rules, words, {first: high, second: low}).decision == "flagged"
    handed = _decided(rules, words, {first: high})
    assert (handed.decision, handed.codes, handed.role) == ("unsure", usual.codes, usual.role)
    clear = _decided(rules, words, {})
    assert (clear.decision, clear.score, clear.suspicions, clear.role) == ("clear", usual.score, (), "other")
    assert clear.entities == tuple(it for it in usual.entities if it.kind not in ("lessons", "months"))
    # The bar of a code that is not named says nothing.
    absent = next(rule.id for rule in rules if rule.id not in usual.codes)
    assert _decided(rules, words, {absent: low}).decision == "clear"


def test_title_and_body_are_judged_as_one_text_with_true_offsets(judge: Judge) -> None:
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    post = Post(
        id="p", source_id="s", channel="forum", url="http://luntan.test/1", title="求个家教",
        body="三年级数学，每周两次，50元一小时", region="杭州市 滨江区", seen_at=moment,
    )  # fmt: skip
    verdict = judge.judge(post)
    assert verdict.decision == "flagged"
    assert verdict.role == "seeker"
    assert verdict.region is not None
    assert verdict.region.name == "滨江区"
    assert quotes_true(verdict, judged_text(post))


def test_the_agency_is_an_intermediary(judge: Judge) -> None:
    verdict = judge.judge_text("家教单0831：初三化学，薪水120/小时，信息费一次课，接单加微信 jjdan2024")
    assert verdict.decision == "flagged"
    assert verdict.role == "intermediary"


def test_news_of_a_violation_is_clear_and_the_counter_evidence_is_quoted(judge: Judge) -> None:
    text = "市教育局通报：某公司违规开展初中数学一对一补课，收费每小时300元，已依法处罚"
    verdict = judge.judge_text(text)
    assert verdict.decision != "flagged"
    assert any(reason.span.text == "通报" for reason in verdict.counter)
    assert quotes_true(verdict, text)


def test_art_lessons_are_clear_and_go_to_the_arts_department(judge: Judge) -> None:
    verdict = judge.judge_text("古筝一对一教学，少儿零基础，琴行试听，每节120元")
    assert verdict.decision == "clear"
    assert verdict.category == "文化艺术"
    assert verdict.role == "other"


def test_the_versions_change_with_the_rules(judge: Judge, rules: list[Violation], words: Path) -> None:
    fewer = Judge.load(rules[1:], words)
    assert fewer.rule_version != judge.rule_version
    assert fewer.model_version == judge.model_version
    assert Judge.load(rules[::-1], words).rule_version == judge.rule_version


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800",
        "数学\udfff一对一",
        "一" * 1_000_000,
        "1" * 200_000,
        "家 " * 300_000,
        "V信：" * 50_000,
        "\x00\x01",
        "👨‍👩‍👧‍👦" * 5000,
    ],
    ids=["empty", "half", "half in words", "million", "digits", "gaps", "labels", "controls", "joined emoji"],
)
def test_the_worst_texts_are_judged(judge: Judge, text: str) -> None:
    assert judge.judge_text(text).decision in {"clear", "unsure", "flagged"}


PIECES = st.sampled_from(
    [
        "数🍠",
        "一 对 一",
        "1v1",
        "家.教",
        "老浉",
        "１３８００００１１１１",
        "微信同号",
        "80元/小时",
        "\n",
        "。",
        "\u200b",
        "é",
        "輔導",
    ]
)


@settings(max_examples=60, deadline=None)
@given(text=st.lists(PIECES | st.text(max_size=8), max_size=20).map("".join))
def test_any_text_is_judged_and_quoted_truly(judge: Judge, text: str) -> None:
    verdict = judge.judge_text(text)
    assert 0 <= verdict.score <= 1
    assert quotes_true(verdict, text)
    assert judge.judge_text(text) == verdict


def test_the_digits_of_an_account_are_no_price(judge: Judge) -> None:
    for text, prices in (
        ("高考志愿填报收费咨询，绿泡泡:lin56107", []),
        ("高考志愿填报收费咨询，2680一份，微信：chenb-84715", ["2680"]),
        ("高考志愿填报收费咨询，2680一份，微信：wx_12500", ["2680"]),
        ("高考志愿填报收费咨询，2680一份，电话13800012500", ["2680"]),
        ("高考志愿填报收费咨询，3000一份", ["3000"]),
        ("2025高考志愿填报一对一 3980 电话400-885-6677", ["3980"]),
        ("2026届高考志愿填报收费咨询，1999-2999，座机0571-8886转8003", ["1999", "2999"]),
        ("高考志愿填报收费咨询，650分冲985，全省200多所院校，2680一份", ["2680"]),
    ):
        found = judge.judge_text(text).suspicions
        said = [reason.span.text for item in found for reason in item.reasons if reason.signal == "amount"]
        assert (found[0].code, said) == ("ADMISSION_CONSULTING", prices)
