"""What stands in a report, and that the two forms of it can be read: no word cut, no hostile byte at work."""

from __future__ import annotations

import gc
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from docx.opc.part import Part
from PIL import Image

from casework import flaws, report, volumes
from casework.blocks import SLICE, Block, Heading, Picture, Table, Text, slices, to_docx
from casework.drawing import plain_html
from casework.finding_report import finding_blocks
from casework.flaws import Look
from casework.labels import code_names
from casework.printing import Answering, Printer
from casework.sheets import Sheet
from core.errors import Unavailable
from core.model import (
    Absence,
    Element,
    Entity,
    Evidence,
    Finding,
    Item,
    Missing,
    Reason,
    Review,
    Span,
    Version,
)
from core.text import written_text
from tests.casework.desks import SEEN, TinyJudge, make_post

HOSTILE = "<w:t>&\x00\x1b[2J\ud83c\uffff</w:t>"


def finding(**changes: object) -> Finding:
    post = make_post("上门家教，数学🍠一对一，家教")
    verdict = TinyJudge().judge(post)
    suspicion = verdict.suspicions[0]
    again = (*suspicion.reasons, *suspicion.reasons)
    verdict = verdict.model_copy(update={"suspicions": (suspicion.model_copy(update={"reasons": again}),)})
    version = Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=("e" * 64,), seen_from=SEEN, seen_to=SEEN
    )
    fields: dict[str, object] = {
        "id": "post1", "source_id": "town", "channel": "forum", "url": post.url, "versions": (version,),
        "status": "flagged", "second_look": "done", "first_seen": SEEN, "last_seen": SEEN,
    }  # fmt: skip
    return Finding.model_validate(fields | changes)


def words(blocks: list[Block]) -> str:
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            texts += [cell for row in (block.head, *block.rows) for cell in row]
        else:
            texts.append(block.caption if isinstance(block, Picture) else block.text)
    return "\n".join(texts)


def sheet() -> Sheet:
    item = Item(
        role="dom", sha256="a" * 64, sm3="b" * 64, size=1, media_type="text/html", origin="derived", made_at=SEEN,
        how="drawn-dom",
    )  # fmt: skip
    evidence = Evidence(
        id="e" * 64, post_id="post1", url="http://tutor.test/1", look="second", items=(item,), captured_at=SEEN,
        missing=(Missing(role="response", cause="超时", url="http://tutor.test/a.png"),),
    )  # fmt: skip
    custody = (
        {"number": 1, "at": "2026-03-01T08:00:00Z", "event": "captured", "officer": "system", "reason": "scheduled work"},
        {"number": 2, "at": "2026-03-01T08:00:01Z", "event": "stamped", "officer": "system", "detail": "某机构"},
        {"number": 3, "at": "2026-03-01T08:00:02Z", "event": "exported", "officer": "wang", "reason": "移送",
         "detail": '{"at":"2026-03-01T08:00:00Z","bundle":"cc","receiver":"教育局","scope":"1 条线索"}'},
    )  # fmt: skip
    told = {"clock_state": "synchronised", "user_agent": "Wangxun/1", "zz_own": "x"}
    look = Look(evidence=evidence, custody=custody, provenance=told)
    return Sheet(1, finding(), {"e" * 64: look}, (), {"e" * 64: ()}, "某网站")


def volume() -> list[Block]:
    heads = report.Heads(
        "某案", "wang", "教育局", "移送", SEEN, 1, 1, {"wang": "王某（wang）", "system": "系统"}.__getitem__
    )
    return list(report.blocks(heads, [sheet()]))


