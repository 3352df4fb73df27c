"""What officers meet on lists and findings: counts, the next one, pictures, history, plain words for faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth import COOKIE
from api.filters import CHINA, region_code
from api.plain import CHINESE
from api.web import words
from api.web.going import list_address
from casework import intake, review, runs, shelf
from casework.desk import Desk
from casework.files import evidence_of
from casework.labels import UNQUOTED
from core.errors import BadInput
from core.model import Finding, Trouble
from tests.casework.desks import PHONE, SEEN, actor, make_capture, make_post

CONFIG = Path(__file__).parents[2] / "config"
Enter = Callable[..., TestClient]


def sidebar(page: str) -> dict[str, int]:
    found = re.findall(r'<span>([^<]+)</span><span class="count">(\d+)</span>', page)
    return {name: int(count) for name, count in found}


def test_counts_beside_the_filters_are_those_of_choosing_them(enter: Enter, desk: Desk) -> None:
    intake.take_in(desk, make_post("西湖区家教", "3", channel="forum"), make_capture())
    made = enter()
    counts = sidebar(made.get("/findings").text)
    assert counts["疑似违规"] == 2
    assert counts["待研判"] == 1
    assert (counts["论坛"], counts["家教网站"], counts["浙江省"]) == (1, 2, 2)
    narrowed = sidebar(made.get("/findings?channel=forum").text)
    assert (narrowed["家教网站"], narrowed["疑似违规"]) == (
        2,
        1,
    )  # the chosen field is counted without itself
    assert "待研判" not in narrowed
    below = sidebar(made.get("/findings?region=浙江").text)
    assert (below["杭州市"], "浙江省" in below) == (2, False)
    assert made.get("/api/findings").json()["facets"]["channel"] == {"tutor_site": 2, "forum": 1}


def test_by_severity_only_what_is_as_grave_is_offered_beside_it(enter: Enter, desk: Desk) -> None:
    made = enter()
    at_three, at_four = (sidebar(made.get(f"/findings?severity={least}").text) for least in (3, 4))
    assert (at_three["上门家教"], "上门家教" in at_four) == (1, False)
    page = made.get("/findings?severity=4&q=保留").text
    assert '<option value="4" selected>' in page
    assert "清空条件" in page  # it is a condition like any other
    assert (
        "severity=4" in made.get("/findings?severity=4&order=oldest").text
    )  # and stays when another is chosen


def test_the_list_is_ordered_as_chosen_and_counted_by_period(enter: Enter, desk: Desk) -> None:
    made = enter()
    scores = [
        one["versions"][-1]["verdict"]["score"]
        for one in made.get("/api/findings?order=-score").json()["findings"]
    ]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    page = made.get("/findings?order=-score&per=month&q=家教").text
    assert "<b>可疑程度高的在前</b>" in page
    assert 'name="order" value="-score"' in page  # another search keeps the order
    counted = made.get("/api/findings?per=month").json()
    month = SEEN.astimezone(CHINA).strftime("%Y-%m")
    assert counted["periods"] == {f"{month}-01": 2}
    assert f"<td>{month}</td>" in page
    assert made.get("/api/findings").json()["periods"] == {}


@pytest.mark.parametrize("wish", ["order=sideways", "order=score", "per=year"])
def test_an_unknown_order_or_period_is_refused_in_chinese(enter: Enter, wish: str) -> None:
    page = enter().get(f"/findings?{wish}")
    assert page.status_code == 400
    assert "这个选项" in page.text


def test_a_slip_leaves_the_way_on(enter: Enter) -> None:
    made = enter()
    page = made.get("/findings?region=西湖区").text
    assert "浙江省杭州市西湖区、江西省南昌市西湖区" in page
    assert sidebar(page)["疑似违规"] == 1
    assert 'href="/findings?status=flagged"' in page


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("杭州西湖区", "330106"),
        ("浙江省杭州市西湖", "330106"),
        ("杭州", "3301"),
        ("330100", "3301"),
        ("", ""),
    ],
)
def test_a_division_is_found_with_those_above_it(typed: str, code: str) -> None:
    assert region_code(typed) == code


@pytest.mark.parametrize("typed", ["成都市西湖区", "999999", "无此地"])
def test_a_division_that_is_none_is_refused_in_chinese(typed: str) -> None:
    with pytest.raises(BadInput, match="地区"):
        region_code(typed)


def test_findings_of_one_contact_lead_to_each_other(enter: Enter, desk: Desk) -> None:
    intake.take_in(desk, make_post(native_id="3"), make_capture())
    made = enter()
    page = made.get("/findings/post3").text
    assert "同一联系方式还有 1 条" in page
    found = re.search(r'href="(/findings\?contact=[^"]+)"', page)
    assert found
    both = made.get(found[1]).text
    assert ("/findings/post1" in both, "/findings/post2" in both) == (True, False)


def test_the_elements_of_penalty_clauses_are_shown_masked_and_with_where_to_look(enter: Enter) -> None:
    page = enter().get("/findings/post1").text
    assert "文字能看出 1 项，另 1 项须查证" in page
    assert "文字未见，可查：对照白名单" in page
    assert "查过而没有发现：面向成人" in page
    shown = page[page.index("处罚要件") : page.index("网页截图")]
    assert "138******78" in shown
    assert PHONE not in page


def test_what_a_post_names_is_listed_and_contacts_in_it_stay_masked(enter: Enter) -> None:
    page = enter().get("/findings/post1").text
    listed = page[page.index("<h2>帖中所写") : page.index("网页截图")]
    assert re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(.*?)</td>", listed) == [("电话", "138******78")]
    open_page = enter(reason="核实联系方式").get("/findings/post1").text
    assert f'>电话</th><td class="wrap">{PHONE}</td>' in open_page


def test_the_next_one_waits_longest_and_begins_again_at_the_end(enter: Enter, desk: Desk) -> None:
    for number in (3, 4, 5):
        seen = SEEN + timedelta(hours=number)
        intake.take_in(desk, make_post(f"托管{number}", str(number), seen_at=seen), make_capture())
    made = enter()

    def following(after: str, hours: int) -> str:
        since = (SEEN + timedelta(hours=hours)).isoformat()
        return made.get("/next", params={"status": "unsure", "after": after, "since": since}).headers[
            "location"
        ]

    assert made.get("/next?status=unsure").headers["location"] == "/findings/post2"
    assert following("post2", 0) == "/findings/post3"
    assert following("post4", 4) == "/findings/post5"
    assert following("post5", 5) == "/findings/post2"
    review.decide(desk, actor(), "post3", "rejected", "看过")
    assert following("post3", 3) == "/findings/post4"
    assert made.get("/next?status=rejected&after=post3").headers["location"] == "/findings?status=rejected"
    assert made.get("/next?status=x").status_code == 400


def test_an_empty_queue_says_what_to_do_instead(enter: Enter, desk: Desk) -> None:
    made = enter()
    assert ">1</span>" in made.get("/runs").text  # the head line tells what waits
    review.decide(desk, actor(), "post2", "rejected", "不含教学")
    assert "都看完了" in made.get("/queue").text
    assert made.get("/next?status=unsure").headers["location"] == "/queue"


@pytest.mark.parametrize(
    ("back", "address"),
    [
        ("?status=flagged", "/findings?status=flagged"), ("/queue?cursor=x", "/queue?cursor=x"),
        ("/cases/a", "/cases/a"), ("//evil.test", "/findings"), ("https://evil.test", "/findings"),
        ("?a\nb", "/findings"), ("", "/findings"),
    ],
)  # fmt: skip
def test_the_way_back_never_leads_elsewhere(back: str, address: str) -> None:
    assert list_address(back) == address


def test_the_way_back_and_the_next_one_survive_a_decision(enter: Enter, desk: Desk) -> None:
    made = enter()
    assert "/findings/post1?back=%3Fstatus%3Dflagged" in made.get("/findings?status=flagged").text
    digest = shelf.load(desk.store, Finding, "post1")[0].latest.content_digest
    form = {
        "token": made.headers["X-CSRF-Token"], "content_digest": digest, "outcome": "confirmed",
        "usual": "变相开展学科类培训", "reason": "", "back": "?status=flagged", "was": "flagged",
    }  # fmt: skip
    answer = made.post("/findings/post1/decision", data=form)
    page = made.get(answer.headers["location"]).text
    assert 'href="/findings?status=flagged"' in page
    assert "下一条疑似违规" in page
    assert "变相开展学科类培训" in page
    assert "<b>" not in page.partition("经过")[2].partition("</ol>")[0]


@pytest.mark.parametrize(
    "path",
    ["/findings/post1", "/findings/post1/changes", "/batch?do=confirmed&finding_id=post1",
     "/batch/done?outcome=rejected&done=post1", "/cases/new?finding_id=post1",
     "/export?finding_id=post1&finding_id=post2"],
)  # fmt: skip
def test_the_filters_survive_every_page_on_the_way(enter: Enter, path: str) -> None:
    page = enter().get(f"{path}{'&' if '?' in path else '?'}back=%3Fchannel%3Dforum").text
    assert "?channel=forum" in page or "back=%3Fchannel%3Dforum" in page
    assert 'href="/findings">← ' not in page
    assert 'href="/findings">不办了' not in page


def test_filters_survive_the_next_one_the_picture_and_the_small_forms(enter: Enter, desk: Desk) -> None:
    made, back, kept = enter(), {"back": "?status=unsure&q=托管"}, "back=%3Fstatus%3Dunsure"
    page = made.get("/findings/post1", params=back).text
    links = re.findall(r'href="(/(?:next|export)\?[^"]+)"', page)
    assert len(links) == 2
    assert all(kept in link for link in links)
    assert kept in made.get("/next", params={"status": "unsure"} | back).headers["location"]
    shown = review.open_finding(desk, actor(), "post1")
    shot = next(
        i for one in evidence_of(desk, shown).values() for i in one.items if i.media_type == "image/png"
    )
    picture = made.get(f"/findings/post1/pictures/{shot.sha256}", params=back).text
    assert f'href="/findings/post1?{kept}' in picture
    shelf.change_existing(
        desk.store, Finding, "post2", lambda f: f.model_copy(update={"second_look": "missing"})
    )
    fields = {"token": made.headers["X-CSRF-Token"]} | back
    assert kept in made.post("/findings/post2/retake", data=fields).headers["location"]


def test_hiding_contacts_again_keeps_the_list_as_it_was(enter: Enter) -> None:
    made = enter(reason="核查线索")
    page = made.get("/findings", params={"channel": "tutor_site", "order": "oldest"}).text
    assert 'name="next" value="/findings?channel=tutor_site&amp;order=oldest"' in page
    made.headers["Referer"] = "http://testserver/findings/post1?back=?status=flagged"
    slip = made.post("/findings/post1/decision", data={"token": made.headers["X-CSRF-Token"]}).text
    assert (
        'name="next" value="/findings/post1?back=?status=flagged"' in slip
    )  # the form itself cannot be opened


def test_a_page_behind_the_last_does_not_say_that_nothing_is_left(enter: Enter, desk: Desk) -> None:
    for number in range(3, 25):
        seen = SEEN + timedelta(hours=number)
        intake.take_in(desk, make_post(f"托管{number}", str(number), seen_at=seen), make_capture())
    made = enter()
    lists = ("/queue", "/findings?status=unsure&order=oldest")
    pages = [re.findall(r'rel="next" href="([^"]+)"', made.get(path).text)[0] for path in lists]
    for name in ("post22", "post23", "post24"):
        review.decide(desk, actor(), name, "rejected", "看过")
    for following in pages:
        page = made.get(following.replace("&amp;", "&")).text
        assert "这一页已经没有了，前面还有 20 条" in page
        assert "都看完了" not in page
        assert "没有符合" not in page


@pytest.mark.parametrize(
    "path", ["/findings", "/findings?region=没有的地方", "/queue", "/cases", "/runs", "/findings/post1"]
)
def test_a_screen_reader_finds_one_main_heading_first(enter: Enter, path: str) -> None:
    headings = re.findall(r"<h(\d)", enter().get(path).text)
    assert headings[0] == "1"
    assert headings.count("1") == 1


def ticked(page: str) -> list[str]:
    return re.findall(r'name="code" value="(\w+)" checked', page)


def decision(made: TestClient, desk: Desk, outcome: str, codes: list[str], **more: str) -> Any:
    digest = shelf.load(desk.store, Finding, "post1")[0].latest.content_digest
    form = {
        "token": made.headers["X-CSRF-Token"],
        "content_digest": digest,
        "outcome": outcome,
        "reason": "属实",
    }
    return made.post("/findings/post1/decision", data={**form, "code": codes, "suspected": "1", **more})


def test_what_the_judge_suspects_is_ticked_and_confirmed_or_corrected(enter: Enter, desk: Desk) -> None:
    made = enter()
    page = made.get("/findings/post1").text
    assert ticked(page) == ["HOME_TUTOR"]
    assert "如系统判断的类型不对，请改正后再确认。" in page
    assert decision(made, desk, "confirmed", ["HOME_TUTOR"]).status_code == 303
    page = made.get("/findings/post1").text
    assert ("认定类型：上门家教" in page, "系统判断：" in page) == (True, False)
    assert decision(made, desk, "confirmed", ["VENUE", "FEE_VIOLATION"]).status_code == 303
    page = made.get("/findings/post1").text
    story = page.partition("经过</h2>")[2]
    assert "认定类型：违规收费、提供培训场地（系统判断：上门家教）" in story
    assert ticked(page) == ["FEE_VIOLATION", "VENUE"]
    listed = made.get("/findings?code=VENUE").text
    assert re.findall(r'class="code-name">([^<]+)<', listed) == ["违规收费", "提供培训场地"]
    assert sidebar(listed)["违规收费"] == 1


def test_ticks_do_not_hinder_a_rejection_and_survive_a_slip(enter: Enter, desk: Desk) -> None:
    made = enter()
    slip = decision(made, desk, "confirmed", ["VENUE"], reason="")
    assert (slip.status_code, ticked(slip.text)) == (400, ["VENUE"])
    none = decision(made, desk, "confirmed", [])
    assert (none.status_code, "请勾选违规类型" in none.text, ticked(none.text)) == (400, True, [])
    assert decision(made, desk, "rejected", ["HOME_TUTOR"]).status_code == 303
    [kept] = shelf.load(desk.store, Finding, "post1")[0].decisions
    assert (kept.outcome, kept.codes) == ("rejected", ())
    assert "认定类型" not in made.get("/findings/post1").text


def test_where_the_judge_names_nothing_nothing_need_be_ticked(enter: Enter, desk: Desk) -> None:
    made = enter()
    page = made.get("/findings/post2").text
    assert ("系统没有判断出类型" in page, 'name="suspected"' in page, ticked(page)) == (True, False, [])


def test_a_code_without_a_word_to_quote_says_so(enter: Enter, desk: Desk) -> None:
    def wordless(finding: Finding) -> Finding:
        suspicions = tuple(
            item.model_copy(update={"reasons": ()}) for item in finding.latest.verdict.suspicions
        )
        verdict = finding.latest.verdict.model_copy(update={"suspicions": suspicions})
        return finding.model_copy(
            update={"versions": (finding.latest.model_copy(update={"verdict": verdict}),)}
        )

    made = enter()
    assert UNQUOTED not in made.get("/findings/post1").text
    shelf.change_existing(desk.store, Finding, "post1", wordless)
    assert UNQUOTED in made.get("/findings/post1").text


def test_severity_goes_by_what_the_officer_named(enter: Enter, desk: Desk) -> None:
    made = enter()
    assert "<td>3 级（5 级最重）</td>" in made.get("/findings/post1").text
    decision(made, desk, "confirmed", ["IN_SERVICE_TEACHER"])
    assert "<td>5 级（5 级最重）</td>" in made.get("/findings/post1").text


def test_a_picture_stands_alone_and_only_for_a_reason(enter: Enter, desk: Desk) -> None:
    kept = evidence_of(desk, shelf.load(desk.store, Finding, "post1")[0]).values()
    items = {item.role: item.sha256 for evidence in kept for item in evidence.items}
    address = f"/findings/post1/pictures/{items['screenshot']}"
    masked = enter().get(address).text
    assert ("<img" in masked, "填写查看理由" in masked) == (False, True)
    made = enter(reason="核查")
    assert f'src="/findings/post1/files/{items["screenshot"]}"' in made.get(address).text
    assert 'class="picture full"' in made.get(f"{address}?full=1").text
    assert made.get(f"/findings/post1/pictures/{items['dom']}").status_code == 404
    assert enter("nan", reason="核查").get(address).status_code == 403


def test_the_story_of_a_finding_is_told_newest_first(enter: Enter, desk: Desk) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    later = SEEN + timedelta(hours=1)
    intake.take_in(desk, make_post("家教，改过", "1", seen_at=later), make_capture())
    story = enter().get("/findings/post1").text.partition("经过</h2>")[2]
    places = [story.find(part) for part in ("wang（针对旧内容）", "第 1 次改动", "首次发现")]
    assert places == sorted(places)
    assert min(places) >= 0


def test_runs_speak_chinese(enter: Enter, desk: Desk) -> None:
    run = runs.plan(desk, "crawl", "town", datetime(2026, 3, 1, tzinfo=UTC))
    runs.start(desk, run.id)
    now = datetime.now(UTC)
    troubles = [
        Trouble(level="warning", text="max redirections reached", at=now),
        Trouble(level="error", text="<b>odd</b>", at=now),
        Trouble(level="error", text="Page.goto: net::ERR_TOO_MANY_REDIRECTS at http://a.test", at=now),
        Trouble(level="error", text="http://a.test/1: field body is missing (#body)", at=now),
    ]
    counts = {"pages": 7, "login_wall": 1, "not_asked": 3, "never_heard_of": 2}
    runs.finish(desk, run.id, "suspect", counts, troubles)
    page = enter().get("/runs").text
    assert "需要登录 1、其他原因 2" in page
    assert "页面反复跳转" in page
    assert "&lt;b&gt;odd" in page
    for raw in (
        "login_wall",
        "never_heard_of",
        "not_asked",
        "suspect<",
        "max redirections",
        "ERR_",
        "missing",
    ):
        assert raw not in page


def test_a_run_over_midnight_ends_on_its_own_day(enter: Enter, desk: Desk) -> None:
    run = runs.plan(desk, "crawl", "town", datetime(2026, 3, 1, tzinfo=UTC))
    began = datetime(2026, 3, 1, 15, 50, tzinfo=UTC)  # ten minutes to midnight in China
    for minutes, told in ((5, ">23:55<"), (20, ">2026-03-02 00:10<")):
        ended = {"state": "done", "started_at": began, "ended_at": began + timedelta(minutes=minutes)}
        shelf.save(desk.store, run.model_copy(update=ended))
        assert told in enter().get("/runs").text


def test_a_run_whose_worker_died_does_not_say_that_it_goes_on(enter: Enter, desk: Desk) -> None:
    for minute, beat in enumerate((datetime(2026, 3, 1, tzinfo=UTC), datetime.now(UTC))):
        run = runs.plan(desk, "export", None, datetime(2026, 3, 1, 0, minute, tzinfo=UTC), target="case:1")
        shelf.save(desk.store, run.model_copy(update={"state": "running", "heartbeat_at": beat}))
    page = enter().get("/runs").text
    assert re.findall(r'<span class="badge run-(\w+)">([^<]+)<', page) == [
        ("running", "进行中"),
        ("lost", "中断待续"),
    ]


@pytest.mark.parametrize("name", ["note_case", "never_heard_of"])
def test_every_entry_of_the_trail_has_chinese_words(name: str) -> None:
    assert CHINESE.search(words.action(name))


def test_faults_are_told_in_plain_chinese_with_a_way_on(enter: Enter) -> None:
    made = enter()
    for path, status in (("/findings/none", 404), ("/findings?q=" + "家" * 300, 422), ("/cases/none", 404)):
        answer = made.get(path)
        assert answer.status_code == status
        message = re.search(r'<p class="wrap">([^<]+)</p>', answer.text)
        assert message
        assert re.sub(r"[A-Za-z]+", "", message[1]) == message[1]
        assert 'href="/findings"' in answer.text
        assert "/sign-out" in answer.text  # he is still signed in, and his menu is still there
    assert CHINESE.search(made.get("/api/findings/none").json()["message"])


def test_a_conflict_leads_back_to_the_finding(enter: Enter) -> None:
    made = enter()
    form = {
        "token": made.headers["X-CSRF-Token"],
        "outcome": "confirmed",
        "reason": "属实",
        "content_digest": "0",
    }
    referer = {"Referer": "http://testserver/findings/post1?back=x"}
    answer = made.post("/findings/post1/decision", data=form, headers=referer)
    assert (answer.status_code, 'href="/findings/post1?back=x"' in answer.text) == (409, True)
    foreign = made.post("/findings/post1/decision", data=form, headers={"Referer": "http://evil.test/x"})
    assert "evil.test" not in foreign.text


def test_a_fault_of_ours_says_so_in_chinese_under_the_same_headers(
    enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(runs, "recent", fail)
    quiet = TestClient(create_app(desk), raise_server_exceptions=False, follow_redirects=False)
    quiet.cookies.set(COOKIE, enter().cookies[COOKIE])
    answer = quiet.get("/runs")
    assert (answer.status_code, "系统出错" in answer.text, "secret" in answer.text) == (500, True, False)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert quiet.get("/api/runs").json()["error"] == "InternalError"


def test_weights_severity_and_both_versions_are_shown(enter: Enter, desk: Desk) -> None:
    made = enter()
    page = made.get("/findings/post1").text
    assert "权重 1</span>" in page
    assert "权重 0.1</span>" in page
    assert '<th>规则版本</th><td><code class="digest">rules-1<' in page
    assert '<th>模型版本</th><td><code class="digest">model-1<' in page
    assert "<th>严重程度</th><td>3 级（5 级最重）</td>" in page

    def seeking(finding: Finding) -> Finding:
        verdict = finding.latest.verdict.model_copy(update={"role": "seeker"})
        return finding.model_copy(
            update={"versions": (finding.latest.model_copy(update={"verdict": verdict}),)}
        )

    shelf.change_existing(desk.store, Finding, "post1", seeking)
    assert "<td>1 级（5 级最重；家长求助按最低级）</td>" in made.get("/findings/post1").text
    del desk.catalog.violations["HOME_TUTOR"]  # a rule that is gone says nothing of old findings
    assert "<th>严重程度</th>" not in made.get("/findings/post1").text
