"""How long what is kept (config/retention.yml): a class without a term is kept for ever."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from core.model import Record
from core.rules import Law

# Law on network security, article 23 (21 until 2025): logs of the network are kept for at least six months. The longest
# six months (from 1 March or 1 July) have 184 days.
LEAST_LOG_DAYS = 184


class Term(Record):
    """Days after the last thing that happened to it, the law that sets or bounds them, and why so many (Chinese)."""

    days: int = Field(ge=1, le=36_525)  # a hundred years: longer is "for ever", so leave the class out
    law: Law
    why: str


class Retention(Record):
    """Terms by class. `clear`: that a harmless post was seen. `screenshots`: the browser's look at a rejected finding.

    flagged, unsure, rejected, confirmed: findings in no case. cases: closed cases with their findings.
    """

    id: str = "retention"
    clear: Term | None = None
    flagged: Term | None = None
    unsure: Term | None = None
    rejected: Term | None = None
    screenshots: Term | None = None
    confirmed: Term | None = None
    cases: Term | None = None
    leads: Term | None = None
    runs: Term | None = None
    audit: Term | None = None

    def terms(self) -> dict[str, Term]:
        """The classes that end, by name."""
        return {name: term for name in CLASSES if (term := getattr(self, name))}


# Class -> what an officer calls it.
CLASSES = {
    "clear": "未见违规的浏览记录", "flagged": "未核查的疑似线索", "unsure": "待研判线索", "rejected": "已驳回的线索",
    "screenshots": "已驳回线索的截图", "confirmed": "已确认、未立案的线索", "cases": "已结案件及其线索", "leads": "举报",
    "runs": "巡查记录", "audit": "审计记录",
}  # fmt: skip


def retention_faults(rules: Retention) -> Iterator[tuple[tuple[str, ...], str]]:
    """What contradicts itself or the law, each with its place in the file."""
    terms = rules.terms()
    for name in ("runs", "audit"):
        if name in terms and terms[name].days < LEAST_LOG_DAYS:
            yield (
                (name, "days"),
                f"logs are kept {LEAST_LOG_DAYS} days at least (网络安全法第二十三条): write {LEAST_LOG_DAYS} or more",
            )
    audit = terms.get("audit")
    for name in ("flagged", "unsure", "rejected", "confirmed", "cases") if audit else ():
        if audit and (name not in terms or terms[name].days > audit.days):
            lasts = f"{terms[name].days} days" if name in terms else "for ever"
            yield (
                ("audit", "days"),
                f"{name} are kept {lasts}: keep the record of who did what as long, or longer",
            )
    shots, rejected = terms.get("screenshots"), terms.get("rejected")
    if shots and rejected and shots.days > rejected.days:
        yield (
            ("screenshots", "days"),
            "screenshots outlive their findings: write fewer days than `rejected` has",
        )
