"""Looking at cases: regions, masks, paging, history."""

from __future__ import annotations

import pytest

from casework import audit, cases, dossiers, holds, intake, review
from casework.desk import Desk
from core.errors import NotAllowed, NotFound
from tests.casework.desks import PHONE, actor, make_capture, make_post, today

SOUTH = actor(region="360100", officer="nan")
HERE = actor(region="330100", officer="hang")


@pytest.fixture(autouse=True)
def posts(desk: Desk) -> None:
    for name, body in (("1", f"西湖区家教 {PHONE}"), ("2", f"家教二 {PHONE}")):
        intake.take_in(desk, make_post(body, name), make_capture())
        review.decide(desk, actor(), f"post{name}", "confirmed", "属实")


def opened(desk: Desk, *names: str, title: str = "某家教") -> str:
    return cases.open_case(desk, actor(), title, names).id


def test_a_case_of_another_place_is_neither_listed_nor_read(desk: Desk) -> None:
    case_id = opened(desk, "post1")
    assert [case.id for case in dossiers.listed(desk, HERE)[0]] == [case_id]
    assert dossiers.listed(desk, SOUTH) == ([], None)
    assert dossiers.of_finding(desk, SOUTH, "post1") == []
    for look in (dossiers.read, dossiers.history):
        with pytest.raises(NotAllowed):
            look(desk, SOUTH, case_id)
    with pytest.raises(NotFound):
        dossiers.read(desk, HERE, "nobody")
    assert [entry.action for entry in audit.chain(desk, "nan", today())] == []


def test_findings_of_another_place_are_counted_and_not_shown(desk: Desk) -> None:
    case_id = opened(desk, "post1", "post2")
    dossier = dossiers.read(desk, SOUTH, case_id)
    assert ([item.id for item in dossier.findings], dossier.hidden) == (["post2"], 1)
    assert dossier.case.finding_ids == ("post2",)
    assert dossiers.read(desk, HERE, case_id).hidden == 0


def test_his_own_case_stays_his_when_its_findings_move_away(desk: Desk) -> None:
    mine = actor(region="360100")  # the same officer, sent to another place
    dossier = dossiers.read(desk, mine, opened(desk, "post1"))
    assert (dossier.findings, dossier.hidden) == ((), 1)


def test_contacts_stay_masked_whatever_the_reason_and_the_look_is_audited(desk: Desk) -> None:
    case_id = opened(desk, "post1")
    dossier = dossiers.read(desk, actor(reason="核查"), case_id)
    assert PHONE not in dossier.findings[0].model_dump_json()
    assert audit.chain(desk, "wang", today())[-1].action == "view_case"


def test_findings_confirmed_no_more_are_told(desk: Desk) -> None:
    case_id = opened(desk, "post1", "post2")
    assert dossiers.read(desk, actor(), case_id).unsettled == ()
    review.decide(desk, actor(), "post2", "rejected", "看错了")
    assert [item.id for item in dossiers.read(desk, actor(), case_id).unsettled] == ["post2"]


def test_history_tells_changes_newest_first_and_no_looks(desk: Desk) -> None:
    case_id = opened(desk, "post1")
    dossiers.read(desk, actor(), case_id)
    cases.add_note(desk, actor(), case_id, "已约谈")
    entries = dossiers.history(desk, actor(), case_id)
    assert [(entry.action, entry.reason) for entry in entries] == [
        ("note_case", "已约谈"), ("open_case", "1 条线索"),
    ]  # fmt: skip


def test_the_list_is_filtered_paged_and_never_empty_before_its_end(desk: Desk) -> None:
    for number in range(dossiers.PAGE + 5):
        opened(desk, "post1", title=f"本地{number}")
    old = opened(desk, "post2", title="各地")
    cases.close_case(desk, actor(), old)
    assert [case.id for case in dossiers.listed(desk, actor(), state="closed")[0]] == [old]
    assert [case.id for case in dossiers.listed(desk, actor(), text="各地")[0]] == [old]
    found, cursor = dossiers.listed(desk, actor())
    rest, end = dossiers.listed(desk, actor(), cursor=cursor)
    assert (len(found), len(rest), end) == (dossiers.PAGE, 6, None)
    assert len({case.id for case in (*found, *rest)}) == dossiers.PAGE + 6
    # The first page holds one case of everybody's and nineteen of Hangzhou: the officer of Nanchang sees one.
    assert [case.id for case in dossiers.listed(desk, SOUTH)[0]] == [old]
    second, end = dossiers.listed(desk, SOUTH, cursor=dossiers.listed(desk, SOUTH)[1])
    assert (second, end) == ([], None)


def test_a_viewer_reads_no_numbers_in_what_officers_wrote(desk: Desk) -> None:
    case_id = opened(desk, "post1", title=f"家教{PHONE}")
    cases.add_note(desk, actor(), case_id, f"打过{PHONE}")
    holds.hold(desk, actor(role="supervisor"), "case", case_id, f"诉讼，当事人{PHONE}")
    kan, wang = actor(role="viewer", officer="kan"), actor(reason="")
    for who, seen in ((kan, False), (wang, True)):
        case = dossiers.read(desk, who, case_id).case
        for words in (
            case.title, case.notes[0], dossiers.listed(desk, who)[0][0].title, holds.seen(desk, who)[0].changes[0].reason,
            dossiers.of_finding(desk, who, "post1")[0].title,
        ):  # fmt: skip
            assert (PHONE in words, "138" in words) == (seen, True)
        reasons = " ".join(entry.reason for entry in dossiers.history(desk, who, case_id))
        assert (PHONE in reasons) is seen


def test_a_search_among_cases_that_could_read_a_number_out_is_written_down(desk: Desk) -> None:
    kan = actor(role="viewer", reason="", officer="kan")
    dossiers.listed(desk, kan, "家教")
    dossiers.listed(desk, kan, "1381")
    found = [(entry.action, entry.target, entry.reason) for entry in audit.chain(desk, "kan", today())]
    assert found == [("search", "cases", "检索：1381")]
