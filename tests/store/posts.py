"""Findings of any number from a seed, written as adverts are: disguises, emoji, marks, accents, rare characters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.model import Finding, Post, Reason, Region, Span, Suspicion, Verdict, Version

START = datetime(2026, 1, 1, tzinfo=UTC)
CHANNELS = ("tutor_site", "job_board", "housekeeping", "social", "forum", "life_service")
CODES = ("HOME_TUTOR", "ONE_TO_ONE", "LIVE_IN_TUTOR", "JOB_AD", "CAMP_TUTORING")
STATUSES = ("flagged", "flagged", "flagged", "unsure", "confirmed", "rejected")
REGIONS = ("110000", "3301", "330106", "330106001", "330203", "360100", "440300", None)
# Meanings are searched, too: the plain word finds the disguised one.
MEANINGS = (None, None, "数学", "英语", "语文", "一对一")

_VOCABULARY = (
    "数学 英语 语文 物理 化学 家教 一对一 上门 辅导 冲刺 提分 暑假 寒假 小班 名师 在职 老师 大学生 初三 高二 五年级 作业 托管 招生 报名 试听 "
    "每小时 价格 优惠 电话 微信 联系 地址 西湖区 附近 周末 晚上 孩子 家长 成绩 期末 中考 高考 基础 数🍠 鹦语 yu文 蔬菜 s学 家🀄教 壹对壹 "
    "數學 輔導 家教班 ＡＢＣ １对１ VIP vx wx Q群 100元 200/h café naïve Ångström ½价 ①对① 🈶 👨‍👩‍👧 ❤️ 🎓 𠮷老师 𡃁仔 龘 㐂 ｶﾀｶﾅ ﬁne Ｏ Ⅷ ´ ¨ "
    "½ … — ～ ！ ？ “好” 《题》 # @ _ * x6570 \u200b藏 e\u0301t\u00e9 ไทย кириллица ß İ ǅ"
)
_WORDS = _VOCABULARY.split()
_GLUE = ("", "", "", "", "，", "。", " ", "\n", "　", "\u00a0", "!", "/")


def findings(seed: int, count: int, length: int = 40) -> Iterator[Finding]:
    """So many findings; texts have about `length` words (40: some 100 characters; 100: as long as real posts)."""
    chance = random.Random(seed)
    for number in range(count):
        yield _finding(chance, number, length)


def words(chance: random.Random, count: int) -> str:
    """Text of so many words."""
    both = zip(chance.choices(_WORDS, k=count), chance.choices(_GLUE, k=count), strict=True)
    return "".join(map("".join, both))


def _finding(chance: random.Random, number: int, length: int) -> Finding:
    id_ = f"{chance.getrandbits(64):016x}{number:08x}"
    # Several of one moment, and none in the order in which they are saved.
    seen = START + timedelta(minutes=chance.randrange(0, 300_000, 3))
    region = chance.choice(REGIONS)
    post = Post(
        id=id_,
        source_id=f"source{number % 7}",
        channel=chance.choice(CHANNELS),  # type: ignore[arg-type]
        url=f"http://site.test/{number}",
        title=words(chance, 6),
        body=words(chance, chance.randrange(length // 2, length * 3 // 2 + 1)),
        seen_at=seen,
    )
    reason = Reason(
        signal="words", span=Span(start=0, end=1, text="x"), weight=1.0, meaning=chance.choice(MEANINGS)
    )
    codes = chance.sample(CODES, chance.randrange(1, 3))
    verdict = Verdict(
        decision="flagged",
        score=chance.randrange(50, 100) / 100,  # many are equal
        suspicions=tuple(Suspicion(code=code, score=0.9, reasons=(reason,)) for code in codes),  # type: ignore[arg-type]
        role=chance.choice(("provider", "seeker")),  # type: ignore[arg-type]
        category="学科",
        region=Region(code=region, name="某地") if region else None,
        rule_version="r",
        model_version="m",
    )
    version = Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=("e" * 64,), seen_from=seen, seen_to=seen
    )
    return Finding(
        id=id_,
        source_id=post.source_id,
        channel=post.channel,
        url=post.url,
        versions=(version,),
        status=chance.choice(STATUSES),  # type: ignore[arg-type]
        contact_ids=tuple(f"contact{chance.randrange(2000)}" for _ in range(chance.randrange(3))),
        first_seen=seen - timedelta(days=chance.randrange(0, 90, 10)),
        last_seen=seen,
    )
