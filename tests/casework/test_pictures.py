"""Pictures on the one path: read once, judged, kept, masked; and read again where another try may find more."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from casework import intake, masking, pictures, review, shelf
from casework.desk import Desk
from core.model import SYSTEM, Capture, Evidence, Finding, Picture, PictureLine, Post, Sighting
from nlp.pictures import PictureText
from tests.casework.desks import PHONE, SEEN, actor, make_capture, make_post

BYTES = b"a poster"
URL = "http://tutor.test/1.png"
LATER = SEEN + timedelta(days=1)
WORDS = PictureText(lines=(PictureLine(text=f"上门家教{PHONE}", box=(1, 2, 3, 4)),))


@dataclass
class FakeReader:
    """Reads what it is told to, and counts."""

    version: str = "reader 1"
    answer: PictureText = WORDS
    counts: Counter[str] = field(default_factory=Counter)
    closed: bool = False

    def read(self, digest: str, content: bytes) -> PictureText:
        assert hashlib.sha256(content).hexdigest() == digest
        self.counts["read"] += 1
        return self.answer

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def seeing(desk: Desk, reader: FakeReader) -> Desk:
    return replace(desk, pictures=reader)


def shown(number: int = 1, body: str = "看图", **changes: object) -> Post:
    found = tuple(
        Picture(url=f"{URL}?{place}", sha256=hashlib.sha256(BYTES + bytes(place)).hexdigest())
        for place in range(number)
    )
    return make_post(body, pictures=found, **changes)


def look(number: int = 1) -> Capture:
    capture = make_capture()
    [page] = capture.exchanges
    more = [
        page.model_copy(update={"url": f"{URL}?{place}", "body": BYTES + bytes(place)})
        for place in range(number)
    ]
    return capture.model_copy(update={"exchanges": (page, *more)})


def kept(desk: Desk) -> Finding:
    return shelf.load(desk.store, Finding, "post1")[0]


def test_what_only_the_picture_says_is_found_and_kept_with_its_place(seeing: Desk) -> None:
    assert intake.take_in(seeing, shown(), look()).outcome == "flagged"
    [line] = kept(seeing).latest.post.pictures[0].lines
    assert (line.text, line.box) == (f"上门家教{PHONE}", (1, 2, 3, 4))
    assert kept(seeing).contact_ids


def test_met_again_it_is_not_read_again(seeing: Desk, reader: FakeReader) -> None:
    intake.take_in(seeing, shown(), look())
    assert intake.take_in(seeing, shown(seen_at=LATER), look()).outcome == "unchanged"
    assert reader.counts["read"] == 1


def test_an_edit_of_the_words_reads_no_picture_again(seeing: Desk, reader: FakeReader) -> None:
    intake.take_in(seeing, shown(), look())
    assert intake.take_in(seeing, shown(body="看图，价格可议", seen_at=LATER), look()).outcome == "changed"
    assert (reader.counts["read"], kept(seeing).latest.post.pictures[0].text) == (1, f"上门家教{PHONE}")


@pytest.mark.parametrize(
    ("first", "version", "tries"),
    [
        (PictureText(unread="识别用时过长", settled=False), "reader 1", 2),  # a passing cause
        (PictureText(unread="不是能识别的图片格式"), "reader 1", 1),  # would be found again
        (PictureText(), "reader 2", 2),  # a better reader may see more
    ],
)
def test_a_clear_post_is_looked_at_again_only_where_that_may_help(
    seeing: Desk, reader: FakeReader, first: PictureText, version: str, tries: int
) -> None:
    reader.answer = first
    assert intake.take_in(seeing, shown(), look()).outcome == "clear"
    reader.answer, reader.version = WORDS, version
    again = intake.take_in(seeing, shown(seen_at=LATER), look())
    assert (reader.counts["read"], again.outcome) == (tries, "flagged" if tries == 2 else "unchanged")


def test_today_means_the_reader_of_today(seeing: Desk, reader: FakeReader) -> None:
    intake.take_in(seeing, make_post("书法课", native_id="2"), make_capture())
    reader.answer = PictureText()
    intake.take_in(seeing, shown(), look())
    versions = {one: shelf.load(seeing.store, Sighting, one)[0].model_version for one in ("post1", "post2")}
    assert versions == {"post1": "model-1+reader 1", "post2": "model-1"}
    assert pictures.model_versions(seeing) == set(versions.values())


def test_a_finding_judged_again_gets_its_pictures_with_its_verdict(seeing: Desk, reader: FakeReader) -> None:
    reader.answer = PictureText(unread="没有安装 onnxruntime", settled=False)
    post = shown(body="托管，看图")
    assert intake.take_in(seeing, post, look()).outcome == "unsure"
    assert kept(seeing).latest.post.pictures[0].unread == "没有安装 onnxruntime"
    reader.answer = WORDS
    assert intake.take_in(seeing, post, look()).outcome == "flagged"
    assert kept(seeing).latest.post.pictures[0].text == f"上门家教{PHONE}"
    assert len(kept(seeing).versions) == 1


def test_pictures_that_did_not_come_are_told(seeing: Desk, reader: FakeReader) -> None:
    never = make_post(f"上门家教{PHONE}", pictures=(Picture(url=URL),))
    intake.take_in(seeing, never, make_capture())
    assert kept(seeing).latest.post.pictures[0].unread == pictures.NOT_RECEIVED
    assert not reader.counts


def test_a_post_cannot_keep_the_reader_busy(seeing: Desk, reader: FakeReader) -> None:
    most = pictures.MOST_PICTURES
    read, settled = pictures.with_texts(seeing, shown(most + 2), look(most + 2), None)
    assert [item.unread for item in read.pictures] == [None] * most + [pictures.TOO_MANY] * 2
    assert settled
    reader.answer = PictureText(cpu=pictures.POST_SECONDS / 2)
    read, _ = pictures.with_texts(seeing, shown(4), look(4), None)
    assert [item.unread for item in read.pictures] == [None, None, pictures.TOO_MANY, pictures.TOO_MANY]


def test_masks_reach_into_pictures(seeing: Desk) -> None:
    intake.take_in(seeing, shown(), look())
    assert PHONE not in review.masked(seeing, kept(seeing), actor("viewer", reason="")).model_dump_json()
    assert PHONE not in masking.masked(kept(seeing)).model_dump_json()
    assert PHONE in review.masked(seeing, kept(seeing), actor()).latest.post.pictures[0].text


def test_the_desk_ends_its_reader(seeing: Desk, reader: FakeReader) -> None:
    seeing.close()
    assert reader.closed


def test_the_evidence_says_what_was_read_by_machine_and_by_which(seeing: Desk) -> None:
    intake.take_in(seeing, shown(), look())
    [evidence_id] = kept(seeing).latest.evidence_ids
    items = {item.role: item for item in shelf.load(seeing.store, Evidence, evidence_id)[0].items}
    assert "图中文字由机器识别" in items["post"].how
    sealed = seeing.vault.open(evidence_id, "verified", SYSTEM)
    assert json.loads(sealed.read(items["provenance"]))["picture_reader"] == "reader 1"
    assert BYTES in gzip.decompress(sealed.read(items["warc"]))
