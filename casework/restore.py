"""A backup put back on an empty machine, and proved: digests of what was read, counts and digests of what then stands.

Evidence first, then the store, as always. While it goes on, a mark in the data folder keeps everything else away;
broken off, the same command begins anew and ends it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from casework import audit, backup_set, shelf
from casework.backup import SPOOL
from casework.backup_set import LISTING, Manifest
from casework.desk import RESTORING, secret_key
from casework.sheets import evidence_ids
from core.errors import BadInput, EvidenceBroken
from core.model import KINDS, Actor, Finding, Lease
from core.settings import Settings
from evidence import custody, verify
from evidence.mirror import bring_back
from evidence.reverify import vault_files
from evidence.vault import Vault, open_vault
from store import open_store, snapshot
from store.base import Query, Store
from store.copying import Content, content

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What was put back: the set's id, records by kind, files of the vault; `faults` is empty when all is proved."""

    id: str
    counts: dict[str, int]
    files: int
    faults: tuple[str, ...]


def restore(
    settings: Settings, actor: Actor, folder: Path, tell: Tell, *, without_key: bool = False
) -> Restored:
    """Put the complete set of `folder` into the store, vault and data folder that the settings name.

    `without_key`: go on although the fingerprint key is lost; old contacts are then never linked with new ones.
    Raises BadInput when the place is not empty or the key does not fit, NotFound without a backup, EvidenceBroken
    when the backup is not whole, Unavailable.
    """
    plain = backup_set.read(folder)
    tell("checking the backup")
    for fault in backup_set.faults(folder, plain):
        raise EvidenceBroken(f"the backup in {folder} is not whole: {fault}")
    _check_key(settings, plain, without_key=without_key)
    mark = settings.data / RESTORING
    if not _begun(mark, str(plain["id"])):
        _check_empty(settings)
        _begin(mark, str(plain["id"]))
    done = _put_back(settings, actor, folder, plain, tell)
    _unmark(mark)
    return done


def _put_back(settings: Settings, actor: Actor, folder: Path, plain: Manifest, tell: Tell) -> Restored:
    own = backup_set.own(folder, plain)
    tell("vault")
    vault = _vault(settings)
    files = bring_back(folder / "vault", own / LISTING, vault)
    tell("store")
    key = settings.store_api_key.get_secret_value()
    due = snapshot.put_back(own / "store", settings.store_url, key, settings.data)
    tell("queue, spool, config")
    _files(settings, own)
    tell("proving it")
    store = open_store(settings.store_url, key)
    try:
        faults = (*_miscounted(plain, due, store), *_broken(vault), *_unproved(store, vault))
        _free(store)
        _record(store, actor, folder, plain)
    finally:
        store.close()
    counts = {kind: one.count for kind, one in due.items()}
    return Restored(str(plain["id"]), counts, files, faults)


def _check_key(settings: Settings, plain: Manifest, *, without_key: bool) -> None:
    """Before anything is written: under another key the same number has another fingerprint."""
    file = settings.data / "fingerprint.key"
    if without_key:
        return
    mend = f"put the old machine's key into {file} or WANGXUN_FINGERPRINT_KEY; if it is lost: --without-key"
    if not settings.fingerprint_key.get_secret_value() and not file.is_file():
        raise BadInput(f"the fingerprint key is not here: {mend}")
    if backup_set.key_check(secret_key(settings.fingerprint_key, file)) != plain["key_check"]:
        raise BadInput(f"the fingerprint key is not the one of this backup: {mend}")


def _check_empty(settings: Settings) -> None:
    """Nothing is ever mixed with what stands there, nor overwritten."""
    mend = "name an empty place: another WANGXUN_DATA (and WANGXUN_STORE, WANGXUN_VAULT where they are set)"
    taken = [settings.data / name for name in ("queue.sqlite3", *(f"spool/{kind}" for kind in SPOOL))]
    for path in taken:
        if path.is_file() or (path.is_dir() and any(one.is_file() for one in path.rglob("*"))):
            raise BadInput(f"{path} is there already: {mend}")
    store = open_store(settings.store_url, settings.store_api_key.get_secret_value())
    try:
        store.flush()
        held = next((kind for kind in KINDS if store.search(kind, Query(limit=1)).total), None)
    finally:
        store.close()
    if held:
        raise BadInput(f"the store holds {held} records already: {mend}")
    if set(_vault(settings).storage.names()) - {"vault.json"}:
        raise BadInput(f"the vault {settings.vault_place} holds files already: {mend}")


