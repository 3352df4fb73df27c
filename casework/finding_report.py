"""One finding as people read it: what was posted, why it is suspected, what was decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from casework.blocks import Block, Heading, Table, Text
from casework.labels import CHANNELS, CODES, DECISIONS, ROLES, STATUSES, UNQUOTED, code_names, codes_told
from casework.named import Named, named
from casework.sheets import beijing
from core.meanings import IN_PICTURE
from core.model import Absence, Element, Finding, Post, Reason, Review, Verdict, Version
from core.text import written_text
from nlp.in_picture import stands_in_picture

NOTHING = "—"  # an empty cell looks like something that was cut off
SAME = "同上"


def title_of(finding: Finding) -> str:
    """What a finding is called."""
    post = finding.latest.post
    return post.title or post.body[:40]


def finding_blocks(
    number: int, finding: Finding, source: str, name: Callable[[str], str] = str
) -> Iterator[Block]:
    """One finding; `name` says what an account's officer is called."""
    verdict = finding.latest.verdict
    status = STATUSES[finding.status]
    yield Heading(f"{number}. {title_of(finding)}", 2)
    if finding.status in ("flagged", "unsure"):
        yield Text(f"{status}（机器提示，未经人工确认）", warning=True)
    rows = [
        ("状态", status),
        ("编号", finding.id),
        ("网址", finding.url),
        ("来源、频道", f"{source}；{CHANNELS[finding.channel]}"),
        ("疑似类型", code_names(verdict.codes)),
        ("违规可能性", f"{verdict.score * 100:.0f}%（机器的把握，不是违规程度）"),
        ("身份、类别", f"{ROLES[verdict.role]}；{verdict.category}"),
        ("地区", verdict.region.name if verdict.region else "未写明"),
        ("首见、末见（北京）", f"{beijing(finding.first_seen)} 至 {beijing(finding.last_seen)}"),
        ("规则版本、模型版本", f"{verdict.rule_version}；{verdict.model_version}"),
    ]
    yield Table(tuple(rows), widths=(22, 78))
    for place, version in enumerate(finding.versions, 1):
        yield from _version(place, version)
    yield from _absences(finding.absences)
    yield Heading("人工决定", 3)
    for review in finding.decisions:
        yield Text(_decided(finding, review, name(review.officer)))
    if not finding.decisions:
        yield Text("还没有人工决定。")


def _decided(finding: Finding, made: Review, officer: str) -> str:
    codes = codes_told(finding, made)
    parts = (STATUSES[made.outcome], *([codes] if codes else []), f"理由：{made.reason}")
    return f"{beijing(made.at)} {officer}：{'。'.join(parts)}"


def _version(place: int, version: Version) -> Iterator[Block]:
    post, verdict = version.post, version.verdict
    yield Heading(f"第 {place} 版（{DECISIONS[verdict.decision]}，{beijing(version.seen_from)} 起）", 3)
    yield Text(written_text(post))
    for number, picture in enumerate(post.pictures, 1):
        if picture.worded:
            yield Text(f"第 {number} 张图中的文字（机器识别，以原图为准）：\n{picture.text}")
    for note in verdict.notes:
        yield Text(note, warning=True)
    yield from _judged(verdict)
    if things := named(version):
        yield Text("帖中所写（机器摘录，以原文为准）：")
        yield Table(
            tuple((kind, "；".join(map(_named, told))) for kind, told in things.items()), widths=(22, 78)
        )
    if verdict.elements:
        yield Text("处罚要件（由文字看出的线索，供办案参考；条文以正式文本为准）：")
        yield Table(
            tuple(_element(one, post) for one in verdict.elements),
            ("条款", "要件", "文字所见，或到哪里查"),
            (26, 34, 40),
        )


def _judged(verdict: Verdict) -> Iterator[Block]:
    for suspicion in verdict.suspicions:
        yield Text(f"{CODES[suspicion.code]}（属此类型的可能性 {suspicion.score * 100:.0f}%）的理由：")
        yield _reasons(suspicion.reasons) if suspicion.reasons else Text(f"{UNQUOTED}。")
    if verdict.counter:
        yield Text("相反的迹象：")
        yield _reasons(verdict.counter)
    if verdict.absent:
        yield Text(f"查过而没有发现的反证：{'；'.join(verdict.absent)}。")


def _reasons(reasons: Iterable[Reason]) -> Table:
    """Each quotation once, those of one meaning and weight together, and a rule not again below itself."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for reason in reasons:
        own = (reason.meaning or NOTHING, f"{reason.weight:g}", reason.clause or NOTHING)
        found.setdefault(own, {})[f"“{reason.span.text}”"] = None
    rows, above = [], ""
    for (meaning, weight, clause), quotations in found.items():
        rows.append(("、".join(quotations), meaning, weight, SAME if clause == above else clause))
        above = clause if clause != NOTHING else ""
    return Table(tuple(rows), ("原文", "含义", "权重", "依据"), (28, 28, 8, 36))


def _absences(absences: Iterable[Absence]) -> Iterator[Block]:
    for absence in absences:
        ended = (
            f"，{beijing(absence.back_at)} 恢复"
            if absence.back_at
            else f"，{beijing(absence.seen_to)} 仍不在"
        )
        yield Text(f"网页已不在：{beijing(absence.seen_from)} 起网站答复 HTTP {absence.status}{ended}。")


def _named(thing: Named) -> str:
    written = f"（原文“{thing.written}”）" if thing.written else ""
    return thing.said + written + f"（{IN_PICTURE}）" * thing.in_picture


def _element(element: Element, post: Post) -> tuple[str, str, str]:
    quoted = "、".join(
        f"“{span.text}”{f'（{IN_PICTURE}）' * stands_in_picture(span, post)}" for span in element.spans
    )
    return element.route, element.title, quoted or f"文字未见，可查：{element.check}"
