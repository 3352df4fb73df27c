"""Findings of at least a severity: the fields asked are what `core.rules.severity` says of each finding."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from casework.labels import ROLES
from casework.severities import MOST, at_least
from core.catalog import load_catalog
from core.errors import BadInput
from core.model import Suspicion, Verdict
from core.rules import Violation, severity

RULES: tuple[Violation, ...] = tuple(
    load_catalog(Path(__file__).resolve().parents[2] / "config").violations.values()
)


def verdict(rules: tuple[Violation, ...], role: str) -> Verdict:
    return Verdict.model_validate(
        {
            "decision": "flagged", "score": 0.9, "role": role, "rule_version": "r", "model_version": "m",
            "suspicions": tuple(Suspicion(code=rule.id, score=0.9, reasons=()) for rule in rules),
        }
    )  # fmt: skip


def asked(where: dict[str, tuple[str, ...]], found: Verdict) -> bool:
    """As every store reads a query: any of a field's values, all of the fields."""
    values = {"code": set(found.codes), "role": {found.role}}
    return all(not values[name].isdisjoint(wanted) for name, wanted in where.items())


@pytest.mark.parametrize("least", range(1, MOST + 1))
def test_the_fields_asked_find_what_is_that_grave_and_nothing_else(least: int) -> None:
    where = at_least(least, {}, RULES)
    for pair, role in itertools.product(itertools.combinations(RULES, 2), ROLES):
        found = verdict(pair, role)
        grave = severity(found.codes, found.role, RULES)
        assert grave is not None
        assert asked(where, found) == (grave >= least), (pair[0].id, pair[1].id, role)


def test_other_conditions_stay() -> None:
    where = at_least(4, {"status": ("flagged",), "code": ("PRESCHOOL",)}, RULES)
    assert (where["status"], where["code"]) == (("flagged",), ("PRESCHOOL",))
    assert "seeker" not in where["role"]


@pytest.mark.parametrize("where", [{"code": ("HOME_TUTOR",)}, {"role": ("seeker",)}])
def test_what_alone_is_less_grave_is_said_to_be(where: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(BadInput, match="低于所选的严重程度"):
        at_least(4, where, RULES)
