"""One judge by the shipped rules for all tests: loading takes half a second."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.rules import Violation
from core.yaml_file import read_yaml
from nlp.judge import Judge

CONFIG = Path(__file__).parents[2] / "config"


def shipped_rules() -> list[Violation]:
    paths = sorted((CONFIG / "violations").glob("*.yml"))
    return [Violation.model_validate_json(json.dumps(read_yaml(path))) for path in paths]


@pytest.fixture(scope="session")
def rules() -> list[Violation]:
    return shipped_rules()


@pytest.fixture(scope="session")
def words() -> Path:
    return CONFIG / "words"


@pytest.fixture(scope="session")
def judge(rules: list[Violation], words: Path) -> Judge:
    return Judge.load(rules, words)
