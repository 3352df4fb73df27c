"""What clues weigh, as `wangxun train-clues` learned it: a sum of weights for each question, and the chance that goes with it."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from core.errors import BadInput

WEIGHTS = Path(__file__).with_name("model") / "clues.json"
# The questions: are letters a WeChat account, is a number a QQ account, is it (also) a WeChat account, is it an amount of money?
LETTERS, QQ_NUMBER, SAME_NUMBER, AMOUNT = "letters", "qq number", "wechat number", "amount"


class ClueWeights(NamedTuple):
    """Log-odds: `bias`, and what each clue adds. Clues that are not named weigh nothing.

    `f1`: what was measured on authors whom the weights of that hour never saw (`nlp.train_clues.fold_figures`).
    """

    bias: float
    weights: Mapping[str, float]
    f1: float = 0.0

    def chance(self, clues: Iterable[str]) -> float:
        """How sure it is, 0 to 1."""
        # Clues come as sets, which have another order in each process: an exact sum has none.
        total = self.bias + math.fsum(filter(None, map(self.weights.get, clues)))
        return 1 / (1 + math.exp(-total))


@functools.cache
def shipped_weights() -> dict[str, ClueWeights]:
    """What is shipped, by question."""
    return read_weights(WEIGHTS)


def read_weights(path: Path) -> dict[str, ClueWeights]:
    """The weights of each question in a file that `written` made.

    Raises BadInput when the file is not of that form.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return {
            question: ClueWeights(
                float(one["bias"]),
                {clue: float(weight) for clue, weight in one["clues"].items()},
                float(one["f1"]),
            )
            for question, one in plain.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise BadInput(
            f"{path}: not weights of clues ({error}); learn them anew: wangxun train-clues"
        ) from error


def written(questions: Mapping[str, ClueWeights]) -> str:
    """The file's text: the heaviest clues first, so that a reader sees what decides."""
    plain = {
        question: {
            "bias": round(one.bias, 4),
            "f1": one.f1,
            "clues": dict(sorted(_rounded(one), key=_heaviest)),
        }
        for question, one in questions.items()
    }
    return json.dumps(plain, ensure_ascii=False, indent=0) + "\n"


def _rounded(weights: ClueWeights) -> list[tuple[str, float]]:
    return [(clue, round(weight, 4)) for clue, weight in weights.weights.items()]


def _heaviest(item: tuple[str, float]) -> tuple[float, str]:
    return -abs(item[1]), item[0]
