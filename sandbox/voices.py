"""How the people of each site put sentences together."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sandbox.grammar import expand, no_details, phrases

Voice = Callable[[list[str], Random], str]
# About as many lines begin with an emoji on real social platforms' notes.
_EMOJI_SHARE = 0.7


def plain_lines(sentences: list[str], random: Random) -> str:
    """Sentences parted by line or full stop, the same way throughout a post."""
    joint, end = random.choice([("\n", ""), ("。", "。"), ("；\n", "。"), ("。\n", "。")])
    return joint.join(sentences) + end


def _numbered(sentences: list[str], random: Random) -> str:
    mark = random.choice(["、", ". ", "）"])
    return "\n".join(f"{number}{mark}{sentence}；" for number, sentence in enumerate(sentences, 1))


def _chatty(sentences: list[str], random: Random) -> str:
    return "".join(
        sentence + random.choice(["。", "。", "～", "！", "，", "\n"]) for sentence in sentences
    ).rstrip("，\n")


def _with_emoji(sentences: list[str], random: Random) -> str:
    emoji = phrases("banks")["emoji"]
    rows = []
    for sentence in sentences:
        mark = expand(emoji, random, no_details) if random.random() < _EMOJI_SHARE else ""
        rows.append(mark + sentence + random.choice(["", "～", "！", "。"]))
    return "\n".join(rows)


def _press(sentences: list[str], random: Random) -> str:
    paragraph = random.randint(1, 2)
    ended = [sentence + "。" for sentence in sentences]
    return "\n".join("".join(ended[start : start + paragraph]) for start in range(0, len(ended), paragraph))


VOICES = {
    "jiajiao": plain_lines,
    "zhipin": _numbered,
    "tuwen": _with_emoji,
    "luntan": _chatty,
    "jiazheng": plain_lines,
    "xinwen": _press,
}
