"""The files of a bundle, in the order of their names, made one after the other as they are packed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from casework import drawing, flaws, report, volumes
from casework.blocks import Block
from casework.glossary import Glossary
from casework.gone import GONE
from casework.parcel import Parcel, as_csv, plain
from casework.printing import Printer
from casework.shared_copy import Copying
from casework.sheets import rules_of
from core.errors import Unavailable
from core.mask import CONTACT_KINDS
from core.model import Finding
from evidence import wacz
from evidence.bundle import Entry, evidence_entries, remaining_entries
from evidence.custody import chain
from evidence.heads import place_files
from evidence.sealed import Sealed

# Evidence looked up in the daily lists at once: each answer takes some kilobytes while it is made, each look a list.
CHUNK = 500
NOT_SHARED = "对外共享副本没有放入：遮盖之后仍有联系方式或未成年人信息，须由人工遮盖后另行制作"
NO_BROWSER = "没有用 Chromium（本机没有，或未要求）：没有打印 PDF，对外副本的图片整幅遮盖"


def steps(parcel: Parcel) -> int:
    """How often `tick` will be called: twice for each evidence, twice for each finding."""
    return 2 * len(parcel.evidence_ids) + 2 * len(parcel.finding_ids)


class Contents:
    """Makes the entries; afterwards `tally` has the flaws, `notes` what is missing. `tick` follows each step."""

    def __init__(
        self, parcel: Parcel, printer: Printer | None, tick: Callable[[], None] = lambda: None
    ) -> None:
        self._parcel, self._printer, self._tick = parcel, printer, tick
        self._rules: dict[str, str] = {}
        self._words = Glossary()
        self.tally = flaws.Tally()
        self.notes: list[str] = [] if printer else [NO_BROWSER]
        if parcel.deleted:
            self.notes.append(f"有 {len(parcel.deleted)} 份证据{GONE}，只附保管记录")

    def entries(self, about: bytes) -> Iterator[Entry]:
        """All files of the payload but the bundle's own."""
        parcel = self._parcel
        yield Entry("about.json", about)
        if parcel.case:
            yield Entry("case.json", plain(parcel.case.model_dump(mode="json")))
        yield from self._evidence(placed := self._placed())
        for key, finding_id in parcel.keys:
            finding = parcel.finding(finding_id)
            self._learn(finding)
            yield Entry(f"findings/{key}/finding.json", parcel.finding_json(finding))
        for path in sorted(path for path in placed.glob("heads/**/*") if path.is_file()):
            yield Entry(path.relative_to(placed).as_posix(), path)
        yield from self._report()
        for name, digest in sorted(self._rules.items()):
            yield Entry(f"rules/{name}", parcel.desk.vault.get(digest), digest)
        yield Entry("术语表.txt", self._words.written())
        yield from self._shared()

    def _evidence(self, placed: Path) -> Iterator[Entry]:
        """What is derived of each, then what was sealed."""
        parcel = self._parcel
        for evidence_id in parcel.evidence_ids:
            yield from self._derived(self._take_out(evidence_id))
            self._tick()
        for evidence_id in sorted((*parcel.evidence_ids, *parcel.deleted)):
            place = self._place(placed / "evidence" / evidence_id)
            if evidence_id in parcel.deleted:
                yield from remaining_entries(evidence_id, chain(parcel.desk.vault, evidence_id), place)
                continue
            yield from evidence_entries(parcel.binder.sealed(evidence_id), parcel.at, place)
            self._tick()

    @staticmethod
    def _place(folder: Path) -> bytes | None:
        """Its place in the daily lists, gone from the disk at once: to clear ten thousand folders at the end takes
        memory for the names of all.
        """
        file = folder / "place.json"
        if not file.is_file():
            return None
        place = file.read_bytes()
        file.unlink()
        folder.rmdir()
        return place

    def _shared(self) -> Iterator[Entry]:
        """The copy for sharing, unless it would show what it must not."""
        copying = Copying(self._parcel, self._printer, self._tick)
        copied = copying.pack()
        for flaw in copying.doubts:
            self.tally.add(flaw)
        if copying.doubts:
            self.notes.append(NOT_SHARED)
        else:
            yield Entry("脱敏副本.zip", copied)

    def _take_out(self, evidence_id: str) -> Sealed:
        """The one line of custody with which an export begins."""
        parcel = self._parcel
        detail = f"导出开始：{parcel.scope}，接收：{parcel.receiver or '未填写'}"
        sealed = parcel.desk.vault.open(evidence_id, "exported", parcel.actor, detail)
        parcel.binder.put(sealed)
        for name, digest in (rules_of(sealed) or {}).items():
            if digest:
                self._rules[f"{digest[:8]}-{name}"] = digest
        return sealed

    def _placed(self) -> Path:
        """Each evidence's place in the daily lists, and those lists, laid on disk: they are long."""
        folder, ids, vault = (
            self._parcel.folder / "placed",
            (*self._parcel.evidence_ids, *self._parcel.deleted),
            self._parcel.desk.vault,
        )
        folder.mkdir()
        for start in range(0, len(ids), CHUNK):
            for name, content in place_files(vault, ids[start : start + CHUNK], self._parcel.at):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        return folder

    def _derived(self, sealed: Sealed) -> Iterator[Entry]:
        """What replay tools and people open, made from the sealed files, and what each was made from."""
        kept = {item.role: item for item in sealed.evidence.items}
        told: dict[str, dict[str, str]] = {}
        root = f"derived/{sealed.evidence.id}/"
        if "warc" in kept:
            warc, packed = self._fresh("one.warc.gz"), self._fresh("capture.wacz")
            warc.write_bytes(sealed.read(kept["warc"]))
            wacz.build(packed, warc, sealed.evidence)
            told["capture.wacz"] = {
                "from": kept["warc"].sha256,
                "how": "封存的 WARC 原样装入 WACZ 1.1.1，加索引",
            }
            yield Entry(root + "capture.wacz", packed)
            if "dom" in kept and self._printer:
                output = self._fresh("page.pdf")
                told["page.pdf"] = self._print(self._printer, sealed, warc, output)
        yield Entry(root + "derived.json", plain(told))
        if told.get("page.pdf", {}).get("how"):
            yield Entry(root + "page.pdf", output)

    def _print(self, printer: Printer, sealed: Sealed, warc: Path, output: Path) -> dict[str, str]:
        """Print the page; a page that cannot be drawn any more is told, not hidden."""
        dom = next(item for item in sealed.evidence.items if item.role == "dom")
        try:
            drawing.print_page(
                printer, sealed.evidence, sealed.read(dom), wacz.sealed(warc), output, self._parcel.at
            )
        except Unavailable as error:
            return {"from": dom.sha256, "missing": f"没有打印成：{error}"}
        return {"from": dom.sha256, "how": "Chromium 离线打印封存的网页代码和当时收到的样式、图片"}

    def _fresh(self, name: str) -> Path:
        path = self._parcel.folder / name
        path.unlink(missing_ok=True)
        return path

    def _learn(self, finding: Finding) -> None:
        """Coded words and what they mean, for the glossary; contacts are no words."""
        for version in finding.versions:
            hidden = {item.span.text for item in version.verdict.entities if item.kind in CONTACT_KINDS}
            for suspicion in version.verdict.suspicions:
                for reason in suspicion.reasons:
                    if reason.span.text not in hidden:
                        self._words.learn(reason)

    def _report(self) -> Iterator[Entry]:
        parcel = self._parcel
        table = parcel.folder / "flaws.csv"
        table.write_bytes(as_csv(flaws.COLUMNS, first=True))
        pictures = parcel.folder / "pictures"
        for number, ids in volumes.cut(parcel.finding_ids):
            pictures.mkdir()
            blocks = self._volume(number, tuple(ids), pictures, table)
            for _ in ids:
                self._tick()
            name = f"report/第{number:03d}册"
            yield from volumes.bound(blocks, name, parcel.folder, self._printer, parcel.at)
            for path in pictures.iterdir():
                path.unlink()
            pictures.rmdir()
        yield Entry("report/附表-瑕疵检查.csv", table)

    def _volume(self, number: int, ids: tuple[str, ...], pictures: Path, table: Path) -> list[Block]:
        parcel = self._parcel
        sheets = [parcel.binder.sheet(parcel.number(name), parcel.finding(name), pictures) for name in ids]
        with table.open("ab") as file:
            for flaw in (flaw for sheet in sheets for flaw in sheet.flaws):
                self.tally.add(flaw)
                file.write(as_csv(flaws.row(flaw)))
        matter = parcel.case.title if parcel.case else "涉嫌违规开展校外培训线索"
        heads = report.Heads(
            matter, parcel.actor.officer, parcel.receiver, parcel.actor.reason, parcel.at,
            number, volumes.count(len(parcel.finding_ids)), parcel.name_of,
        )  # fmt: skip
        return list(report.blocks(heads, sheets))
