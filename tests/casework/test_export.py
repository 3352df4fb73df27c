"""Bundles: who may make one, what is in it, what is recorded, and that they can be made again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework import audit, cases, export, intake, listing, masking, precheck, review, shelf
from casework.desk import Desk
from casework.parcel import Parcel, as_csv
from core import browsers
from core.errors import BadInput, NotAllowed, NotFound, Unavailable
from core.model import Finding
from evidence import custody, heads
from evidence.stamp import Authority
from evidence.test_authority import PretendAuthority
from evidence.verify import check, verify_path
from tests.casework.desks import PHONE, PNG, actor, make_capture, make_post, today

HOSTILE = "<script>alert(1)</script>家教"


@pytest.fixture(autouse=True)
def posts(desk: Desk) -> None:
    intake.take_in(desk, make_post(f"西湖区家教 {PHONE}", "1", title=HOSTILE), make_capture())
    intake.attach(desk, "post1", make_capture(picture=True))


def made(desk: Desk, output: Path, **changes: object) -> export.Exported:
    return export.hand_over(desk, actor(), ("post1",), output, pdf=False, **changes)  # type: ignore[arg-type]


def test_a_bundle_is_whole_and_checks(desk: Desk, tmp_path: Path) -> None:
    output = tmp_path / "bundle.zip"
    done = made(desk, output, receiver="某区教育局")
    assert done.digest == hashlib.sha256(output.read_bytes()).hexdigest()
    assert verify_path(output) == []
    with zipfile.ZipFile(output) as bundle:
        names = bundle.namelist()
        about = json.loads(bundle.read("data/about.json"))
        [finding] = [json.loads(bundle.read(name)) for name in names if name.endswith("finding.json")]
        report = bundle.read("data/report/第001册.html").decode()
        assert any(bundle.read(name) == PNG for name in names if name.startswith("data/evidence/"))
        [rule] = [name for name in names if name.startswith("data/rules/")]
        assert "上门家教" in bundle.read(rule).decode()
        assert "未经人工核实" in bundle.read("data/report/附表-瑕疵检查.csv").decode("utf-8-sig")
    assert {"verify.py", "校验说明.txt", "bundle.json", "data/report/第001册.docx", "data/术语表.txt"} <= set(
        names
    )
    assert sum(name.endswith("capture.wacz") for name in names) == 2
    assert (finding["id"], about["receiver"], about["reason"]) == ("post1", "某区教育局", "核查线索")
    assert HOSTILE not in report
    assert "&lt;script&gt;" in report
    for words in ("电子数据提取笔录", "证据清单", "截图页", "未经人工确认", "无外部时间戳", "瑕疵检查"):
        assert words in report
    for words in ("处罚要件", "文字未见，可查：对照白名单", "查过而没有发现的反证：面向成人"):
        assert words in report
    assert {path.name for path in tmp_path.iterdir()} == {"bundle.zip", "config", "data"}


def test_what_was_found_wanting_is_counted(desk: Desk, tmp_path: Path) -> None:
    done = made(desk, tmp_path / "bundle.zip")
    assert {one.kind for one in done.flaws} >= {"unconfirmed", "single_officer", "stamp_missing"}
    assert done.notes
    assert precheck.check(desk, actor(), ("post1",)) == done.flaws


def test_the_copy_for_sharing_shows_no_contact(desk: Desk, tmp_path: Path) -> None:
    made(desk, tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        (tmp_path / "shared.zip").write_bytes(bundle.read("data/脱敏副本.zip"))
        [original] = [bundle.read(name) for name in bundle.namelist() if name.endswith("finding.json")]
    assert verify_path(tmp_path / "shared.zip") == []
    with zipfile.ZipFile(tmp_path / "shared.zip") as shared:
        whole = {name: shared.read(name) for name in shared.namelist()}
        links = whole["data/原件对照.csv"].decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(whole["data/report/共享第001册.docx"])) as docx:
        text = docx.read("word/document.xml").decode()
    assert PHONE.encode() in original
    for name, content in [*whole.items(), ("docx", text.encode())]:
        assert PHONE.encode() not in content, name
        assert content != PNG
    assert "████" in text
    assert "-00.png，整幅遮盖，原件的 SHA-256 见" in text  # a grey sheet says what it is
    assert hashlib.sha256(original).hexdigest() in links
    assert hashlib.sha256(PNG).hexdigest() in links
    assert not any(name.startswith("data/evidence") for name in whole)
    about = json.loads(whole["data/about.json"])
    assert (about["reason"], about["officer"], about["kind"]) == ("", "", "shared")


def test_an_export_is_in_the_audit_trail_and_in_custody(desk: Desk, tmp_path: Path) -> None:
    digest = made(desk, tmp_path / "bundle.zip", receiver="某区教育局").digest
    [entry] = audit.chain(desk, "wang", today())
    assert (entry.action, entry.target) == ("export", "finding:post1")
    for words in (digest, "某区教育局", "核查线索", "1 条线索"):
        assert words in entry.reason
    for evidence_id in shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids:
        *_, begun, redacted, done = custody.chain(desk.vault, evidence_id)
        assert [one["event"] for one in (begun, redacted, done)] == ["exported", "redacted", "exported"]
        told = json.loads(done["detail"])
        assert (told["bundle"], told["receiver"], done["reason"]) == (digest, "某区教育局", "核查线索")


def test_what_is_packed_leaves_the_disk_at_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else ten thousand findings need room for all their pictures twice, and memory for the names when all goes."""
    left: list[str] = []
    record = export._record

    def look(wanted: Parcel, digest: str) -> None:
        left.extend(path.name for path in wanted.folder.rglob("*"))
        record(wanted, digest)

    monkeypatch.setattr(export, "_record", look)
    made(desk, tmp_path / "bundle.zip")
    assert "bundle.zip" in left
    assert not [name for name in left if name.endswith(".png") or name == "place.json"]


