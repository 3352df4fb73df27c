"""What stands in a text that a contact, a price, a person or a place may begin with; `nlp.lookout` finds it."""

from __future__ import annotations

from dataclasses import dataclass, field

# What characters may be: facts of the text, and the first needs of a search.
DIGIT, LETTER, DIAL, PRICED, MONEY, CIRCLE, COUNTED, AT, QQ = (1 << place for place in range(9))


@dataclass(slots=True)
class Signs:
    """Everything here is a bound, never an answer: a search that is left out could have found nothing.

    `kinds`: the bits of the text's characters. `dialled`: enough digits for a telephone number stand near each other.
    `amounts`: where numbers of prices may begin, in order. `searches`: names of the patterns that may match.
    `places`: names of places as (start, end, name), in order of their ends. All count folded characters.
    """

    kinds: int
    dialled: bool = False
    amounts: list[int] = field(default_factory=list)
    searches: set[str] = field(default_factory=set)
    places: list[tuple[int, int, str]] = field(default_factory=list)
