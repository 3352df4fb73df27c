"""Nothing that lets a reader call, name or find a person stands in a masked text; the violation still does."""

from __future__ import annotations

import pytest

from casework import covered_page, masking
from core.model import Finding, Picture, Review, Version
from evidence.wacz import Sealed
from tests.casework.desks import PHONE, SEEN, TinyJudge, make_post


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话13812345678联系", ["13812345678"]),
        ("电话 138 1234-5678", ["138 1234-5678"]),
        ("加V zhouy_79318 咨询", ["zhouy_79318"]),
        ("扣扣：123456789", ["123456789"]),
        ("找韩老师，廖女士接听", ["韩", "廖"]),
        ("王小明同学进步了", ["王小明"]),
        ("孩子叫李小花，在读三年级", ["李小花"]),
        ("身份证33010619900101123X", ["33010619900101123X"]),
        ("邮箱teacher@qq.com", ["teacher@qq.com"]),
    ],
)
def test_people_are_hidden(text: str, hidden: list[str]) -> None:
    masked = masking.hide(text)
    assert len(masked) == len(text)
    for words in hidden:
        assert words not in masked


def test_the_violation_stays_readable() -> None:
    text = "初三数学一对一辅导，150元/小时，周末上课，2026年9月1日开班"
    assert masking.hide(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "请一位语文老师",
        "历史老师",
        "班主任老师",
        "文综老师",
        "高中老师",
        "高三老师",
        "在职任课老师",
        "金牌老师",
    ],
)
def test_a_subject_is_no_name(text: str) -> None:
    assert masking.hide(text) == text


def test_a_name_beside_a_subject_is_hidden() -> None:
    assert masking.hide("语文文老师，历史史老师，任老师，高老师") == "语文█老师，历史█老师，█老师，█老师"


def test_a_family_keeps_school_and_home_for_itself() -> None:
    text = "求家教，孩子在学军小学三年级，住文二路128号"
    assert "学军" in masking.hide(text)
    hidden = masking.hide(text, seeker=True)
    assert "学军" not in hidden
    assert "128号" not in hidden


PAGE = f"""<html><head><title>论坛 {PHONE}</title><meta http-equiv="refresh" content="0"><script>var p="{PHONE}"</script>
<style>.a:after{{content:"{PHONE}"}} .b{{background:url(http://a.test/face.jpg);justify-content:center}}</style>
<link rel="stylesheet" href="http://a.test/s.css"></head>
<body onload="x()"><p title="{PHONE}">上门家教数学一对一 138<b>1234</b>5678</p><p>路人甲：我家孩子王小明也在学</p>
<img src="http://a.test/face.jpg" alt="{PHONE}"><input value="{PHONE}"><iframe src="http://a.test/"></iframe>
<a href="tel:{PHONE}">打电话</a><div style="background:url(data:x)">末尾</div>尾巴 {PHONE}</body></html>"""


def test_a_covered_page_shows_the_post_and_nothing_else() -> None:
    page = covered_page.cover(PAGE.encode(), "上门家教数学一对一 13812345678", seeker=False).decode()
    assert "上门家教数学一对一" in page
    for words in (
        PHONE,
        "1234",
        "5678",
        "王小明",
        "路人",
        "face.jpg",
        "script",
        "iframe",
        "data:x",
        "onload",
        "打电话",
    ):
        assert words not in page, words
    assert "justify-content" in page
    assert covered_page.COVER_URL in page


def test_a_number_that_is_split_over_elements_is_hidden() -> None:
    page = covered_page.cover(
        "<p>家教联系138<b>1234</b>5678张</p>".encode(), "家教联系13812345678张", seeker=False
    )
    assert "家教联系" in page.decode()
    assert "1234" not in page.decode()


