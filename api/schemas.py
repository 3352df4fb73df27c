"""Bodies of JSON calls and answers that are no record of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from casework.orders import Job
from core.model import Case, Finding, Run


class Body(BaseModel):
    """What a caller sends; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Body):
    """Account and password."""

    account: str = Field(max_length=100)
    password: str = Field(max_length=400)


class StatedReason(Body):
    """Why the officer looks behind masks for the coming hour; empty closes them again."""

    reason: str


class Session(BaseModel):
    """Who is signed in; `csrf_token` goes into the header X-CSRF-Token of every change."""

    account: str
    name: str
    role: str
    region: str
    reason: str
    csrf_token: str


class DecisionBody(Body):
    """A decision about the version whose content digest is named.

    `codes`: the violations that it shows, with a confirmation only (HOME_TUTOR and the like, as in the filter `code`);
    left out, nothing is said of them: those named before stay, else the judge's count.
    """

    outcome: Literal["confirmed", "rejected"]
    reason: str
    content_digest: str
    codes: list[str] = []


class FindingPage(BaseModel):
    """One page of findings, contacts masked. `capped`: there are more than `total`. `periods`: first day -> findings."""

    findings: list[Finding]
    total: int
    capped: bool
    cursor: str | None
    statuses: dict[str, int]
    facets: dict[str, dict[str, int]]
    periods: dict[str, int]


class RunPage(BaseModel):
    """Runs, newest first."""

    runs: list[Run]
    cursor: str | None


class NewCase(Body):
    """A case about confirmed findings."""

    title: str
    finding_ids: list[str]


class Chosen(Body):
    """Findings for a case."""

    finding_ids: list[str]


class Words(Body):
    """A note, or the reason of a change."""

    words: str


class CasePage(BaseModel):
    """Cases that the caller may see, newest first."""

    cases: list[Case]
    cursor: str | None


class CaseAnswer(BaseModel):
    """A case and its findings, contacts masked; `hidden` of them lie outside the caller's region."""

    case: Case
    findings: list[Finding]
    hidden: int


class BatchMark(Body):
    """A finding and the content digest of the version that was looked at."""

    finding_id: str
    content_digest: str


class BatchBody(Body):
    """One decision on several findings."""

    findings: list[BatchMark]
    outcome: Literal["confirmed", "rejected"]
    reason: str


class BatchAnswer(BaseModel):
    """What became of one finding; `problem` is empty when the decision stands."""

    finding_id: str
    problem: str


class ExportBody(Body):
    """What to export (findings, or a case), to whom and why."""

    finding_ids: list[str] = []
    case_id: str | None = None
    receiver: str
    reason: str
    anyway: bool = False


class Flaw(BaseModel):
    """A kind of flaw as the court rules name it, how often it was met, and where first."""

    name: str
    severity: Literal["curable", "fatal"]
    rule: str
    mend: str
    count: int
    seen: list[str]


class Export(BaseModel):
    """A bundle on its way. `ready`: it can be had at `address` until `until`; `size` in bytes.

    `problem`: it was not made, and why. `done` of `steps` while it is being made.
    """

    address: str
    state: str
    ready: bool
    problem: str
    done: int
    steps: int
    sha256: str
    size: int
    findings: int
    until: datetime | None
    flaws: list[Flaw]
    notes: list[str]


def export_of(job: Job) -> Export:
    """The answer for an export."""
    flaws = [
        Flaw(
            name=one.facts.name, severity=one.facts.severity, rule=one.facts.rule, mend=one.facts.mend,
            count=one.count, seen=list(one.seen),
        )
        for one in job.flaws
    ]  # fmt: skip
    return Export(
        address=f"/api/exports/{job.name}", state=job.state, ready=job.ready, problem=job.problem, done=job.done,
        steps=job.steps, sha256=job.digest, size=job.size, findings=job.findings,
        until=job.until if job.ready else None, flaws=flaws, notes=list(job.notes),
    )  # fmt: skip


class Problem(BaseModel):
    """What went wrong, in Chinese where it is meant for officers."""

    error: str
    message: str


PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 503)
}