def test_the_volume_speaks_chinese_of_what_machines_wrote() -> None:
    text = words(volume())
    for one in (
        "电子数据提取笔录", "证据清单", "截图页", "王某（wang）", "系统自动", "时间戳机构：某机构", "证据包 SHA-256 cc",
        "截至 2026年03月01日 16:00:00", "浏览器绘制完成后的网页代码", "系统时钟状态", "已与标准时间同步",
        "网络应答（http://tutor.test/a.png）：超时", "zz_own", "a" * 64, "b" * 64,
    ):  # fmt: skip
        assert one in text, one
    assert "scheduled work" not in text
    assert text.index("系统时钟状态") < text.index("zz_own")


@pytest.mark.parametrize(
    ("delay", "said"),
    [
        (timedelta(seconds=5), "取证后 5 秒"),
        (timedelta(seconds=-0.4), "取证后 0 秒"),
        (timedelta(seconds=-90), "早于取证 90 秒，取证设备与时间戳机构的时钟不一致"),
    ],
)
def test_a_stamp_from_before_the_capture_is_not_called_a_prompt_one(delay: timedelta, said: str) -> None:
    one = sheet()
    look = replace(one.looks["e" * 64], stamps=(flaws.Stamp("机构", delay),))
    heads = report.Heads("案由", "wang", "", "移送", SEEN, 1, 1)
    text = words(list(report.blocks(heads, [replace(one, looks={"e" * 64: look})])))
    assert f"机构，{said}\n" in text


def test_reasons_stand_once_and_an_empty_cell_is_marked() -> None:
    [table] = [
        block for block in finding_blocks(1, finding(), "某网站")
        if isinstance(block, Table) and block.head == ("原文", "含义", "权重", "依据")
    ]  # fmt: skip
    assert table.rows == (("“家教”", "—", "1", "—"),)


def test_words_of_one_meaning_stand_together_and_a_rule_once() -> None:
    quoted = [
        ("数学", "学科", "甲", 1.0),
        ("物理", "学科", "甲", 1.0),
        ("家教", "讲课", "甲", 1.5),
        ("找", "求", None, 1.0),
        ("请", "要", "乙", -0.5),
    ]
    reasons = tuple(
        Reason(
            signal="s", span=Span(start=0, end=2, text=text), weight=weight, meaning=meaning, clause=clause
        )
        for text, meaning, clause, weight in quoted
    )
    present = finding()
    [suspicion] = present.latest.verdict.suspicions
    verdict = present.latest.verdict.model_copy(
        update={"suspicions": (suspicion.model_copy(update={"reasons": reasons}),)}
    )
    version = present.latest.model_copy(update={"verdict": verdict})
    told = finding_blocks(1, present.model_copy(update={"versions": (version,)}), "某网站")
    [table] = [one for one in told if isinstance(one, Table) and one.head == ("原文", "含义", "权重", "依据")]
    assert table.rows == (
        ("“数学”、“物理”", "学科", "1", "甲"), ("“家教”", "讲课", "1.5", "同上"), ("“找”", "求", "1", "—"),
        ("“请”", "要", "-0.5", "乙"),
    )  # fmt: skip


def test_an_element_read_in_a_picture_says_so_and_the_versions_are_told() -> None:
    present = finding()
    written = len(written_text(present.latest.post))
    spans = (Span(start=0, end=2, text="上门"), Span(start=written + 1, end=written + 3, text="收费"))
    element = Element(route="条款", title="收费", spans=spans, check="账目")
    verdict = present.latest.verdict.model_copy(
        update={"elements": (element,), "rule_version": "r7", "model_version": "m8"}
    )
    version = present.latest.model_copy(update={"verdict": verdict})
    text = words(list(finding_blocks(1, present.model_copy(update={"versions": (version,)}), "某网站")))
    assert "“上门”、“收费”（图中文字）" in text
    assert "规则版本、模型版本\nr7；m8" in text


