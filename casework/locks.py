"""Operating-system locks beside the leases: they vanish with their process, so death is known at once.

A lease of a run that died on this machine need not be waited for. On another machine the lease alone speaks.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from core.errors import Conflict

# Descriptors of locks that this process holds, by run id: closing one gives the lock back.
_HELD: dict[str, int] = {}
_PREVIOUS: dict[Path, str] = {}


def hold(data: Path, name: str, run_id: str) -> None:
    """Lock `name` for that run until `release` or this process ends. Raises Conflict when it is held."""
    path = _path(data, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Conflict(f"{name} is being worked on by another process of this machine") from error
    _PREVIOUS[path] = os.pread(handle, 64, 0).decode()  # run ids have 32 characters
    os.ftruncate(handle, 0)
    os.pwrite(handle, run_id.encode(), 0)
    _HELD[run_id] = handle


def previous_holder(data: Path, name: str) -> str:
    """The run that held the lock before the present holder; "" when none did."""
    return _PREVIOUS.get(_path(data, name), "")


def release(run_id: str) -> None:
    """Give the run's lock back; nothing happens when it holds none."""
    handle = _HELD.pop(run_id, None)
    if handle is not None:
        os.close(handle)


def died_here(data: Path, name: str, run_id: str) -> bool:
    """Whether that run held the lock on this machine and its process is gone."""
    return _holder(data, name) == (run_id, False)


def held_here(data: Path, name: str, run_id: str) -> bool:
    """Whether a living process of this machine holds the lock for that run."""
    return _holder(data, name) == (run_id, True)


def _holder(data: Path, name: str) -> tuple[str, bool] | None:
    """The run that last held the lock, and whether its process lives; None for what was never locked here."""
    try:
        handle = os.open(_path(data, name), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lives = False
        except BlockingIOError:
            lives = True
        return os.pread(handle, 64, 0).decode(), lives
    finally:
        os.close(handle)


def _path(data: Path, name: str) -> Path:
    # Digest, because a source's name is a file name but a target's may be anything.
    return data / "locks" / hashlib.sha256(name.encode()).hexdigest()[:32]
