"""The copy for sharing: the same findings with contacts, names and minors covered, pictures drawn again without
anybody else's words and faces, each file tied to its original by digest. A bundle of the same form by itself.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image

from casework import covered_page, flaws, masking, volumes
from casework.blocks import Block, Heading, Picture, Text
from casework.finding_report import finding_blocks
from casework.parcel import Parcel, as_csv
from casework.printing import Printer
from casework.report import item_name
from casework.sheets import PICTURES, evidence_ids
from core.errors import Unavailable
from core.model import Finding, Item, Version
from core.text import judged_text
from evidence import bundle, wacz
from evidence.bundle import Entry
from evidence.sealed import Sealed

NOTICE = (
    "对外共享副本：联系方式、姓名、未成年人和无关人员的信息已由程序遮盖，网页上的图片一律遮盖。"
    "程序遮盖不能代替人，分发前须由人逐页核看。原件只由办案单位保管。"
)
REDRAWN = "按封存的网页代码遮盖后重新绘制，版式可能与原截图略有不同"
COVERED = "整幅遮盖"
LINK_COLUMNS = ("副本文件", "副本SHA-256", "原件", "原件SHA-256", "证据编号", "遮盖方法")
_GREY = (153, 153, 153)


@cache
def _sheet() -> bytes:
    """What stands for a picture of which nothing may be seen."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), _GREY).save(out, "PNG")
    return out.getvalue()


@dataclass
class Copying:
    """The making of one copy; `links` tie files to originals, `doubts` are flaws of the copy itself."""

    parcel: Parcel
    printer: Printer | None
    tick: Callable[[], None] = lambda: None
    links: Path = field(init=False)
    doubts: list[flaws.Flaw] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pictures = self.parcel.folder / "covered"
        self.pictures.mkdir()
        self.links = self.parcel.folder / "links.csv"
        self.links.write_bytes(as_csv(LINK_COLUMNS, first=True))

    def pack(self) -> Path:
        """Make it; where it lies. Raises Unavailable, EvidenceBroken."""
        output = self.parcel.folder / "shared.zip"
        about = self.parcel.about("shared")
        facts = bundle.About(self.parcel.at, "网巡证据包的对外共享副本（已遮盖）", self.parcel.urn(about))
        bundle.pack(output, self._entries(about), facts)
        return output

    def _entries(self, about: bytes) -> Iterator[Entry]:
        yield Entry("about.json", about)
        for key, finding_id in self.parcel.keys:
            yield Entry(f"findings/{key}.json", self._finding(key, self.parcel.finding(finding_id)))
        for key, finding_id in self.parcel.keys:
            yield from self._pictures(key, self.parcel.finding(finding_id))
            self.tick()
        for number, ids in volumes.cut(self.parcel.finding_ids):
            name = f"report/共享第{number:03d}册"
            blocks = self._blocks(ids)
            yield from volumes.bound(blocks, name, self.parcel.folder, self.printer, self.parcel.at)
            for path in (path for one in ids for path in self._drawn(self.parcel.key(one))):
                path.unlink()  # packed, and shown in its volume: the pictures of ten thousand would fill the disk
        yield Entry("原件对照.csv", self.links)

    def _finding(self, key: str, finding: Finding) -> bytes:
        plain = json.dumps(
            masking.masked(finding).model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1
        )
        if left := masking.still_open(finding, plain):
            seen = f"仍有 {len(left)} 处联系方式、姓名或学校没有遮盖"
            self.doubts.append(flaws.Flaw("minors_shared", finding.id, "对外副本", seen))
        content = plain.encode("utf-8", "backslashreplace")
        original = self.parcel.finding_json(finding)
        self._link(
            f"findings/{key}.json", content, "线索记录", hashlib.sha256(original).hexdigest(), "", "文字遮盖"
        )
        return content

    def _pictures(self, key: str, finding: Finding) -> Iterator[Entry]:
        number = 0
        for version in finding.versions:
            for evidence_id in (name for name in version.evidence_ids if name not in self.parcel.deleted):
                sealed = self.parcel.binder.sealed(evidence_id)
                for item in sealed.evidence.items:
                    if item.media_type.split(";")[0] in PICTURES:
                        path = self._picture(key, number)
                        how = self._cover(finding, sealed, item, version, path)
                        name = f"pictures/{path.name}"
                        self._link(
                            name, path.read_bytes(), item_name(item.role), item.sha256, evidence_id, how
                        )
                        yield Entry(name, path)
                        number += 1

    def _cover(self, finding: Finding, sealed: Sealed, item: Item, version: Version, output: Path) -> str:
        """Draw the page again where it can be, once for all parts of its screenshot; else a grey sheet."""
        first: dict[str, Item] = {}
        for one in sealed.evidence.items:
            first.setdefault(one.role, one)
        if self.printer and item == first.get("screenshot") and "dom" in first:
            secrets = masking.secrets_of(finding)
            try:
                self._draw(self.printer, sealed, first, version, secrets, output)
            except (Unavailable, ValueError):
                output.write_bytes(_sheet())
                return f"{COVERED}（网页代码不能重新绘制）"
            return REDRAWN
        output.write_bytes(_sheet())
        return COVERED

    def _draw(
        self,
        printer: Printer,
        sealed: Sealed,
        kept: dict[str, Item],
        version: Version,
        secrets: frozenset[str],
        output: Path,
    ) -> None:
        warc = self.parcel.folder / "covered.warc.gz"
        warc.write_bytes(sealed.read(kept["warc"]))
        received = wacz.sealed(warc)
        page = covered_page.cover(
            sealed.read(kept["dom"]), judged_text(version.post), masking.is_seeker(version), secrets
        )
        url = sealed.evidence.url.split("#")[0]
        printer.picture(url, covered_page.answers(received, url, page), output)

    def _blocks(self, ids: Sequence[str]) -> list[Block]:
        blocks: list[Block] = [Heading("网巡线索报告（对外共享副本）", 0), Text(NOTICE, warning=True)]
        for finding_id in ids:
            finding, number = self.parcel.finding(finding_id), self.parcel.number(finding_id)
            blocks += finding_blocks(number, masking.masked(finding), self.parcel.source(finding))
            for path in self._drawn(self.parcel.key(finding_id)):
                how = COVERED if path.read_bytes() == _sheet() else "遮盖后重新绘制"
                blocks.append(Picture(path, f"pictures/{path.name}，{how}，原件的 SHA-256 见“原件对照.csv”"))
            if not evidence_ids(finding):
                blocks.append(Text("没有证据文件。"))
        return blocks

    def _picture(self, key: str, number: int) -> Path:
        return self.pictures / f"{key}-{number:02d}.png"

    def _drawn(self, key: str) -> Iterator[Path]:
        """By their names: to look through the folder for each finding would take the square of their number."""
        number = 0
        while (path := self._picture(key, number)).exists():
            yield path
            number += 1

    def _link(
        self, name: str, content: bytes, original: str, digest: str, evidence_id: str, how: str
    ) -> None:
        row = (name, hashlib.sha256(content).hexdigest(), original, digest, evidence_id, how)
        with self.links.open("ab") as file:
            file.write(as_csv(row))
