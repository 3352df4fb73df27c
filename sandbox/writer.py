"""Writes one post from a plan: its text in the voice of its site, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Any

from sandbox import contacts
from sandbox.contacts import Contact
from sandbox.details import Details
from sandbox.disguise import disguise
from sandbox.grammar import expand, lines, no_details, phrases, shared
from sandbox.voices import VOICES, Voice, plain_lines

PLAN_FILES = (
    "violations_a",
    "violations_b",
    "violations_c",
    "jobs",
    "lawful_services",
    "lawful_talk",
    "lawful_jobs",
    "news_a",
    "news_b",
    "replies",
)
# Shares asked for by the town's specification (violations), and what their kind of site shows (lawful).
_CONTACT_SHARE = {"violation": 0.82, "provider": 0.6, "seeker": 0.4, "intermediary": 0.6, "other": 0.0}
_PRICE_SHARE = 0.58
_ADDON_SHARE = 0.35
_HIDDEN_SHARE = 0.75
_OPEN_SHARE = 0.6
# The specification's bounds for the length of a text, in characters.
SHORTEST, LONGEST = 20, 400
# Districts whose name several cities share: without the city the text does not say which is meant.
_SHARED_NAMES = {"朝阳区", "通州区", "宝山区", "南山区", "长安区"}


@dataclass(frozen=True)
class Draft:
    """A written post and the truth about it."""

    plan: str
    title: str
    text: str
    codes: tuple[str, ...]
    role: str
    category: str
    city: str
    district: str
    region: str | None
    author: str = ""
    contacts: tuple[Contact, ...] = ()
    prices: tuple[dict[str, str | int], ...] = ()
    disguised: bool = False
    picture_text: str | None = None
    tags: tuple[str, ...] = field(default=())


@cache
def plan(name: str) -> dict[str, Any]:
    """A plan by name; KeyError when no phrase file has it."""
    for file in PLAN_FILES:
        if name in phrases(file):
            found: dict[str, Any] = phrases(file)[name]
            return found
    raise KeyError(f"no plan {name!r} in {', '.join(PLAN_FILES)}")


def compose(
    name: str,
    random: Random,
    site: str,
    wants_disguise: bool = False,
    picture: bool = False,
    titled: bool = True,
) -> Draft:
    """Write a post; `name` is a plan, or plan+addon to force an add-on. Replies have no title."""
    for _ in range(50):
        draft = _attempt(name, random, site, wants_disguise, picture, titled)
        if SHORTEST <= len(draft.picture_text or draft.text) <= LONGEST:
            return draft
    raise ValueError(f"plan {name!r} gives no text of {SHORTEST} to {LONGEST} characters")


def _attempt(
    name: str, random: Random, site: str, wants_disguise: bool, picture: bool, titled: bool
) -> Draft:
    base, _, forced = name.partition("+")
    chosen = _one_matter(plan(base), random)
    details = Details(random, chosen.get("stages", "primary middle").split())
    if site == "xinwen":
        details.speak_as_press()
    # Picture letters have no emoji: the CJK font lacks them.
    draft = _words(base, chosen, forced, random, details, plain_lines if picture else VOICES[site])
    draft = replace(draft, author=_author(site, random, details), title=draft.title if titled else "")
    if site == "tuwen":
        draft = replace(draft, tags=_tags(chosen, details))
    if wants_disguise and draft.codes:
        draft = _disguised(draft, random)
    if random.random() < _CONTACT_SHARE["violation" if draft.codes else draft.role]:
        draft = _with_contact(draft, site, random, details)
    draft = _with_tags(draft)
    if picture:
        draft = _into_picture(draft, random, details)
    return replace(draft, region=_region(draft, site))


def _words(
    base: str, chosen: dict[str, Any], forced: str, random: Random, details: Details, voice: Voice
) -> Draft:
    """Title and text in plain words, with the codes that they show."""

    def say(block: str) -> str:
        return expand(random.choice(lines(block)), random, details.fill)

    title = say(chosen["title"]) if "title" in chosen else ""
    addon = forced or _maybe_addon(chosen, random)
    sentences = _sentences(chosen, random, details)
    if addon:
        sentences.append(say(phrases("addons")[addon]["lines"]))
    if "price" in chosen and random.random() < _PRICE_SHARE:
        sentences.append(say(chosen["price"]))
    return Draft(
        plan=base,
        title=title,
        text=voice(sentences, random),
        codes=_codes(chosen, addon),
        role=chosen.get("role", "other"),
        category=chosen.get("category", "学科"),
        city=details.city,
        district=details.district,
        region=details.region,
        prices=tuple(details.prices),
    )


def _disguised(draft: Draft, random: Random) -> Draft:
    title, text = disguise(draft.title, random), disguise(draft.text, random)
    return replace(draft, title=title, text=text, disguised=(title, text) != (draft.title, draft.text))


def _one_matter(chosen: dict[str, Any], random: Random) -> dict[str, Any]:
    """The plan with one of its matters: lines marked <x> speak of matter x, lines without a mark of any."""
    matter = _matter(random.choice(lines(chosen["core"])))
    kept = dict(chosen)
    for block in ("title", "core", "core2", "more1", "price"):
        if block in chosen:
            fit = [line for line in lines(chosen[block]) if _matter(line) in ("", matter)] or lines(
                chosen[block]
            )
            kept[block] = "\n".join(line.partition("> ")[2] if _matter(line) else line for line in fit)
    return kept


def _matter(line: str) -> str:
    return line[1] if line[:1] == "<" and line[2:4] == "> " else ""


def _maybe_addon(chosen: dict[str, Any], random: Random) -> str:
    possible = chosen.get("addons", "").split()
    return random.choice(possible) if possible and random.random() < _ADDON_SHARE else ""


def _codes(chosen: dict[str, Any], addon: str) -> tuple[str, ...]:
    codes = set(chosen.get("codes", "").split())
    if addon:
        codes.add(phrases("addons")[addon]["code"])
    return tuple(sorted(codes))


def _sentences(chosen: dict[str, Any], random: Random, details: Details) -> list[str]:
    picked = [random.choice(lines(chosen["core"]))]
    if "open" in chosen and random.random() < _OPEN_SHARE:
        picked.insert(0, random.choice(lines(chosen["open"])))
    if "core2" in chosen:
        picked.append(random.choice(lines(chosen["core2"])))
    pool = lines(chosen.get("more1", "")) + lines(chosen.get("more2", ""))
    for bank in chosen.get("more", "").split():
        pool += shared(bank)
    picked += random.sample(pool, min(len(pool), random.randint(1, 4)))
    return [expand(template, random, details.fill) for template in picked]


def _author(site: str, random: Random, details: Details) -> str:
    if site in ("tuwen", "luntan"):
        return expand(
            "[小|大|爱吃|夜跑的|云边|山里的|慢慢|不急的]"
            "[橘子|土豆|栗子|蓝莓|白菜|豆包|阿福|小满|石头|鲸鱼]{n:1:999}",
            random,
            details.fill,
        )
    if site == "xinwen":
        return expand(
            "[{city}日报|{city}晚报|{city}教育局网站|{district}发布|本站记者|{city}广播电视台]",
            random,
            details.fill,
        )
    if site == "zhipin":
        return expand("{company}[教育科技|文化|信息咨询|服务][有限公司|中心]", random, details.fill)
    return details.fill("surname", "") + random.choice(["老师", "女士", "先生", "同学", "师傅"])


def _with_contact(draft: Draft, site: str, random: Random, details: Details) -> Draft:
    sentence, found = contacts.sentence(random, details, draft.disguised)
    if site == "jiazheng" and random.random() < _HIDDEN_SHARE:
        return replace(draft, contacts=tuple(replace(contact, hidden=True) for contact in found))
    joint = "\n" if "\n" in draft.text else "" if draft.text[-1] in "。！～；" else "，"
    return replace(draft, text=draft.text + joint + sentence, contacts=tuple(found))


def _tags(chosen: dict[str, Any], details: Details) -> tuple[str, ...]:
    stage = details.fill("stage_name", "")
    words = {
        "学科": [stage, "学习", "家长"],
        "体育": ["运动", "少儿体育"],
        "文化艺术": ["兴趣", "艺术"],
        "科技": ["科技", "数码"],
    }
    return (*words.get(chosen.get("category", "学科"), ["日常", "生活记录"]), details.city.removesuffix("市"))


def _with_tags(draft: Draft) -> Draft:
    if not draft.tags:
        return draft
    return replace(draft, text=draft.text + "\n" + " ".join(f"#{tag}" for tag in draft.tags))


def _into_picture(draft: Draft, random: Random, details: Details) -> Draft:
    caption = expand(random.choice(shared("picture_caption")), random, details.fill)
    title = expand("{district}[看图|图文|长图]{n:2:99}", random, details.fill)
    body = draft.text.rsplit("\n#", 1)[0]
    return _with_tags(replace(draft, title=title, text=caption, picture_text=f"{draft.title}\n{body}"))


def _region(draft: Draft, site: str) -> str | None:
    if site in ("jiajiao", "zhipin", "jiazheng"):
        return draft.region
    words = f"{draft.title}\n{draft.text}\n{draft.picture_text or ''}"
    if draft.district not in words:
        return None
    ambiguous = draft.district in _SHARED_NAMES and draft.city.removesuffix("市") not in words
    return None if ambiguous else draft.region


def edited(draft: Draft, random: Random) -> Draft:
    """The post after its author changed it: one more sentence, the same meaning."""
    details = Details(random, ["primary"])
    details.say_place(draft.city, draft.district)
    bank = "edit_news" if draft.plan.startswith(("news", "notice")) else "edit"
    line = expand(random.choice(shared(bank)), random, details.fill)
    return replace(draft, text=f"{draft.text}\n{line}")


def copied(draft: Draft, site: str, random: Random) -> Draft:
    """Nearly the same post on another site: another opening, other line ends, the same facts."""
    opening = expand(random.choice(shared("dup_open")), random, no_details)
    text = draft.text.replace("。", "！", 1).replace("；", "，")
    text = text.replace("\n", "\n\n", 1) if random.random() < 0.5 else text
    author = _author(site, random, Details(random, ["primary"]))
    kept = tuple(contact for contact in draft.contacts if not contact.hidden or site == "jiazheng")
    copy = replace(draft, text=opening + text, author=author, contacts=kept)
    return replace(copy, region=_region(copy, site))
