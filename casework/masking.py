"""Masks a finding for people who may see what was done, but not who can be called, who the children are, or who
merely stood by: contacts, names, home addresses, minors' schools. Lengths stay, so offsets stay true.

Machine masking errs on the side of hiding; a person still looks before anything is shared.
"""

from __future__ import annotations

import re

from core import personal
from core.mask import CONTACT_KINDS, mask_value, requoted
from core.model import Entity, Finding, Post, Reason, Span, Verdict, Version
from core.text import judged_text, with_judged_text
from nlp.entities import find_entities

HIDDEN = "█"
# The hundred commonest surnames, nine in ten people (Ministry of Public Security, name report 2020).
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_TITLES = "老师|老湿|老蒒|教练|女士|先生|小姐|师傅|阿姨|叔叔|校长|院长|主任|经理|助教|学姐|学长|妈妈|爸爸|奶奶|爷爷|同学|小朋友|宝宝|宝贝|妈|爸|姐|哥"
# Subjects, grades and posts that end or begin with a surname's character: 语文老师 is no 文老师, and covering it
# would cover the very subject. Only such words as cannot be a name with its title.
_NAMES = re.compile(
    rf"(?<!语)(?<!历)(?<!班主)(?!(?:文综|文科|高中|高[一二三]|任课|专任|金牌|江湖)(?:{_TITLES}))"
    rf"(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)(?={_TITLES})"
)
_CHILD = re.compile(
    r"(?:孩子|儿子|女儿|学生|闺女|娃|小孩|姓名|小名|名叫|名字叫|叫做|叫)\s?(?:姓名|名字|小名)?\s?[是叫：:]?\s?"
    rf"(?P<name>[{_SURNAMES}小][\u4e00-\u9fff]{{1,2}})(?=[，。、,.\s（(；;]|今年|在|读|上|$)"
)
_NO_NAME = re.compile(
    "小[学班时升考孩组初高一二三四五六]|高[一二三中考]|学[习校]"
)  # what the pattern above may take for one
_SCHOOL = re.compile(r"(?P<name>[\u4e00-\u9fff0-9]{2,10})(?:小学|中学|初中|高中|幼儿园|附小|附中|实验学校)")
_IDENTITY = re.compile(r"(?P<name>(?<!\d)\d{17}[\dXx](?!\d))")
# Six digits are a price or a date at most; blanks and marks between them do not make a number harmless.
_DIGITS = re.compile(r"(?P<name>\d(?:[\s\-.·_]?\d){6,})")
_BEFORE_NAME = re.compile(".*[在读上去到住是的]")  # a school's name begins behind these
_NAME_LENGTH = 2  # one character alone stands in any text
_PLACES = frozenset({"address", "url"})
_CONTACT_LENGTH = 5  # below, a value is no contact that could be used, and stands in any text by chance


def hidden_spans(text: str, seeker: bool = False) -> list[tuple[int, int]]:
    """Characters [start, end) that nobody else may read; `seeker` hides a family's school and home as well."""
    kinds = CONTACT_KINDS | (_PLACES if seeker else {"url"})
    spans = [(item.span.start, item.span.end) for item in find_entities(text) if item.kind in kinds]
    patterns = [_NAMES, _CHILD, _IDENTITY, _DIGITS, *([_SCHOOL] if seeker else [])]
    spans += personal.in_text(text)
    return spans + [match.span("name") for pattern in patterns for match in pattern.finditer(text)]


def hide(
    text: str, seeker: bool = False, more: tuple[Span, ...] = (), secrets: frozenset[str] = frozenset()
) -> str:
    """`text` with all of that covered, and every place where one of `secrets` stands."""
    characters = list(text)
    spans = [*hidden_spans(text, seeker), *((span.start, span.end) for span in more)]
    for secret in secrets:
        spans += [found.span() for found in re.finditer(re.escape(secret), text)]
    for start, end in spans:
        characters[start:end] = HIDDEN * (end - start)
    return "".join(characters)


def hide_address(address: str) -> str:
    """A web address that still says where it leads, with whom it names covered."""
    characters = list(address)
    for start, end in personal.in_address(address):
        characters[start:end] = HIDDEN * (end - start)
    return "".join(characters)


