"""A signed-in, encrypted test server: its own authority and certificate, the first user's password."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

USER = "elastic"
PASSWORD = "a-password-for-tests"


def certificate(folder: Path) -> Path:
    """Make an authority, and a certificate for 127.0.0.1 signed by it; returns the authority's PEM file."""
    _openssl(
        folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority",
        "-keyout", "authority.key", "-out", "authority.pem", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    _openssl(
        folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
        "-keyout", "node.key", "-out", "node.csr",
    )  # fmt: skip
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="utf-8")
    _openssl(
        folder, "x509", "-req", "-in", "node.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-days", "2",
        "-CAcreateserial", "-extfile", "names", "-out", "node.pem",
    )  # fmt: skip
    return folder / "authority.pem"


def secure_lines(folder: Path, authority: Path | None) -> list[str]:
    """The settings that switch it on, or off; the certificate is copied into the node's folder."""
    if authority is None:
        return ["xpack.security.enabled: false"]
    for name in ("node.key", "node.pem", "authority.pem"):
        (folder / "config" / name).write_bytes((authority.parent / name).read_bytes())
    return [
        "xpack.security.enabled: true",
        *(
            f"xpack.security.{door}.ssl.{setting}"
            for door in ("http", "transport")
            for setting in (
                "enabled: true", "key: node.key", "certificate: node.pem",
                "certificate_authorities: [authority.pem]",
            )
        ),
    ]  # fmt: skip


def with_password(home: Path, folder: Path, account: Mapping[str, Any], environment: dict[str, str]) -> None:
    """Put the first user's password into the node's keystore."""
    program = str(home / "bin" / "elasticsearch-keystore")
    for arguments, given in ((["create"], ""), (["add", "-x", "bootstrap.password"], PASSWORD)):
        subprocess.run(
            [program, *arguments], input=given, env=environment, cwd=folder, text=True,
            capture_output=True, check=True, **account,
        )  # fmt: skip


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=True)
