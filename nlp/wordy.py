"""Whether a text names much of the trade and still leaves the judge in doubt: a look-alike, more often than a violation.

Whoever tutors and uses two words of the trade is mostly judged with more than a narrow score; a bookshop, a school, a
reporter uses as many words, and something beside them holds the score down. See `core.rules.Thresholds.wordy`.
"""

from __future__ import annotations

import re

from nlp.reading import Reading

FEWEST_WORDS = 2  # as look-alikes are counted: lawful posts that hold two or more words of the trade
GROUPS = ("@teaching", "@service")
# Numbers that somebody has taken out (xx元, 138xxxx, 138****, PHONE): prices and telephone numbers, which would speak for
# an offer, cannot be seen then, so that a narrow score says nothing against one.
TAKEN_OUT = re.compile(
    r"(?<![A-Za-z])[xX](?:[xX]+|(?=[0-9元折年人月日点课节届千百万号楼周%％.]))(?![A-Za-z])"
    r"|[0-9][xX](?![A-Za-z0-9])|(?<![A-Za-z])(?:DIGIT|PHONE)+(?![A-Za-z])|\*{3,}"
)


def is_wordy(reading: Reading) -> bool:
    """Whether the text names two different words of teaching or of the trade, and its numbers stand in it."""
    return len(_words(reading)) >= FEWEST_WORDS and not TAKEN_OUT.search(reading.plain.original)


def _words(reading: Reading) -> set[str]:
    """The words found, the longest of those that overlap: 数学辅导 is one, not 辅导 besides."""
    words, done = set(), 0
    for start, end in sorted(
        (place for group in GROUPS for place in reading.hits.get(group)),
        key=lambda place: (place[0], -place[1]),
    ):
        if start >= done:
            words.add(reading.plain.text[start:end])
            done = end
    return words
