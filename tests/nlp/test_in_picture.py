"""What a verdict says of pictures: offsets that stay true, the mark, the note; and that masks reach into pictures."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mask import mask_text
from core.model import Picture, PictureLine, Post, Reason, Span, Suspicion, Verdict
from core.text import judged_text, with_judged_text, written_text
from nlp.in_picture import marked
from nlp.judge import Judge, affordable
from nlp.sheet import LONGEST

SEEN = datetime(2026, 3, 1, tzinfo=UTC)


def picture(*lines: str, unread: str | None = None, runs_on: bool = False) -> Picture:
    read = (
        PictureLine(text=text, box=(0, 40 * place, 10, 30), runs_on=runs_on and place > 0)
        for place, text in enumerate(lines)
    )
    return Picture(url="http://a.test/1.png", sha256="0" * 64, lines=tuple(read), unread=unread)


def post(*pictures: Picture, title: str = "看图", body: str = "详情看图，有需要的滴滴") -> Post:
    return Post(
        id="p", source_id="s", channel="social", url="http://a.test/", title=title, body=body,
        pictures=pictures, seen_at=SEEN,
    )  # fmt: skip


def test_words_of_a_picture_are_judged_and_marked(judge: Judge) -> None:
    words = ("小学数学一对一家教，大学生上门辅导", "每小时120元，电话13812345678")
    silent, speaking = post(), post(picture(*words))
    assert judge.judge(silent).decision == "clear"
    verdict = judge.judge(speaking)
    assert verdict.decision == "flagged"
    text, written = judged_text(speaking), len(written_text(speaking))
    reasons = [reason for item in verdict.suspicions for reason in item.reasons]
    assert any(reason.span.start >= written for reason in reasons)
    for reason in (*reasons, *verdict.counter):
        assert text[reason.span.start : reason.span.end] == reason.span.text
        assert (reason.meaning or "").startswith("图中文字") == (reason.span.start >= written)
    [phone] = [item for item in verdict.entities if item.kind == "phone"]
    assert text[phone.span.start : phone.span.end] == "13812345678"


def test_a_word_broken_over_two_lines_is_one_word() -> None:
    assert judged_text(post(picture("一对一辅", "导班", runs_on=True))).endswith("\n一对一辅导班")


def test_pictures_that_were_not_read_are_told(judge: Judge) -> None:
    lacking = picture(unread="没有安装 onnxruntime")
    verdict = judge.judge(post(lacking, lacking, picture("海边")))
    assert verdict.notes == ("图片未识别（2 张）：没有安装 onnxruntime",)
    assert judge.judge(post(picture("海边"))).notes == ()


def test_what_was_too_long_and_what_was_not_read_are_both_told(judge: Judge) -> None:
    verdict = judge.judge(post(picture(unread="图片损坏，打不开"), body="晴" * 60_000))
    assert [note[:4] for note in verdict.notes] == ["文字过长", "图片未识"]


def test_reasons_without_meaning_are_marked_too() -> None:
    speaking = post(picture("家教"))
    place = len(written_text(speaking)) + 1
    reason = Reason(signal="s", span=Span(start=place, end=place + 2, text="家教"), weight=1.0)
    found = Suspicion(code="HOME_TUTOR", score=1.0, reasons=(reason,))
    verdict = Verdict(decision="flagged", score=1.0, suspicions=(found,), rule_version="r", model_version="m")
    assert marked(verdict, speaking).suspicions[0].reasons[0].meaning == "图中文字"
    assert marked(verdict, post()) is verdict


TEXTS = st.text(alphabet="数学一对一1380 \n", max_size=6)
PICTURES = st.builds(
    lambda texts, runs_on: picture(*texts, runs_on=runs_on), st.lists(TEXTS, max_size=3), st.booleans()
)


@given(st.lists(PICTURES, max_size=3), TEXTS, TEXTS)
def test_what_masks_put_back_stands_where_it_stood(pictures: list[Picture], title: str, body: str) -> None:
    made = post(*pictures, title=title, body=body)
    text = judged_text(made)
    assert with_judged_text(made, text) == made
    covered = with_judged_text(made, "*" * len(text))
    pieces = [covered.title, covered.body, *(line.text for item in covered.pictures for line in item.lines)]
    assert set("".join(pieces)) <= {"*"}
    boxes = [[line.box for item in one.pictures for line in item.lines] for one in (made, covered)]
    assert boxes[0] == boxes[1]


def test_a_number_in_a_picture_is_masked_there() -> None:
    made = post(picture("电话13812345678"))
    place = judged_text(made).index("138")
    span = Span(start=place, end=place + 11, text="13812345678")
    hidden = with_judged_text(made, mask_text(judged_text(made), (span,)))
    assert hidden.pictures[0].text == "电话138******78"
    with pytest.raises(ValueError, match="as long as"):
        with_judged_text(made, "shorter")


ADVERT = picture("暑期班开始招生啦！", "四升五、五升六数学，每班限8人", "15天2400元，先到先得")
PICNIC = picture("周末去公园野餐", "三明治配果汁，阳光真好", "孩子们玩得很开心", "记得带防晒霜和帽子")


def test_an_advert_among_pictures_of_something_else_is_no_less_of_one(judge: Judge) -> None:
    """A post shows up to eighteen: the words of a whole album drowned the one picture that offers lessons."""
    album = post(*[PICNIC] * 4, ADVERT, *[PICNIC] * 4)
    alone, among = judge.judge(post(ADVERT)), judge.judge(album)
    assert (among.decision, among.codes) == (alone.decision, alone.codes) == ("flagged", ("ADVERTISING",))
    text = judged_text(album)
    for reason in among.suspicions[0].reasons:
        assert text[reason.span.start : reason.span.end] == reason.span.text
    assert judge.judge(post(*[PICNIC] * 9)).decision == "clear"


def test_many_pictures_under_a_long_text_cost_no_more_than_one_text(judge: Judge) -> None:
    third = "长" * (LONGEST // 3)
    assert affordable([third] * 18) == [third] * 3
    assert affordable([third * 4, third]) == affordable([]) == []
    long = post(*[PICNIC] * 2, ADVERT).model_copy(update={"body": "今天天气很好。" * LONGEST})
    assert judge.judge(long).decision == "clear"


def test_what_another_picture_says_against_it_still_counts(judge: Judge) -> None:
    free = picture("社区公益课堂", "全程免费 志愿者授课")
    assert (
        judge.judge(post(picture("课程安排", "周一数学 周二语文 周三英语"), free, PICNIC)).decision == "clear"
    )
