"""Saving and deleting: record by record, each written exactly once even when an answer was lost on its way.

A version is Elasticsearch's own count of a document's writes. `expect=version` becomes a condition on the sequence
number that this version has now. Every save carries a token of its own: when the server says "conflict", the token
tells whether the write that stands in the way is this very one, sent before by a request whose answer got lost.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput, Conflict, StoreAway, WangxunError
from store.base import ANY, CREATE, Expect, Save, Saved
from store.elasticsearch import schema
from store.elasticsearch.client import Client, refusal, written
from store.elasticsearch.patience import Busy, Patience
from store.rows import each_ready

Plain = dict[str, Any]

# Documents and bytes in one request: Elasticsearch's advice is 5 to 15 MB; so many posts of 300 characters are 2 MB.
BATCH = 500
BATCH_BYTES = 5_000_000
# Requests under way at once: while one is indexed, the next is made ready. More only fill the server's queue.
IN_FLIGHT = 3
# Seconds before each new try when the server is busy or closed for writing: some 12.7 s in all, more than a
# migration's last step takes and less than a person waits. Whoever comes after somebody who waited in vain waits less.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)


@dataclass(slots=True)
class Item:
    """One record to be written, or deleted (no line), and its place among the answers.

    The line of its document is made at once and all else let go: Python's collector of cycles looks again and again at
    what an import holds, which took as long as all the rest.
    """

    place: int
    kind: str
    id: str
    line: bytes | None
    expect: Expect
    token: str
    refused: WangxunError | None = None  # why the last try was worth another

    @property
    def name(self) -> tuple[str, str]:
        return self.kind, self.id


Answers = dict[int, Saved]


class Writer:
    """Writes through the aliases of `prefix`; `make` makes a kind's index, `pause` waits unless the store closes."""

    def __init__(
        self, client: Client, prefix: str, make: Callable[[str], None], pause: Callable[[float], None]
    ) -> None:
        self._client, self._prefix, self._make, self._pause = client, prefix, make, pause
        self._pool = ThreadPoolExecutor(IN_FLIGHT, "elasticsearch")
        self._patience = Patience()

    def close(self) -> None:
        """End its threads."""
        self._pool.shutdown()

    def save(self, records: Sequence[Save]) -> list[Saved]:
        """One answer for each record, in order."""
        answers: Answers = {}
        waiting: deque[tuple[Future[Answers], set[tuple[str, str]]]] = deque()
        for batch in batches(_items(records, answers)):
            names = {item.name for item in batch}
            # No more is made ready than is being sent; and a record that stands in the call twice is written twice,
            # in that order.
            while len(waiting) == IN_FLIGHT or any(names & sent for _, sent in waiting):
                answers |= waiting.popleft()[0].result()
            waiting.append((self._pool.submit(self._all, batch), names))
        for request, _ in waiting:
            answers |= request.result()
        return [answers[place] for place in range(len(records))]

    def delete(self, kind: str, id_: str) -> None:
        """Remove the document. Raises Unavailable."""
        error = self._all([Item(0, kind, id_, None, ANY, "")])[0].error
        if error is not None:
            raise error

    def _all(self, items: Sequence[Item]) -> Answers:
        """Try until every item has its answer, at most so many times."""
        answers: Answers = {}
        try:
            for pause in self._patience.of(PAUSES):
                self._try(items, answers)
                items = [item for item in items if item.place not in answers]
                if not items:
                    self._patience.answered()
                    return answers
                self._pause(pause)
            self._try(items, answers)
        except WangxunError as error:
            return {
                item.place: answers.get(item.place) or Saved(item.id, None, error) for item in items
            } | answers
        if all(item.place in answers for item in items):
            self._patience.answered()
        busy = StoreAway("Elasticsearch is busy: try again later")
        return {item.place: Saved(item.id, None, item.refused or busy) for item in items} | answers

    def _try(self, items: Sequence[Item], answers: Answers) -> None:
        """One request; items without an answer afterwards are worth another try. Raises Unavailable, BadInput."""
        try:
            targets = self._targets([item for item in items if isinstance(item.expect, int)], answers)
            sent = [item for item in items if item.place not in answers]
            results = self._sent(sent, targets) if sent else []
        except Busy as error:
            for item in items:
                item.refused = error
            return
        collided = [
            item for item, result in zip(sent, results, strict=True) if self._read(item, result, answers)
        ]
        self._settle(collided, answers)

    def _targets(self, items: Sequence[Item], answers: Answers) -> dict[int, Plain]:
        """Where each expected version stands now; another version is a Conflict, unless it is our own write."""
        targets: dict[int, Plain] = {}
        for item, found in zip(items, self._standing(items), strict=True):
            if found.get("found") and found["_version"] == item.expect:
                targets[item.place] = found
            elif _is_own(item, found):
                answers[item.place] = Saved(item.id, found["_version"])
            else:
                answers[item.place] = Saved(item.id, None, _conflict(item, found))
        return targets

    def _standing(self, items: Sequence[Item]) -> list[Plain]:
        """The documents as they stand now, with their tokens."""
        if not items:
            return []
        asked = [
            {"_index": schema.alias(self._prefix, item.kind), "_id": schema.key(item.id)} for item in items
        ]
        return self._client.get(asked, ["token"])

    def _sent(self, items: Sequence[Item], targets: dict[int, Plain]) -> list[Plain]:
        """The results of one request. Most requests are of one kind, which is then named once."""
        kind = items[0].kind
        lines = [line for item in items for line in self._lines(item, targets.get(item.place), kind)]
        return self._client.bulk(lines, schema.alias(self._prefix, kind))

    def _lines(self, item: Item, target: Plain | None, kind: str) -> tuple[Plain | bytes, ...]:
        """The operation and its document, in a request to the alias of `kind`."""
        where: Plain = {"_id": schema.key(item.id)}
        if item.kind != kind:
            where["_index"] = schema.alias(self._prefix, item.kind)
        if item.line is None:
            return ({"delete": where},)
        if target:
            # The index that was asked, not the alias: after a migration the number means something else.
            where["_index"] = schema.write_alias(target["_index"])
            where |= {"if_seq_no": target["_seq_no"], "if_primary_term": target["_primary_term"]}
        return {"create" if item.expect == CREATE else "index": where}, item.line

    def _read(self, item: Item, result: Plain, answers: Answers) -> bool:
        """Take one result down; True when something stood in the way."""
        status = result["status"]
        error = result.get("error") or {}
        gone = error.get("type") == "index_not_found_exception"
        if status < 300 or (item.line is None and (status == 404 or gone)):
            answers[item.place] = Saved(item.id, result.get("_version"))
        elif status == 409:
            return True
        elif gone:
            self._make(item.kind)
        else:
            item.refused = refusal(status, str(error)[:500], "saving")
            if not isinstance(item.refused, Busy):
                answers[item.place] = Saved(item.id, None, item.refused)
        return False

    def _settle(self, items: Sequence[Item], answers: Answers) -> None:
        """Conflicts, unless what stands there was written by this very save."""
        for item, found in zip(items, self._standing(items), strict=True):
            if _is_own(item, found):
                answers[item.place] = Saved(item.id, found["_version"])
            elif item.expect != ANY:
                answers[item.place] = Saved(item.id, None, _conflict(item, found))


def batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Items in requests of a size that a server likes, no record twice in one."""
    batch: list[Item] = []
    names: set[tuple[str, str]] = set()
    total = 0
    for item in items:
        size = len(item.line or b"")
        full = len(batch) == BATCH or total + size > BATCH_BYTES
        if batch and (full or item.name in names):
            yield batch
            batch, names, total = [], set(), 0
        batch.append(item)
        names.add(item.name)
        total += size
    if batch:
        yield batch


def _items(records: Sequence[Save], answers: Answers) -> Iterator[Item]:
    """Records made ready one after the other; what cannot be stored gets its answer here."""
    rows = each_ready(save.record for save in records)
    for place, (save, row) in enumerate(zip(records, rows, strict=True)):
        if isinstance(row, BadInput):
            answers[place] = Saved(save.record.id, None, row)
            continue
        token = secrets.token_hex(8)  # 64 bits: never twice in one document
        yield Item(place, row.kind, row.id, written(schema.document(row, token)), save.expect, token)


def _is_own(item: Item, found: Plain) -> bool:
    return bool(found.get("found")) and found["_source"].get("token") == item.token


def _conflict(item: Item, found: Plain) -> Conflict:
    if item.expect == CREATE:
        return Conflict(f"{item.kind} {item.id!r} exists already")
    now = f"it is at {found['_version']}" if found.get("found") else "it is gone"
    return Conflict(f"{item.kind} {item.id!r} was loaded at version {item.expect}; {now}")
