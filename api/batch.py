"""One decision on several findings: each is decided by itself, and what did not work is told one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from api.plain import said
from casework import review
from casework.desk import Desk
from casework.review import checked_reason
from core.errors import BadInput, WangxunError
from core.model import Actor

# One page of the list: what an officer can have before his eyes when he says that all of it is so.
LIMIT = 20
Outcome = Literal["confirmed", "rejected"]


@dataclass(frozen=True)
class Mark:
    """A finding and the content digest of the version that the officer had before him."""

    finding_id: str
    content_digest: str


@dataclass(frozen=True)
class Answer:
    """What became of one finding: `problem` is empty when the decision stands."""

    finding_id: str
    problem: str = ""


def decide(desk: Desk, actor: Actor, marks: Iterable[Mark], outcome: Outcome, reason: str) -> list[Answer]:
    """Decide each. Raises BadInput for no reason, none or more than LIMIT findings; else answers one by one."""
    words = checked_reason(reason)
    wanted = list(dict.fromkeys(marks))
    if not 1 <= len(wanted) <= LIMIT:
        raise BadInput(f"请选择 1 至 {LIMIT} 条线索")
    return [_one(desk, actor, mark, outcome, words) for mark in wanted]


def read_mark(text: str) -> Mark:
    """A mark as a form carries it: "id:digest". Raises BadInput."""
    finding_id, colon, digest = text.partition(":")
    if not (finding_id and colon and digest):
        raise BadInput("选择的线索无法识别，请回到列表重新选择")
    return Mark(finding_id, digest)


def _one(desk: Desk, actor: Actor, mark: Mark, outcome: Outcome, reason: str) -> Answer:
    try:
        review.decide(desk, actor, mark.finding_id, outcome, reason, mark.content_digest)
    except WangxunError as error:
        return Answer(mark.finding_id, said(error))
    return Answer(mark.finding_id)
