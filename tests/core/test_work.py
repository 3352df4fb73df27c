"""What a finding counts for: the officer's word where he gave it, the judge's elsewhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from core import records
from core.model import Code, Finding, Post, Review, Suspicion, Verdict, Version

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def version(digest: str) -> Version:
    post = Post(id="p", source_id="s", channel="forum", url="http://a.test/1", title="", body="", seen_at=NOW)
    verdict = Verdict(
        decision="flagged", score=0.9, suspicions=(Suspicion(code="HOME_TUTOR", score=0.9, reasons=()),),
        rule_version="r", model_version="m",
    )  # fmt: skip
    return Version(
        content_digest=digest, post=post, verdict=verdict, evidence_ids=(), seen_from=NOW, seen_to=NOW
    )


def review(outcome: str = "confirmed", codes: tuple[Code, ...] = (), digest: str = "new") -> Review:
    plain = {"officer": "wang", "at": NOW, "outcome": outcome, "reason": "看过", "content_digest": digest}
    return Review.model_validate(plain | {"codes": codes})


def finding(*decisions: Review) -> Finding:
    return Finding(
        id="p", source_id="s", channel="forum", url="http://a.test/1", versions=(version("old"), version("new")),
        status="confirmed", decisions=decisions, first_seen=NOW, last_seen=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decisions", "codes"),
    [
        ((), ("HOME_TUTOR",)),
        ((review(codes=("VENUE", "JOB_AD")),), ("VENUE", "JOB_AD")),
        ((review(codes=("VENUE",)), review(codes=("JOB_AD",))), ("JOB_AD",)),
        ((review(codes=("VENUE",)), review()), ("VENUE",)),
        ((review(codes=("VENUE",)), review("rejected")), ("HOME_TUTOR",)),
        ((review(codes=("VENUE",)), review("rejected"), review()), ("HOME_TUTOR",)),
        ((review(codes=("VENUE",), digest="old"),), ("HOME_TUTOR",)),
        ((review(codes=("VENUE",)), review("rejected", digest="old")), ("VENUE",)),
    ],
)
def test_the_last_confirmation_of_the_present_text_that_names_codes_says_them(
    decisions: tuple[Review, ...], codes: tuple[Code, ...]
) -> None:
    assert finding(*decisions).codes == codes


def test_a_decision_from_before_codes_is_read_as_it_was() -> None:
    plain = json.loads(records.to_json(finding(review())))
    assert plain["decisions"][0].pop("codes") == []
    old = records.from_json("finding", json.dumps(plain | {"schema_number": 3}))
    assert old == finding(review())
