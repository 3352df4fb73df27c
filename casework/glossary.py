"""The words of a bundle's reasons and what they mean, as a court wants them explained."""

from __future__ import annotations

from core.meanings import FIRSTS, Coded, parted
from core.model import Reason

CODED = "一、黑话、谐音、暗语和它们的普通说法（由判断规则给出，按原文排列；↵ 表示原文在此换行）"
PLAIN = "二、判断所依据的其他用语（普通词语）和它们在判断中的意思"
LINE_END = "↵"  # a word written downwards stays on its line of the table


class Glossary:
    """Learns from reasons; a word may hide several plain ones."""

    def __init__(self) -> None:
        self._coded: set[Coded] = set()
        self._plain: dict[str, str] = {}

    def learn(self, reason: Reason) -> None:
        """The coded words that the reason tells; what is left of its quotation is a plain word with a meaning."""
        quoted = reason.span.text
        said, own = parted(reason.meaning)
        # Masks change what is quoted: what does not stand there any more was written nowhere.
        coded = [one for one in said if one.written == FIRSTS or one.written in quoted]
        self._coded.update(coded)
        if len(coded) < len(said):
            own = reason.meaning or ""
        if own and not any(one.written in (FIRSTS, quoted) for one in coded):
            self._plain.setdefault(quoted, own)

    def written(self) -> bytes:
        """What is spelled otherwise first; then plain words and what they told the judge."""
        coded = [(one.written, str(one)) for one in sorted(self._coded)]
        parts = [
            f"{head}\n\n" + "".join(f"{_line(word)}\t{_line(meaning)}\n" for word, meaning in words)
            for head, words in ((CODED, coded), (PLAIN, sorted(self._plain.items())))
            if words
        ]
        return ("\n".join(parts) or f"{CODED}：没有\n").encode("utf-8", "replace")


def _line(text: str) -> str:
    return LINE_END.join(text.splitlines()).replace("\t", " ")
