"""Pictures: read by real OCR in the real child, hostile ones within limits, and a child that fails in every way."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
import zxingcpp
from PIL import ExifTags, Image, features

from nlp import image, picture_child, pictures, raster
from nlp.layout import Line
from nlp.pictures import PictureReader, PictureText
from sandbox.pictures import poster, scene

ADVERT = "小学数学一对一家教\n大学生授课，先试听，每小时120元\n电话13812345678"


def encoded(drawn: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    drawn.save(buffer, kind, **options)
    return buffer.getvalue()


def promising(width: int, height: int, held: bytes = b"") -> bytes:
    """A PNG whose header promises so many pixels and that holds none, or something else."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", held or zlib.compress(b"")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture(scope="module")
def reader() -> Iterator[PictureReader]:
    made = PictureReader()
    yield made
    made.close()


def ask(reader: PictureReader, content: bytes) -> PictureText:
    return reader.read(hashlib.sha256(content).hexdigest(), content)


def text_of(found: PictureText) -> str:
    return "\n".join(line.text for line in found.lines)


def test_words_are_read_with_their_places(reader: PictureReader) -> None:
    found = ask(reader, poster(ADVERT))
    assert text_of(found) == ADVERT
    assert (found.unread, found.settled) == (None, True)
    width, height = Image.open(io.BytesIO(poster(ADVERT))).size
    tops = [line.box[1] for line in found.lines]
    assert tops == sorted(tops)
    for left, top, across, down in (line.box for line in found.lines):
        assert 0 <= left < left + across <= width
        assert 0 <= top < top + down <= height


def test_a_qr_code_is_read_with_its_place(reader: PictureReader) -> None:
    barcode = zxingcpp.create_barcode("https://u.example/wx?id=7", zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=6))
    paper = Image.new("RGB", (600, 500), "white")
    paper.paste(code, (200, 150))
    [line] = ask(reader, encoded(paper)).lines
    assert (line.kind, line.text) == ("code", "https://u.example/wx?id=7")
    assert 200 <= line.box[0] < 200 + code.width
    assert 150 <= line.box[1] < 150 + code.height


def test_what_was_read_is_known_by_its_digest(reader: PictureReader) -> None:
    first = ask(reader, poster(ADVERT))
    before = reader.counts["known"]
    again = reader.read(hashlib.sha256(poster(ADVERT)).hexdigest(), b"")
    assert (again.lines, again.cpu, reader.counts["known"]) == (first.lines, 0.0, before + 1)


def test_a_picture_without_words_says_nothing(reader: PictureReader) -> None:
    assert ask(reader, scene("a")).lines == ()  # its circles and corners look like single letters


@pytest.mark.parametrize(("read", "kept"), [("·", 0), ("—", 0), ("· 3", 1), ("师", 1)])
def test_a_mark_by_itself_is_a_stain(monkeypatch: pytest.MonkeyPatch, read: str, kept: int) -> None:
    def found(_pixels: object) -> Iterator[Line]:
        yield Line(read, 1, 1, 9, 9, "text")

    monkeypatch.setattr(image, "_words", lambda: found)
    monkeypatch.setattr(image, "_codes", lambda: lambda _pixels: iter(()))
    assert len(image.read(scene("a")).lines) == kept


def test_a_tall_screenshot_is_read_to_its_end(reader: PictureReader) -> None:
    tall = Image.new("RGB", (720, 3000), "#fffaf0")
    part = Image.open(io.BytesIO(poster(ADVERT)))
    for top in (0, 1130, 2700):  # one of them across the place where a tile must end
        tall.paste(part, (0, top))
    assert text_of(ask(reader, encoded(tall))) == "\n".join([ADVERT] * 3)


def test_what_is_broader_than_a_tile_is_read_line_by_line(reader: PictureReader) -> None:
    """As telephones take posters and large ones make screenshots: cut across, 1800 became 18 and a number two halves."""
    small = Image.open(io.BytesIO(poster("初二数学小班，十五次课，共收费1800元\n报名电话：13812345678")))
    found = ask(reader, encoded(small.resize((small.width * 5, small.height * 5)), "JPEG"))
    assert text_of(found) == "初二数学小班，十五次课，共收费1800元\n报名电话：13812345678"


@pytest.mark.parametrize(
    ("size", "tiles"), [((1080, 1280), 1), ((1290, 2796), 3), ((4096, 3072), 1), ((6000, 5000), 2)]
)
def test_tiles_hold_the_whole_picture_and_cut_lines_only_of_the_broadest(
    size: tuple[int, int], tiles: int
) -> None:
    pixels = np.full((size[1], size[0], 3), 255, np.uint8)
    found = list(raster.tiles(pixels))
    assert len(found) == tiles
    assert sum(tile.shape[0] * tile.shape[1] for _, _, tile in found) == size[0] * size[1]
    assert not raster.too_long(pixels)


