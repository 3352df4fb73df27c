"""What a court would find wrong with the evidence of a finding, named as the rules name it, before it is handed over.

Curable flaws (`curable`) may be mended or explained, fatal ones may not be used as they stand: interpretation of
the criminal procedure law (2021), articles 110 to 114; rules on evidence in administrative suits (2002), articles
12 and 57; law on administrative penalties (2021), articles 40 to 42 and 46. Hints for officers, no legal advice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from casework.labels import ITEMS
from core.model import Evidence, Finding, Version
from core.text import fold, written_text

Severity = Literal["curable", "fatal"]
SEVERITIES: dict[Severity, str] = {"curable": "可补正", "fatal": "致命"}
# A stamp proves that the manifest stood at its time. What came between capture and stamp it does not prove; a day
# is the rhythm of the daily list of heads, so a later stamp proves less than that list.
STAMP_LATE = timedelta(days=1)
# A stamp may tell whole seconds only, cut off (RFC 3161, section 2.4.2): one from the same second may seem earlier
# by less than this. What is earlier by more was stamped or captured by a clock that was wrong.
STAMP_SECOND = timedelta(seconds=1)
# Pairs of characters of the post that must stand in the text of the drawn page. Cleaning drops some, an edited or
# wrong page lacks most.
AGREEMENT = 0.6
OFFICERS = 2  # law on administrative penalties, article 42
NO_OFFICERS = {"operator", "system"}  # who runs commands, and the program itself: nobody who could sign


@dataclass(frozen=True)
class Kind:
    """One kind of flaw: its name in the rules, how grave, the rule, and what mends it."""

    name: str
    severity: Severity
    rule: str
    mend: str


_CRIMINAL, _SUITS, _PENALTIES = "刑事诉讼法解释（2021）", "行政诉讼证据规定", "行政处罚法（2021）"
KINDS: dict[str, Kind] = {
    "evidence_missing": Kind("没有原始载体或复制件", "fatal", f"{_SUITS}第十二条", "重新取证"),
    "deleted": Kind("证据已按保存期限规定删除", "curable", "个人信息保护法第四十七条", "以保管记录说明删除的时间和依据，以其余证据证明"),
    "altered": Kind("电子数据被增加、删除、修改，真实性无法确认", "fatal", f"{_CRIMINAL}第一百一十四条", "不得作为证据使用，查明原因"),
    "custody_gap": Kind("保管记录有断裂或缺失", "fatal", f"{_CRIMINAL}第一百一十一条、第一百一十四条", "查明原因并书面说明；不能说明的不得使用"),
    "digest_missing": Kind("没有附完整性校验值", "curable", f"{_CRIMINAL}第一百一十一条", "补算校验值并说明情况"),
    "stamp_missing": Kind("没有外部时间戳", "curable", "互联网法院规定第十一条", "接入时间戳机构后补盖，并说明迟延原因"),
    "stamp_late": Kind("时间戳迟于取证", "curable", "互联网法院规定第十一条", "说明迟延原因，迟延期间的完整性由保管记录证明"),
    "stamp_early": Kind("时间戳早于取证，两处时钟不一致", "curable", "互联网法院规定第十一条", "核对取证设备和时间戳机构的时钟，书面说明偏差"),
    "stamp_test": Kind("时间戳由测试机构签发", "curable", "互联网法院规定第十一条", "由有资质的机构另行盖时间戳"),
    "single_officer": Kind("取证、核查人员不足二人", "curable", f"{_PENALTIES}第四十二条", "由第二名执法人员复核并在笔录上签名"),
    "unconfirmed": Kind("事实未经人工核实", "curable", f"{_PENALTIES}第四十条、第四十六条", "由执法人员核查确认；未确认的只是线索"),
    "edited_since": Kind("确认之后帖文有改动，现版本未经核实", "curable", f"{_PENALTIES}第四十条", "对现版本重新核查"),
    "method_blank": Kind("没有写明制作方法、过程或制作人", "curable", f"{_SUITS}第十二条", "在笔录上补充说明"),
    "format_unnamed": Kind("没有注明电子数据的类别、文件格式", "curable", f"{_CRIMINAL}第一百一十三条", "在证据清单上补注"),
    "text_disagrees": Kind("截图所示网页与文字记录不一致", "curable", f"{_CRIMINAL}第一百一十条", "对照原始网络记录说明，或重新取证"),
    "picture_missing": Kind("没有截图", "curable", f"{_CRIMINAL}第一百一十条", "重新取证；网页已不在的，以原始网络记录和打印件证明"),
    "part_missing": Kind("收集、提取不完整", "curable", f"{_CRIMINAL}第一百一十一条", "说明未能提取的部分和原因"),
    "clock_unknown": Kind("取证设备时钟偏差不明", "curable", f"{_CRIMINAL}第一百一十条", "以时间戳或标准时间比对记录说明"),
    "robots_unknown": Kind("没有记录访问规则（robots）和访问频率", "curable", "网络数据安全管理条例第十八条", "补充说明提取未影响网站运行"),
    "rules_missing": Kind("判断所依据的规则没有保存", "curable", "互联网法院规定第十一条", "说明规则版本，以人工判断为准"),
    "minors_shared": Kind("对外副本中未成年人或无关人员的信息可能没有遮盖", "fatal", "未成年人保护法第一百零三条", "人工遮盖后才可对外提供"),
}  # fmt: skip


@dataclass(frozen=True)
class Flaw:
    """One flaw of one finding; `where` names the thing, `detail` what was seen."""

    kind: str
    finding_id: str
    where: str
    detail: str = ""

    @property
    def facts(self) -> Kind:
        """Name, gravity, rule and mend."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Stamp:
    """A time stamp of an evidence: who gave it, how long after sealing, and whether only a test authority did.

    `at`: the time that it attests; `digest` the algorithm of its imprint; `serial` its number at the authority.
    """

    authority: str
    delay: timedelta
    test: bool = False
    at: datetime | None = None
    digest: str = ""
    serial: int = 0

    @property
    def early(self) -> bool:
        """Whether it says a time before the capture: one of the two clocks was wrong."""
        return self.delay <= -STAMP_SECOND


