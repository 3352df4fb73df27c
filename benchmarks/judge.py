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
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as the command does it
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


class Steps:
    """CPU seconds of each step of `Judge.judge_texts`, taken batch by batch as it takes them."""

    def __init__(self, judge: Any) -> None:
        self.judge = judge
        self.reader = judge._reader
        self.spent: dict[str, float] = {}
        self.met: dict[str, int] = {}

    def timed(self, step: str, count: int, work: Callable[[], Any]) -> Any:
        """What `work` gives, its time noted under a step that `count` posts met."""
        start = time.process_time()
        found = work()
        self.spent[step] = self.spent.get(step, 0.0) + time.process_time() - start
        self.met[step] = self.met.get(step, 0) + count
        return found

    def batch(self, texts: Sequence[str]) -> None:
        """The steps of one batch."""
        from nlp.entities import entities_of
        from nlp.sheet import Sheets

        size = len(texts)
        sheets = self.timed("fold", size, lambda: Sheets(texts))
        bare = self.timed("take marks out", size, lambda: self.reader.lay_bare(sheets))
        may = self.timed("first gate", size, lambda: self.reader.gate.each_bare(bare, texts))
        self.timed("signs of numbers and names", size, lambda: sheets.signs)
        passed = [place for place, one in enumerate(may) if one]
        plain = self.timed("passed: undo disguise", len(passed), lambda: self._undone(sheets, bare, passed))
        self._anchored(texts, sheets, plain)
        others = [sheets[place] for place in range(size) if place not in plain]
        self.timed("let go: entities", len(others), lambda: [entities_of(sheet) for sheet in others])
        self.timed("let go: region", len(others), lambda: [sheet.region for sheet in others])

    def _undone(self, sheets: Any, bare: Any, places: Sequence[int]) -> dict[int, Any]:
        found = {place: self.reader.undo(sheets[place], bare.bare(place)) for place in places}
        return {place: plain for place, plain in found.items() if self.reader.gate.anchored(plain)}

    def _anchored(self, texts: Sequence[str], sheets: Any, plain: dict[int, Any]) -> None:
        from nlp.hashed import hashed
        from nlp.judge import Asked
        from nlp.linear import Features
        from nlp.roles import find_fields

        count, judge, model = len(plain), self.judge, self.judge._model
        read = self.timed(
            "read: signals, entities",
            count,
            lambda: [self.reader.reading(sheets[place], text) for place, text in plain.items()],
        )
        counted = self.timed("read: words, hashes", count, lambda: hashed([item.plain.text for item in read]))
        numbers = self.timed("read: concepts", count, lambda: [item.numbers for item in read])
        found = [Features(*values, named) for values, named in zip(counted, numbers, strict=True)]
        asked = [Asked(texts[place], 0, "other", "") for place in plain]
        self._sums(found, read)
        scores = list(map(judge._score, found, read, asked))
        bad = [
            (one, item, score)
            for one, item, score in zip(found, read, scores, strict=True)
            if score >= judge.least
        ]
        heads = self.timed(
            "suspected: codes", len(bad), lambda: [model.linear.head_scores(one) for one, _, _ in bad]
        )
        self.timed(
            "suspected: reasons, elements",
            len(bad),
            lambda: [judge._explain(bad[place][1], bad[place][2], said) for place, said in enumerate(heads)],
        )
        rest = [item for item, score in zip(read, scores, strict=True) if score < judge.least]
        self.timed(
            "read: counter-evidence", len(rest), lambda: [judge._explain(item, 0.0, {}) for item in rest]
        )
        self.timed("read: category, stages", count, lambda: [find_fields(item, False) for item in read])
        self.timed("read: region", count, lambda: [sheets[place].region for place in plain])

    def _sums(self, found: Sequence[Any], read: Sequence[Any]) -> None:
        model = self.judge._model
        sums = self.timed("read: linear sum", len(found), lambda: list(map(model.linear.total, found)))
        doubtful = [item for item, total in zip(read, sums, strict=True) if model.doubt.holds(total)]
        self.timed(
            "in doubt: network",
            len(doubtful),
            lambda: [model.network.total(item.tokens) for item in doubtful],
        )


def where_the_time_goes(judge: Any, texts: Sequence[str]) -> None:
    """Microseconds of each step, over all posts and for each post that meets it."""
    from nlp.judge import BATCH

    rounds = [Steps(judge) for _ in range(ROUNDS)]
    for steps in rounds:
        for first in range(0, len(texts), BATCH):
            steps.batch(texts[first : first + BATCH])
    steps = min(rounds, key=lambda one: sum(one.spent.values()))  # the round that other work disturbed least
    print("\nwhere the time goes, in microseconds: over all posts, and for each post that meets the step")
    for step, taken in steps.spent.items():
        met = steps.met[step]
        print(
            f"  {step:<30}{taken / len(texts) * 1e6:7.1f}{taken / max(1, met) * 1e6:9.1f}   "
            f"{met / len(texts):4.0%} of the posts"
        )
    print(f"  {'together':<30}{sum(steps.spent.values()) / len(texts) * 1e6:7.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--lawful", type=Path)
    given = parser.parse_args()
    start = time.process_time()
    import cli  # noqa: F401 - it sets the garbage collector's threshold as every command does, for both alike
    from core.catalog import load_catalog
    from nlp.judge import Judge

    catalog = load_catalog(ROOT / "config")
    rules, routes = tuple(catalog.violations.values()), tuple(catalog.routes.values())
    judge = Judge.load(rules, catalog.words, routes=routes)
    judge.judge_text("初二数学一对一")
    print(f"start-up of the judge: {time.process_time() - start:.2f} CPU seconds, {_memory():.0f} MB")
    plain = plain_pipeline()
    texts = stream(lawful_texts(given.lawful), corpus(violation=True), given.posts)
    flagged = [text for text in corpus(violation=True) if judge.judge_text(text).decision == "flagged"][:200]
    print(f"{len(texts)} posts, {statistics.mean(map(len, texts)):.0f} characters on average")
    triples = [(text, "", "other") for text in texts]
    compare(
        "in batches", lambda: list(judge.judge_texts(triples)), lambda: plain.predict_proba(texts), len(texts)
    )
    compare(
        "one a call",
        lambda: [judge.judge_text(t) for t in texts],
        lambda: [plain.predict_proba([t]) for t in texts],
        len(texts),
    )
    compare(
        "flagged posts alone",
        lambda: list(judge.judge_texts((text, "", "other") for text in flagged)),
        lambda: plain.predict_proba(flagged),
        len(flagged),
    )
    many = texts * 5
    say("classify, the whole command", command(many), seconds(lambda: plain.predict_proba(many)), len(many))
    where_the_time_goes(judge, texts)


def _memory() -> float:
    """Megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
