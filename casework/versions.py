"""How a Finding grows: pure functions from the present finding and news about its post to the next one."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import Evidence, Finding, FindingStatus, Post, Verdict, Version


@dataclass(frozen=True)
class News:
    """A post as met now: content digest, verdict, proof (None: nothing new had to be kept), contacts."""

    post: Post
    digest: str
    verdict: Verdict
    evidence: Evidence | None
    contact_ids: tuple[str, ...]


def status_of(verdict: Verdict) -> FindingStatus:
    """A finding never vanishes by itself: what is clear now, but was not, goes to an officer as unsure."""
    return "flagged" if verdict.decision == "flagged" else "unsure"


def grow(present: Finding | None, news: News) -> Finding:
    """The finding with these news: new, with one more version, or with today's judgement of the same text."""
    if present is None:
        return _new(news)
    if news.post.seen_at < present.last_seen:
        return _belated(present, news)
    if present.latest.content_digest != news.digest:
        return _edited(present, news)
    return _judged_again(present, news)


def seen(finding: Finding, post: Post) -> Finding:
    """The finding, met once more and unchanged."""
    if post.seen_at <= finding.last_seen:
        return finding
    latest = finding.latest.model_copy(update={"seen_to": post.seen_at})
    return _with_latest(finding, latest).model_copy(update={"last_seen": post.seen_at})


def with_evidence(finding: Finding, evidence_id: str) -> Finding:
    """The finding with one more proof of its present version."""
    latest = finding.latest
    if evidence_id in latest.evidence_ids:
        return finding
    return _with_latest(
        finding, latest.model_copy(update={"evidence_ids": (*latest.evidence_ids, evidence_id)})
    )


def _with_latest(finding: Finding, latest: Version) -> Finding:
    return finding.model_copy(update={"versions": (*finding.versions[:-1], latest)})


def _version(news: News) -> Version:
    return Version(
        content_digest=news.digest,
        post=news.post,
        verdict=news.verdict,
        evidence_ids=(news.evidence.id,) if news.evidence else (),
        seen_from=news.post.seen_at,
        seen_to=news.post.seen_at,
    )


def _new(news: News) -> Finding:
    post = news.post
    return Finding(
        id=post.id,
        source_id=post.source_id,
        channel=post.channel,
        url=post.url,
        versions=(_version(news),),
        status=status_of(news.verdict),
        contact_ids=news.contact_ids,
        first_seen=post.seen_at,
        last_seen=post.seen_at,
    )


def _edited(present: Finding, news: News) -> Finding:
    """An edit re-opens review and asks for a new picture; earlier decisions stay, with their digests."""
    return present.model_copy(
        update={
            "versions": (*present.versions, _version(news)),
            "status": status_of(news.verdict),
            "second_look": "pending",
            "second_look_cause": None,
            "contact_ids": tuple(dict.fromkeys((*present.contact_ids, *news.contact_ids))),
            "last_seen": max(present.last_seen, news.post.seen_at),
        }
    )


def _belated(present: Finding, news: News) -> Finding:
    """News that waited while newer ones were saved: its text and proof get their place, nothing is decided by it."""
    news_at, versions = news.post.seen_at, list(present.versions)
    same = [place for place, version in enumerate(versions) if version.content_digest == news.digest]
    if same:
        version = versions[same[-1]]
        known = (*version.evidence_ids, *((news.evidence.id,) if news.evidence else ()))
        changes = {"evidence_ids": tuple(dict.fromkeys(known)), "seen_from": min(version.seen_from, news_at)}
        versions[same[-1]] = version.model_copy(update=changes)
    else:
        # Before the first that was seen later; never last, since that is the text which stands there now.
        later = (place for place, version in enumerate(versions) if version.seen_from > news_at)
        versions.insert(min(next(later, len(versions)), len(versions) - 1), _version(news))
    changes = {"versions": tuple(versions), "first_seen": min(present.first_seen, news_at)}
    contacts = tuple(dict.fromkeys((*present.contact_ids, *news.contact_ids)))
    return present.model_copy(update=changes | {"contact_ids": contacts})


def _judged_again(present: Finding, news: News) -> Finding:
    """Same text, today's rules: an officer's decision stands, with its verdict; else today's verdict."""
    met = seen(present, news.post)
    if news.evidence:  # it was sealed while nobody could ask whether this text was proved already
        met = with_evidence(met, news.evidence.id)
    if present.status in {"confirmed", "rejected"}:
        return met
    contacts = tuple(dict.fromkeys((*present.contact_ids, *news.contact_ids)))
    # With the pictures as read today: the verdict's offsets count their text, too.
    post = met.latest.post.model_copy(update={"pictures": news.post.pictures})
    judged = _with_latest(met, met.latest.model_copy(update={"verdict": news.verdict, "post": post}))
    return judged.model_copy(update={"status": status_of(news.verdict), "contact_ids": contacts})