@dataclass(frozen=True)
class Look:
    """One sealed look, as the check and the report need it. `broken` says what cannot be read, in Chinese."""

    evidence: Evidence
    provenance: dict[str, str] = field(default_factory=dict)
    custody: Sequence[dict[str, Any]] = ()
    stamps: tuple[Stamp, ...] = ()
    text: str | None = None
    rules: dict[str, str | None] | None = None


def of_finding(
    finding: Finding,
    looks: Mapping[str, Look],
    officers: set[str],
    broken: Mapping[str, tuple[str, str]] | None = None,
) -> Iterator[Flaw]:
    """All flaws of a finding; `looks` are those of its evidence that are whole; `officers` also took part.

    `broken` says of evidence that is not whole of which kind that is (evidence_missing, altered, custody_gap) and
    what was seen.
    """
    yield from _of_decisions(finding, officers)
    if finding.second_look != "done":
        yield Flaw("picture_missing", finding.id, "截图", finding.second_look_cause or "还没有完成浏览器取证")
    for number, version in enumerate(finding.versions, 1):
        if not version.evidence_ids:
            yield Flaw("evidence_missing", finding.id, f"第 {number} 版")
        for name in version.evidence_ids:
            if name in looks:
                yield from _of_look(finding.id, version, looks[name], _fetched_later(name, looks))
    absent = (name for absence in finding.absences for name in absence.evidence_ids)
    for name in dict.fromkeys(
        (*(name for version in finding.versions for name in version.evidence_ids), *absent)
    ):
        if name not in looks:
            kind, seen = (broken or {}).get(name, ("altered", "清单或保管记录无法读取"))
            yield Flaw(kind, finding.id, f"证据 {name[:12]}", seen)


def _of_decisions(finding: Finding, officers: set[str]) -> Iterator[Flaw]:
    present = [one for one in finding.decisions if one.content_digest == finding.latest.content_digest]
    if not finding.decisions:
        yield Flaw("unconfirmed", finding.id, "人工决定", "还没有人工决定")
    elif not present:
        yield Flaw("edited_since", finding.id, "人工决定")
    known = (officers | {one.officer for one in finding.decisions}) - NO_OFFICERS
    if len(known) < OFFICERS:
        yield Flaw("single_officer", finding.id, "经办人", "只有：" + ("、".join(sorted(known)) or "无"))


def _fetched_later(evidence_id: str, looks: Mapping[str, Look]) -> Evidence | None:
    """The newest look that fetched the missing parts of this one again."""
    later = [look.evidence for look in looks.values() if look.evidence.refers_to == evidence_id]
    return max(later, key=lambda one: one.captured_at, default=None)


def _of_look(finding_id: str, version: Version, look: Look, later: Evidence | None) -> Iterator[Flaw]:
    where = f"证据 {look.evidence.id[:12]}"
    for kind, detail in (
        *_of_items(look),
        *_of_gaps(look, later),
        *_of_circumstances(look),
        *_of_stamps(look),
    ):
        yield Flaw(kind, finding_id, where, detail)
    if not any(entry.get("event") == "sealed" for entry in look.custody):
        yield Flaw("custody_gap", finding_id, where, "保管记录里没有封存一条")
    if look.text is not None and agreement(written_text(version.post), look.text) < AGREEMENT:
        yield Flaw("text_disagrees", finding_id, where, "网页文字里找不到帖文的大部分内容")


