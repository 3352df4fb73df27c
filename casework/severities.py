"""Findings of at least a severity, said in fields that every store can filter by.

How grave a code is stands in its violation file and may change: nothing of it is stored with a finding, so a list
follows the files of today, as the finding's page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from casework.labels import ROLES
from core.errors import BadInput
from core.rules import LEAST_SEVERITY, Violation

Where = Mapping[str, tuple[str, ...]]
_TITLES = {"code": "违规类型", "role": "发帖人身份"}
MOST = 5  # the gravest there is, see `core.rules.Violation`


def at_least(severity: int, where: Where, rules: Iterable[Violation]) -> dict[str, tuple[str, ...]]:
    """`where` of a `store.base.Query`, narrowed to findings of this severity (1 to 5) or more, see `core.rules.severity`.

    Raises BadInput when it asks for a code or a role that alone is less grave: a field is asked one question only, so a
    finding that shows a graver code beside it would be missed.
    """
    if severity <= LEAST_SEVERITY:
        return dict(where)
    grave = {
        "code": tuple(rule.id for rule in rules if rule.severity >= severity),
        "role": tuple(role for role in ROLES if role != "seeker"),
    }
    for name, kept in grave.items():
        if not set(where.get(name, ())) <= set(kept):
            raise BadInput(f"所选的{_TITLES[name]}低于所选的严重程度，请去掉其中一个条件")
    return {**grave, **where}
