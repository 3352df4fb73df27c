"""Undoing disguise: homophones, pinyin, emoji, split characters and inserted marks, with offsets kept.

All forms in which a guarded word may hide become patterns of one automaton, run over the folded text without inserted
marks. A hit is undone only where it cannot be ordinary Chinese: see `_is_chance`.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.meanings import FIRSTS
from core.model import Span
from core.text import INVISIBLE, FoldedTexts, fold, fold_many
from nlp.bare import FEWEST_LINES, Bare, BareTexts, Stripper
from nlp.chance import counted_on, in_account
from nlp.finder import Finder
from nlp.initials import joined
from nlp.nearby import is_another, is_learned, near
from nlp.segment import is_word
from nlp.sounds import sounded, spelled
from nlp.swapped import Swapped
from nlp.words import read_lines, read_table

# Marks put between the characters of a word. Commas and stops are left out: they part sentences of honest texts.
MARK = re.compile(
    r"[ \t\u3000.·•・‧∙_\-~～*|丨/\\'\"`^+=#@&°˙×¨…—–✦★☆♥❤◆●○■□▲△※→←-⇿✀-➿\U0001f300-\U0001faff]"
)
# What one is told to do with WeChat stands before all its forms and is no part of them: 加微信 hides nothing. The judge
# reads it without the call, as it reads 加v and 加薇, so that its weights know it.
CALLS, CONTACT = "加+➕", "微信"
# An acrostic hides words in the first characters of its lines; two guarded words among them are no chance.
FEWEST_WORDS = 2
# What stands before a line's first word: its number, bullets, emoji.
LEAD = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}(?=[、.:)])|[^\w\n]|_)*")
# What an officer cannot see in the words that are quoted to him.
CUT, DOWN = "字间夹有看不见的字符", FIRSTS


@dataclass(frozen=True)
class Change:
    """A disguise that was undone: where it stood in the original, and the plain word.

    `how` says it for an officer where the quoted words do not show it.
    """

    start: int
    end: int
    plain: str
    how: str = ""

    @property
    def told(self) -> str:
        """The plain word, with `how` behind it."""
        return f"{self.plain}（{self.how}）" if self.how else self.plain


@dataclass(frozen=True)
class Plain:
    """The undisguised text; character i came from original characters [starts[i], ends[i]).

    What the first characters of the lines spell stands behind it, and is the last of the changes; `spelled` is the
    part of it that no chance spells: guarded words one after the other, each as it is written.
    """

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int] | None  # None: each character came from one
    changes: tuple[Change, ...] = ()
    spelled: str = ""

    def span(self, start: int, end: int) -> Span:
        """What stood in the original where the plain text has [start, end)."""
        left, right, text = self.place(start, end)
        return Span(start=left, end=right, text=text)

    def place(self, start: int, end: int) -> tuple[int, int, str]:
        """The same as start, end and text."""
        left = self.starts[start]
        right = max(self.ends[start:end]) if self.ends else self.starts[end - 1] + 1
        while right < len(self.original) and self.original[right] in INVISIBLE:
            right += 1  # the frame of a keycap belongs to its digit
        return left, right, self.original[left:right]


class Disguise:
    """The forms of the guarded words, from `guarded.txt` and `disguise.txt`."""

    def __init__(self, folder: Path) -> None:
        forms: dict[str, str] = {}
        self._initials: set[str] = set()
        self._orders, alone = joined(folder)
        swapped: dict[str, str] = {}
        for word in (fold(word) for line in read_lines(folder / "guarded.txt") for word in line.split()):
            forms.update(
                {variant: word for variant in (*sounded(word), *spelled(word)) if variant not in forms}
            )
            forms[word] = word
        for plain, disguised in read_table(folder, "disguise").items():
            for form in disguised:
                bare = fold(form.lstrip("~^"))
                (swapped if form.startswith("^") else forms)[bare] = plain
                if form.startswith("~"):
                    self._initials.add(bare)
        self._initials.update(self._orders, alone)
        # Short ones that end in a letter are left out: an account may begin with it (加薇xx88, +v xiaoli8).
        contacts = [
            form
            for form, plain in forms.items()
            if plain == CONTACT and (len(form) > 4 or not _is_letter(form[-1]))
        ]
        called = {call + form: CONTACT for form in contacts for call in CALLS}
        self._called = called.keys() - forms.keys()
        forms = self._orders | alone | called | forms
        self._swapped = Swapped(swapped)
        self.forms = list(forms)
        self.plains = list(forms.values())
        self._words = Finder(self.forms, longest=True)
        # Every form that is not the word itself.
        self.hidden = {form for form, plain in forms.items() if form != plain}.union(self._swapped.forms)
        letters = set("".join(self.forms))
        # Marks that are themselves part of a form (薇❤, 数🍠, ➕) must stay for the automaton.
        self.dropped = frozenset(mark for mark in _marks() if mark not in letters or mark in " .-~*|/")
        self._stripper = Stripper(self.dropped)

    def undo(self, text: str) -> Plain:
        """The text folded and undisguised. Never raises."""
        folded = fold_many([text])
        return self.undone(text, self.lay_all_bare(folded).bare(0), folded.origins(0))

    def undone(self, text: str, bare: Bare, origins: Sequence[int]) -> Plain:
        """The same for a text that was folded and laid bare already; `origins`: where its folded characters came from."""
        edits: list[Edit] = []
        hits = self._words.find(bare.text)
        kept = bare.kept if hits else ()
        for number, start, end in hits:
            plain, form = self.plains[number], self.forms[number]
            called = form in self._called
            if called:
                start, form = start + 1, form[1:]
            left, right = int(kept[start]), int(kept[end - 1]) + 1
            cut = plain == bare.folded[left:right]
            # Else it is as it is written, unless something invisible stood in it, which the folding has taken away.
            hidden = not cut or origins[right - 1] - origins[left] >= right - left
            if hidden and self._is_chance(bare.folded, left, right, form):
                continue
            if hidden:
                edits.append((left, right, plain, CUT if cut else ""))
            if called:
                edits += _without_call(bare.folded, int(kept[start - 1]))
        # Sought by themselves: 学数 would take the 数 of 小学数🍠 from the other forms.
        for left, right, plain in self._swapped.find(bare.folded):
            if all(right <= edit[0] or edit[1] <= left for edit in edits):
                edits.append((left, right, plain, ""))
        return self._with_acrostic(_apply(text, bare.folded, origins, sorted(edits)))

    def lay_bare(self, text: str) -> Bare:
        """The folded text, and what is left of it without marks: a guarded word that hides in it stands there whole."""
        return self.lay_all_bare(fold_many([text])).bare(0)

    def lay_all_bare(self, folded: FoldedTexts) -> BareTexts:
        """`lay_bare` of each of the texts."""
        return self._stripper.strip(folded)

    def named_in(self, bare: str) -> bool:
        """Whether a guarded word or a form of one stands in a text without marks."""
        return bool(self._words.find(bare))

    def spelled_down(self, folded: str) -> str:
        """The first characters of the lines, where they are enough for an acrostic."""
        return "".join(folded[place] for place in _line_starts(folded))

    def _with_acrostic(self, plain: Plain) -> Plain:
        """The plain text, and after it what the first characters of its lines spell, if that is guarded words."""
        firsts = _line_starts(plain.text)
        if not firsts:
            return plain
        down = "".join(plain.text[place] for place in firsts)
        hits = self._words.find(down)
        hidden = "".join(self.plains[number] for number, _, _ in hits)
        if len(hits) < FEWEST_WORDS:
            return plain
        ends = plain.ends or [start + 1 for start in plain.starts]
        left, right = plain.starts[firsts[hits[0][1]]], ends[firsts[hits[-1][2] - 1]]
        extra = len(hidden) + 1
        return Plain(
            plain.original, f"{plain.text}\n{hidden}", [*plain.starts, *[left] * extra], [*ends, *[right] * extra],
            (*plain.changes, Change(left, right, hidden, DOWN)), hidden if hidden in down else "",
        )  # fmt: skip

    def _is_chance(self, folded: str, start: int, end: int, form: str) -> bool:
        """Whether the hit may be ordinary writing: neighbours make words of their own, or letters or figures go on."""
        before, after = folded[start - 1 : start], folded[end : end + 1]
        if (_is_letter(form[0]) and _is_letter(before)) or (_is_letter(form[-1]) and _is_letter(after)):
            return True
        beside = near(folded, start, end)
        if in_account(folded, start, end) or counted_on(folded, start, end) or is_another(beside, form):
            return True
        if form in self._initials:
            if "_" in folded[start:end]:  # yy_sx is an account
                return True
            if _is_chinese(form[0]) and is_word(before + form[0]):  # 身高1
                return True
            return not is_learned(beside, form, form in self._orders)
        marked = end - start > len(form)
        if marked and _gap(folded[start:end]) > 2:  # more than two marks in a row is layout, not disguise
            return True
        if _is_chinese(form):  # emoji and letters betray themselves
            return is_word(before + folded[start]) or is_word(folded[end - 1] + after)
        return False


@functools.cache
def _marks() -> frozenset[str]:
    """Every character that MARK stands for; its last range ends at U+1FAFF."""
    return frozenset(MARK.findall("".join(map(chr, range(0x1FB00)))))


def _line_starts(text: str) -> list[int]:
    """Where the lines begin, [] where they are too few for an acrostic or a column of single characters."""
    if text.count("\n") < FEWEST_LINES - 1:
        return []
    lines = list(re.finditer(r"[^\n]+", text))
    if len(lines) < FEWEST_LINES or all(len(line[0]) == 1 for line in lines):
        return []
    return [_first_of(text, *line.span()) for line in lines]


def _first_of(text: str, start: int, end: int) -> int:
    """Where a line's first word begins; a line of marks and figures begins where it begins."""
    lead = LEAD.match(text, start, end)
    return lead.end() if lead and lead.end() < end else start


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)


