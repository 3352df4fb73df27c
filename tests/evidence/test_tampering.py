"""Any one change to a vault, a custody log or a bundle, at random places, is found and named."""

from __future__ import annotations

import os
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence import heads, stamp, verify
from evidence.manifest import canonical
from evidence.stored_zip import StoredZip
from evidence.test_authority import PretendAuthority
from evidence.vault import Vault

LONG = os.environ.get("WANGXUN_TEST_LONG") == "1"
ROUNDS = 1000 if LONG else 30  # the number, and what a minute of `make test` bears


def files_of(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def flip(root: Path, chance: random.Random) -> Path:
    path = chance.choice([path for path in files_of(root) if path.stat().st_size])
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    rewrite(path, bytes(content))
    return path


def cut(root: Path, chance: random.Random) -> Path:
    path = chance.choice([path for path in files_of(root) if path.stat().st_size])
    rewrite(path, path.read_bytes()[: chance.randrange(path.stat().st_size)])
    return path


def remove(root: Path, chance: random.Random) -> Path:
    path = chance.choice(files_of(root))
    path.unlink()
    return path


def add(root: Path, chance: random.Random) -> Path:
    beside = chance.choice(files_of(root))
    names = [
        f"{beside.name}.bak",
        beside.name.upper() + "x",
        f"{chance.getrandbits(256):064x}",
        "000000.json",
    ]
    path = beside.with_name(chance.choice(names))
    path.write_bytes(chance.choice([b"", b"{}", beside.read_bytes()]))
    return path


def rename(root: Path, chance: random.Random) -> Path:
    path = chance.choice(files_of(root))
    other = chance.choice(files_of(root)).parent / chance.choice([path.name + "x", path.name[::-1], "x"])
    path.rename(other)
    return path


def case(root: Path, chance: random.Random) -> Path:
    """The case of letters: some file systems would not even notice."""
    path = chance.choice([path for path in files_of(root) if path.name != path.name.upper()])
    path.rename(path.with_name(path.name.upper()))
    return path


def reorder(root: Path, chance: random.Random) -> Path:
    """Two files of one folder change places (with the list of all, only that one could be named)."""
    while True:
        first = chance.choice(files_of(root))
        second = chance.choice([path for path in files_of(root) if path.parent == first.parent])
        if first.read_bytes() != second.read_bytes() and "bundle.json" not in (first.name, second.name):
            contents = first.read_bytes(), second.read_bytes()
            rewrite(first, contents[1])
            rewrite(second, contents[0])
            return first


KINDS: list[Callable[[Path, random.Random], Path]] = [flip, cut, remove, add, rename, case, reorder]


@pytest.mark.parametrize("what", ["stocked", "bag"])
def test_one_change_at_random_places(what: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    whole = request.getfixturevalue(what)
    assert verify.verify_path(whole) == []
    missed = []
    for number in range(ROUNDS):
        chance = random.Random(number)
        spoiled = Path(shutil.copytree(whole, tmp_path / "spoiled"))
        kind = chance.choice(KINDS)
        path = kind(spoiled, chance)
        faults = verify.verify_path(spoiled)
        if not any(named(path, spoiled, fault) for fault in faults):
            missed.append((number, kind.__name__, path.relative_to(spoiled).as_posix(), faults[:2]))
        shutil.rmtree(spoiled)
    assert missed == [], "\n".join(map(str, missed))


Members = list[tuple[str, bytes]]


def drop(members: Members, chance: random.Random) -> str:
    return members.pop(chance.randrange(len(members)))[0]


def insert(members: Members, chance: random.Random) -> str:
    beside = chance.choice(members)[0]
    name = chance.choice([f"{beside}.bak", beside.upper() + "x", "zz", "data/zz", "../x"])
    members.insert(chance.randrange(len(members) + 1), (name, chance.choice([b"", b"{}"])))
    return name


def twice(members: Members, chance: random.Random) -> str:
    place = chance.randrange(len(members))
    members.insert(place, members[place])
    return members[place][0]


def spell(members: Members, chance: random.Random) -> str:
    place = chance.choice([n for n, (name, _) in enumerate(members) if name != name.upper()])
    name, content = members[place]
    members[place] = (
        chance.choice([name.upper(), f"{name}x", f"./{name}", name.replace("/", "\\") + "x"]),
        content,
    )
    return name


def swap(members: Members, chance: random.Random) -> str:
    """Their order in the archive only: every list still says the truth."""
    one, two = sorted(chance.sample(range(len(members)), 2))
    members[one], members[two] = members[two], members[one]
    return members[one][0]


def exchange(members: Members, chance: random.Random) -> str:
    while True:
        one, two = chance.sample(range(len(members)), 2)
        (first, a), (second, b) = members[one], members[two]
        if a != b and "bundle.json" not in (first, second):
            members[one], members[two] = (first, b), (second, a)
            return first


def alter(members: Members, chance: random.Random) -> str:
    """A byte of a file, with the archive's own sums made right for it."""
    place = chance.choice([n for n, (_, content) in enumerate(members) if content])
    name, content = members[place]
    at = chance.randrange(len(content))
    members[place] = (
        name,
        content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :],
    )
    return name


PACKED: list[Callable[[Members, random.Random], str]] = [drop, insert, twice, spell, swap, exchange, alter]


def write_zip(members: Members, path: Path) -> None:
    """By our own writer, so that every header is as it must be for what stands there."""
    with path.open("wb") as out, path.with_suffix(".directory").open("w+b") as directory:
        archive = StoredZip(out, directory)
        for name, content in members:
            archive.add(name, content)
        archive.close()


def test_one_change_of_what_a_zip_holds_at_random_places(bag: Path, tmp_path: Path) -> None:
    names = sorted(
        (path.relative_to(bag).as_posix() for path in files_of(bag)),
        key=lambda one: (not one.startswith("data/"), one),
    )
    whole = [(name, (bag / name).read_bytes()) for name in names]
    packed = tmp_path / "x.zip"
    write_zip(whole, packed)
    assert verify.verify_path(packed) == []
    missed = []
    for number in range(ROUNDS):
        chance, members = random.Random(number), list(whole)
        kind = chance.choice(PACKED)
        name = kind(members, chance)
        if members == whole:
            continue
        write_zip(members, packed)
        faults = verify.verify_path(packed)
        if not any(named(Path(name), Path(), fault) for fault in faults):
            missed.append((number, kind.__name__, name, faults[:2]))
    assert missed == [], "\n".join(map(str, missed))


@pytest.mark.parametrize("how", ["comment", "folder", "packed", "time", "before", "behind", "extra"])
def test_another_writer_s_zip_of_the_same_files_is_refused(bag: Path, tmp_path: Path, how: str) -> None:
    names = sorted(
        (path.relative_to(bag).as_posix() for path in files_of(bag)),
        key=lambda one: (not one.startswith("data/"), one),
    )
    packed = tmp_path / "x.zip"
    write_zip([(name, (bag / name).read_bytes()) for name in names], packed)
    if how in ("before", "behind"):
        packed.write_bytes(b"#!x\n" + packed.read_bytes() if how == "before" else packed.read_bytes() + b"\0")
    elif how == "comment":
        with zipfile.ZipFile(packed, "a") as archive:
            archive.comment = b"x"
    elif how == "folder":
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr("data/empty/", b"")
    else:
        packed.unlink()
        with zipfile.ZipFile(
            packed, "w", zipfile.ZIP_DEFLATED if how == "packed" else zipfile.ZIP_STORED
        ) as archive:
            for name in names:
                told = zipfile.ZipInfo(
                    name, (2026, 3, 1, 0, 0, 0) if how == "time" else (1980, 1, 1, 0, 0, 0)
                )
                told.compress_type = archive.compression
                told.extra = b"\x99\x99\0\0" if how == "extra" else b""
                archive.writestr(told, (bag / name).read_bytes())
    assert verify.verify_path(packed)


def named(path: Path, root: Path, fault: str) -> bool:
    """The fault names the file, the thing it belongs to, or the number of the entry or list that it is."""
    place = path.relative_to(root) if root.parts else path
    known = [path.name, *(part for part in place.parts if re.fullmatch("[0-9a-f]{64}", part))]
    if re.fullmatch(r"\d{6}\.(json|tsq|tsr|pem)", path.name):
        known.append(f"第 {int(path.name[:6])} ")
    return any(one.lower() in fault.lower() for one in known)


def test_custody_log_alone(stocked: Path) -> None:
    log = stocked / "custody"
    report = verify.check(log)
    assert (report.faults, report.evidence) == ([], 0)
    chain = max(log.iterdir(), key=lambda folder: len(list(folder.iterdir())))
    assert verify.verify_path(chain) == []
    (chain / "000002.json").unlink()
    assert "缺少第 2 条" in verify.verify_path(chain)[0]
    assert "缺少第 2 条" in verify.verify_path(log)[0]


def test_a_cut_off_tail_is_found_by_the_list(stocked: Path) -> None:
    chain = max((stocked / "custody").iterdir(), key=lambda folder: len(list(folder.iterdir())))
    last = max(chain.iterdir())
    last.unlink()
    [fault, *_] = verify.verify_path(stocked)
    assert "每日清单" in fault
    assert chain.name in fault


def test_a_chain_that_is_gone_is_found_by_the_list(stocked: Path) -> None:
    chain = max((stocked / "custody").iterdir(), key=lambda folder: len(list(folder.iterdir())))
    shutil.rmtree(chain)
    assert f"缺少 {chain.name} 的保管记录" in "".join(verify.verify_path(stocked))


def restamp(root: Path, forger: PretendAuthority) -> None:
    """Someone who holds the whole vault makes each stamp anew, and every digest after it."""
    vault = Vault(root)
    for chain in sorted((root / "custody").iterdir()):
        previous = chain.name
        for path in sorted(chain.iterdir()):
            entry = verify._json(path.read_bytes(), "")
            if entry["event"] == "stamped":
                entry["stamp"] = stamp.ask(forger.authority(), stamp._content(vault, chain.name))
            entry |= {"previous": previous, "digest": ""}
            entry["digest"] = verify.sha256(canonical(entry))
            rewrite(path, canonical(entry))
            previous = verify.sha256(path.read_bytes())


def test_restamped_by_another_authority_is_found_with_trust(
    stocked: Path, authority: PretendAuthority, other: PretendAuthority
) -> None:
    trust = (authority.folder / "ca.pem").read_bytes()
    assert verify.check(stocked, trust).faults == []
    shutil.rmtree(stocked / "heads")
    for chain in (stocked / "custody").iterdir():
        if '"heads"' in (chain / "000001.json").read_text(encoding="utf-8"):
            kept = verify._json((chain / "000001.json").read_bytes(), "")["kept"]
            shutil.rmtree(chain)
            (stocked / kept[0][:2] / kept[0]).unlink()
            (stocked / "todo" / "stamp" / chain.name).unlink(missing_ok=True)
    restamp(stocked, other)
    known = heads.list_heads(Vault(stocked)).digest
    assert verify.check(stocked).faults == []  # consistent with itself: this is why anchors are needed
    assert verify.check(stocked, head=known).faults == []
    assert "--trust 所给的机构" in verify.check(stocked, trust).faults[0]
    assert "--head" in verify.check(stocked, head="0" * 64).faults[0]


def test_head_names_a_list_and_covers_what_it_lists(stocked: Path, bag: Path) -> None:
    known = heads.headers(Vault(stocked))
    for path in (stocked, bag):
        assert verify.check(path, head=known[-1].digest).faults == []
        assert "--head" in verify.check(path, head="f" * 64).faults[0]
    assert "不在 --head" in verify.check(stocked, head=known[0].digest).faults[0]


def test_rewriting_everything_is_found_with_the_head_that_was_written_down(
    stocked: Path, authority: PretendAuthority, other: PretendAuthority
) -> None:
    """The forger even uses the same authority: only the number outside tells."""
    written_down = heads.headers(Vault(stocked))[-1].digest
    for header in (stocked / "heads").iterdir():
        plain = verify._json(header.read_bytes(), "")
        rewrite(header, canonical({**plain, "at": "2020-01-01T00:00:00Z"}))
    faults = verify.check(stocked, head=written_down).faults
    assert faults


def test_an_empty_folder_in_an_unpacked_bundle_is_refused(bag: Path) -> None:
    (bag / "data" / "别的").mkdir()
    assert verify.verify_path(bag) == ["多出空文件夹 data/别的"]


def test_certificates_of_several_authorities_may_stand_in_one_file(
    stocked: Path, authority: PretendAuthority, other: PretendAuthority
) -> None:
    """As after a change of an authority's key: old and new below each other."""
    old, new = ((one.folder / "ca.pem").read_bytes() for one in (authority, other))
    for trust in (old + new, new + old):
        assert verify.check(stocked, trust).faults == []
    assert verify.check(stocked, new).faults