def secrets_of(finding: Finding) -> frozenset[str]:
    """Contacts, children's names, identity numbers and a family's school, as the finding's texts have them.

    Found by its surroundings in one place, a name stands bare in another: each is hidden wherever it stands.
    """
    found: set[str] = set()
    for version in finding.versions:
        text = judged_text(version.post)
        contacts = {*version.post.contacts}
        for item in version.verdict.entities:
            contacts |= {item.value, item.span.text} if item.kind in CONTACT_KINDS else set()
        found |= {one for one in contacts if len(one) >= _CONTACT_LENGTH}
        patterns = [_CHILD, _IDENTITY, *([_SCHOOL] if is_seeker(version) else [])]
        names = {match["name"] for pattern in patterns for match in pattern.finditer(text)}
        found |= {_BEFORE_NAME.sub("", name) for name in names}
    return frozenset(one for one in found if len(one) >= _NAME_LENGTH and not _NO_NAME.match(one))


def still_open(finding: Finding, shared: str) -> list[str]:
    """What should be hidden and stands in the shared text all the same."""
    plain = shared.replace(" ", "").replace("-", "")
    return [one for one in sorted(secrets_of(finding)) if one in shared or one in plain]


def masked(finding: Finding) -> Finding:
    """The finding for sharing: every version, and the officers' reasons."""
    secrets = secrets_of(finding)
    # A digest of the whole text would say which number is the right one behind the cover: all others are tried in minutes.
    names = {
        version.content_digest: f"version {number}" for number, version in enumerate(finding.versions, 1)
    }
    versions = tuple(
        _version(version, secrets).model_copy(update={"content_digest": names[version.content_digest]})
        for version in finding.versions
    )
    reviews = tuple(
        review.model_copy(
            update={
                "officer": "执法人员",
                "reason": hide(review.reason, secrets=secrets),
                "content_digest": names.get(review.content_digest, ""),
            }
        )
        for review in finding.decisions
    )
    return finding.model_copy(
        update={
            "url": hide_address(finding.url),
            "versions": versions,
            "decisions": reviews,
            "contact_ids": (),
        }
    )


def is_seeker(version: Version) -> bool:
    """Whether a family asks for lessons: it is no offender, and its child is a minor."""
    return version.verdict.role in ("seeker", "other")


def _version(version: Version, secrets: frozenset[str]) -> Version:
    post, verdict = version.post, version.verdict
    contacts = tuple(item.span for item in verdict.entities if item.kind in CONTACT_KINDS)
    whole = hide(judged_text(post), is_seeker(version), contacts, secrets)
    covered = with_judged_text(post, whole)
    hidden: Post = covered.model_copy(
        update={
            "url": hide_address(post.url),
            "native_id": post.native_id and hide_address(post.native_id),
            "pictures": tuple(
                item.model_copy(update={"url": hide_address(item.url)}) for item in covered.pictures
            ),
            "author": HIDDEN * 3 if post.author else None,
            "contacts": tuple(HIDDEN * 3 for _ in post.contacts),
            "price": post.price and hide(post.price, secrets=secrets),
            "region": post.region and hide(post.region, secrets=secrets),
        }
    )
    changes: dict[str, object] = {
        "suspicions": tuple(
            item.model_copy(update={"reasons": _quoted(item.reasons, whole, secrets)})
            for item in verdict.suspicions
        ),
        "counter": _quoted(verdict.counter, whole, secrets),
        "elements": requoted(verdict.elements, whole),
        "entities": tuple(_entity(item, whole) for item in verdict.entities),
    }
    judged: Verdict = verdict.model_copy(update=changes)
    return version.model_copy(update={"post": hidden, "verdict": judged})


def _quoted(reasons: tuple[Reason, ...], whole: str, secrets: frozenset[str]) -> tuple[Reason, ...]:
    def quote(reason: Reason) -> Reason:
        span = reason.span.model_copy(update={"text": whole[reason.span.start : reason.span.end]})
        # A meaning may quote the place it explains.
        meaning = reason.meaning and hide(reason.meaning, secrets=secrets)
        return reason.model_copy(update={"span": span, "meaning": meaning})

    return tuple(map(quote, reasons))


def _entity(entity: Entity, whole: str) -> Entity:
    shown = whole[entity.span.start : entity.span.end]
    value = mask_value(entity.value) if entity.kind in CONTACT_KINDS or HIDDEN in shown else entity.value
    return entity.model_copy(
        update={
            "value": HIDDEN * 3 if HIDDEN in shown else value,
            "span": entity.span.model_copy(update={"text": shown}),
        }
    )