def _of_items(look: Look) -> Iterator[tuple[str, str]]:
    for item in look.evidence.items:
        if not item.sha256 or item.sm3 is None:
            yield "digest_missing", f"{item.role}：缺 {'SHA-256' if not item.sha256 else 'SM3'} 值"
        if not item.how.strip():
            yield "method_blank", item.role
        if item.media_type.split(";")[0].strip() in ("", "application/octet-stream"):
            yield "format_unnamed", item.role


def _of_gaps(look: Look, later: Evidence | None) -> Iterator[tuple[str, str]]:
    """What was fetched again is no gap any more, unless that look lacks it, too."""
    still = {(gap.role, gap.url) for gap in later.missing} if later else None
    for gap in look.evidence.missing:
        if still is None or (gap.role, gap.url) in still:
            yield "part_missing", f"{ITEMS.get(gap.role, gap.role)}：{gap.cause}"


def _of_circumstances(look: Look) -> Iterator[tuple[str, str]]:
    names = {name.lower() for name in look.provenance}
    if look.provenance.get("clock_state") != "synchronised" and "clock_offset_seconds" not in names:
        server = look.provenance.get("clock_server_date_seconds", "")
        yield "clock_unknown", f"网站时间与本机时间之差（秒）：{server}" if server else ""
    if not any("robots" in name for name in names) or not any(
        "pace" in name or "rate" in name for name in names
    ):
        yield "robots_unknown", ""
    if look.rules is not None and any(digest is None for digest in look.rules.values()):
        yield (
            "rules_missing",
            "、".join(sorted(name for name, digest in look.rules.items() if digest is None)),
        )


def _of_stamps(look: Look) -> Iterator[tuple[str, str]]:
    if not look.stamps:
        yield "stamp_missing", ""
        return
    best = min(look.stamps, key=lambda stamp: (stamp.test, stamp.early, stamp.delay))
    if best.test:
        yield "stamp_test", best.authority
    if best.delay > STAMP_LATE:
        yield "stamp_late", f"{best.authority}：迟 {best.delay.total_seconds() / 3600:.0f} 小时"
    for stamp in look.stamps:
        if stamp.early:
            yield "stamp_early", f"{stamp.authority}：早 {-stamp.delay.total_seconds():.0f} 秒"


def agreement(post: str, page: str) -> float:
    """Which part of the post's character pairs stands in the page's text, 0 to 1; dress and blanks do not count."""
    wanted, there = _pairs(post), _pairs(page)
    return len(wanted & there) / len(wanted) if wanted else 1.0


def of_checker(faults: Sequence[str]) -> tuple[str, str]:
    """What the checker's findings on one evidence are in the words of the rules: the kind, and the first of them."""
    first = faults[0]
    if "保管记录" in first:
        return "custody_gap", first
    return ("evidence_missing" if first.startswith("缺少") or "没有清单" in first else "altered"), first


@dataclass(frozen=True)
class Found:
    """A kind of flaw, how often it was met, and where it was seen first."""

    kind: str
    count: int
    seen: tuple[str, ...]

    @property
    def facts(self) -> Kind:
        """Name, gravity, rule and mend."""
        return KINDS[self.kind]

    @property
    def fatal(self) -> bool:
        """Whether evidence with it may not be used as it stands."""
        return self.facts.severity == "fatal"


class Tally:
    """Counts flaws by kind; of ten thousand findings it keeps no more than of ten."""

    SEEN = 3  # examples of each: enough to know where to look

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._seen: dict[str, list[str]] = {}

    def add(self, flaw: Flaw) -> None:
        """One more."""
        self._count[flaw.kind] += 1
        told = "：".join(filter(None, (flaw.where, flaw.detail)))
        seen = self._seen.setdefault(flaw.kind, [])
        if len(seen) < self.SEEN and told not in seen:
            seen.append(told)

    def found(self) -> tuple[Found, ...]:
        """The kinds met, fatal ones first, as the table of kinds orders them."""
        kinds = sorted(self._count, key=lambda kind: (KINDS[kind].severity != "fatal", [*KINDS].index(kind)))
        return tuple(Found(kind, self._count[kind], tuple(self._seen[kind])) for kind in kinds)


COLUMNS = ("线索编号", "对象", "瑕疵", "程度", "依据", "情况", "补正办法")


def row(flaw: Flaw) -> tuple[str, ...]:
    """A line of the table of flaws, under COLUMNS."""
    kind = flaw.facts
    return (
        flaw.finding_id, flaw.where, kind.name, SEVERITIES[kind.severity], kind.rule, flaw.detail, kind.mend,
    )  # fmt: skip


def _pairs(text: str) -> set[str]:
    plain = "".join(fold(text).split())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
