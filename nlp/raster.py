"""Bytes of a picture to pixels, within limits that hold before anything is decoded. Runs in the reading child only.

Every picture is hostile: a header may promise 30,000 x 30,000 pixels in 100 bytes, a file may end half way, be no
picture at all, or run a script (SVG). What cannot be read is said in Chinese, for officers.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile

# Phones make 12 to 50 megapixels and long screenshots 1,080 x 20,000; 40 are 160 MB decoded, and few adverts are larger.
MOST_PIXELS = 40_000_000
# The most that JPEG can say and that the reader of codes takes; a thread of 24 x 1,600,000 ended it.
MOST_SIDE = 65_535
# Icons and dots: at this size not one Chinese character can be read.
LEAST_SIDE = 24
# What the detector looks at: its time and memory go with the area. A long screenshot is cut into such pieces, since its
# letters would be shrunk away in one whole.
TILE = 1280
# Lines of words run across and are not cut: what is broader than a tile is shrunk to it by the detector, and a photo of
# a phone (4,096) with it. A letter that is lost then has less than eight pixels on a telephone, where adverts are read.
BROADEST = 4 * TILE
MOST_TILES = 12  # a screenshot of 1,080 x 12,000 to 15,000
# Only these decoders are ever started; SVG is a program and is not among them.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
Pixels = NDArray[np.uint8]


# How a camera was held (EXIF), and what turns the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unreadable(Exception):
    """The picture cannot be read; the text says why, in Chinese."""


@dataclass(frozen=True)
class Raster:
    """Pixels in RGB, and what of the picture is not in them."""

    pixels: Pixels
    lacking: str | None = None


def raster(content: bytes) -> Raster | None:
    """The picture's pixels as a reader sees them; None when it is too small to hold words. Raises Unreadable."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and checked on the header alone
    with _opened(content) as image:
        width, height = image.size
        if min(width, height) < LEAST_SIDE:
            return None
        if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
            raise Unreadable(f"图片太大（{width}×{height}）")
        # A phone's JPEG (MPO) holds its brightness as a second picture, and does not move.
        moving = getattr(image, "is_animated", False) and image.format != "MPO"
        cut = _load(image)
        lacking = "图片不完整，只识别了收到的部分" if cut else "动图只识别了第一帧" if moving else None
        return Raster(np.asarray(_on_paper(_upright(image))), lacking)


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Exception as error:  # decoders of foreign bytes raise whatever they please
        start = content[:512].lstrip().lower()
        vector = start.startswith((b"<svg", b"<?xml")) or b"<svg" in start
        raise Unreadable("矢量图（SVG）不识别" if vector else "不是能识别的图片格式") from error


def _load(image: Image.Image) -> bool:
    """Decodes; True when the file ends too early. Browsers show such pictures, so they are read as far as they go."""
    try:
        image.load()
    except (OSError, SyntaxError):
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        except Exception as error:
            raise Unreadable("图片损坏，打不开") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        return True
    except Exception as error:
        raise Unreadable("图片损坏，打不开") from error
    return False


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held. Pillow's own way writes all of the EXIF anew, and fails where an app wrote it wrongly."""
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _on_paper(image: Image.Image) -> Image.Image:
    """Without transparency, on white paper, or on black where what is drawn is light: white on white says nothing."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    values = np.asarray(drawn.resize((64, 64)), dtype=np.float64)
    weight = values[..., 3].sum()
    light = (
        bool(weight) and (values[..., :3].mean(axis=2) * values[..., 3]).sum() / weight > 128
    )  # half of white
    paper = Image.new("RGBA", drawn.size, "black" if light else "white")
    return Image.alpha_composite(paper, drawn).convert("RGB")


def tiles(pixels: Pixels) -> Iterator[tuple[int, int, Pixels]]:
    """(left, top, pixels) of pieces as broad as the picture and not higher than broad, or TILE; at most MOST_TILES."""
    yield from itertools.islice(_pieces(pixels), MOST_TILES)


def too_long(pixels: Pixels) -> bool:
    """Whether the tiles end before the picture does."""
    return any(True for _ in itertools.islice(_pieces(pixels), MOST_TILES, None))


def _pieces(pixels: Pixels) -> Iterator[tuple[int, int, Pixels]]:
    side = min(max(TILE, int(pixels.shape[1])), BROADEST)
    for top, bottom in _cuts(pixels, side):
        for left, right in _cuts(pixels[top:bottom].swapaxes(0, 1), side):
            yield left, top, pixels[top:bottom, left:right]


def _cuts(pixels: Pixels, side: int) -> list[tuple[int, int]]:
    """Stretches of rows: each break is the emptiest row of a tile's last quarter, so that no line of words is cut."""
    start, stretches = 0, []
    while pixels.shape[0] - start > side:
        band = pixels[start + side * 3 // 4 : start + side].astype(np.int16)
        # The first column twice: a picture one pixel wide has no neighbours to differ from.
        drawn = np.abs(np.diff(band, axis=1, prepend=band[:, :1])).max(axis=(1, 2))
        end = start + side * 3 // 4 + _middle_of_emptiest(drawn)
        stretches.append((start, end))
        start = end
    return [*stretches, (start, pixels.shape[0])]


def _middle_of_emptiest(drawn: NDArray[np.int16]) -> int:
    """The middle of the longest run of rows that are as empty as the emptiest (within the noise of JPEG)."""
    empty = drawn <= drawn.min() + 16  # of 255; JPEG at quality 60 stays below
    borders = np.flatnonzero(np.diff(np.concatenate(([0], empty.astype(np.int8), [0]))))
    starts, ends = borders[::2], borders[1::2]
    longest = int((ends - starts).argmax())
    return max(1, (int(starts[longest]) + int(ends[longest])) // 2)
