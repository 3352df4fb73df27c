"""Closed vocabularies, and the frozen strict base of all records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

Channel = Literal[
    "tutor_site", "job_board", "housekeeping", "classified", "secondhand", "social", "forum", "chat_group",
    "short_video", "live", "life_service", "online_school", "online_course", "portal", "search", "navigation",
    "popup_ad", "consulting", "news", "gov", "message", "other",
]  # fmt: skip
Code = Literal[
    "ONE_TO_ONE", "CROWDFUNDED_TUTOR", "LIVE_IN_TUTOR", "HOME_TUTOR", "JOB_AD", "DISGUISED_NAME",
    "DAYCARE_TUTORING", "CAMP_TUTORING", "PRESCHOOL", "HIGH_SCHOOL", "IN_SERVICE_TEACHER", "UNLICENSED_ONLINE",
    "GHOST_INSTITUTION", "FALSE_PROMOTION", "FEE_VIOLATION", "COMPETITION", "OFF_SYLLABUS", "ADVERTISING",
    "VENUE", "ADMISSION_CONSULTING",
]  # fmt: skip
Decision = Literal["flagged", "unsure", "clear"]
Role = Literal["provider", "intermediary", "seeker", "other"]
Category = Literal["学科", "文化艺术", "体育", "科技", "综合"]
# What texts name, see `nlp.entities` and `nlp.fees`.
EntityKind = Literal[
    "phone", "wechat", "qq", "email", "url", "institution", "school", "person", "address", "price", "lessons", "months",
    "grade", "time",
]  # fmt: skip
FindingStatus = Literal["flagged", "unsure", "confirmed", "rejected"]
LookKind = Literal["first", "second", "again", "gone"]
SecondLook = Literal["pending", "done", "missing"]
RunKind = Literal["crawl", "visit", "retake", "lookback", "rejudge", "export", "import"]
RunState = Literal["queued", "running", "done", "suspect", "failed", "cancelled", "lost"]
OfficerRole = Literal["viewer", "reviewer", "supervisor", "administrator", "system"]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


def _whole(text: str) -> str:
    # JSON can spell half a surrogate pair; no file and no database takes one, so it becomes U+FFFD where it enters.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Text = Annotated[str, AfterValidator(_whole)]


class Record(BaseModel):
    """A frozen, strict value."""

    # Bytes travel through JSON as base64: what a site sent need not be UTF-8.
    # An error names the field, never what stood there: it goes into logs and onto terminals, and posts hold contacts.
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64",
        hide_input_in_errors=True,
    )  # fmt: skip


class Stored(Record):
    """A record that a Store keeps: `id` is unique in its kind, `schema_number` tells its shape."""

    id: str
    schema_number: int = 1