def test_what_the_tiles_leave_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles end at empty rows: twelve of them hold anything between 11,520 and 15,360 rows."""
    pixels = np.full((15_000, 30, 3), 255, np.uint8)
    last = list(raster.tiles(pixels))[-1]
    assert last[1] + len(last[2]) < len(pixels)
    monkeypatch.setattr(image, "_words", lambda: lambda _pixels: iter(()))
    assert image.read(encoded(Image.fromarray(pixels))).unread == "图片太长，只识别了前面的部分"


def test_how_the_camera_was_held_is_taken_from_odd_exif_too(reader: PictureReader) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.XResolution] = 6, 72.0
    # Some app wrote its resolution as text (2) and not as a fraction (5): Pillow reads that and cannot write it again.
    wrong = exif.tobytes().replace(struct.pack(">HH", 0x011A, 5), struct.pack(">HH", 0x011A, 2))
    assert wrong != exif.tobytes()
    lying = Image.open(io.BytesIO(poster(ADVERT))).transpose(Image.Transpose.ROTATE_90)
    assert text_of(ask(reader, encoded(lying, "JPEG", quality=90, exif=wrong))) == ADVERT


def test_the_second_picture_in_a_telephones_photo_is_no_second_frame(reader: PictureReader) -> None:
    photo = Image.open(io.BytesIO(poster(ADVERT)))
    content = encoded(photo, "MPO", save_all=True, append_images=[photo.resize((90, 70)).convert("L")])
    found = ask(reader, content)
    assert (text_of(found), found.unread) == (ADVERT, None)


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow was built without AVIF")
def test_what_sites_give_to_browsers_that_take_avif_is_read(reader: PictureReader) -> None:
    assert text_of(ask(reader, encoded(Image.open(io.BytesIO(poster(ADVERT))), "AVIF"))) == ADVERT


def test_a_file_that_ends_early_is_read_as_far_as_it_goes(reader: PictureReader) -> None:
    whole = encoded(Image.open(io.BytesIO(poster(ADVERT))), "JPEG", quality=90)
    found = ask(reader, whole[: len(whole) * 2 // 3])
    assert found.lines[0].text == ADVERT.split("\n")[0]
    assert found.unread == "图片不完整，只识别了收到的部分"


def test_of_a_moving_picture_the_first_frame_is_read(reader: PictureReader) -> None:
    first = Image.open(io.BytesIO(poster(ADVERT)))
    content = encoded(first, "GIF", save_all=True, append_images=[Image.new("RGB", first.size, "white")] * 3)
    found = ask(reader, content)
    assert text_of(found) == ADVERT
    assert found.unread == "动图只识别了第一帧"


def test_light_words_on_nothing_are_laid_on_black(reader: PictureReader) -> None:
    opaque = Image.open(io.BytesIO(poster("初中英语一对一补习班"))).convert("L")
    letters = opaque.point(lambda value: 255 if value < 80 else 0)
    drawn = Image.new("RGBA", opaque.size, "white")
    drawn.putalpha(letters)
    assert text_of(ask(reader, encoded(drawn))) == "初中英语一对一补习班"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (promising(30_000, 30_000), "图片太大（30000×30000）"),
        (promising(24, 1_600_000), "图片太大（24×1600000）"),
        (promising(2_000, 2_000)[:40], "不是能识别的图片格式"),
        (promising(200, 200, b"\xff" * 50), "图片不完整，只识别了收到的部分"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "矢量图（SVG）不识别"),
        (b'<?xml version="1.0"?><svg/>', "矢量图（SVG）不识别"),
        (b"<html><script>alert(1)</script>", "不是能识别的图片格式"),
        (b"%PDF-1.7", "不是能识别的图片格式"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "不是能识别的图片格式"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, "不是能识别的图片格式"),
        (b"", "不是能识别的图片格式"),
    ],
)
def test_what_cannot_be_read_is_said(reader: PictureReader, content: bytes, said: str) -> None:
    found = ask(reader, content)
    assert (found.lines, found.unread, found.settled) == ((), said, True)


@pytest.mark.parametrize("errors", [[ValueError("no")], [OSError("short"), ValueError("no")]])
def test_a_decoder_may_fail_in_any_way(errors: list[Exception]) -> None:
    class Broken(Image.Image):
        def load(self) -> None:
            raise errors.pop(0)

    with pytest.raises(raster.Unreadable, match="图片损坏，打不开"):
        raster._load(Broken())


def test_a_dot_holds_no_words_and_is_no_fault() -> None:
    assert image.read(encoded(Image.new("RGB", (1, 1)))) == image.Reading()


def test_too_many_bytes_never_reach_the_child() -> None:
    reader = PictureReader(command=["/nowhere"])
    assert reader.read("x", bytes(pictures.MOST_BYTES + 1)).unread == pictures.TOO_LARGE


def test_a_missing_package_is_said_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_installed", lambda name: name != "onnxruntime")
    reader = PictureReader(command=["/nowhere"])
    assert reader.version == "unread"
    found = reader.read("x", poster(ADVERT))
    assert (found.lines, found.unread, found.settled) == ((), "没有安装 onnxruntime", False)
    assert reader.counts == {"没有安装 onnxruntime": 1}


def test_in_the_child_each_library_may_be_missing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> image.Finder:
        raise ImportError("no", name="rapidocr")

    monkeypatch.setattr(image, "_words", missing)
    found = image.read(encoded(Image.new("RGB", (100, 100), "white")))
    assert (found.lines, found.unread, found.settled) == ((), "文字未识别：没有安装 rapidocr", False)


def script(words: str) -> list[str]:
    return [sys.executable, "-c", f"import os, signal, sys, time\n{words}"]


def test_a_picture_that_kills_every_child_is_at_fault() -> None:
    reader = PictureReader(command=script("sys.stdin.buffer.read(4); sys.exit(1)"))
    assert reader.read("x", b"picture") == PictureText(unread=pictures.CRASHED)
    assert reader.read("x", b"picture").unread == pictures.CRASHED
    reader.close()


def test_children_that_die_of_anything_are_not_started_for_ever() -> None:
    reader = PictureReader(command=script("sys.exit(1)"))
    found = [reader.read(str(number), b"picture") for number in range(4)]
    assert [item.unread for item in found] == [pictures.CRASHED, *[pictures.NOT_STARTED] * 3]
    assert not found[-1].settled


# Answers every picture that is not b"deadly", and dies of that one.
DIES_OF_SOME = """
while head := sys.stdin.buffer.read(4):
    if sys.stdin.buffer.read(int.from_bytes(head)) == b"deadly":
        sys.exit(1)
    print('{"lines": [], "unread": null, "settled": true, "cpu": 0}', flush=True)
