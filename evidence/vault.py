"""Write-once files named by their SHA-256, and the record of what was done with them.

vault.json            what this is
ab/abcdef…            contents, by digest
custody/<id>/         one chain for each sealed thing (`evidence.custody`)
heads/                the daily lists of all chains' heads (`evidence.heads`)
alarms/<digest>.json  what was found broken (`evidence.alarms`)
todo/stamp/<id>       what still waits for its time stamp: the only marks that go away again
trash/<digest>        what a deletion has set aside and not yet ended (`evidence.deletion`)
tmp/                  files being written (folders only)

Bytes of evidence leave through one door, `open`, and enter through one, `keep`; both write the custody line
themselves, so no caller can forget it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from core.errors import EvidenceBroken, NotAllowed, NotFound, Unavailable
from core.model import SYSTEM, Actor
from evidence import custody, manifest
from evidence.manifest import DIGEST, canonical, sha256
from evidence.sealed import Sealed
from evidence.storage import Folder, Storage, translated

Kind = Literal["evidence", "reference", "heads"]
ABOUT = canonical({"format": "wangxun-vault", "schema": 2})


class Vault:
    """The vault in a folder (made when missing) or in other storage. Safe for many processes at once.

    Raises Unavailable.
    """

    def __init__(self, place: Path | Storage) -> None:
        with translated("opening it"):
            self.storage: Storage = Folder(place) if isinstance(place, Path) else place
            self.storage.create("vault.json", ABOUT)

    @property
    def folder(self) -> Path:
        """The folder of a vault that is one. Raises Unavailable for object storage."""
        if isinstance(self.storage, Folder):
            return self.storage.root
        raise Unavailable(f"the vault {self.storage.place} is no folder")

    def put(self, content: bytes) -> str:
        """Keep a reference file (a rule file, say) and return its SHA-256. Putting twice is putting once.

        Raises Unavailable when the place is full or away; then nothing is there under the digest's name.
        Raises EvidenceBroken when the digest's file is there with other bytes.
        """
        return self.keep(content, kind="reference")

    def keep(self, content: bytes, parts: Sequence[bytes] = (), kind: Kind = "evidence") -> str:
        """Seal `content` and what it names (`parts`), with the custody lines; its id is its SHA-256.

        The line "captured" names all digests before the first file is written, "sealed" follows the last: a
        crash between them can be told from a deletion, and no file is in the vault that no line names. Keeping
        twice is keeping once. Raises as `put`.
        """
        one = sha256(content)
        digests = sorted({sha256(part) for part in parts})
        entries = custody.chain(self, one)
        if custody.deletion(entries):
            raise NotAllowed(custody.GONE)  # its bytes would lie there without a record that speaks for them
        done = custody.events(entries)
        if not done:
            custody.append(self, one, "captured", SYSTEM, facts={"kind": kind, "kept": digests})
        for part in (*parts, content):
            self.store(part)
        if "sealed" not in done:
            if kind != "reference":
                self.await_stamp(one)
            custody.append(self, one, "sealed", SYSTEM)
        return one

    def open(self, evidence_id: str, event: custody.Event, actor: Actor, detail: str = "") -> Sealed:
        """The one door to sealed bytes: writes the custody line, then hands out.

        Raises NotFound, EvidenceBroken, Unavailable.
        """
        content = self._content(evidence_id)
        evidence = manifest.read(content)
        custody.append(self, evidence_id, event, actor, detail)
        return Sealed(
            evidence,
            content,
            self._content,
            lambda: custody.files(self, evidence_id),
            lambda: custody.chain(self, evidence_id),
        )

    def manifest(self, sealed_id: str) -> bytes:
        """What was sealed, and under which digests; the sealed bytes themselves are had through `open`.

        Raises NotFound, EvidenceBroken, Unavailable.
        """
        return self._content(sealed_id)

    def note(self, evidence_id: str, event: custody.Event, actor: Actor, detail: str = "") -> None:
        """Record what happened outside the vault: held, released, transferred, received.

        Raises NotFound when nothing of that id was kept, NotAllowed when it is deleted, and for a deletion:
        that is `evidence.deletion`'s work.
        """
        if event == "deleted":
            raise NotAllowed("a deletion is no note: evidence.deletion.delete")
        if not custody.chain(self, evidence_id):
            raise NotFound(f"{evidence_id} is not in the vault")
        custody.append(self, evidence_id, event, actor, detail)

    def get(self, digest: str) -> bytes:
        """A reference file's bytes, checked on every reading. Evidence is had through `open` and not here.

        Raises NotFound, NotAllowed for what belongs to evidence, EvidenceBroken, Unavailable.
        """
        content = self._content(digest)
        first = custody.chain(self, digest)[:1]
        if not first or first[0].get("kind") != "reference":
            raise NotAllowed(f"{digest} belongs to evidence: it is handed out with a custody line only")
        return content

    def has(self, digest: str) -> bool:
        """Whether a file of that name is there; its bytes are not read."""
        with translated("looking"):
            return self.storage.has(shelf(digest))

    def path(self, digest: str) -> Path:
        """Where the bytes are or would be, in a folder. Raises NotFound for what is no digest."""
        return self.folder / shelf(digest)

    def digests(self) -> Iterator[str]:
        """Digests of all kept files, in order."""
        with translated("listing"):
            names = self.storage.names()
        yield from (name[3:] for name in names if DIGEST.fullmatch(name[3:]))

    def create(self, name: str, content: bytes) -> bool:
        """Make a file once, durably; False when it is there already. For `evidence` itself. Raises OSError."""
        return self.storage.create(name, content)

    def waiting(self) -> list[str]:
        """Ids of what still waits for its time stamp."""
        with translated("listing"):
            return [name.rpartition("/")[2] for name in self.storage.names("todo/stamp/")]

    def await_stamp(self, sealed_id: str) -> None:
        """Remember that it has no time stamp yet."""
        with translated("writing"):
            self.create(f"todo/stamp/{sealed_id}", b"")

    def stamp_came(self, sealed_id: str) -> None:
        """It waits no more."""
        with translated("writing"):
            self.storage.remove(f"todo/stamp/{sealed_id}")

    def store(self, content: bytes) -> None:
        """Keep bytes that a custody line names already. For `evidence` itself; raises as `put`."""
        name = shelf(sha256(content))
        with translated("writing"):
            while self.storage.has(name) or not self.create(name, content):
                try:
                    there = self.storage.read(name)
                except FileNotFoundError:
                    continue  # a deletion took it away between the two looks: now it is written
                if there != content:
                    raise EvidenceBroken(f"{sha256(content)} is in the vault with other bytes")
                return

    def _content(self, digest: str) -> bytes:
        name = shelf(digest)
        with translated("reading"):
            try:
                content = self.storage.read(name)
            except FileNotFoundError as error:
                gone = custody.deletion(custody.chain(self, digest))
                raise NotFound(custody.GONE if gone else f"{digest} is not in the vault") from error
        if sha256(content) != digest:
            raise EvidenceBroken(f"{digest}: the bytes in the vault have another digest")
        return content


def shelf(digest: str) -> str:
    """The name of a content's file. Raises NotFound for what is no digest (it may come from a URL)."""
    if not DIGEST.fullmatch(digest):
        raise NotFound(f"not a SHA-256 digest: {digest!r}")
    return f"{digest[:2]}/{digest}"


def open_vault(place: str, endpoint: str = "", key: str = "", secret: str = "") -> Vault:
    """The vault at `place`: a folder, or `s3://bucket/prefix`. Raises BadInput, Unavailable."""
    if "://" not in place:
        return Vault(Path(place))
    from evidence.objects import ObjectStorage  # here: a second of imports that a folder does not need

    with translated("opening it"):
        return Vault(ObjectStorage(place, endpoint, key, secret))
