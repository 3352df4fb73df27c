"""Posts judged in a second beside the plain pipeline (jieba.lcut, TfidfVectorizer, LogisticRegression), in one run.

The stream: one violation of our corpus in twenty, the rest lawful, 80-400 characters each. The lawful part comes from
`--lawful FILE` (JSON lines with `text`, .gz or not), by default the background set beside the project where it is,
else our corpus' lawful texts, which are look-alikes to the last and so the hardest stream there is. CPU seconds of one
process are compared, the two taking turns, the middle of each; only the ratios mean something.

    .venv/bin/python benchmarks/judge.py [--posts 2000] [--lawful FILE]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BACKGROUND = ROOT.parent / "shared" / "data" / "real_background.jsonl.gz"
SHORTEST, LONGEST, SHARE = 80, 400, 0.05
ROUNDS = 3
PROMISED = {"in batches": 12, "one a call": 6, "flagged posts alone": 2, "classify, the whole command": 6}


def corpus(violation: bool) -> list[str]:
    """Our own texts of one label."""
    from nlp.samples import corpus_samples

    return [sample.text for sample in corpus_samples() if sample.violation == violation]


def lawful_texts(path: Path | None) -> list[str]:
    """Texts of 80-400 characters that are not violations, as a stream brings them."""
    chosen = path or (BACKGROUND if BACKGROUND.exists() else None)
    if chosen is None:
        return corpus(violation=False)
    opener = gzip.open if chosen.suffix == ".gz" else open
    with opener(chosen, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def stream(lawful: Sequence[str], bad: Sequence[str], count: int) -> list[str]:
    """`count` texts, one in twenty a violation; our corpus is short, so its texts are joined by twos and threes."""
    chance = random.Random(7)
    fitting = [text[:LONGEST] for text in lawful if len(text) >= SHORTEST]
    violations = round(count * SHARE)
    mixed = [chance.choice(fitting) for _ in range(count - violations)]
    while len(mixed) < count:
        text = chance.choice(bad)
        while len(text) < SHORTEST:
            text += "\n" + chance.choice(bad)
        mixed.append(text[:LONGEST])
    chance.shuffle(mixed)
    return mixed


def plain_pipeline() -> Any:
    """What every peer uses, trained on our corpus."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    jieba.setLogLevel("ERROR")
    texts = [(text, label) for label in (True, False) for text in corpus(violation=label)]
    plain = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, lowercase=False), LogisticRegression()
    )
    return plain.fit([text for text, _ in texts], [label for _, label in texts])


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(name: str, ours: Callable[[], object], theirs: Callable[[], object], count: int) -> None:
    """Let the two take turns and print the ratio."""
    taken = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    mine, other = (statistics.median(column) for column in zip(*taken, strict=True))
    say(name, mine, other, count)


def say(name: str, mine: float, other: float, count: int) -> None:
    """One line of the table."""
    print(
        f"{name:<30}{other / mine:6.1f} x  (promised {PROMISED[name]} x)   "
        f"{mine / count * 1e6:7.0f} us a post beside {other / count * 1e6:7.0f} us"
    )


def command(texts: Sequence[str]) -> float:
    """CPU seconds of `wangxun classify` on these texts, start-up and JSON included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.jsonl"
        path.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in enumerate(texts)))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        arguments = [sys.executable, "-m", "cli.main", "classify", str(path), "--output", str(path) + ".out"]
        subprocess.run(arguments, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def where_the_time_goes(judge: Any, texts: Sequence[str]) -> None:
    """Microseconds a post of each step, over the posts that meet it."""
    from core.text import fold
    from nlp.entities import find_entities
    from nlp.linear import features
    from nlp.sheet import find_region

    reader, model = judge._reader, judge._model
    anchored = [text for text, may in zip(texts, reader.gate.each_may_be_anchored(texts), strict=True) if may]
    readings = [reader.read(text) for text in anchored]
    found = [features(reading.plain.text, reading.numbers) for reading in readings]
    print(f"\npassed by the first gate: {len(anchored) / len(texts):.1%} of the stream; microseconds a post:")
    steps: list[tuple[str, Callable[[Any], object], Sequence[Any]]] = [
        ("all: fold", fold, texts),
        ("all: first gate, one a call", reader.gate.may_be_anchored, texts),
        ("all: entities", find_entities, texts),
        ("all: region", find_region, texts),
        ("passed: reading", reader.read, anchored),
        ("passed: features", lambda item: features(item.plain.text, item.numbers), readings),
        ("passed: model", model.probability, found),
        ("passed: the whole", judge.judge_text, anchored),
    ]
    for name, step, inputs in steps:
        taken = seconds(lambda step=step, inputs=inputs: [step(item) for item in inputs])  # type: ignore[misc]
        print(f"  {name:<30}{taken / max(1, len(inputs)) * 1e6:7.0f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--lawful", type=Path)
    given = parser.parse_args()
    start = time.process_time()
    from nlp.judge import Judge
    from nlp.samples import read_rules

    judge = Judge.load(read_rules(ROOT / "config" / "violations"), ROOT / "config" / "words")
    judge.judge_text("初二数学一对一")
    print(f"start-up of the judge: {time.process_time() - start:.2f} CPU seconds, {_memory():.0f} MB")
    plain = plain_pipeline()
    texts = stream(lawful_texts(given.lawful), corpus(violation=True), given.posts)
    flagged = [text for text in corpus(violation=True) if judge.judge_text(text).decision == "flagged"][:200]
    few = texts[: max(1, given.posts // 4)]
    print(f"{len(texts)} posts, {statistics.mean(map(len, texts)):.0f} characters on average")
    triples = [(text, "", "other") for text in texts]
    compare(
        "in batches", lambda: list(judge.judge_texts(triples)), lambda: plain.predict_proba(texts), len(texts)
    )
    compare(
        "one a call",
        lambda: [judge.judge_text(t) for t in few],
        lambda: [plain.predict_proba([t]) for t in few],
        len(few),
    )
    compare(
        "flagged posts alone",
        lambda: [judge.judge_text(t) for t in flagged],
        lambda: plain.predict_proba(flagged),
        len(flagged),
    )
    many = texts * 5
    say("classify, the whole command", command(many), seconds(lambda: plain.predict_proba(many)), len(many))
    where_the_time_goes(judge, few)


def _memory() -> float:
    """Megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