"""


def test_deadly_pictures_in_a_row_do_not_end_the_reading_of_others() -> None:
    reader = PictureReader(command=script(DIES_OF_SOME))
    deadly = [reader.read(f"deadly {number}", b"deadly") for number in range(5)]
    assert deadly == [PictureText(unread=pictures.CRASHED)] * 5
    assert reader.read("good", b"good") == PictureText()
    reader.close()


def test_what_tells_whether_the_machine_is_at_fault_is_a_picture_that_loads_the_models() -> None:
    blank = Image.open(io.BytesIO(pictures.BLANK))
    assert min(blank.size) >= raster.LEAST_SIDE
    assert blank.convert("L").getextrema() == (255, 255)


def test_a_child_that_the_system_killed_says_nothing_of_the_picture() -> None:
    reader = PictureReader(command=script("sys.stdin.buffer.read(4); os.kill(os.getpid(), signal.SIGKILL)"))
    assert reader.read("x", b"picture") == PictureText(unread=pictures.CRASHED, settled=False)


def test_cpu_seconds_and_clock_have_an_end() -> None:
    spent = PictureReader(command=script("os.kill(os.getpid(), signal.SIGXCPU)"))
    assert spent.read("x", b"picture") == PictureText(unread=pictures.TOO_LONG)
    hanging = PictureReader(command=script("time.sleep(600)"), clock_seconds=0.2)
    assert hanging.read("x", b"picture") == PictureText(unread=pictures.TOO_LONG, settled=False)


def test_a_child_that_left_is_followed_by_another() -> None:
    reader = PictureReader()
    first = ask(reader, encoded(Image.new("RGB", (30, 30), "white")))
    assert reader._child is not None
    reader._child.kill()
    reader._child.wait()
    assert first.unread is None
    assert ask(reader, encoded(Image.new("RGB", (31, 31), "white"))).unread is None
    reader.close()


def confined(words: str) -> subprocess.CompletedProcess[str]:
    program = f"from nlp import picture_child\npicture_child.confine()\n{words}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("bytearray(picture_child.MEMORY)", "MemoryError"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "without network"),
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')", "without network"),
    ],
)
def test_the_child_has_neither_network_nor_endless_memory(words: str, error: str) -> None:
    assert error in confined(words).stderr


def test_the_kernel_ends_what_takes_too_long() -> None:
    assert confined("picture_child.allow(0)\nwhile True: pass").returncode == -signal.SIGXCPU


def test_the_child_serves_until_its_input_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    # In this process: its limit of CPU seconds would end the whole test run some minutes later.
    monkeypatch.setattr(picture_child, "allow", lambda seconds: None)
    content = encoded(Image.new("RGB", (1, 1)))
    inner, outer = os.pipe()
    answers = io.BytesIO()
    with os.fdopen(inner, "rb", buffering=0) as received, os.fdopen(outer, "wb") as sent:

        def feed() -> None:
            sent.write(picture_child.LENGTH.pack(len(content)) + content)
            sent.close()

        feeding = threading.Thread(target=feed)
        feeding.start()
        picture_child.serve(picture_child._Whole(received), answers)
        feeding.join()
    assert b'"lines": []' in answers.getvalue()


def test_drawing_helper_draws_what_it_promises() -> None:
    """The huge picture must be refused for its size: a file that no decoder opens would be refused anyhow."""
    assert Image.open(io.BytesIO(promising(3000, 2000))).size == (3000, 2000)
