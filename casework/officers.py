"""Who may sign in. Passwords are kept as Argon2id (RFC 9106) with the library's defaults."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework import audit, shelf
from casework.desk import Desk
from core.errors import BadInput, NotAllowed
from core.model import Actor, Officer, OfficerRole
from core.regions import load_regions
from store.base import CREATE, Query, save_one

ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_.-]{1,31}")
PASSWORD_LENGTH = 10  # characters at least; with Argon2id a guesser of stolen hashes is held to a crawl
PASSWORD_LIMIT = 200  # characters at most: nobody shall make us hash a novel
_HASHER = PasswordHasher()
# Verified for names that do not exist, so that the time of the answer does not tell who has an account.
_NOBODY = _HASHER.hash("nobody has this password")


def add_officer(
    desk: Desk, actor: Actor, account: str, name: str, password: str, role: OfficerRole, *,
    department: str = "", region: str = "",
) -> Officer:  # fmt: skip
    """Make an account. Raises NotAllowed, BadInput (name, password), NotFound (region), Conflict (exists)."""
    _administers(actor)
    _check(account, password, region)
    officer = Officer(
        id=account,
        name=name,
        role=role,
        department=department,
        region=region,
        password_hash=_HASHER.hash(password),
    )
    save_one(desk.store, officer, CREATE)
    audit.record(desk, actor, "add_officer", f"officer:{account}")
    return officer


def set_password(desk: Desk, actor: Actor, account: str, password: str) -> Officer:
    """Give an officer a new password. Raises NotAllowed, BadInput, NotFound."""
    _check(account, password, "")
    return _change(desk, actor, account, "set_password", {"password_hash": _HASHER.hash(password)})


def set_active(desk: Desk, actor: Actor, account: str, active: bool) -> Officer:
    """Close an account, which ends its sessions at once, or open it again. Raises NotAllowed, NotFound."""
    return _change(desk, actor, account, "open_officer" if active else "close_officer", {"active": active})


def all_officers(desk: Desk) -> list[Officer]:
    """Every account, closed ones too, by name."""
    return sorted(shelf.walk(desk.store, Officer, Query()), key=lambda officer: officer.id)


def sign_in(desk: Desk, account: str, password: str) -> Officer:
    """The officer of that name and password, audited. Raises NotAllowed, in the same words for any cause."""
    officer = shelf.find(desk.store, Officer, account) if ACCOUNT.fullmatch(account) else None
    right = _matches(officer.password_hash if officer else _NOBODY, password[:PASSWORD_LIMIT])
    if officer is None or not right or not officer.active:
        if officer is not None:
            audit.record(desk, actor_of(officer), "sign_in_failed", f"officer:{officer.id}")
        raise NotAllowed("账号或密码不正确")
    audit.record(desk, actor_of(officer), "sign_in", f"officer:{officer.id}")
    return officer


def current(desk: Desk, account: str) -> Officer | None:
    """The account as it stands now; None when it is gone or closed, however good the session was."""
    officer = shelf.find(desk.store, Officer, account)
    return officer if officer and officer.active else None


def actor_of(officer: Officer, reason: str = "") -> Actor:
    """On whose behalf this officer acts, and why."""
    return Actor(officer=officer.id, role=officer.role, region=officer.region, reason=reason.strip())


def _administers(actor: Actor) -> None:
    if actor.role not in {"administrator", "system"}:
        raise NotAllowed("只有管理员可以管理账号")


def _change(
    desk: Desk, actor: Actor, account: str, action: str, changes: dict[str, str] | dict[str, bool]
) -> Officer:
    _administers(actor)
    changed = shelf.change_existing(
        desk.store, Officer, account, lambda officer: officer.model_copy(update=changes)
    )
    audit.record(desk, actor, action, f"officer:{account}")
    return changed


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _check(account: str, password: str, region: str) -> None:
    if not ACCOUNT.fullmatch(account):
        raise BadInput("账号由 2 至 32 个小写字母、数字、点、横线组成")
    if not PASSWORD_LENGTH <= len(password) <= PASSWORD_LIMIT:
        raise BadInput(f"密码长度应为 {PASSWORD_LENGTH} 至 {PASSWORD_LIMIT} 个字符")
    if region:
        load_regions().get(region)
