"""Decisions as labelled examples: the last one on each version counts, with the codes that it names."""

from __future__ import annotations

from casework import intake, review
from casework.decided import decided
from casework.desk import Desk
from tests.casework.desks import actor, make_capture, make_post


def test_the_codes_that_officers_named_are_told_and_none_where_they_did_not(desk: Desk) -> None:
    for number, body in ((1, "家教"), (2, "另一家教"), (3, "托管班"), (4, "第四个家教")):
        intake.take_in(desk, make_post(body, str(number)), make_capture())
    review.decide(desk, actor(), "post1", "confirmed", "属实", codes=["VENUE"])
    review.decide(desk, actor(), "post1", "confirmed", "再看", codes=["JOB_AD", "VENUE"])
    review.decide(desk, actor(), "post2", "confirmed", "属实")
    review.decide(desk, actor(), "post3", "rejected", "只托管")
    found = [(item.confirmed, item.codes, item.verdict.codes) for item in decided(desk)]
    assert found == [
        (True, {"JOB_AD", "VENUE"}, ("HOME_TUTOR",)),
        (True, None, ("HOME_TUTOR",)),
        (False, None, ()),
    ]
