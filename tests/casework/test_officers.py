"""Accounts, passwords, and the keys of a desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from casework import audit, officers, shelf
from casework.desk import Desk, secret_key
from casework.labels import LABELS
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.model import SYSTEM, Channel, Code, Officer
from tests.casework.desks import actor, today

PASSWORD = "correct horse 马"


@pytest.fixture
def officer(desk: Desk) -> Officer:
    return officers.add_officer(desk, SYSTEM, "wang", "王", PASSWORD, "reviewer", region="330100")


def test_the_right_password_signs_in_and_both_tries_are_recorded(desk: Desk, officer: Officer) -> None:
    assert officers.sign_in(desk, "wang", PASSWORD).name == "王"
    with pytest.raises(NotAllowed):
        officers.sign_in(desk, "wang", PASSWORD + "!")
    assert [item.action for item in audit.chain(desk, "wang", today())] == ["sign_in", "sign_in_failed"]
    assert PASSWORD not in shelf.load(desk.store, Officer, "wang")[0].model_dump_json()


def test_unknown_closed_and_wrong_are_answered_alike(desk: Desk, officer: Officer) -> None:
    said = set()
    shelf.save(desk.store, officer.model_copy(update={"id": "closed", "active": False}))
    for account, password in (("wang", "x"), ("nobody", PASSWORD), ("closed", PASSWORD), ("../x", PASSWORD)):
        with pytest.raises(NotAllowed) as caught:
            officers.sign_in(desk, account, password)
        said.add(str(caught.value))
    assert len(said) == 1
    assert officers.current(desk, "closed") is None
    assert officers.current(desk, "wang") == officer


def test_accounts_are_made_by_administrators_and_checked(desk: Desk, officer: Officer) -> None:
    with pytest.raises(NotAllowed):
        officers.add_officer(desk, actor(), "li", "李", PASSWORD, "viewer")
    with pytest.raises(Conflict):
        officers.add_officer(desk, SYSTEM, "wang", "王", PASSWORD, "viewer")
    for account, password in (("Wang", PASSWORD), ("li:1", PASSWORD), ("li", "short"), ("li", "x" * 201)):
        with pytest.raises(BadInput):
            officers.add_officer(desk, SYSTEM, account, "李", password, "viewer")
    with pytest.raises(NotFound):
        officers.add_officer(desk, SYSTEM, "li", "李", PASSWORD, "viewer", region="999999")


def test_a_new_password_replaces_the_old_one_and_is_recorded(desk: Desk, officer: Officer) -> None:
    changed = "another long one 2"
    officers.set_password(desk, SYSTEM, "wang", changed)
    assert officers.sign_in(desk, "wang", changed).id == "wang"
    with pytest.raises(NotAllowed):
        officers.sign_in(desk, "wang", PASSWORD)
    with pytest.raises(BadInput):
        officers.set_password(desk, SYSTEM, "wang", "short")
    with pytest.raises(NotFound):
        officers.set_password(desk, SYSTEM, "nobody", changed)
    assert "set_password" in [item.action for item in audit.chain(desk, SYSTEM.officer, today())]


def test_a_closed_account_is_closed_at_once_and_can_be_opened(desk: Desk, officer: Officer) -> None:
    with pytest.raises(NotAllowed):
        officers.set_active(desk, actor(), "wang", active=False)
    officers.set_active(desk, SYSTEM, "wang", active=False)
    assert officers.current(desk, "wang") is None
    with pytest.raises(NotAllowed):
        officers.sign_in(desk, "wang", PASSWORD)
    assert [(item.id, item.active) for item in officers.all_officers(desk)] == [("wang", False)]
    officers.set_active(desk, SYSTEM, "wang", active=True)
    assert officers.sign_in(desk, "wang", PASSWORD).active


def test_an_officers_actor_carries_role_region_and_reason(officer: Officer) -> None:
    made = officers.actor_of(officer, " 核查 ")
    assert (made.officer, made.role, made.region, made.reason) == ("wang", "reviewer", "330100", "核查")


def test_a_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    first = secret_key(SecretStr(""), file)
    assert len(first) == 64
    assert secret_key(SecretStr(""), file) == first
    assert file.stat().st_mode & 0o077 == 0
    assert secret_key(SecretStr("given"), file) == b"given"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_every_word_of_the_code_has_a_chinese_name() -> None:
    assert set(LABELS["code"]) == set(Code.__args__)  # type: ignore[attr-defined]
    assert set(LABELS["channel"]) == set(Channel.__args__)  # type: ignore[attr-defined]
