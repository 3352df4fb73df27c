"""Desk: the tools with which casework is done, opened once and handed down."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from casework.spool import Spool
from core.catalog import RETENTION, Catalog, load_catalog
from core.errors import Unavailable
from core.model import Post, Verdict
from core.settings import Settings
from evidence.vault import Vault, open_vault
from nlp.judge import Judge
from nlp.pictures import PictureReader, PictureText
from store import open_store
from store.base import Store

RESTORING = "restoring"  # a mark in the data folder: half of what belongs together is there


class Judging(Protocol):
    """What casework needs of a judge."""

    @property
    def rule_version(self) -> str:
        """Version of the rule files it judges by."""
        ...

    @property
    def model_version(self) -> str:
        """Version of the model it judges by."""
        ...

    def judge(self, post: Post) -> Verdict:
        """What is suspected of this post, and why."""
        ...


class Reading(Protocol):
    """What casework needs of a reader of pictures."""

    @property
    def version(self) -> str:
        """By what it reads; another version may find more."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """Pictures by what became of them: read, known, and each reason why not."""
        ...

    def read(self, digest: str, content: bytes) -> PictureText:
        """What stands in a picture."""
        ...

    def close(self) -> None:
        """Ends what it started."""
        ...


@dataclass(frozen=True)
class Desk:
    """The tools; `key` makes contact fingerprints; `rules` are the rule files kept in the vault.

    `rules` goes from file name to SHA-256, so that an old finding stays explainable after a rule changes.
    """

    store: Store
    judge: Judging
    vault: Vault
    catalog: Catalog
    settings: Settings
    key: bytes
    rules: dict[str, str] = field(default_factory=dict)
    pictures: Reading = field(default_factory=PictureReader)  # starts nothing before the first picture

    @cached_property
    def spool(self) -> Spool:
        """Where records wait while the store is away."""
        return Spool(self.settings.data / "spool", self.settings.spool_megabytes)

    def close(self) -> None:
        """Close the store and end the reader of pictures; the vault holds nothing open."""
        self.pictures.close()
        self.store.close()


def open_desk(settings: Settings) -> Desk:
    """A desk on the places that the settings name; made when missing. Raises BadConfig, Unavailable."""
    settings.data.mkdir(parents=True, exist_ok=True)
    if (settings.data / RESTORING).exists():
        raise Unavailable(
            f"a restore into {settings.data} has not ended: run the same `wangxun restore` again"
        )
    catalog = load_catalog(settings.config, settings.sources)
    vault = open_vault(
        settings.vault_place, settings.vault_endpoint, settings.vault_key.get_secret_value(),
        settings.vault_secret.get_secret_value(),
    )  # fmt: skip
    return Desk(
        store=open_store(settings.store_url, settings.store_api_key.get_secret_value()),
        judge=Judge.load(
            tuple(catalog.violations.values()), catalog.words, routes=tuple(catalog.routes.values())
        ),
        vault=vault,
        catalog=catalog,
        settings=settings,
        key=secret_key(settings.fingerprint_key, settings.data / "fingerprint.key"),
        rules=keep_rules(vault, settings.config),
    )


def keep_rules(vault: Vault, config: Path) -> dict[str, str]:
    """Put today's rule files into the vault; file name -> SHA-256."""
    files = [*sorted((config / "violations").glob("*.yml")), *config.glob(RETENTION)]
    return {file.name: vault.put(file.read_bytes()) for file in files}


def secret_key(given: SecretStr, file: Path) -> bytes:
    """The given secret, or that in `file`: made once, 32 random bytes, readable by the owner only."""
    if given.get_secret_value():
        return given.get_secret_value().encode()
    if not file.exists():
        _make_once(file, secrets.token_hex(32).encode())  # 256 bits, the size of HMAC-SHA-256's own state
    return file.read_bytes()


def _make_once(file: Path, content: bytes) -> None:
    """Two processes may start together: a hard link makes the first one's whole key stand, never half."""
    handle, name = tempfile.mkstemp(dir=file.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if not file.exists():
            _link(Path(name), file)
    finally:
        Path(name).unlink()


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return  # the other process was quicker, its key stands
