"""Why a verdict is what it is: suspicions with their reasons, what speaks against them, and the elements to be proved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from core.meanings import FIRSTS, Coded, joined, parted
from core.model import Code, Decision, Element, Reason, Role, Span, Suspicion
from core.rules import Signal, Violation, decision
from nlp.disguise import DOWN, Change
from nlp.fees import fee_reasons, is_long, is_too_much
from nlp.linear import LinearModel
from nlp.penalties import Penalties
from nlp.places import all_names
from nlp.reading import Reading
from nlp.segment import load_segmenter
from nlp.wordy import is_wordy

MOST_QUOTES = 3  # quotes of one signal shown; more of the same convince nobody
# Told beside the quotes: 1,043 held-back posts had 3 at most, a hostile one may have thousands.
MOST_DISGUISES = 20
GENERAL: Code = "ADVERTISING"  # stands alone, when no other code is said (labelling conventions)
# Told where a narrow score of a text full of the trade's words is left to people (`nlp.wordy`).
NARROW = "帖中培训用语较多，但系统把握不大：合法的帖子也常这样写，请人工研判"
# Groups of words that speak against every suspicion.
LAWFUL = (("news", "像新闻、通报或投诉"), ("adult", "面向成人"), ("nonteaching", "声明不授课或免费"))
LEARNED = Signal(name="learned", weight=1.0, meaning="同类帖子里常见的说法")
# A word that is hidden is a sign by itself, of no rule: why hide it?
DISGUISE = Signal(name="disguise", weight=1.0)
GRAVE = 4  # severity from which a code weighs heavier than what everybody does who tutors
FEES = "FEE_VIOLATION"
PLAIN = frozenset({GENERAL, "HIGH_SCHOOL"})  # codes that say no more than who is taught
# Beside these codes a sum is no tuition paid ahead: a broker's fee, rent, wages, board and lodging.
OTHER_SUMS = frozenset({"ADMISSION_CONSULTING", "VENUE", "JOB_AD", "LIVE_IN_TUTOR", "CAMP_TUTORING"})


class Why(NamedTuple):
    """What a verdict says beside its score; see `core.model.Verdict`."""

    decision: Decision
    role: Role
    suspicions: tuple[Suspicion, ...]
    counter: tuple[Reason, ...]
    absent: tuple[str, ...]
    elements: tuple[Element, ...]
    notes: tuple[str, ...] = ()


class Explainer:
    """Explains by the rules, the weights and the penalty clauses; holds no state between texts."""

    def __init__(self, rules: Sequence[Violation], model: LinearModel, penalties: Penalties | None) -> None:
        self._rules = rules
        self._model = model
        self._penalties = penalties
        self._clauses: dict[str, str] = {
            rule.id: f"{rule.law[0].instrument} {rule.law[0].article}" for rule in rules
        }
        self._signals = {rule.id: _by_key(rule, rule.signals) for rule in rules}
        self._own = {
            rule.id: {key for key, signal in self._signals[rule.id] if not _is_general(signal)}
            for rule in rules
        }
        self._excuses: dict[str, list[tuple[str, Signal]]] = {
            rule.id: _by_key(rule, rule.excuses) for rule in rules
        }
        self._lawful = [
            (f"@{group}", Signal(name=f"@{group}", weight=1.0, meaning=text)) for group, text in LAWFUL
        ]
        self._always_looked_for = dict.fromkeys(meaning for _, meaning in LAWFUL)
        self._meanings = [
            (rule.id, dict.fromkeys(excuse.meaning for excuse in rule.excuses if excuse.meaning))
            for rule in rules
        ]

    def __call__(self, reading: Reading, score: float, heads: Mapping[str, float]) -> Why:
        """What becomes of a text of this score, and why; `heads` are empty where no code says anything of such a score."""
        counter = self._counter(reading)
        suspicions = self._suspicions(reading, score, heads) if heads else ()
        decided, notes = self._decided(reading, score, {item.code for item in suspicions})
        if decided == "clear":
            return Why("clear", "other", (), counter, (), ())
        role, absent = _role(heads), self._absent(suspicions, counter)
        return Why(decided, role, suspicions, counter, absent, self._elements(reading, role), notes)

    def _decided(
        self, reading: Reading, score: float, codes: Collection[Code]
    ) -> tuple[Decision, tuple[str, ...]]:
        """What becomes of the post, and what an officer is told where a narrow score was not enough."""
        decided = decision(score, codes, self._rules)
        if decided == "flagged" and is_wordy(reading):
            decided = decision(score, codes, self._rules, wordy=True)
            return decided, () if decided == "flagged" else (NARROW,)
        return decided, ()

    def _suspicions(
        self, reading: Reading, score: float, heads: Mapping[str, float]
    ) -> tuple[Suspicion, ...]:
        """The codes that `heads` name, likeliest first, with their reasons."""
        said = {rule.id: heads.get(f"code:{rule.id}", 0.0) for rule in self._rules}
        named = self._named(said)
        if FEES in said and _is_overcharged(reading, {rule.id for rule in named}, _role(heads)):
            named = [
                rule for rule in self._rules if rule.id == FEES or (rule in named and rule.id != GENERAL)
            ]
            # What is computed is as sure as a code must be that is named.
            least = next(rule.thresholds.named for rule in named if rule.id == FEES)
            said[FEES] = max(said[FEES], least)
        found = [self._suspicion(rule, reading, score * said[rule.id]) for rule in named]
        first, *others = sorted(found, key=lambda item: (-item.score, item.code))
        reasons = (*first.reasons, *self._disguises(reading, found, first.code))
        return (first.model_copy(update={"reasons": reasons}), *others)

    def _named(self, said: Mapping[Code, float]) -> list[Violation]:
        """The rules that are said clearly; none: the likeliest alone of those that are not grave.

        A plain advertisement never stands beside others; where it is likelier than each of them, it is one.
        """
        clear = [
            rule for rule in self._rules if said[rule.id] >= rule.thresholds.named and rule.id != GENERAL
        ]
        if clear and any(said[rule.id] > said.get(GENERAL, 0.0) for rule in clear):
            return clear
        # What is not clear accuses nobody of the worst.
        mild = [rule for rule in self._rules if rule.severity < GRAVE] or self._rules
        return [max(mild, key=lambda rule: said[rule.id])]

    def _disguises(self, reading: Reading, found: Sequence[Suspicion], code: str) -> Iterator[Reason]:
        """The disguises that no reason has told, each word once, as reasons for `code`."""
        if not reading.plain.changes:
            return
        told = {coded for item in found for reason in item.reasons for coded in parted(reason.meaning)[0]}
        spans = {
            coded: span
            for change in reversed(reading.plain.changes)  # the first of equal ones stays
            if (coded := _coded(span := reading.changed(change), change)) not in told
        }
        for coded, span in islice(sorted(spans.items(), key=lambda item: item[1].start), MOST_DISGUISES):
            yield _reason(DISGUISE, span, [coded], self._clauses[code], 1.0)

    def _suspicion(self, rule: Violation, reading: Reading, score: float) -> Suspicion:
        reasons = self._reasons(self._signals[rule.id], rule.id, reading, 1.0)
        if rule.id == FEES:  # the limits of the rules, computed from what the text says
            reasons += fee_reasons(reading.fees)
        # That 数学 is a school subject says nothing of why it is this code.
        if self._own[rule.id].isdisjoint(reading.hits.places) and not (rule.id == FEES and reasons):
            reasons += self._learned(rule, reading)
        return Suspicion(code=rule.id, score=round(min(1.0, score), 4), reasons=tuple(reasons))

    def _learned(self, rule: Violation, reading: Reading) -> list[Reason]:
        """The words that spoke most for a code of which the text shows no word that the rule names."""
        words, place = [], 0
        for word in load_segmenter().cut(reading.plain.text):
            if _may_tell(word):
                words.append((self._model.word_weight(f"code:{rule.id}", word), place, place + len(word)))
            place += len(word)
        best = [word for word in sorted(words, key=lambda item: (-item[0], item[1])) if word[0] > 0]
        told = [(start, end) for _, start, end in best if not _is_named(reading, start, end)]
        return _quoted(LEARNED, reading, told[:MOST_QUOTES], self._clauses[rule.id], 1.0)

    def _reasons(
        self, signals: Sequence[tuple[str, Signal]], code: str, reading: Reading, sign: float
    ) -> list[Reason]:
        places = reading.hits.places
        return [
            reason
            for key, signal in signals
            if key in places
            for reason in _quoted(signal, reading, places[key], self._clauses[code], sign)
        ]

    def _counter(self, reading: Reading) -> tuple[Reason, ...]:
        """What speaks against the suspicions."""
        reasons: list[Reason] = []
        for code in reading.strengths:  # in the order of the rules
            if excuses := self._excuses[code]:
                reasons += self._reasons(excuses, code, reading, -1.0)
        for key, signal in self._lawful:
            if key in reading.hits.places:
                reasons += _quoted(signal, reading, reading.hits.places[key], None, -1.0)
        return tuple(reasons)

    def _absent(self, suspicions: Sequence[Suspicion], counter: Sequence[Reason]) -> tuple[str, ...]:
        """What would speak against these suspicions and was looked for in vain, in words for an officer."""
        codes = {item.code for item in suspicions}
        looked: dict[str, None] = dict(self._always_looked_for)
        for code, meanings in self._meanings:
            if code in codes:
                looked |= meanings
        for reason in counter:
            looked.pop(parted(reason.meaning)[1], None)
        return tuple(looked)

    def _elements(self, reading: Reading, role: Role) -> tuple[Element, ...]:
        """The elements of the penalty clauses. A parent who seeks is no offender: there is nothing to prove."""
        if self._penalties is None or role not in ("provider", "intermediary"):
            return ()
        return self._penalties.elements(reading)


def _role(heads: Mapping[str, float]) -> Role:
    roles: tuple[Role, ...] = ("provider", "seeker", "intermediary")
    return max(roles, key=lambda role: heads.get(f"role:{role}", 0.0))


def _is_overcharged(reading: Reading, codes: set[str], role: Role) -> bool:
    """Whether the text's figures name FEE_VIOLATION where the heads, whose `codes` these are, do not.

    A sum or half a year makes it one only where nothing else is said than to whom is taught: beside other codes the
    labelling conventions want a year or more than sixty lessons.
    """
    if role != "provider" or FEES in codes or codes & OTHER_SUMS:
        return False
    return any(is_too_much(fact) if codes <= PLAIN else is_long(fact) for fact in reading.fees)


def _may_tell(word: str) -> bool:
    """Whether a word can say what is done: a number, a letter, a mark or a place's name cannot, whatever was learned of it."""
    return (
        len(word) > 1 and not word.isascii() and not any(map(str.isdigit, word)) and word not in all_names()
    )


