"""Deletion by rule: the line first, the files after, the chain for ever; what two share stays; crashes lose nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import EvidenceBroken, NotAllowed, NotFound
from core.model import SYSTEM, Artifact, Capture, Evidence, Post
from evidence import custody, deletion, heads, verify
from evidence.manifest import canonical, sha256
from evidence.reverify import vault_files
from evidence.seal import seal
from evidence.vault import Vault, open_vault
from tests.evidence.conftest import OFFICER
from tests.s3 import KEY, SECRET

RULE = {
    "class": "rejected",
    "title": "已驳回的线索",
    "basis": "个人信息保护法第四十七条",
    "rule": "0" * 64,
    "term_days": 365,
}
SHARED = b"a picture that two adverts use"


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    """A vault on each kind of storage."""
    if request.param == "folder":
        yield Vault(tmp_path / "vault")
    else:
        endpoint = request.getfixturevalue("s3_server")[0]
        yield open_vault(f"s3://bucket/{sha256(str(tmp_path).encode())[:16]}", endpoint, KEY, SECRET)


def seal_one(vault: Vault, post: Post, capture: Capture, name: str) -> Evidence:
    pictures = [SHARED, f"only in {name}".encode()]
    made = tuple(
        Artifact(role="post_picture", media_type="image/png", content=one, how="原图") for one in pictures
    )
    return seal(
        vault, post, capture.model_copy(update={"url": f"http://a.test/{name}", "artifacts": made}), "first"
    )


def checked(vault: Vault) -> verify.Report:
    report = verify.Report()
    verify.check_vault(vault_files(vault), verify.Asked(), report)
    return report


def digests(evidence: Evidence) -> set[str]:
    return {evidence.id, *(item.sha256 for item in evidence.items)}


def test_what_is_deleted_is_gone_and_its_chain_says_why(kept: Vault, post: Post, capture: Capture) -> None:
    one, two = (seal_one(kept, post, capture, name) for name in "ab")
    heads.list_heads(kept)
    assert deletion.delete(kept, one.id, OFFICER, "保存期满", RULE)
    assert not deletion.delete(kept, one.id, OFFICER, "保存期满", RULE)
    assert deletion.sweep(kept, [one.id]) == len(digests(one) - digests(two))
    assert {digest for digest in digests(one) if kept.has(digest)} == digests(one) & digests(two)
    assert digests(two) <= set(kept.digests())
    entry = deletion.deletion(kept, one.id)
    assert entry is not None
    assert {name: entry[name] for name in RULE} == RULE
    assert (entry["officer"], entry["detail"]) == ("王", "保存期满")
    heads.list_heads(kept)
    report = checked(kept)
    assert (report.faults, report.evidence) == ([], 1)
    assert "已驳回的线索" in report.deleted[0]
    with pytest.raises(NotFound, match="已按保存期限规定删除"):
        kept.open(one.id, "viewed", OFFICER)
    for event in ("viewed", "held", "transferred"):
        with pytest.raises(NotAllowed, match="已按保存期限规定删除"):
            kept.note(one.id, event, OFFICER)
    assert kept.waiting() == sorted([two.id, *(head.digest for head in heads.headers(kept))])


def test_the_last_of_two_takes_what_they_shared(kept: Vault, post: Post, capture: Capture) -> None:
    both = [seal_one(kept, post, capture, name) for name in "ab"]
    for evidence in both:
        deletion.delete(kept, evidence.id, SYSTEM, "保存期满", RULE)
    deletion.sweep(kept, [evidence.id for evidence in both])
    assert not kept.has(sha256(SHARED))
    assert list(kept.digests()) == []
    assert kept.storage.names("trash/") == []
    assert checked(kept).faults == []


def test_what_is_held_stays(kept: Vault, post: Post, capture: Capture) -> None:
    one = seal_one(kept, post, capture, "a")
    kept.note(one.id, "held", OFFICER, "案件在办")
    with pytest.raises(NotAllowed, match="要求保留"):
        deletion.delete(kept, one.id, SYSTEM, "保存期满", RULE)
    with pytest.raises(NotAllowed):
        deletion.sweep(kept, [one.id])
    assert digests(one) <= set(kept.digests())
    kept.note(one.id, "released", OFFICER)
    deletion.delete(kept, one.id, SYSTEM, "保存期满", RULE)


def test_only_evidence_is_deleted(vault: Vault) -> None:
    rule = vault.put(b"title: rule\n")
    with pytest.raises(NotAllowed):
        deletion.delete(vault, rule, SYSTEM, "保存期满", RULE)
    with pytest.raises(NotFound):
        deletion.delete(vault, "0" * 64, SYSTEM, "保存期满", RULE)
    assert vault.get(rule) == b"title: rule\n"


def test_a_hold_that_comes_between_look_and_line_wins(
    vault: Vault, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, done = vault.storage.create, []

    def late(name: str, content: bytes) -> bool:
        if b'"deleted"' in content and not done:
            done.append(name)
            custody.append(vault, evidence.id, "held", OFFICER, "刚刚要求保留")
        return create(name, content)

    monkeypatch.setattr(vault.storage, "create", late)
    with pytest.raises(NotAllowed, match="要求保留"):
        deletion.delete(vault, evidence.id, SYSTEM, "保存期满", RULE)
    assert custody.events(custody.chain(vault, evidence.id))[-1] == "held"


class Stopped(Exception):
    """The process dies here."""


def dying(vault: Vault, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dies after so many changes of the vault."""
    left = [steps]

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            if not left[0]:
                raise Stopped
            left[0] -= 1
            return change(*arguments)

        return call

    for name in ("create", "move", "remove"):
        monkeypatch.setattr(vault.storage, name, counted(getattr(vault.storage, name)))


