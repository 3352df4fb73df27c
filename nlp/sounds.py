"""Which other characters and letters sound like a guarded word: homophones and pinyin."""

from __future__ import annotations

import functools
import itertools

from pypinyin import Style, lazy_pinyin, pinyin

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


@functools.cache
def _sounds() -> dict[str, str]:
    """Everyday characters by toneless pinyin: the rows 16-87 of GB 2312, without the most frequent."""
    sounds: dict[str, str] = {}
    rows = (
        bytes((high, low)).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )
    for character in itertools.chain(rows, RARE_ALIKE):
        if character and character not in FREQUENT:
            for sound in set(pinyin(character, style=Style.NORMAL, heteronym=True)[0]):
                sounds[sound] = sounds.get(sound, "") + character
    return sounds


def spelled(word: str) -> list[str]:
    """The word with one or more characters written in pinyin: fudao, fu导, 辅dao."""
    choices = zip(word, lazy_pinyin(word), strict=True)
    return ["".join(parts) for parts in itertools.product(*choices)][1:] if len(word) <= 4 else []


def sounded(word: str) -> list[str]:
    """The word with one character replaced by another of the same sound, where the outcome is no word itself."""
    found = []
    for place, sound in enumerate(lazy_pinyin(word)):
        for other in _sounds().get(sound, ""):
            variant = word[:place] + other + word[place + 1 :]
            if variant != word and not is_word(variant):
                found.append(variant)
    return found
