"""Pictures of the town, drawn with Pillow: posters with text, scenes without, small page furniture."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache, lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

WIDTH, MARGIN, LETTER, LINE = 720, 40, 34, 52
SCENE = (360, 450)
_FURNITURE = {
    "logo": (120, 40, "#2a6"),
    "ad1": (160, 90, "#e96"),
    "avatar": (48, 48, "#9ac"),
    "favicon": (16, 16, "#c33"),
    "captcha": (120, 40, "#ccc"),
}


class NoChineseFont(RuntimeError):
    """The machine has no font with Chinese letters, so pictures cannot be drawn."""


@cache
def font_path() -> str:
    """A file with Chinese letters, preferring Noto CJK; raises NoChineseFont."""
    finder = shutil.which("fc-match")
    if finder is None:
        raise NoChineseFont("fc-match is missing: install fontconfig and fonts-noto-cjk")
    found = subprocess.run(
        [finder, "-f", "%{file}|%{lang}", "Noto Sans CJK SC:lang=zh-cn"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    path, _, languages = found.partition("|")
    if "zh-cn" not in languages:
        raise NoChineseFont("no font with Chinese letters: install fonts-noto-cjk")
    return path


@lru_cache(maxsize=64)
def poster(text: str) -> bytes:
    """A PNG with the text in black on light paper."""
    font = ImageFont.truetype(font_path(), LETTER)
    rows = _wrapped(text, font)
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + LINE * len(rows)), "#fffaf0")
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, image.width - 13, image.height - 13), outline="#d98", width=3)
    for number, row in enumerate(rows):
        draw.text((MARGIN, MARGIN + number * LINE), row, font=font, fill="#111")
    return _png(image)


@lru_cache(maxsize=256)
def scene(name: str) -> bytes:
    """A small picture without words, the same for the same name."""
    random = Random(f"scene/{name}")
    image = Image.new("RGB", SCENE, _tint(random))
    draw = ImageDraw.Draw(image)
    for _ in range(random.randint(3, 7)):
        left, top, size = random.randrange(300), random.randrange(380), random.randrange(40, 160)
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((left, top, left + size, top + size), fill=_tint(random))
    return _png(image)


@cache
def furniture(name: str, kind: str = "PNG") -> bytes | None:
    """Logo, advertisement, avatar or icon; None for an unknown name."""
    if name not in _FURNITURE:
        return None
    width, height, colour = _FURNITURE[name]
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).line((0, height, width, 0), fill="#fff", width=2)
    return _png(image, kind)


def _tint(random: Random) -> tuple[int, int, int]:
    return random.randint(110, 250), random.randint(110, 250), random.randint(110, 250)


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    rows = []
    for line in text.split("\n"):
        row = ""
        for letter in line:
            if row and font.getlength(row + letter) > WIDTH - 2 * MARGIN:
                rows.append(row)
                row = ""
            row += letter
        rows.append(row)
    return rows


def _png(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()
