"""The word lists of `config/words`: one entry a line, `#` begins a remark; texts are folded when read."""

from __future__ import annotations

from pathlib import Path

from core.errors import BadConfig
from core.text import fold


def read_lines(path: Path) -> tuple[str, ...]:
    """The entries of one list. Raises BadConfig when it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(
            (f"{path.name}:1: cannot be read ({error}); put back the file as UTF-8 text",)
        ) from error
    return tuple(stripped for line in lines if (stripped := line.split("#")[0].strip()))


def read_list(folder: Path, name: str) -> tuple[str, ...]:
    """The folded words of `<name>.txt`, blanks between words of one line allowed."""
    return tuple(
        dict.fromkeys(fold(word) for line in read_lines(folder / f"{name}.txt") for word in line.split())
    )


def read_table(folder: Path, name: str) -> dict[str, tuple[str, ...]]:
    """Rows `plain: form form …` of `<name>.txt`: the plain word and the forms in which it hides."""
    table: dict[str, tuple[str, ...]] = {}
    for line in read_lines(folder / f"{name}.txt"):
        plain, _, forms = line.partition(":")
        table[plain.strip()] = tuple(forms.split())
    return table
