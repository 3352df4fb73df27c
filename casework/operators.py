"""Who is behind posts: contacts meet by keyed fingerprints, without being readable."""

from __future__ import annotations

from casework import shelf
from casework.desk import Desk
from core.identity import contact_id
from core.mask import CONTACT_KINDS, mask_value
from core.model import Contact, Post, Verdict
from nlp.entities import find_entities


def contacts_of(post: Post, verdict: Verdict) -> list[tuple[str, str]]:
    """(kind, plain value) of every contact in the judged text and in the page's contact fields, each once."""
    named = [(item.kind, item.value) for item in verdict.entities if item.kind in CONTACT_KINDS]
    outside = (item for text in post.contacts for item in find_entities(text))
    named += [(item.kind, item.value) for item in outside if item.kind in CONTACT_KINDS]
    return list(dict.fromkeys(named))


def fingerprints(desk: Desk, post: Post, verdict: Verdict) -> tuple[str, ...]:
    """Contact ids of a post."""
    return tuple(contact_id(desk.key, kind, value) for kind, value in contacts_of(post, verdict))


def link(desk: Desk, post: Post, verdict: Verdict) -> None:
    """Note the post's finding in the record of each of its contacts; doing it twice is doing it once."""
    for kind, value in contacts_of(post, verdict):
        _note(desk, kind, value, post.id)


def _note(desk: Desk, kind: str, value: str, finding_id: str) -> None:
    fingerprint = contact_id(desk.key, kind, value)

    def edit(present: Contact | None) -> Contact:
        known = present or Contact(id=fingerprint, kind=kind, masked=mask_value(value))
        if finding_id in known.finding_ids:
            return known
        return known.model_copy(update={"finding_ids": (*known.finding_ids, finding_id)})

    shelf.change(desk.store, Contact, fingerprint, edit)
