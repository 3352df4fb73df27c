"""One finding: its text with reasons, pictures, evidence, history; and the decision about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.auth import FormChecked, SignedIn, TheDesk, Visitor
from api.files import DRAWN
from api.web import hold_pages, story
from api.web.going import go, list_address
from api.web.render import page, people
from casework import dossiers, files, retakes, review
from casework.desk import Desk
from casework.labels import codes_told
from casework.named import named
from core.errors import BadInput, NotFound
from core.mask import may_unmask
from core.model import Evidence, Finding, Item
from core.rules import severity
from nlp.in_picture import stands_in_picture
from store.base import Query

router = APIRouter()
# What officers write day by day; picked rather than typed, in their own field so that both can stand.
USUAL = {
    "确认时常用": ("内容明确，属学科类违规培训", "与已知机构或人员相符", "变相开展学科类培训", "经电话或实地核实"),
    "驳回时常用": (
        "非学科类，不违规", "仅看护托管，不含教学", "新闻、通报或举报讨论", "面向成人", "公益或学校自身课程", "重复线索",
    ),
}  # fmt: skip


@router.get("/findings/{finding_id}")
def finding(
    request: Request, finding_id: str, desk: TheDesk, visitor: SignedIn, back: str = "", done: str = "",
    was: str = "",
) -> HTMLResponse:  # fmt: skip
    """One finding; `back` is the list it was opened from, `done` and `was` tell of the decision just made."""
    shown = review.open_finding(desk, visitor.actor, finding_id)
    return _draw(request, desk, visitor, shown, 200, back=back, done=done, was=was)


@router.post("/findings/{finding_id}/decision", response_model=None)
def decide(
    request: Request, finding_id: str, desk: TheDesk, visitor: FormChecked,
    outcome: Annotated[str, Form()] = "", usual: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "", content_digest: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "", was: Annotated[str, Form()] = "",
    code: Annotated[list[str] | None, Form()] = None, suspected: Annotated[bool, Form()] = False,
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """Confirm or reject what the officer had before him; what lacks is said on the same page.

    `code`: the violations that are ticked; `suspected`: the judge's were ticked beforehand.
    """
    ticked = code or []
    try:
        made = chosen(outcome)
        codes = shown_codes(ticked, suspected) if made == "confirmed" else []
        review.decide(desk, visitor.actor, finding_id, made, joined(usual, reason), content_digest, codes)
    except BadInput as error:
        shown = review.open_finding(desk, visitor.actor, finding_id)
        return _draw(
            request, desk, visitor, shown, 400, back=back, problem=str(error), typed=reason, ticked=ticked
        )
    return go(f"/findings/{finding_id}", done=outcome, was=was, back=back)


@router.get("/findings/{finding_id}/pictures/{digest}")
def picture(
    request: Request,
    finding_id: str,
    digest: str,
    desk: TheDesk,
    visitor: SignedIn,
    full: bool = False,
    back: str = "",
) -> HTMLResponse:
    """One picture by itself, as wide as the screen or in its own size."""
    shown = review.open_finding(desk, visitor.actor, finding_id)
    pictures = list(_pictures(shown, files.evidence_of(desk, shown)))
    item = next((item for item in pictures if item.sha256 == digest), None)
    if item is None:
        raise NotFound("该线索没有这张图片")
    facts = {
        "finding": shown,
        "item": item,
        "full": full,
        "back": back,
        "unmasked": may_unmask(visitor.actor),
    }
    return page(request, "picture.html", facts, visitor)


def joined(usual: str, reason: str) -> str:
    """The reason as it is kept: what was picked, then what was typed."""
    return "；".join(part for part in (usual.strip(), reason.strip()) if part)


def shown_codes(ticked: list[str], suspected: bool) -> list[str]:
    """The codes of a confirmation. Raises BadInput where all that the judge suspects was unticked: kept as nothing said,
    the codes of before would count, and that is not what he meant.
    """
    if suspected and not ticked:
        raise BadInput("请勾选违规类型；没有完全合适的，勾选最接近的一种，并在理由里说明")
    return ticked


def chosen(text: str) -> Literal["confirmed", "rejected"]:
    """The outcome a button stands for. Raises BadInput."""
    if text == "confirmed":
        return "confirmed"
    if text == "rejected":
        return "rejected"
    raise BadInput("请选择确认或驳回")


def _draw(
    request: Request, desk: Desk, visitor: Visitor, shown: Finding, status: int, *, back: str,
    done: str = "", was: str = "", problem: str = "", typed: str = "", ticked: Collection[str] | None = None,
) -> HTMLResponse:  # fmt: skip
    evidence = files.evidence_of(desk, shown)
    source = desk.catalog.sources.get(shown.source_id)
    cases = dossiers.of_finding(desk, visitor.actor, shown.id)
    made = shown.naming(shown.latest.content_digest)
    told = codes_told(shown, made) if made else ""
    facts = {
        "finding": shown, "evidence": evidence, "pictures": list(_pictures(shown, evidence)), "usual": USUAL,
        "source": source.title if source else shown.source_id, "unmasked": may_unmask(visitor.actor),
        "cases": cases, "kin": _kin(desk, visitor, shown), "lacking": retakes.lacking(desk, shown.id),
        "story": story.tell(shown, people(desk, (item.officer for item in shown.decisions))),
        "back": back, "list_address": list_address(back), "done": done, "was": was or shown.status,
        "severity": severity(shown.codes, shown.latest.verdict.role, desk.catalog.violations.values()),
        "ticked": shown.codes if ticked is None else ticked, "told": told,
        "named": named(shown.latest), "stands_in_picture": stands_in_picture, "problem": problem, "typed": typed,
        **hold_pages.shown(desk, visitor, "finding", shown.id, cases),
    }  # fmt: skip
    return page(request, "finding.html", facts, visitor, status)


def _pictures(finding: Finding, evidence: dict[str, Evidence]) -> Iterator[Item]:
    """Pictures of the present version, each once."""
    items = {
        item.sha256: item
        for name in finding.latest.evidence_ids
        for item in evidence[name].items
        if item.media_type in DRAWN
    }
    yield from items.values()


def _kin(desk: Desk, visitor: Visitor, finding: Finding) -> int:
    """How many other findings share a contact with this one, as far as this officer may see them."""
    if not finding.contact_ids:
        return 0
    found = review.search(desk, visitor.actor, Query(where={"contact_id": finding.contact_ids}, limit=1))
    return max(found.total - 1, 0)