def test_made_again_for_the_same_moment_it_is_the_same(desk: Desk, tmp_path: Path) -> None:
    moment = datetime.now(UTC)
    first = made(desk, tmp_path / "1.zip", at=moment)
    heads.list_heads(desk.vault)  # a list made since knows of more custody than the bundle carries
    assert made(desk, tmp_path / "2.zip", at=moment) == first
    assert made(desk, tmp_path / "3.zip").digest != first.digest  # the custody has grown
    for number in (1, 2, 3):
        assert verify_path(tmp_path / f"{number}.zip") == []


def test_a_case_is_exported_with_its_findings(desk: Desk, tmp_path: Path) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    case = cases.open_case(desk, actor(), "某家教", ("post1",))
    done = export.hand_over(desk, actor(officer="li"), (), tmp_path / "case.zip", case.id, pdf=False)
    with zipfile.ZipFile(tmp_path / "case.zip") as bundle:
        assert json.loads(bundle.read("data/case.json"))["title"] == "某家教"
        assert "属实" in bundle.read("data/report/第001册.html").decode()
    assert verify_path(tmp_path / "case.zip") == []
    assert not {"unconfirmed", "single_officer"} & {one.kind for one in done.flaws}


def test_exports_need_role_reason_region_and_findings(desk: Desk, tmp_path: Path) -> None:
    output = tmp_path / "bundle.zip"
    with pytest.raises(BadInput):
        export.hand_over(desk, actor(reason=" "), ("post1",), output)
    with pytest.raises(NotAllowed):
        export.hand_over(desk, actor(role="viewer"), ("post1",), output)
    with pytest.raises(NotAllowed):
        export.hand_over(desk, actor(region="360100"), ("post1",), output)
    with pytest.raises(NotFound):
        export.hand_over(desk, actor(), ("nobody",), output)
    with pytest.raises(BadInput):
        export.hand_over(desk, actor(), (), output)
    assert not output.exists()


