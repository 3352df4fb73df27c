"""Pictures: drawn with a Chinese font, or a clear word about its absence."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from PIL import Image

from sandbox import pictures


@pytest.fixture
def unsettled() -> Iterator[None]:
    """The font is looked for anew, before and after."""
    pictures.font_path.cache_clear()
    yield
    pictures.font_path.cache_clear()


@pytest.mark.skipif(shutil.which("fc-match") is None, reason="no fontconfig on this machine: run make setup")
def test_posters_grow_with_their_text_and_show_it() -> None:
    short, long = (Image.open(io.BytesIO(pictures.poster(text))) for text in ("一对一", "数学一对一，" * 40))
    assert short.width == long.width == pictures.WIDTH
    assert long.height > short.height
    assert min(short.convert("L").tobytes()) < 60  # letters are there, in black


def test_scenes_are_the_same_for_the_same_name() -> None:
    assert pictures.scene("a") == pictures.scene("a")
    assert pictures.scene("a") != pictures.scene("b")
    assert pictures.furniture("nothing") is None


def test_no_fontconfig_is_said(unsettled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pictures.NoChineseFont, match="fontconfig"):
        pictures.font_path()


def test_no_chinese_font_is_said(unsettled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = subprocess.CompletedProcess([], 0, "/fonts/latin.ttf|en|de", "")
    monkeypatch.setattr(shutil, "which", lambda name: "fc-match")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: found)
    with pytest.raises(pictures.NoChineseFont, match="fonts-noto-cjk"):
        pictures.font_path()
