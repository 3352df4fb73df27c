"""Bodies of JSON calls and answers that are no record of ours."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.model import Finding, Run


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
    """A decision about the version whose content digest is named."""

    outcome: Literal["confirmed", "rejected"]
    reason: str
    content_digest: str


class FindingPage(BaseModel):
    """One page of findings, contacts masked. `capped`: there are more than `total`."""

    findings: list[Finding]
    total: int
    capped: bool
    cursor: str | None
    statuses: dict[str, int]


class RunPage(BaseModel):
    """Runs, newest first."""

    runs: list[Run]
    cursor: str | None


class NewCase(Body):
    """A case about confirmed findings."""

    title: str
    finding_ids: list[str]


class ExportBody(Body):
    """What to export and why."""

    finding_ids: list[str] = []
    case_id: str | None = None
    reason: str


class Problem(BaseModel):
    """What went wrong, in Chinese where it is meant for officers."""

    error: str
    message: str