def _is_named(reading: Reading, start: int, end: int) -> bool:
    """Whether it stands in a name, an address or a contact: who and where is no reason why."""
    span = reading.quote((start, end))
    return any(it.span.start < span.end and span.start < it.span.end for it in reading.entities)


def _is_general(signal: Signal) -> bool:
    """Whether it only says what is taught, or that teaching goes on: groups of words that every rule may ask for."""
    return not signal.patterns and all(word.startswith("@") for word in signal.words)


def _by_key(rule: Violation, signals: Sequence[Signal]) -> list[tuple[str, Signal]]:
    return [(f"{rule.id}.{signal.name}", signal) for signal in signals]


def _quoted(
    signal: Signal, reading: Reading, places: Sequence[tuple[int, int]], clause: str | None, sign: float
) -> list[Reason]:
    """One reason a place; disguises in it are explained by their plain words, and only they."""
    reasons = []
    spans = (reading.quote(place) for place in dict.fromkeys(places))
    for span in islice((span for span in spans if not reading.is_in_contact(span)), MOST_QUOTES):
        changes = reading.undone(span)
        # An acrostic holds other disguises between its first and its last line; a quote of it is of it alone.
        whole = [change for change in changes if reading.changed(change) == span]
        coded = [_coded(reading.changed(change), change) for change in whole or changes]
        reasons.append(_reason(signal, span, coded, clause, sign))
    return reasons


def _reason(signal: Signal, span: Span, coded: Sequence[Coded], clause: str | None, sign: float) -> Reason:
    weight = sign * signal.weight
    meaning = joined(coded, signal.meaning)
    return Reason(signal=signal.name, span=span, weight=weight, meaning=meaning, clause=clause)


def _coded(span: Span, change: Change) -> Coded:
    """The word as it is to be explained."""
    return Coded(FIRSTS, change.plain) if change.how == DOWN else Coded(span.text, change.told)
