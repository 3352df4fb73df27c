"""Stored records to text and back, older shapes included."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core import records
from core.errors import BadInput
from core.model import KINDS, Lead

LEAD = Lead(id="a", text="数🍠\u0000\n", received_at=datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_there_and_back() -> None:
    text = records.to_json(LEAD)
    assert "\n" not in text
    assert records.from_json("lead", text) == LEAD


def test_every_kind_has_its_name() -> None:
    for name, model in KINDS.items():
        assert records.kind_of(model.model_construct(id="x")) == name


@pytest.mark.parametrize("text", ["", "[]", "null", "3", "{", "{}", '{"id":"a"}'])
def test_what_is_no_record_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        records.from_json("lead", text)


def test_unknown_fields_are_refused() -> None:
    plain = json.loads(records.to_json(LEAD)) | {"more": 1}
    with pytest.raises(BadInput):
        records.from_json("lead", json.dumps(plain))


def test_a_newer_programs_record_is_refused() -> None:
    plain = json.loads(records.to_json(LEAD)) | {"schema_number": 2}
    with pytest.raises(BadInput, match="newer"):
        records.from_json("lead", json.dumps(plain))


def test_an_older_record_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    class Newer(Lead):
        schema_number: int = 3
        place: str

    def first(plain: dict[str, Any]) -> dict[str, Any]:
        return plain | {"schema_number": 2, "town": "杭州"}

    def second(plain: dict[str, Any]) -> dict[str, Any]:
        return plain | {"schema_number": 3, "place": plain.pop("town") + "市"}

    monkeypatch.setitem(KINDS, "lead", Newer)
    monkeypatch.setitem(records.UPGRADES, ("lead", 1), first)
    monkeypatch.setitem(records.UPGRADES, ("lead", 2), second)

    def upgraded() -> Newer:
        record = records.from_json("lead", records.to_json(LEAD))
        assert isinstance(record, Newer)
        return record

    assert (upgraded().place, upgraded().schema_number) == ("杭州市", 3)
    monkeypatch.delitem(records.UPGRADES, ("lead", 2))
    with pytest.raises(BadInput):
        records.from_json("lead", records.to_json(LEAD))


def test_an_error_names_the_field_and_not_what_stood_there() -> None:
    plain = json.loads(records.to_json(LEAD)) | {"received_at": "电话13800138000"}
    with pytest.raises(BadInput, match="received_at") as caught:
        records.from_json("lead", json.dumps(plain))
    assert "13800138000" not in str(caught.value)
