"""Which other characters and letters sound like a guarded word: homophones and pinyin.

The readings come from pypinyin, by way of a table (`sounds.json`, written by `python -m nlp.sounds`): its dictionary of
phrases takes a third of the judge's start. A word that the table does not know is read by pypinyin itself.
"""

from __future__ import annotations

import functools
import itertools
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nlp.segment import is_word

# Characters so frequent that they stand beside others by chance; they are no disguise.
FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时要就下以生会自着去之过家学对可她里后小么心多天而能好都"
    "然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知样现分将外但身些与高意进把"
    "法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次使再平"
    "真听世气信少关并内加化由却代产入先山五太水万市眼体别处总才场师书比住员九笑性通目报立马命活难神数件安表原车白"
    "应路期叫常提感金何更反合放做系计或受光果亲界及今务制解各任至清物台象记边共风战干接它许八特觉望直服题建度统色"
    "字请交爱让认算论百吃义科怎元社结六功指思非流每青管连远资跟带快条变联言权往展该领传近留周保达办运半候七必城"
)
FREQUENT |= frozenset("尔号校客加")  # 高尔夫, 家校, 号学 were misread in headlines
RARE_ALIKE = "堁渶浉蒒敩彁"  # seen as look-alikes, outside the everyday character set


TABLE = Path(__file__).with_name("sounds.json")


@functools.cache
def _table() -> dict[str, Any]:
    """`characters`: those of GB 2312 by toneless pinyin; `words`: the syllables of words."""
    table: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


@functools.cache
def _sounds() -> dict[str, str]:
    """Everyday characters by toneless pinyin, without the most frequent."""
    return {
        sound: "".join(character for character in alike if character not in FREQUENT)
        for sound, alike in _table()["characters"].items()
    }


@functools.cache
def sounds_of_characters() -> dict[str, str]:
    """A toneless pinyin of each everyday character, of several always the same one."""
    found: dict[str, str] = {}
    for sound, alike in _table()["characters"].items():
        for character in alike:
            found.setdefault(character, sound)
    return found


def syllables(word: str) -> list[str]:
    """The toneless pinyin of a word, a syllable a character."""
    known: list[str] | None = _table()["words"].get(word)
    return known if known is not None else read_out(word)


def read_out(word: str) -> list[str]:
    """The same by pypinyin."""
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(word))


def characters_by_sound() -> dict[str, str]:
    """The characters of the rows 16-87 of GB 2312, and RARE_ALIKE, by toneless pinyin; by pypinyin."""
    from pypinyin import Style, pinyin

    sounds: dict[str, str] = {}
    rows = (
        bytes((high, low)).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )
    for character in filter(None, itertools.chain(rows, RARE_ALIKE)):
        for sound in sorted(set(pinyin(character, style=Style.NORMAL, heteronym=True)[0])):
            sounds[sound] = sounds.get(sound, "") + character
    return sounds


def spelled(word: str) -> list[str]:
    """The word with one or more characters written in pinyin: fudao, fu导, 辅dao."""
    choices = zip(word, syllables(word), strict=True)
    return ["".join(parts) for parts in itertools.product(*choices)][1:] if len(word) <= 4 else []


def sounded(word: str) -> list[str]:
    """The word with one character replaced by another of the same sound, where the outcome is no word itself."""
    found = []
    for place, sound in enumerate(syllables(word)):
        for other in _sounds().get(sound, ""):
            variant = word[:place] + other + word[place + 1 :]
            if variant != word and not is_word(variant):
                found.append(variant)
    return found


def written(words: Iterable[str]) -> str:
    """The table for these words, as it stands in its file."""
    table = {
        "characters": characters_by_sound(),
        "words": {word: read_out(word) for word in sorted(set(words))},
    }
    return json.dumps(table, ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":  # the folder of word lists
    from nlp.words import read_list

    TABLE.write_text(written(read_list(Path(sys.argv[1]), "guarded")), encoding="utf-8")
