from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from nlp.account_clues import clues_of_account
from nlp.account_readings import readings
from nlp.clue_weights import LETTERS, read_weights
from nlp.train_clues import named_posts

# Invitations that the test's own authors write, and what stands where one could: enough to tell one word from another.
NAMES = ["lily_2020", "math_wang8", "tutor520", "zhaolaoshi", "en_ma66", "wuli_zhou", "xiaoyu99", "chen_cc1"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "entities").mkdir(parents=True)
    for number, author in enumerate(("one", "two", "three")):
        rows = []
        for place, name in enumerate(NAMES):
            rows.append({"text": f"辅导{place}年级，加微信{name}", "entities": {"wechat": [name]}})
            rows.append({"text": f"抖音号{name}{number}看回放", "entities": {}})
            rows.append(
                {
                    "text": f"扣扣{place + 1}8213377，微信同号",
                    "entities": {"qq": [f"{place + 1}8213377"], "wechat": [f"{place + 1}8213377"]},
                }
            )
            rows.append({"text": f"考号{place + 1}8213377", "entities": {}})
            rows.append({"text": f"五花24元一斤，排骨{30 + place}", "entities": {"price": [24, 30 + place]}})
            rows.append({"text": f"第{place}次考了{30 + place}，比上次好", "entities": {}})
        path = folder / "entities" / f"author_{author}.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return folder


def arguments(corpus: Path, output: Path) -> list[str]:
    return ["train-clues", "--corpus", str(corpus), "--output", str(output)]


def test_the_command_learns_says_how_it_does_and_writes_the_same_twice(corpus: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / "one.json", tmp_path / "two.json"]
    for output in outputs:
        done = CliRunner().invoke(app, arguments(corpus, output))
        assert done.exit_code == 0, done.output
        assert "letters, authors unseen: precision" in done.output
        assert "amount, authors unseen: precision" in done.output
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    weights = read_weights(outputs[0])[LETTERS]
    chances = [
        weights.chance(clues_of_account(text, readings(text)[0]).all())
        for text in ("初三,加微信maomao_7", "抖音号maomao_7看")
    ]
    assert chances[0] > 0.5 > chances[1]


def test_without_posts_it_says_where_they_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["train-clues", "--corpus", str(tmp_path), "--output", str(tmp_path / "x.json")]
    )
    assert done.exit_code == 3
    assert "entities: no posts to learn from" in done.output
    assert not (tmp_path / "x.json").exists()


def test_weights_that_do_worse_do_not_go_live(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "clues.json"
    assert CliRunner().invoke(app, arguments(corpus, output)).exit_code == 0
    before = output.read_bytes()
    # Authors who contradict each other: of the same words half are an account, half are none.
    for number, path in enumerate(sorted((corpus / "entities").glob("*.jsonl"))):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for place, row in enumerate(row for row in rows if "加微信" in row["text"]):
            named = (place + number) % 2
            row["entities"] = {"wechat": [row["text"].rpartition("加微信")[2]]} if named else {}
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    done = CliRunner().invoke(app, arguments(corpus, output))
    assert done.exit_code == 1
    assert "not live, the present weights stay:\nletters: F1 on unseen authors 0." in done.output
    assert output.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "the line: Invalid JSON"), ('{"entities": {}}', "text: Field required"),
        ('{"text": "加微信lily_2020", "entities": {"wechet": ["lily_2020"]}}', "entities.wechet: Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named(corpus: Path, tmp_path: Path, line: str, fault: str) -> None:
    path = corpus / "entities" / "author_two.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], line, *lines[3:]]), encoding="utf-8")
    done = CliRunner().invoke(app, arguments(corpus, tmp_path / "clues.json"))
    assert done.exit_code == 3
    assert f"author_two.jsonl:4: {fault}" in " ".join(done.output.split())


def test_a_folder_that_is_not_there_is_named(corpus: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, arguments(corpus, tmp_path / "none" / "clues.json"))
    assert done.exit_code == 3
    assert "no such folder" in done.output


def test_a_post_that_stands_twice_is_learned_as_it_was_named(corpus: Path) -> None:
    row = {"id": "one", "text": f"辅导0年级，加微信{NAMES[0]}"}
    other = {"id": "two", "text": "今天下雨"}
    path = corpus / "author_again.jsonl"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in (row, other)), encoding="utf-8")
    posts = named_posts(corpus)
    assert [post.text for post in posts if post.batch == "author_again"] == ["今天下雨"]
