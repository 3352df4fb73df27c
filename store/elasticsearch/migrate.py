"""Change of shape: a new index beside the old, copied, made to equal it, then the alias is switched.

The work goes on meanwhile: passes over what was saved since the last one get shorter, and only for the last the old
index is closed for writing; writers wait that moment out (`writing.PAUSES`). It may be stopped at any moment and
called again: what was copied stands in the new index, and how far each shard was read stands in its mapping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import Conflict, NotFound
from core.records import from_json
from store.elasticsearch import schema
from store.elasticsearch.address import Address
from store.elasticsearch.client import VIEW, Client, refusal
from store.rows import ready

Plain = dict[str, Any]
Tell = Callable[[str], None]

BATCH = 500  # documents read and written at once, as in `writing`
# A pass that copied fewer is the last with the index open: so many are written in less than a second.
FEW = 1_000
# Writers that save faster than we copy would let it go on for ever; then they have to wait a little longer.
PASSES = 20
NOTE_EVERY = 20  # batches: what a broken-off run has to copy once more at most


@dataclass
class Move:
    """One kind's way from its old index to the new; `done` is the last sequence number read from each shard."""

    client: Client
    kind: str
    old: str
    new: str
    done: dict[str, int]
    tell: Tell

    def run(self) -> int:
        """Copy, close, compare, switch, remove the old; returns how many documents there are now."""
        for _ in range(PASSES):
            if self.copy() < FEW:
                break
        if self._count(self.new) > self._count(self.old):
            self._prune()  # as far as possible while the work goes on
        self._block(True)
        try:
            self.copy()
            count = self._made_equal()
            self._switch()
        except BaseException:
            self._block(False)
            raise
        self.client.admin(lambda driver: driver.indices.delete(index=self.old))
        return count

    def copy(self) -> int:
        """One pass over all that was saved since the last; returns how many documents that were."""
        # What was still under way at this moment may become visible after later saves: it is read again.
        safe = self._safe()
        self.client.refresh([self.old])
        copied = sum(self._copy_shard(shard, safe[shard]) for shard in sorted(safe))
        self.tell(f"{self.kind}: {copied} copied")
        return copied

    def _copy_shard(self, shard: str, safe: int) -> int:
        copied = 0
        for number, hits in enumerate(self._walk(self.old, "_seq_no", shard, self.done.get(shard, -1)), 1):
            self._write(hits)
            copied += len(hits)
            self.done[shard] = max(self.done.get(shard, -1), min(safe, hits[-1]["sort"][0]))
            if number % NOTE_EVERY == 0:
                self._note()
        self._note()
        return copied

    def _walk(self, index: str, order: str, shard: str | None, after: int | None) -> Iterator[list[Plain]]:
        """Batches of hits in that order, out of one view."""
        view = self.client.open_view(index, None if shard is None else int(shard))
        query = {"match_all": {}} if after is None else {"range": {order: {"gt": after}}}
        body: Plain = {
            "query": query, "sort": [{order: "asc"}], "size": BATCH, "version": True, "track_total_hits": False,
            "_source": ["body", "token"], "pit": {"id": view, "keep_alive": VIEW},
        }  # fmt: skip
        try:
            while hits := self.client.search(body)["hits"]["hits"]:
                yield hits
                body["search_after"] = hits[-1]["sort"]
        finally:
            self.client.close_view(view)

    def _write(self, hits: list[Plain]) -> None:
        """Documents of today's shape, at the version they had."""
        for refused in self._bulk(hits, versioned=True):
            # Deleted and made anew since the last pass, it counts from 1 again: then it takes the next version
            # here, and a writer who has loaded it loads once more.
            for worse in self._bulk([refused], versioned=False):
                raise Conflict(f"{self.kind} {worse['_id']!r} could not be copied")

    def _bulk(self, hits: list[Plain], *, versioned: bool) -> list[Plain]:
        """Write; returns those that stand there at a higher version."""
        lines: list[Plain] = []
        for hit in hits:
            version = {"version": hit["_version"], "version_type": "external_gte"} if versioned else {}
            row = ready(from_json(self.kind, hit["_source"]["body"]))
            where = {
                "_index": schema.write_alias(self.new),
                "_id": hit["_id"],
                **version,
            }
            lines += [{"index": where}, schema.document(row, hit["_source"]["token"])]
        refused = []
        for hit, result in zip(hits, self.client.bulk(lines), strict=True):
            if result["status"] == 409:
                refused.append(hit)
            elif result["status"] >= 300:
                raise refusal(result["status"], str(result["error"])[:500], "migrating")
        return refused

    def _made_equal(self) -> int:
        """The old is closed and wholly copied: equal counts prove that the same documents stand in both."""
        if self._count(self.new) > self._count(self.old):
            self._prune()
        old, new = self._count(self.old), self._count(self.new)
        if old != new:
            raise Conflict(f"{self.kind}: {old} documents in the old index, {new} in the new")
        return new

    def _prune(self) -> None:
        """Remove from the new what was deleted from the old meanwhile."""
        for hits in self._walk(self.new, "key", None, None):
            asked = [{"_index": self.old, "_id": hit["_id"]} for hit in hits]
            gone = [found["_id"] for found in self.client.get(asked, ["key"]) if not found.get("found")]
            where = {"_index": schema.write_alias(self.new)}
            if gone:
                self.client.bulk([{"delete": {**where, "_id": id_}} for id_ in gone])

    def _count(self, index: str) -> int:
        self.client.refresh([index])
        count: int = self.client.admin(lambda driver: driver.count(index=index))["count"]
        return count

    def _safe(self) -> dict[str, int]:
        """Shard -> the sequence number up to which everything has been written on every copy."""
        answer = self.client.admin(lambda driver: driver.indices.stats(index=self.old, level="shards"))
        shards: Plain = answer["indices"][self.old]["shards"]
        return {
            number: next(copy["seq_no"]["global_checkpoint"] for copy in copies if copy["routing"]["primary"])
            for number, copies in shards.items()
        }

    def _note(self) -> None:
        meta = {"shape": schema.shape(self.kind), "old": self.old, "done": self.done}
        self.client.admin(lambda driver: driver.indices.put_mapping(index=self.new, meta=meta))

    def _block(self, closed: bool) -> None:
        if closed:  # waits until writes under way have ended
            self.client.admin(lambda driver: driver.indices.add_block(index=self.old, block="write"))
        else:
            settings = {"index.blocks.write": None}
            self.client.admin(lambda driver: driver.indices.put_settings(index=self.old, settings=settings))

    def _switch(self) -> None:
        """Both in one step: no reader and no writer ever sees none or two."""
        name = schema.alias(self.old.rpartition(f"-{self.kind}-v")[0], self.kind)
        actions = [
            {"remove": {"index": self.old, "alias": name}},
            {"add": {"index": self.new, "alias": name}},
        ]
        self.client.admin(lambda driver: driver.indices.update_aliases(actions=actions))


