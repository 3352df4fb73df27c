"""Sealing one look: WARC, files and manifest into the vault, which writes the first lines of custody itself."""

from __future__ import annotations

from core.model import Artifact, Capture, Evidence, Item, LookKind, Missing, Post
from evidence import manifest
from evidence.vault import Vault
from evidence.warc import exchanges_to_warc

# What a look should have. What is neither there nor named as missing is named here: a gap is never silent.
EXPECTED: dict[str, tuple[str, ...]] = {
    "first": (), "second": ("dom", "screenshot"), "again": (), "gone": (),
}  # fmt: skip
UNSAID = "取证程序没有交来，也没有说明原因"


def seal(
    vault: Vault, post: Post, capture: Capture, look: LookKind, refers_to: str | None = None
) -> Evidence:
    """Keep everything of this look and return its Evidence, whose id is the manifest's digest.

    `refers_to`: the evidence whose missing parts these are. Sealing the same look twice is sealing it once. Raises
    Unavailable when the vault is full or away.
    """
    warc = exchanges_to_warc(capture)
    artifacts = (*capture.artifacts, _read_post(post))
    evidence = _describe(post, capture, look, warc, artifacts).model_copy(update={"refers_to": refers_to})
    content = manifest.build(evidence, post, capture)
    parts = [warc, *(artifact.content for artifact in artifacts)]
    return evidence.model_copy(update={"id": vault.keep(content, parts)})


def load(vault: Vault, evidence_id: str) -> Evidence:
    """The Evidence of a manifest in the vault. Raises NotFound, EvidenceBroken."""
    return manifest.read(vault.manifest(evidence_id))


def _describe(
    post: Post,
    capture: Capture,
    look: LookKind,
    warc: bytes,
    artifacts: tuple[Artifact, ...],
) -> Evidence:
    how = "原始请求与应答；哪些是重建的写在 warcinfo 里" if capture.exchanges else "只有取证生成的文件"
    items = [manifest.item(capture, "warc", "application/warc", warc, how, original=bool(capture.exchanges))]
    items += [_item(capture, artifact) for artifact in artifacts]
    return Evidence(
        id="",
        post_id=post.id,
        url=post.url,
        look=look,
        items=tuple(items),
        missing=_missing(capture, look),
        captured_at=capture.started_at,
    )


def _read_post(post: Post) -> Artifact:
    content = manifest.canonical(post.model_dump(mode="json"))
    # What a machine read in a picture is no word of the page: the picture itself is in the WARC.
    read = any(picture.worded for picture in post.pictures)
    how = "由页面提取的帖文" + ("；图中文字由机器识别，以原图为准" if read else "")
    return Artifact(role="post", media_type="application/json", content=content, how=how)


def _item(capture: Capture, artifact: Artifact) -> Item:
    # Pictures of the post are the site's own bytes; everything else was made by us from the page.
    original = artifact.role == "post_picture"
    return manifest.item(
        capture, artifact.role, artifact.media_type, artifact.content, artifact.how, original
    )


def _missing(capture: Capture, look: str) -> tuple[Missing, ...]:
    known = {artifact.role for artifact in capture.artifacts} | {gap.role for gap in capture.missing}
    gaps = [Missing(role=role, cause=UNSAID) for role in EXPECTED[look] if role not in known]
    if not capture.exchanges and "response" not in known:
        gaps.append(Missing(role="response", cause=UNSAID))
    return (*capture.missing, *gaps)
