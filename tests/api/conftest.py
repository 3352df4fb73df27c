"""A site on a real desk, and officers signed in to it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from api.app import create_app
from casework import intake, shelf
from casework.desk import Desk
from core.model import Officer
from tests.casework.desks import PHONE, make_capture, make_desk, make_post

PASSWORD = "a long password"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>家教"


@functools.cache
def password_hash() -> str:
    """Slow on purpose, so it is made once; tests/casework/test_officers.py makes accounts the real way."""
    return PasswordHasher().hash(PASSWORD)


@pytest.fixture
def desk(tmp_path: Path, store_url: str) -> Iterator[Desk]:
    config = tmp_path / "config"
    (config / "violations").mkdir(parents=True)
    made = make_desk(tmp_path / "data", config, store_url)
    intake.take_in(made, make_post(f"西湖区上门家教 {PHONE}", "1", title=HOSTILE), make_capture())
    intake.attach(made, "post1", make_capture(picture=True))
    intake.take_in(made, make_post("托管班，管接送", "2", title=""), make_capture())
    for account, role, region in (
        ("wang", "reviewer", ""), ("kan", "viewer", ""), ("nan", "reviewer", "360100"),
    ):  # fmt: skip
        fields = {"id": account, "name": account, "role": role, "department": "", "region": region}
        shelf.save(made.store, Officer.model_validate(fields | {"password_hash": password_hash()}))
    yield made
    made.close()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(desk), follow_redirects=False) as made:
        yield made


@pytest.fixture
def enter(desk: Desk) -> Callable[..., TestClient]:
    """Signs in and returns a client whose `headers` carry the forgery token."""

    def sign_in(account: str = "wang", reason: str = "") -> TestClient:
        made = TestClient(create_app(desk), follow_redirects=False)
        answer = made.post("/api/session", json={"account": account, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        made.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        if reason:
            assert made.put("/api/session/reason", json={"reason": reason}).status_code == 200
        return made

    return sign_in


@pytest.fixture
def token() -> Callable[[str], str]:
    """The forgery token that a page's forms carry."""

    def read(page: str) -> str:
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found
        return found[1]

    return read
