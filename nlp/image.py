"""Words and codes of a picture: rapidocr with the models that travel in its package, zxing-cpp. Child only.

The one home of these libraries. Either may be missing: the other still reads, and what was not read is said.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nlp.layout import Line, laid_out
from nlp.raster import Pixels, Raster, Unreadable, raster, tiles, too_long

# Below this the recogniser guesses (its own default).
_SURE = 0.5
_CODE_LENGTH = 500  # characters; a QR code holds 2,953, an address that somebody can type far fewer
_MOST_CODES = 8  # a picture full of codes is a trap
# Tiles are as large as the detector takes them: no enlarging of small pictures (half the time, same letters read) ...
SETTINGS: dict[str, object] = {
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
    # ... one thread: the crawl needs the other core ...
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    # ... and nothing on the console.
    "Global.log_level": "critical",
}
Finder = Callable[[Pixels], Iterator[Line]]


@dataclass(frozen=True)
class Reading:
    """What was read; `unread` says in Chinese why not all of it, `settled` that another try would find no more."""

    lines: tuple[Line, ...] = ()
    unread: str | None = None
    settled: bool = True


def read(content: bytes) -> Reading:
    """The words and codes of a picture, laid out. Never raises for what a picture may hold, but may take long."""
    try:
        picture = raster(content)
    except Unreadable as error:
        return Reading(unread=str(error))
    return _read(picture) if picture else Reading()


def _read(picture: Raster) -> Reading:
    said = [picture.lacking] if picture.lacking else []
    found: list[Line] = []
    settled = True
    for name, load in (("文字", _words), ("二维码", _codes)):
        try:
            finder = load()
        except ImportError as error:
            said.append(f"{name}未识别：没有安装 {error.name or error}")
            settled = False
            continue
        found += finder(picture.pixels)
    if too_long(picture.pixels):
        said.append("图片太长，只识别了前面的部分")
    # A dot or a dash by itself is a stain of the picture, and no words of it.
    worded = any(letter.isalnum() for line in found for letter in line.text)
    return Reading(laid_out(found) if worded else (), "；".join(said) or None, settled)


@functools.cache
def _words() -> Finder:
    """Loads the models once, half a second. Raises ImportError."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params=SETTINGS)
    return functools.partial(_read_words, engine)


def _read_words(engine: Any, pixels: Pixels) -> Iterator[Line]:
    for left, top, tile in tiles(pixels):
        seen = engine(tile[:, :, ::-1])  # it expects BGR, as OpenCV has it
        for corners, text, score in zip(*_three(seen), strict=True):
            if score >= _SURE and text.strip():
                yield _line(text.strip(), corners[:, 0] + left, corners[:, 1] + top, "text")


def _three(seen: Any) -> tuple[Any, Any, Any]:
    return ((), (), ()) if seen.boxes is None or not seen.txts else (seen.boxes, seen.txts, seen.scores)


@functools.cache
def _codes() -> Finder:
    """Raises ImportError."""
    import zxingcpp

    return functools.partial(_read_codes, zxingcpp)


def _read_codes(library: Any, pixels: Pixels) -> Iterator[Line]:
    # Only what adverts bear: searching for every kind of bar code finds some in any hatching.
    kinds = [library.BarcodeFormat.QRCode, library.BarcodeFormat.MicroQRCode]
    for code in library.read_barcodes(pixels, formats=kinds)[:_MOST_CODES]:
        text = "".join(letter if letter.isprintable() else " " for letter in code.text)[:_CODE_LENGTH].strip()
        place = code.position
        points = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        if text:
            yield _line(text, [point.x for point in points], [point.y for point in points], "code")


def _line(text: str, across: Any, down: Any, kind: str) -> Line:
    left, top = max(0, round(float(min(across)))), max(0, round(float(min(down))))
    width, height = round(float(max(across))) - left, round(float(max(down))) - top
    return Line(text, left, top, max(1, width), max(1, height), kind)