def migrate(address: Address, api_key: str, tell: Tell) -> dict[str, int]:
    """Give every kind today's shape; returns kind -> documents for each that was changed. Raises Unavailable."""
    client = Client(address, api_key)
    try:
        moved = {}
        for kind in schema.aliases(address.prefix):
            move = _prepared(client, address, kind, tell)
            if move is not None:
                moved[kind] = move.run()
        return moved
    finally:
        client.close()


def _prepared(client: Client, address: Address, kind: str, tell: Tell) -> Move | None:
    """The move that is to be made or taken up again; leftovers are removed."""
    found = _indices(client, address.prefix, kind)
    name = schema.alias(address.prefix, kind)
    live = next((number for number, index in found.items() if name in index["aliases"]), None)
    if live is None:
        return None
    right = _shape(found[live]) == schema.shape(kind)
    for number in found:
        # Older ones were left when a run broke off after its switch, newer ones by a program of another shape.
        begun = number > live and not right and _shape(found[number]) == schema.shape(kind)
        if number != live and not begun:
            _remove(client, schema.index_name(address.prefix, kind, number))
            found[number] = {}
    if right:
        return None
    old = schema.index_name(address.prefix, kind, live)
    number = next((number for number in found if number > live and found[number]), live + 1)
    new = schema.index_name(address.prefix, kind, number)
    client.create(new, schema.creation(address, kind, new, live=False))
    meta = found.get(number, {}).get("mappings", {}).get("_meta", {})
    done = meta.get("done", {}) if meta.get("old") == old else {}
    tell(f"{kind}: {old} -> {new}{', taken up again' if done else ''}")
    return Move(client, kind, old, new, dict(done), tell)


def _indices(client: Client, prefix: str, kind: str) -> dict[int, Plain]:
    """Number -> description of the kind's indices."""
    pattern = re.compile(re.escape(schema.index_name(prefix, kind, 0)[:-1]) + "([0-9]+)")
    names = client.described([schema.index_name(prefix, kind, 0)[:-1] + "*"])
    return {int(match[1]): index for name, index in names.items() if (match := pattern.fullmatch(name))}


def _shape(index: Plain) -> str | None:
    shape: str | None = index.get("mappings", {}).get("_meta", {}).get("shape")
    return shape


def _remove(client: Client, index: str) -> None:
    try:
        client.admin(lambda driver: driver.indices.delete(index=index))
    except NotFound:
        return