def _is_letter(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _gap(text: str) -> int:
    """The longest run of marks."""
    runs = itertools.groupby(text, lambda character: bool(MARK.match(character)))
    return max((len(list(run)) for is_mark, run in runs if is_mark), default=0)


# Start and end in the folded text, the plain word, and how it was hidden; without a word it is left out and nothing hid.
Edit = tuple[int, int, str, str]


def _without_call(folded: str, place: int) -> list[Edit]:
    """The call at `place` left out; the 加 of 添加 and 增加 is none."""
    return [] if is_word(folded[max(0, place - 1) : place + 1]) else [(place, place + 1, "", "")]


def _apply(original: str, folded: str, origins: Sequence[int], edits: list[Edit]) -> Plain:
    if not edits:
        return Plain(original, folded, origins, None)
    parts: list[str] = []
    starts: list[int] = []
    ends = []
    changes: list[Change] = []
    done = 0
    for start, end, plain, how in [*edits, (len(folded), len(folded), "", "")]:
        parts.append(folded[done:start])
        starts += origins[done:start]
        ends += [origin + 1 for origin in origins[done:start]]
        if plain:
            left, right = origins[start], origins[end - 1] + 1
            parts.append(plain)
            starts += [left] * len(plain)
            ends += [right] * len(plain)
            changes.append(Change(left, right, plain, how))
        done = end
    return Plain(original, "".join(parts), starts, ends, tuple(changes))
