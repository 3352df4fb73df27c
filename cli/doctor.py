"""`wangxun doctor`: each setting, where it comes from, and whether what it names works.

Three answers for each check: ok, wrong, cannot tell. What is not ok says how to mend it.
"""

from __future__ import annotations

import difflib
import os
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from cli import doctor_backup as backups
from cli import doctor_custody as custody
from cli import doctor_machine as machine
from cli import doctor_records as records
from cli.answers import Seen, ok, wrong
from cli.common import ANSWER_IS_NO, NOT_THERE, secret_files
from core.errors import WangxunError
from core.settings import Settings

# Variables of ours that are no settings: the tests' switches, and what a child process is told.
_NO_SETTINGS = frozenset({"WANGXUN_TEST_LONG", "WANGXUN_TEST_ELASTICSEARCH"})
Look = Callable[[Settings], Seen]


@dataclass(frozen=True)
class Check:
    """One thing looked at. `code` is the exit code when it is wrong: 1 the answer is no, 3 something is away."""

    name: str
    answer: Literal["ok", "wrong", "cannot tell"]
    seen: str
    mend: str
    code: int


def origins(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Name, value (secrets as stars) and origin of each setting."""
    kept = secret_files(settings.secrets)
    for name in type(settings).model_fields:
        variable = f"WANGXUN_{name.upper()}"
        kinds = (("environment", variable in os.environ), ("secrets folder", variable.lower() in kept))
        origin = next((kind for kind, there in kinds if there), "default")
        # The store's address may carry a user and password.
        yield variable, re.sub(r"//[^/@]*@", "//**********@", str(getattr(settings, name))), origin


def _variables(settings: Settings) -> Seen:
    known = [f"WANGXUN_{name.upper()}" for name in type(settings).model_fields]
    strange = [
        name for name in os.environ if name.startswith("WANGXUN_") and name not in {*known, *_NO_SETTINGS}
    ]
    if strange:
        nearest = difflib.get_close_matches(strange[0], known, 1)
        return wrong(
            f"{', '.join(sorted(strange))} is no setting and does nothing",
            f"write {nearest[0]}" if nearest else "take it away",
        )
    return ok(f"{len(known)} settings, none misspelt")


# name, exit code when it is wrong, the look, and the mend when the look itself fails
CHECKS: tuple[tuple[str, int, Look, str], ...] = (
    ("settings", ANSWER_IS_NO, _variables, "see docs/settings.md"),
    ("config", ANSWER_IS_NO, records.config, "mend the named lines; `wangxun sources check` reads them again"),
    ("browser", NOT_THERE, machine.browser, "run `make setup`, or name a Chromium in WANGXUN_BROWSER"),
    ("browser driver", NOT_THERE, machine.driver, "install libatomic1; `make setup` does it as root"),
    ("Chinese fonts", NOT_THERE, machine.fonts, "install fonts-noto-cjk and fontconfig"),
    ("pictures", NOT_THERE, machine.pictures, "install the extra `pictures`; `make setup` does it"),
    ("clock", ANSWER_IS_NO, machine.clock, "mend WANGXUN_CLOCK, or leave it empty"),
    ("data folder", NOT_THERE, machine.room, "make room, or name another folder in WANGXUN_DATA"),
    ("private files", ANSWER_IS_NO, records.private_files, "chmod and chown them to the account that runs wangxun"),
    ("store", NOT_THERE, records.store, "start it, or mend WANGXUN_STORE"),
    ("spool", ANSWER_IS_NO, records.spool, "make room, and give the folder back to the account that runs wangxun"),
    ("evidence", ANSWER_IS_NO, records.evidence, "run `wangxun verify` on the vault and restore from the backup"),
    ("custody", ANSWER_IS_NO, custody.custody, "run `wangxun verify` on the vault and tell the person responsible"),
    ("backup", ANSWER_IS_NO, backups.backup, "see whether the folder in WANGXUN_BACKUP can be read"),
    ("retention", ANSWER_IS_NO, backups.due, "mend the named lines of config/retention.yml"),
    ("audit trail", ANSWER_IS_NO, records.audit_trail, "keep everything as it is and tell the person responsible"),
    ("runs", ANSWER_IS_NO, records.waiting_runs, "see the patrol's last lines; start `wangxun patrol` again"),
)  # fmt: skip


def examine(settings: Settings, checks: Iterable[tuple[str, int, Look, str]] = CHECKS) -> list[Check]:
    """Look at everything; one failure never hides another."""
    found: list[Check] = []
    for name, code, look, mend in checks:
        try:
            seen = look(settings)
        except (WangxunError, OSError, subprocess.SubprocessError, sqlite3.Error) as error:
            seen = wrong(str(error), mend)
        found.append(Check(name, seen.answer, seen.text, seen.mend, code))
    return found


def exit_code(found: Iterable[Check]) -> int:
    """0 unless something is wrong; 1 when an answer is no, which weighs more than 3, something is away."""
    codes = {check.code for check in found if check.answer == "wrong"}
    return min(codes, default=0)