def test_what_a_post_names_is_told_with_what_stands_there() -> None:
    present = finding()
    written = len(written_text(present.latest.post))
    price = Entity(kind="price", value="150", unit="hour", span=Span(start=0, end=5, text="一百五一时"))
    place = Entity(
        kind="address", value="文化路8号", span=Span(start=written + 1, end=written + 6, text="文化路8号")
    )
    verdict = present.latest.verdict.model_copy(update={"entities": (place, price)})
    version = present.latest.model_copy(update={"verdict": verdict})
    text = words(list(finding_blocks(1, present.model_copy(update={"versions": (version,)}), "某网站")))
    assert (
        "帖中所写（机器摘录，以原文为准）：\n地址\n文化路8号（图中文字）\n价格\n150元/小时（原文“一百五一时”）"
        in text
    )


def test_a_page_that_went_and_came_back_is_told() -> None:
    later = SEEN + timedelta(days=1)
    gone = Absence(status=404, seen_from=SEEN, seen_to=later, evidence_ids=("f" * 64,))
    text = words(
        list(
            finding_blocks(1, finding(absences=(gone, gone.model_copy(update={"back_at": later}))), "某网站")
        )
    )
    assert "HTTP 404，2026年03月02日 16:00:00 仍不在" in text
    assert "2026年03月02日 16:00:00 恢复" in text


def test_decisions_carry_the_officers_name() -> None:
    review = Review(officer="wang", at=SEEN, outcome="confirmed", reason="属实", content_digest="d")
    told = list(finding_blocks(1, finding(decisions=(review,)), "某网站", {"wang": "王某"}.__getitem__))
    assert "王某：已确认。理由：属实" in words(told)


def test_decisions_carry_the_codes_named_and_the_judges_where_they_differ() -> None:
    review = Review(
        officer="wang", at=SEEN, outcome="confirmed", reason="属实", content_digest=finding().latest.content_digest,
        codes=finding().latest.verdict.codes,
    )  # fmt: skip
    agreed = words(list(finding_blocks(1, finding(decisions=(review,)), "某网站")))
    judged = code_names(review.codes)
    assert f"wang：已确认。认定类型：{judged}。理由：属实" in agreed
    other = review.model_copy(update={"codes": ("VENUE",)})
    told = words(list(finding_blocks(1, finding(decisions=(other,)), "某网站")))
    assert f"wang：已确认。认定类型：提供培训场地（系统判断：{judged}）。理由：属实" in told


def document(tmp_path: Path, blocks: list[Block]) -> Path:
    output = tmp_path / "x.docx"
    to_docx(blocks, output, "题", datetime(2026, 3, 1, tzinfo=UTC))
    return output


def test_a_document_says_all_and_obeys_nothing(tmp_path: Path) -> None:
    rows = (("甲\n乙\t丙", HOSTILE), ("“&”", "<b>"))
    read = Document(
        str(document(tmp_path, [Heading(HOSTILE, 0), Text(HOSTILE), Table(rows, ("一", "二"), (30, 70))]))
    )
    assert [cell.text for row in read.tables[0].rows for cell in row.cells] == [
        "一", "二", "甲\n乙\t丙", "<w:t>&[2J</w:t>", "“&”", "<b>",
    ]  # fmt: skip
    assert [one.text for one in read.paragraphs][:2] == ["<w:t>&[2J</w:t>"] * 2
    assert read.core_properties.title == "题"


def test_heads_stand_again_on_each_page_and_rows_are_not_torn(tmp_path: Path) -> None:
    made = document(
        tmp_path, [Heading("新页", 1, new_page=True), Table((("a",),), ("头",)), Text("理由："), report.SIGN]
    )
    with zipfile.ZipFile(made) as file:
        body = file.read("word/document.xml").decode()
        styles = file.read("word/styles.xml").decode()
    assert body.count("<w:tblHeader/>") == 1
    assert body.count("<w:cantSplit/>") == 5  # two rows of the table, three to sign
    assert "<w:pageBreakBefore/>" in body
    assert "<w:keepNext/>" in body
    assert 'w:eastAsia="Noto Sans CJK SC"' in styles
    assert 'w:lang w:val="en-US" w:eastAsia="zh-CN"' in styles