def _vault(settings: Settings) -> Vault:
    return open_vault(
        settings.vault_place, settings.vault_endpoint, settings.vault_key.get_secret_value(),
        settings.vault_secret.get_secret_value(),
    )  # fmt: skip


def _begun(mark: Path, name: str) -> bool:
    """Whether an earlier try of this very set broke off here. Raises BadInput for one of another set."""
    if not mark.is_file():
        return False
    if mark.read_text(encoding="utf-8") != name:
        raise BadInput(
            f"the restore of another set ({mark.read_text(encoding='utf-8')}) broke off here: name an empty place"
        )
    return True


def _begin(mark: Path, name: str) -> None:
    with _written(mark.parent):
        mark.write_text(name, encoding="utf-8")


def _unmark(mark: Path) -> None:
    with _written(mark.parent):
        mark.unlink()


def _files(settings: Settings, own: Path) -> None:
    """Queue and spool go where they were; config and settings beside, since this machine's own are in force."""
    data = settings.data
    with _written(data):
        if (own / "queue.sqlite3").is_file():
            new = data / "queue.sqlite3.restoring"
            shutil.copyfile(own / "queue.sqlite3", new)
            new.replace(data / "queue.sqlite3")
        for kind in SPOOL:
            if (own / "spool" / kind).is_dir():
                _privately(own / "spool" / kind, data / "spool" / kind)
        for name in ("config", "sources"):
            if (own / name).is_dir():
                shutil.copytree(own / name, data / "restored" / name, dirs_exist_ok=True)
        (data / "restored").mkdir(exist_ok=True)
        shutil.copyfile(own / "settings.env", data / "restored" / "settings.env")


def _privately(source: Path, target: Path) -> None:
    """Waiting records hold contacts: for this account alone."""
    for path in (path for path in sorted(source.rglob("*")) if path.is_file()):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.touch(mode=0o600)
        place.write_bytes(path.read_bytes())


def _written(data: Path) -> AbstractContextManager[None]:
    return backup_set.written(data, "put back")


def _miscounted(plain: Manifest, due: dict[str, Content], store: Store) -> Iterator[str]:
    """Counts and digests: the manifest's, what was put back, what now stands."""
    for kind, one in due.items():
        stands = content(store, kind)
        if stands != one:
            yield f"{kind}: {stands.count} records stand where {one.count} were put back, or they differ"
        told = plain["records"].get(kind, {"count": 0, "digest": f"{0:064x}"})
        if told["count"] == one.count and told["digest"] != f"{one.digest:064x}":
            yield f"{kind}: the records are not those of the manifest"
        if told["count"] < one.count:
            yield f"{kind}: {one.count} records were put back, the manifest tells of {told['count']}"


def _broken(vault: Vault) -> list[str]:
    report = verify.Report()
    verify.check_vault(vault_files(vault), verify.Asked(), report)
    return report.faults


def _unproved(store: Store, vault: Vault) -> Iterator[str]:
    """Findings whose evidence neither stands in the vault nor was deleted by rule."""
    known = set(custody.ids(vault))
    for finding in shelf.walk(store, Finding, Query()):
        for name in evidence_ids(finding):
            if name not in known or not (vault.has(name) or custody.deletion(custody.chain(vault, name))):
                yield f"finding {finding.id}: its evidence {name} is not in the vault"


def _free(store: Store) -> None:
    """Leases of the crawls that were under way: their workers work on another store, nobody here waits for them."""
    for lease in list(shelf.walk(store, Lease, Query())):
        store.delete("lease", lease.id)


@dataclass(frozen=True)
class _Trail:
    """The audit trail's place; a whole desk would need a config that may still have to be put in order."""

    store: Store


def _record(store: Store, actor: Actor, folder: Path, plain: Manifest) -> None:
    audit.record(_Trail(store), actor, "restore", f"backup:{plain['id']}", f"{actor.reason}（{folder}）")
