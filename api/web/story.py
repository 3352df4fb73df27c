"""What happened to a finding, in order: met, edited, proven, decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.labels import DECISIONS, codes_told
from core.model import Finding


@dataclass(frozen=True)
class Event:
    """One thing that happened; a decision has its `status`, `detail` is the officer's reason, `codes` what it shows."""

    at: datetime
    text: str
    detail: str = ""
    status: str = ""
    codes: str = ""


def tell(finding: Finding, names: dict[str, str]) -> list[Event]:
    """All events, newest first; `names` gives accounts their people."""
    events = [_version(finding, number) for number in range(len(finding.versions))]
    present = finding.latest.content_digest
    for item in finding.decisions:
        old = "" if item.content_digest == present else "（针对旧内容）"
        text = f"{names.get(item.officer, item.officer)}{old}"
        events.append(Event(item.at, text, item.reason, item.outcome, codes_told(finding, item)))
    for absence in finding.absences:
        events.append(Event(absence.seen_from, f"页面已不在（HTTP {absence.status}）"))
        if absence.back_at:
            events.append(Event(absence.back_at, "页面恢复"))
    events.sort(key=lambda event: event.at)
    return events[::-1]  # of two at one moment the one told later comes first as well


def _version(finding: Finding, number: int) -> Event:
    version = finding.versions[number]
    judged = DECISIONS[version.verdict.decision]
    if number == 0:
        return Event(finding.first_seen, f"首次发现，机器判断：{judged}")
    return Event(version.seen_from, f"内容第 {number} 次改动，机器判断：{judged}")