def test_a_bundle_that_fails_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Unavailable("disk full")

    monkeypatch.setattr(export, "_record", broken)
    with pytest.raises(Unavailable):
        made(desk, tmp_path / "bundle.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"config", "data"}


def test_without_a_browser_it_is_said(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "headless", lambda _: None)
    done = export.hand_over(desk, actor(), ("post1",), tmp_path / "bundle.zip")
    assert "Chromium" in done.notes[0]


def test_broken_evidence_is_found_before_and_stops_the_export(desk: Desk, tmp_path: Path) -> None:
    [first, _] = shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids
    desk.vault.path(first).unlink()
    [found, *_] = precheck.check(desk, actor(), ("post1",))
    assert (found.kind, found.count, found.fatal) == ("evidence_missing", 1, True)
    assert first in found.seen[0]
    with pytest.raises(NotFound):
        made(desk, tmp_path / "bundle.zip")
    assert not (tmp_path / "bundle.zip").exists()


def flaw_kinds(desk: Desk, evidence: str, before: Callable[[Path], None]) -> set[str]:
    before(desk.vault.folder)
    return {
        one.kind
        for one in precheck.check(desk, actor(), ("post1",))
        if any(evidence[:12] in seen for seen in one.seen)
    }


@pytest.mark.parametrize(
    ("broken", "kind"),
    [("item", "altered"), ("chain", "custody_gap"), ("tail", "custody_gap"), ("gone", "evidence_missing")],
)
def test_each_way_of_breaking_evidence_has_its_name_before_anything_is_made(
    desk: Desk, broken: str, kind: str
) -> None:
    """A screenshot that was changed, a custody line that was changed or cut off, a file that is gone."""
    second = shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids[-1]
    evidence = desk.vault.open(second, "viewed", actor()).evidence
    heads.list_heads(desk.vault)
    shot = desk.vault.path(next(item.sha256 for item in evidence.items if item.role == "screenshot"))
    chain = desk.vault.folder / "custody" / second

    def spoil(_: Path) -> None:
        if broken == "gone":
            shot.unlink()
        elif broken == "tail":
            max(chain.iterdir()).unlink()
        else:
            path = shot if broken == "item" else min(chain.iterdir())
            path.chmod(0o600)
            path.write_bytes(path.read_bytes().replace(b"P" if broken == "item" else b"captured", b"Q"))

    assert flaw_kinds(desk, second, spoil) == {kind}


def test_a_fresh_export_carries_its_place_in_a_list_and_the_store_knows_that_list(
    desk: Desk, tmp_path: Path
) -> None:
    made(desk, tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        names = bundle.namelist()
    assert sum(name.endswith("/place.json") for name in names) == 2
    assert "data/heads/000001.json" in names
    report = check(tmp_path / "bundle.zip")
    assert report.faults == []
    assert not any("还没有列入每日清单" in note for note in report.notes)
    [header] = heads.headers(desk.vault)
    assert not any("--head" in fault for fault in check(tmp_path / "bundle.zip", head=header.digest).faults)
    assert listing.faults(desk) == []


def stamped_by(desk: Desk, named: Authority, folder: Path) -> Desk:
    """The desk of an office that has named this authority."""
    file = folder / "stamps.json"
    plain = [{"name": named.name, "url": named.url, "ca": str(named.ca)}]
    file.write_text(json.dumps(plain), encoding="utf-8")
    return replace(desk, settings=desk.settings.model_copy(update={"stamps": file}))


def test_what_waits_for_its_stamp_is_stamped_before_it_goes_out(desk: Desk, tmp_path: Path) -> None:
    with PretendAuthority(tmp_path / "authority") as authority:
        named = authority.authority()
        done = made(stamped_by(desk, named, tmp_path), tmp_path / "bundle.zip")
    report = check(tmp_path / "bundle.zip", named.ca.read_bytes())
    assert (report.faults, report.stamps) == ([], 3)  # two looks and the list
    assert "stamp_missing" not in {one.kind for one in done.flaws}


def test_an_authority_that_is_away_stops_no_export(desk: Desk, tmp_path: Path) -> None:
    with PretendAuthority(tmp_path / "authority") as authority:
        named = authority.authority()
    cut_off = stamped_by(desk, named, tmp_path)
    assert "stamp_missing" in {one.kind for one in made(cut_off, tmp_path / "bundle.zip").flaws}


def test_a_copy_that_would_show_a_child_is_left_out_and_that_is_fatal(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "masked", lambda finding: finding)  # a mask that misses everything
    done = made(desk, tmp_path / "bundle.zip")
    assert [one.kind for one in done.flaws if one.fatal] == ["minors_shared"]
    assert any("对外共享副本没有放入" in note for note in done.notes)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        assert not any("脱敏副本" in name for name in bundle.namelist())
    assert verify_path(tmp_path / "bundle.zip") == []


def test_progress_goes_from_the_first_step_to_the_last(desk: Desk, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    made(desk, tmp_path / "bundle.zip", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(number, 6) for number in range(1, 7)]  # two looks twice, one finding twice


def test_what_progress_raises_ends_it_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, _: int) -> None:
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
        made(desk, tmp_path / "bundle.zip", progress=stop)
    assert {path.name for path in tmp_path.iterdir()} == {"config", "data"}


def test_what_a_killed_export_left_is_taken_away_by_the_next_and_a_living_one_is_left_alone(
    desk: Desk, tmp_path: Path
) -> None:
    with export._folder(tmp_path / "living.zip") as living:
        (tmp_path / ".wangxun-export-dead").mkdir()
        (tmp_path / ".wangxun-export-dead" / "bundle.zip").write_bytes(PHONE.encode())
        made(desk, tmp_path / "bundle.zip")
        assert living.is_dir()
        assert not (tmp_path / ".wangxun-export-dead").exists()


def test_entries_of_many_targets_are_one_chain_with_those_of_others(desk: Desk) -> None:
    targets = iter(["finding:1", "finding:2", "finding:3", "finding:4"])

    def disturbed() -> Iterator[str]:
        yield next(targets)
        yield next(targets)
        audit.record(desk, actor(), "view", "finding:9")  # the officer looks at something meanwhile
        yield from targets

    audit.record_each(desk, actor(), "export", disturbed(), "移交")
    entries = audit.chain(desk, "wang", today())
    assert [entry.target[-1] for entry in entries] == ["1", "2", "9", "3", "4"]
    assert {entry.reason for entry in entries if entry.action == "export"} == {"移交"}


def test_the_glossary_tells_coded_words_from_plain_ones(desk: Desk, tmp_path: Path) -> None:
    def coded(finding: Finding) -> Finding:
        verdict = finding.latest.verdict
        [suspicion] = verdict.suspicions
        first = suspicion.reasons[0]
        told = [("家傢", "“家傢”即“家教”"), ("数学", "学校科目"), ("语", "“话”即“语”")]
        reasons = tuple(
            first.model_copy(
                update={"span": first.span.model_copy(update={"text": word}), "meaning": meaning}
            )
            for word, meaning in told
        )
        verdict = verdict.model_copy(
            update={"suspicions": (suspicion.model_copy(update={"reasons": reasons}),)}
        )
        version = finding.latest.model_copy(update={"verdict": verdict})
        return finding.model_copy(update={"versions": (*finding.versions[:-1], version)})

    shelf.change_existing(desk.store, Finding, "post1", coded)
    made(desk, tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        text = bundle.read("data/术语表.txt").decode()
    one, two = text.split("\n\n二、")
    assert one.splitlines()[2:] == ["家傢\t“家傢”即“家教”"]
    assert two.splitlines()[2:] == ["数学\t学校科目", "语\t“话”即“语”"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "＝1+1", "＋1", "－1", "＠x", "\n=1+1", "\t=1"])
def test_nothing_in_a_table_is_taken_for_a_formula(cell: str) -> None:
    assert as_csv((cell,)).decode().lstrip('"').startswith("'")
    assert as_csv(("家教", "")).decode() == "家教,\r\n"