@pytest.mark.parametrize("steps", range(14))
def test_killed_anywhere_and_repeated(
    vault: Vault, post: Post, capture: Capture, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (seal_one(vault, post, capture, name) for name in "ab")
    with monkeypatch.context() as patch:
        dying(vault, steps, patch)
        try:
            deletion.delete(vault, one.id, SYSTEM, "保存期满", RULE)
            deletion.sweep(vault, [one.id])
        except Stopped:
            pass
    assert checked(vault).faults == []  # half done is no fault, and the other evidence is whole
    again = Vault(vault.folder)
    deletion.delete(again, one.id, SYSTEM, "保存期满", RULE)
    deletion.sweep(again, [one.id])
    report = checked(again)
    assert (report.faults, [note for note in report.notes if "清除" in note or "一半" in note]) == ([], [])
    assert custody.events(custody.chain(again, one.id)).count("deleted") == 1
    assert set(again.digests()) == digests(two)


@pytest.mark.parametrize("moment", range(12))
def test_bytes_sealed_anew_while_they_are_deleted_stay(
    vault: Vault, post: Post, capture: Capture, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step of the deletion another process seals the same picture: it never loses it."""
    one = seal_one(vault, post, capture, "old")
    made: list[Evidence] = []
    steps = [moment]

    def step(change: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: str) -> None:
            if steps[0] == 0:
                made.append(seal_one(Vault(vault.folder), post, capture, "new"))
            steps[0] -= 1
            change(*arguments)

        return call

    with monkeypatch.context() as patch:
        for name in ("move", "remove"):
            patch.setattr(vault.storage, name, step(getattr(vault.storage, name)))
        deletion.delete(vault, one.id, SYSTEM, "保存期满", RULE)
        deletion.sweep(vault, [one.id])
    assert checked(vault).faults == []
    assert made or moment > 8  # the last rounds come after the end
    for new in made:
        assert vault.open(new.id, "viewed", SYSTEM).read(new.items[1]) == SHARED


def test_a_removal_without_a_line_is_found(vault: Vault, evidence: Evidence) -> None:
    vault.path(evidence.id).unlink()
    assert "没有清单" in verify.verify_path(vault.folder)[0]


def forge(vault: Vault, evidence: Evidence, **changes: object) -> None:
    """What somebody writes who knows the format and has no rule to show."""
    custody.append(vault, evidence.id, "deleted", SYSTEM, "清理", {**RULE, **changes})


def test_a_deletion_without_a_rule_is_found(vault: Vault, evidence: Evidence) -> None:
    forge(vault, evidence, basis="")
    assert "不能证明是按规定删除" in verify.verify_path(vault.folder)[0]


def test_a_deletion_while_held_is_found(vault: Vault, evidence: Evidence) -> None:
    vault.note(evidence.id, "held", OFFICER, "案件在办")
    forge(vault, evidence)
    assert "要求保留期间" in verify.verify_path(vault.folder)[0]


def test_a_line_after_a_deletion_is_found(vault: Vault, evidence: Evidence) -> None:
    forge(vault, evidence)
    chain = custody.chain(vault, evidence.id)
    entry = {
        **chain[-1],
        "number": len(chain) + 1,
        "event": "viewed",
        "previous": sha256(canonical(chain[-1])),
    }
    entry["digest"] = custody.own_digest(entry)
    vault.create(f"custody/{evidence.id}/{entry['number']:06d}.json", canonical(entry))
    assert any("之后还有记录" in fault for fault in verify.verify_path(vault.folder))


def test_rule_files_cannot_be_deleted_unseen(vault: Vault) -> None:
    rule = vault.put(b"title: rule\n")
    custody.append(vault, rule, "deleted", SYSTEM, "清理", RULE)
    assert any("不得删除" in fault for fault in verify.verify_path(vault.folder))


def test_a_spoilt_record_stops_the_deletion(vault: Vault, post: Post, capture: Capture) -> None:
    one, two = (seal_one(vault, post, capture, name) for name in "ab")
    deletion.delete(vault, one.id, SYSTEM, "保存期满", RULE)
    first = vault.folder / f"custody/{two.id}/000001.json"
    plain = json.loads(first.read_bytes())
    first.chmod(0o600)
    first.write_bytes(canonical({**plain, "number": 2}))
    with pytest.raises(EvidenceBroken):
        deletion.sweep(vault, [one.id])
    first.write_bytes(b"{")
    with pytest.raises(EvidenceBroken):
        deletion.sweep(vault, [one.id])
    assert digests(one) <= set(vault.digests())


def test_a_chain_of_schema_1_keeps_its_items(vault: Vault, post: Post, capture: Capture) -> None:
    one, two = (seal_one(vault, post, capture, name) for name in "ab")
    entries = custody.chain(vault, two.id)
    old = {name: entries[0][name] for name in entries[0] if name not in ("kept", "kind", "digest")}
    folder = vault.folder / "custody" / two.id
    for name in folder.iterdir():
        name.unlink()
    vault.create(f"custody/{two.id}/000001.json", canonical({**old, "schema": 1}))
    deletion.delete(vault, one.id, SYSTEM, "保存期满", RULE)
    deletion.sweep(vault, [one.id])
    assert digests(two) <= set(vault.digests())


def test_what_was_deleted_is_not_taken_in_again(vault: Vault, post: Post, capture: Capture) -> None:
    one = seal_one(vault, post, capture, "a")
    deletion.delete(vault, one.id, SYSTEM, "保存期满", RULE)
    deletion.sweep(vault, [one.id])
    with pytest.raises(NotAllowed):
        seal_one(vault, post, capture, "a")
    assert checked(vault).faults == []


def test_a_bundle_says_what_was_deleted(
    vault: Vault, evidence: Evidence, write_control: Callable[[dict[str, bytes], Path], Path], tmp_path: Path
) -> None:
    manifest = vault.manifest(evidence.id)
    deletion.delete(vault, evidence.id, SYSTEM, "保存期满", RULE)
    deletion.sweep(vault, [evidence.id])
    heads.list_heads(vault)
    root = f"data/evidence/{evidence.id}/"
    files = {f"data/{name}": content for name, content in heads.place_files(vault, [evidence.id])}
    files |= {f"{root}custody/{name}": content for name, content in custody.files(vault, evidence.id)}
    report = verify.check(write_control(files, tmp_path / "bag"))
    assert (report.faults, len(report.deleted), report.evidence) == ([], 1, 0)
    files[f"{root}manifest.json"] = manifest
    faults = verify.verify_path(write_control(files, tmp_path / "other"))
    assert any("多出证据文件 manifest.json" in fault for fault in faults)
