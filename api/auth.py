"""Sign-in, sessions, forgery tokens: a signed cookie says who it is, each request looks him up anew."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Form, Header, Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from casework import officers
from casework.desk import Desk, secret_key
from casework.review import checked_reason
from core.errors import NotAllowed
from core.model import Actor, Officer

COOKIE = "wangxun_session"
SESSION_SECONDS = 8 * 3600  # a working day: nobody signs in twice a day, no session is left open overnight
REASON_SECONDS = 3600  # a stated reason covers one hour of work on one matter
TRIES = 5  # wrong passwords for one account from one place ...
TRIES_SECONDS = 300  # ... in five minutes: enough for a tired officer, hopeless for a guesser


class NotSignedIn(NotAllowed):
    """No valid session: sign in first."""


class TooMany(NotAllowed):
    """Too many wrong passwords: wait."""


@dataclass(frozen=True)
class Visitor:
    """Who asks: his account as it stands now, the token his forms carry, and the reason he has stated."""

    officer: Officer
    token: str
    reason: str = ""
    reason_until: float = 0.0

    @property
    def actor(self) -> Actor:
        """On whose behalf casework acts."""
        return officers.actor_of(self.officer, self.reason)

    @property
    def open_until(self) -> datetime:
        """When the stated reason ends."""
        return datetime.fromtimestamp(self.reason_until, UTC)


class Sessions:
    """Makes and reads session cookies."""

    def __init__(self, desk: Desk) -> None:
        key = secret_key(desk.settings.session_key, desk.settings.data / "session.key")
        self._desk = desk
        self._serializer = URLSafeTimedSerializer(key, salt="wangxun-session")
        self._failures: dict[tuple[str, str], list[float]] = {}
        self._met: dict[str, Officer] = {}
        self._lock = threading.Lock()

    def sign_in(self, account: str, password: str, place: str) -> Visitor:
        """Raises NotAllowed for wrong words, TooMany after TRIES of them."""
        if len(self._recent(account, place)) >= TRIES:
            raise TooMany("密码多次错误，请五分钟后再试")
        try:
            officer = officers.sign_in(self._desk, account, password)
        except NotAllowed:
            with self._lock:
                self._failures.setdefault((account, place), []).append(time.monotonic())
            raise
        return Visitor(officer, secrets.token_urlsafe(24))

    def _recent(self, account: str, place: str) -> list[float]:
        """Times of the wrong passwords of late; everybody's old ones are forgotten: it stays small."""
        oldest = time.monotonic() - TRIES_SECONDS
        with self._lock:
            for key, times in list(self._failures.items()):
                kept = [moment for moment in times if moment > oldest]
                self._failures.pop(key)
                if kept:
                    self._failures[key] = kept
            return self._failures.get((account, place), [])

    def give(self, request: Request, response: Response, visitor: Visitor) -> None:
        """Set the cookie: unreadable for script, not sent from other sites, over TLS only where there is."""
        plain = {
            "account": visitor.officer.id,
            "password": _mark(visitor.officer),
            "token": visitor.token,
            "reason": visitor.reason,
            "until": visitor.reason_until,
        }
        response.set_cookie(
            COOKIE,
            self._serializer.dumps(plain),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def read(self, request: Request) -> Visitor:
        """The visitor of a request. Raises NotSignedIn."""
        plain = self._cookie(request)
        officer = officers.current(self._desk, plain["account"])
        if officer is None or _mark(officer) != plain["password"]:
            self._met.pop(plain["account"], None)
            raise NotSignedIn("请重新登录")
        self._met[officer.id] = officer
        return _visitor(officer, plain)

    def remembered(self, request: Request) -> Visitor | None:
        """Who asks, as far as this process remembers his account: for the head line of a page that says that the store
        is away, and for nothing else, since he may have been closed out meanwhile.
        """
        try:
            plain = self._cookie(request)
        except NotSignedIn:
            return None
        officer = self._met.get(plain["account"])
        return _visitor(officer, plain) if officer and _mark(officer) == plain["password"] else None

    def _cookie(self, request: Request) -> dict[str, Any]:
        try:
            plain: dict[str, Any] = self._serializer.loads(
                request.cookies.get(COOKIE, ""), max_age=SESSION_SECONDS
            )
        except BadData as error:
            raise NotSignedIn("请先登录") from error
        return plain


def _visitor(officer: Officer, plain: dict[str, Any]) -> Visitor:
    reason = plain["reason"] if plain["until"] > time.time() else ""
    return Visitor(officer, plain["token"], reason, plain["until"])


def with_reason(visitor: Visitor, reason: str) -> Visitor:
    """The visitor after stating why he looks behind masks; an empty reason closes them. Raises BadInput."""
    words = checked_reason(reason) if reason.strip() else ""
    return Visitor(visitor.officer, visitor.token, words, time.time() + REASON_SECONDS)


def _mark(officer: Officer) -> str:
    """Changes with the password, so that a new password ends all sessions."""
    return hashlib.sha256(officer.password_hash.encode()).hexdigest()[:16]


def the_desk(request: Request) -> Desk:
    """The application's desk."""
    desk: Desk = request.app.state.desk
    return desk


def the_sessions(request: Request) -> Sessions:
    """The application's sessions."""
    sessions: Sessions = request.app.state.sessions
    return sessions


def signed_in(request: Request) -> Visitor:
    """Whoever asks, signed in. Raises NotSignedIn."""
    return the_sessions(request).read(request)


def _check(visitor: Visitor, token: str) -> Visitor:
    if not hmac.compare_digest(visitor.token.encode(), token.encode("utf-8", "replace")):
        raise NotAllowed("表单已过期，请返回刷新页面后重试")
    return visitor


def form_checked(
    visitor: Annotated[Visitor, Depends(signed_in)], token: Annotated[str, Form()] = ""
) -> Visitor:
    """The sender of a form that carries his session's token. Raises NotAllowed."""
    return _check(visitor, token)


def header_checked(
    visitor: Annotated[Visitor, Depends(signed_in)], x_csrf_token: Annotated[str, Header()] = ""
) -> Visitor:
    """The sender of a JSON call that carries his session's token in X-CSRF-Token. Raises NotAllowed."""
    return _check(visitor, x_csrf_token)


TheDesk = Annotated[Desk, Depends(the_desk)]
TheSessions = Annotated[Sessions, Depends(the_sessions)]
SignedIn = Annotated[Visitor, Depends(signed_in)]
FormChecked = Annotated[Visitor, Depends(form_checked)]
HeaderChecked = Annotated[Visitor, Depends(header_checked)]