def test_a_table_without_rows_is_none(tmp_path: Path) -> None:
    assert Document(str(document(tmp_path, [Table(())]))).tables == []


def test_pages_are_numbered(tmp_path: Path) -> None:
    read = Document(str(document(tmp_path, [Text("一")])))
    footer = read.sections[0].footer._element.xml
    assert (
        footer.index("第 ") < footer.index('"PAGE"') < footer.index(" 页，共 ") < footer.index('"NUMPAGES"')
    )


def test_documents_leave_no_memory_behind(tmp_path: Path) -> None:
    """Their parts point at each other, and the collector does not see how large they are."""
    to_docx([Text("一")], tmp_path / "first.docx", "题", SEEN)
    before = [one for one in gc.get_objects() if isinstance(one, Part)]
    for number in range(3):
        to_docx([Text("一")], tmp_path / f"{number}.docx", "题", SEEN)
    after = [one for one in gc.get_objects() if isinstance(one, Part)]
    assert len(after) == len(before)
    assert gc.get_freeze_count() == 0


def test_a_tall_picture_is_cut_into_sheets_and_no_picture_is_said(tmp_path: Path) -> None:
    tall, none = tmp_path / "tall", tmp_path / "none"
    Image.new("RGB", (100, 2 * SLICE + 1)).save(tall, "PNG")
    none.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(16))
    assert [Image.open(io.BytesIO(part)).height for part in slices(tall)] == [SLICE, SLICE, 1]
    read = Document(str(document(tmp_path, [Picture(tall, "说明"), Picture(none, "坏图")])))
    last, caption = read.paragraphs[-3:-1]
    assert (last.paragraph_format.keep_with_next, caption.text) == (True, "说明")
    assert len(read.inline_shapes) == 3
    assert [one.text for one in read.paragraphs if one.text] == ["说明", "坏图（图片无法显示）"]


def test_the_printed_form_repeats_heads_and_keeps_things_together() -> None:
    page = plain_html(volume(), "题").decode()
    assert page.count("<thead>") == sum(isinstance(one, Table) and bool(one.head) for one in volume())
    assert "tr,figure{break-inside:avoid}" in page
    assert 'class="sign"' in page
    assert "default-src 'none'" in page


def test_every_reason_of_another_meaning_keeps_its_line() -> None:
    one = finding()
    span = Span(start=0, end=2, text="家教")
    reasons = tuple(
        Reason(signal="w", span=span, weight=1.0, meaning=meaning) for meaning in ("上门", "住家", "上门")
    )
    verdict = one.latest.verdict
    suspicion = verdict.suspicions[0].model_copy(update={"reasons": reasons})
    version = one.latest.model_copy(
        update={"verdict": verdict.model_copy(update={"suspicions": (suspicion,)})}
    )
    text = words(list(finding_blocks(1, finding(versions=(version,)), "某网站")))
    assert (text.count("上门\n"), text.count("住家\n")) == (1, 1)


class Falling(Printer):
    """A browser that falls so often before it prints."""

    def __init__(self, falls: int) -> None:
        super().__init__("no program")
        self._falls = falls

    def print(self, url: str, answer: Answering, output: Path, at: datetime, header: str = "") -> None:
        if self._falls:
            self._falls -= 1
            raise Unavailable("Chromium fell")
        output.write_bytes(b"%PDF")


def test_a_browser_that_falls_once_costs_no_volume(tmp_path: Path) -> None:
    made = [
        (one.name, Path(str(one.content)).exists())
        for one in volumes.bound([Text("x")], "a/b", tmp_path, Falling(1), SEEN)
    ]
    assert made == [("a/b.docx", True), ("a/b.pdf", True)]
    with pytest.raises(Unavailable):
        list(volumes.bound([Text("x")], "a/b", tmp_path, Falling(2), SEEN))
