"""One flat, frozen Settings object; built by `cli`, handed down. Order: argument, environment, secrets folder, default."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGED_CONFIG = Path(__file__).resolve().parent.parent / "config"


class Settings(BaseSettings):
    """Every setting, read from `WANGXUN_<NAME>`. Secrets print as stars."""

    model_config = SettingsConfigDict(env_prefix="WANGXUN_", frozen=True, extra="ignore")

    data: Path = Field(Path("var"), description="Folder for vault, queue, logs and the default database.")
    config: Path = Field(PACKAGED_CONFIG, description="Folder with sources, violations and words.")
    sources: Path | None = Field(
        None, description="Folder with source files; empty: `sources` in the config folder."
    )
    store: str = Field("", description="Store address; empty: SQLite in the data folder.")
    store_api_key: SecretStr = Field(
        SecretStr(""),
        description="API key with which the store's cluster is asked; empty: the user in its address.",
    )
    vault: str = Field(
        "",
        description="Where evidence is kept: a folder or s3://bucket/prefix; empty: `vault` in the data folder.",
    )
    vault_endpoint: str = Field("", description="Address of the object storage; empty: the provider's own.")
    vault_key: SecretStr = Field(SecretStr(""), description="Access key of the object storage.")
    vault_secret: SecretStr = Field(SecretStr(""), description="Secret key of the object storage.")
    backup: Path | None = Field(
        None, description="Folder of `wangxun backup`; `doctor` looks at it; empty: it cannot tell."
    )
    backup_hours: int = Field(
        26,
        ge=1,
        description="Hours after which `doctor` finds the last backup too old; 26: a day, and its run.",
    )
    retention: bool = Field(
        False, description="Whether the patrol deletes, once a day, what config/retention.yml says is due."
    )
    stamps: Path | None = Field(
        None, description="JSON file with the time-stamp authorities; empty: no outside stamps."
    )
    spool_megabytes: int = Field(
        2000,
        ge=1,
        description="How much may wait in the data folder while the store is away; beyond it crawls end politely.",
    )
    away_minutes: int = Field(
        30,
        ge=5,
        description="How long a crawl goes on without the store; for so long no other machine takes its source over.",
    )
    contact: str = Field("operator@example.invalid", description="Contact named in the user agent.")
    town: str = Field(
        "", description="host:port of a running sandbox town; the only loopback address ever fetched."
    )
    host: str = Field("127.0.0.1", description="Address on which the officers' site listens.")
    port: int = Field(8080, description="Port on which the officers' site listens; 0 takes any free one.")
    clock: str = Field(
        "",
        description="http(s):// or ntp:// address whose time `doctor` and each run compare with; empty: none.",
    )
    browser: str = Field("", description="Path of the Chromium program; empty: found by itself.")
    replay_tool: str = Field("", description="Path of pywb's `wayback` program; empty: found in PATH.")
    fingerprint_key: SecretStr = Field(
        SecretStr(""), description="Key of contact fingerprints; empty: made once in the data folder."
    )
    session_key: SecretStr = Field(
        SecretStr(""), description="Key that signs sessions; empty: made once in the data folder."
    )

    secrets: Path | None = Field(
        None,
        description="Folder with one file for each secret setting, named as its variable; empty: systemd's "
        "credentials folder, if there is one.",
    )

    @property
    def store_url(self) -> str:
        """The store's address with the default filled in."""
        return self.store or f"sqlite:///{self.data / 'wangxun.sqlite3'}"

    @property
    def vault_place(self) -> str:
        """Where evidence is kept, with the default filled in."""
        return self.vault or str(self.data / "vault")
