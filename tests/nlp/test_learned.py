from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadInput
from nlp.learned import WEIGHTS, Doubt, Learned
from nlp.linear import Features, features
from nlp.network import KNOWN, UNKNOWN, Network, rows
from nlp.signals import Hits
from nlp.tokens import Tokens, tokens

TEXT = "初二数学一对一，可上门"


@pytest.fixture(scope="module")
def live() -> Learned:
    return Learned.load(WEIGHTS)


def _with_sum(learned: Learned, found: Features, total: float) -> Learned:
    """The same weights, shifted so that the linear model's sum for this text is `total`."""
    linear = learned.linear
    return replace(learned, linear=replace(linear, bias=linear.bias + total - linear.total(found)))


def _never() -> Tokens:
    raise AssertionError("the network was asked")


def test_the_network_is_asked_in_doubt_and_only_then(live: Learned) -> None:
    assert live.network is not None
    found, read = features(TEXT, {}), tokens(TEXT, Hits({}))
    for sure in (live.doubt.low - 0.01, live.doubt.high + 0.01):
        logit = live.scale * sure + live.shift
        said = _with_sum(live, found, sure).probability(found, _never)
        assert said == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)
    both = (1 - live.doubt.share) * 0.5 + live.doubt.share * live.network.total(read)
    logit = live.scale * both + live.shift
    said = _with_sum(live, found, 0.5).probability(found, lambda: read)
    assert said == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)


def test_the_file_comes_back_as_it_was_written(live: Learned, tmp_path: Path) -> None:
    assert live.network is not None
    found, read = features(TEXT, {"@subjects": 0.5}), tokens(TEXT, Hits({"@subjects": [(2, 4)]}))
    doubt = Doubt(-1.0, 2.0, 0.25)  # other numbers than today's: those of the file count
    asked = replace(_with_sum(live, found, 0.5), doubt=doubt)
    asked.save(tmp_path / "again.npz")
    back = Learned.load(tmp_path / "again.npz")
    assert back.doubt == doubt
    assert back.network is not None
    assert back.network.total(read) == live.network.total(read)
    assert back.probability(found, lambda: read) == asked.probability(found, lambda: read)
    back.save(tmp_path / "twice.npz")
    assert (tmp_path / "twice.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    assert back.version == Learned.load(tmp_path / "twice.npz").version != ""


def test_groups_are_known_by_their_names_whatever_came_and_went(live: Learned) -> None:
    assert live.network is not None
    arrays = live.network.arrays()
    subjects, arts = (tokens(TEXT, Hits({f"@{name}": [(2, 4)]})) for name in ("subjects", "arts"))
    turned = arrays | {"marks": arrays["marks"][::-1], "groups": arrays["groups"][::-1]}
    assert Network.of_arrays(turned).total(subjects) == live.network.total(subjects)
    kept = [name != "arts" for name in arrays["marks"].tolist()]
    fewer = Network.of_arrays(
        arrays | {"marks": arrays["marks"][kept], "groups": arrays["groups"][kept]}
    )  # arts came after training
    assert fewer.total(subjects) == live.network.total(subjects)
    assert fewer.total(arts) == fewer.total(tokens(TEXT, Hits({})))
    more = arrays | {
        "marks": np.append(arrays["marks"], "gone"), "groups": np.vstack([arrays["groups"], arrays["groups"][:1]])
    }  # fmt: skip
    assert Network.of_arrays(more).total(arts) == live.network.total(arts)


def test_weights_from_before_the_network_are_still_read(live: Learned, tmp_path: Path) -> None:
    arrays = live.linear.arrays()
    numbers = np.array([arrays.pop("bias"), live.scale, live.shift])
    np.savez_compressed(tmp_path / "old.npz", numbers=numbers, **arrays)
    old = Learned.load(tmp_path / "old.npz")
    found = features(TEXT, {})
    assert old.network is None
    assert (old.scale, old.shift) == (live.scale, live.shift)
    assert old.probability(found, _never) == replace(live, network=None).probability(found, _never)


def test_other_files_are_refused_with_a_word(live: Learned, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    np.savez(path, calibration=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BadInput, match="pickle"):
        Learned.load(path)
    live.save(path)
    whole = path.read_bytes()
    for content in (b"", b"text", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(BadInput, match=r"m\.npz: these are no weights"):
            Learned.load(path)
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(BadInput, match="no weights"):
        Learned.load(tmp_path / "one.npy")
    np.savez(path, other=np.zeros(3))
    with pytest.raises(BadInput, match="no weights"):
        Learned.load(path)


def test_a_text_of_nothing_known_has_a_sum(live: Learned) -> None:
    network = live.network
    assert network is not None
    for text in ("", "\U00020000", "\U00020000" * 3):
        assert np.isfinite(network.total(tokens(text, Hits({}))))
    unknown, known = rows(network.known, np.array([0x20000, ord("学")], np.uint32)).tolist()
    assert unknown == UNKNOWN
    assert network.known[known - KNOWN] == ord("学")
