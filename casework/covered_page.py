"""The captured page drawn again for sharing: only the post's own text is left, contacts and names covered, and
no picture of the page at all. Nobody else's words, names or faces on that page are needed to show the violation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from casework.masking import HIDDEN, hidden_spans
from casework.printing import Answer, Answering
from core.text import fold_with_offsets
from evidence.wacz import Sealed

_DROP = (
    "script",
    "noscript",
    "iframe",
    "frame",
    "object",
    "embed",
    "video",
    "audio",
    "canvas",
    "svg",
    "template",
    "base",
    "meta",
)
_KEPT = frozenset(
    {"class", "id", "style", "colspan", "rowspan", "width", "height", "align", "rel", "type", "media"}
)
# A style may carry words (content: "…") and pictures (url(…)).
_STYLE_LEAKS = re.compile(r"""url\([^)]*\)|(?<![-\w])content\s*:\s*[^;}]*|@import[^;]*;?""", re.I)
_COVER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90" preserveAspectRatio="none">'
    b'<rect width="100%" height="100%" fill="#999"/><text x="8" y="50" font-size="16" fill="#fff">'
    + "图片已遮盖".encode() + b"</text></svg>"
)  # fmt: skip
COVER_URL = "http://covered.invalid/picture.svg"
_SHORTEST = 4  # characters: a shorter line of a post would uncover the same letters all over the page


def cover(dom: bytes, post_text: str, seeker: bool, secrets: frozenset[str] = frozenset()) -> bytes:
    """The page's code for drawing; `secrets` are hidden wherever they stand. Raises ValueError for what is no page."""
    try:
        root = lxml.html.document_fromstring(dom.decode("utf-8", "replace"))
    except lxml.etree.LxmlError as error:
        raise ValueError("the drawn page cannot be read") from error
    _strip(root)
    pieces = list(_texts(root))
    whole = "".join(text for _, _, text in pieces)
    shown = _own(whole, post_text)
    known = (found.span() for secret in secrets for found in re.finditer(re.escape(secret), whole))
    for start, end in (*hidden_spans(whole, seeker), *known):
        shown[start:end] = bytes(end - start)
    place = 0
    for element, attribute, text in pieces:
        kept = "".join(c if c.isspace() or shown[place + at] else HIDDEN for at, c in enumerate(text))
        setattr(element, attribute, kept)
        place += len(text)
    return bytes(lxml.html.tostring(root, encoding="utf-8", doctype="<!doctype html>"))


def answers(received: dict[str, Sealed], url: str, page: bytes) -> Answering:
    """The covered page, its style sheets without words and pictures, and a grey cover for every picture."""

    def answer(asked: str) -> Answer | None:
        if asked.split("#")[0] == url:
            return Answer(page)
        if asked == COVER_URL:
            return Answer(_COVER, "image/svg+xml")
        found = received.get(asked)
        kind = (
            next((value for name, value in found.headers if name.lower() == "content-type"), "")
            if found
            else ""
        )
        if found is None or not kind.startswith("text/css"):
            return None
        return Answer(
            _STYLE_LEAKS.sub("", found.body.decode("utf-8", "replace")).encode(), "text/css; charset=utf-8"
        )

    return answer


def _strip(root: lxml.html.HtmlElement) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _DROP:
            element.drop_tree()
    for element in root.iter():
        _plain_attributes(element)
        if element.tag == "style":
            element.text = _STYLE_LEAKS.sub("", element.text or "")
        if element.tag == "img":
            element.set("src", COVER_URL)


def _plain_attributes(element: lxml.html.HtmlElement) -> None:
    """Only what forms the page: titles, values and addresses may carry words and numbers."""
    sheet = element.get("href") if (element.tag, element.get("rel")) == ("link", "stylesheet") else None
    for name in set(element.attrib) - _KEPT:
        del element.attrib[name]
    if "style" in element.attrib:
        element.set("style", _STYLE_LEAKS.sub("", element.attrib["style"]))
    if sheet:
        element.set("href", sheet)


def _texts(root: lxml.html.HtmlElement) -> Iterator[tuple[lxml.html.HtmlElement, str, str]]:
    """Every text a reader might see: (element, "text" or "tail", the text), in order."""
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        if event == "start" and element.tag not in ("style", "head") and element.text:
            yield element, "text", element.text
        if event == "end" and element.tail:
            yield element, "tail", element.tail


def _own(page: str, post_text: str) -> bytearray:
    """For each character of the page, whether it belongs to a line of the post; dress and blanks do not count."""
    shown = bytearray(len(page))
    folded, offsets = _plain(page)
    for line in post_text.splitlines():
        wanted = _plain(line)[0]
        at = folded.find(wanted) if len(wanted) >= _SHORTEST else -1
        while at >= 0:
            first, last = offsets[at], offsets[at + len(wanted) - 1]
            shown[first : last + 1] = b"\x01" * (last + 1 - first)
            at = folded.find(wanted, at + len(wanted))
    return shown


def _plain(text: str) -> tuple[str, list[int]]:
    folded, offsets = fold_with_offsets(text)
    kept = [(c, offset) for c, offset in zip(folded, offsets, strict=True) if not c.isspace()]
    return "".join(c for c, _ in kept), [offset for _, offset in kept]