def test_only_style_sheets_and_covers_are_answered() -> None:
    sheet = Sealed(
        200, (("Content-Type", "text/css"),), b'a{color:red;background:url(x.png)} b:after{content:"138"}'
    )
    picture = Sealed(200, (("Content-Type", "image/png"),), b"\x89PNG")
    received = {"http://a.test/s.css": sheet, "http://a.test/face.jpg": picture}
    answer = covered_page.answers(received, "http://a.test/1", b"page")
    told = answer("http://a.test/s.css")
    assert told is not None
    assert b"url" not in told.body
    assert b"138" not in told.body
    assert b"color:red" in told.body
    assert answer("http://a.test/face.jpg") is None
    assert answer("http://other.test/") is None
    assert (answer("http://a.test/1#x") or told).body == b"page"
    assert "图片已遮盖".encode() in (answer(covered_page.COVER_URL) or told).body


def test_what_is_no_page_is_said() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        covered_page.cover(b"", "x", seeker=False)


def seeking(title: str, body: str, role: str = "seeker") -> Finding:
    post = make_post(body, title=title)
    verdict = TinyJudge().judge(post).model_copy(update={"role": role})
    version = Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=("e" * 64,), seen_from=SEEN, seen_to=SEEN
    )
    return Finding(
        id="post1", source_id="town", channel="forum", url=post.url, versions=(version,), status="flagged",
        second_look="done", first_seen=SEEN, last_seen=SEEN,
    )  # fmt: skip


def test_a_name_that_is_known_in_one_place_is_hidden_in_every_other() -> None:
    finding = seeking(
        "学军的李小花求家教", f"孩子叫李小花，在学军小学读三年级，找家教 {PHONE}，李小花周末有空"
    )
    shown = masking.masked(finding).model_dump_json()
    for secret in ("李小花", "学军", PHONE):
        assert secret not in shown
    assert "家教" in shown
    assert masking.still_open(finding, shown) == []
    assert masking.still_open(finding, finding.model_dump_json()) == sorted({"李小花", "学军", PHONE})


def test_words_of_school_are_no_names() -> None:
    finding = seeking("小学数学", "学生小学在读，小学数学一对一家教，孩子高一在读", role="provider")
    assert "小学数学" in masking.masked(finding).latest.post.body


def test_a_name_known_from_the_post_is_hidden_in_the_picture_too() -> None:
    page = "<p>李小花求家教</p><p>路人</p>".encode()
    plain = covered_page.cover(page, "李小花求家教", seeker=True).decode()
    hidden = covered_page.cover(page, "李小花求家教", True, frozenset({"李小花"})).decode()
    assert ("李小花" in plain, "李小花" in hidden, "家教" in hidden) == (True, False, True)


def test_the_copy_for_sharing_says_where_a_link_leads_and_not_to_whom() -> None:
    made = seeking("求家教", "见 weixin://dl/chat?zhang_88", "provider")
    url = "http://a.test/p?phone=13800138000"
    picture = Picture(url="http://a.test/13800138000.png")
    post = made.latest.post.model_copy(update={"url": url, "pictures": (picture,)})
    made = made.model_copy(update={"url": url, "versions": (made.latest.model_copy(update={"post": post}),)})
    plain = masking.masked(made).model_dump_json()
    assert "13800138000" not in plain
    assert "zhang_88" not in plain
    assert masking.masked(made).url == "http://a.test/p?phone=" + masking.HIDDEN * 11


def test_the_copy_for_sharing_has_no_digest_by_which_numbers_could_be_tried() -> None:
    digest = "d1" * 32
    made = seeking("求家教", "电话13800138000", "provider")
    made = made.model_copy(update={"versions": (made.latest.model_copy(update={"content_digest": digest}),)})
    review = Review(
        officer="wang", at=SEEN, outcome="confirmed", reason="属实", content_digest=digest, codes=("VENUE",)
    )
    old = review.model_copy(update={"content_digest": "gone"})
    shown = masking.masked(made.model_copy(update={"decisions": (old, review)}))
    assert [one.content_digest for one in shown.decisions] == ["", shown.latest.content_digest]
    assert shown.codes == ("VENUE",)  # what was decided still belongs to its version
    assert digest not in shown.model_dump_json()
