"""A node of three stops, or is killed, while others save and search: no answered save is lost."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Iterator

import pytest

from store import open_store
from store.base import COUNT_LIMIT, CREATE, Query, Save, Store
from tests.elasticsearch import launcher
from tests.elasticsearch.fixtures import own_cluster
from tests.store.conformance import lead, run_all


@pytest.fixture(scope="module")
def cluster() -> Iterator[launcher.Cluster]:
    with own_cluster(3) as made:
        yield made


SOME = 500  # saves before a node goes, and after


class Work:
    """Saving and searching that goes on while a node goes, and a good while after."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.answered: list[str] = []
        self.searches = 0
        self.enough = 1_000_000  # saves; set anew when the node has gone
        self.under_way = threading.Event()
        self.gone = threading.Event()

    def save(self) -> None:
        for number in itertools.count():
            names = [f"{number}-{part}" for part in range(20)]
            answers = self.store.save([Save(lead(name), CREATE) for name in names])
            self.answered += [answer.id for answer in answers if answer.error is None]
            versions = {answer.version for answer in answers}
            if len(self.answered) >= SOME or not versions <= {1, None}:
                self.under_way.set()
            assert versions <= {1, None}
            if len(self.answered) > self.enough:
                return

    def search(self) -> None:
        while not self.gone.is_set():
            self.store.search("lead", Query(limit=1))
            self.searches += 1

    def stop(self, node: launcher.Node, how: signal.Signals) -> None:
        self.under_way.wait()
        try:
            node.stop(how)
            self.store.search("lead", Query(limit=1))
        finally:  # a search that fails must fail the test, not leave the others at work for ever
            self.enough = len(self.answered) + SOME
            self.gone.set()


@pytest.mark.long  # three servers need 2 GiB and half a minute ...
@pytest.mark.timeout(1200)  # ... or three minutes on a machine that is busy otherwise
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_node_that_goes_takes_nothing_along(cluster: launcher.Cluster, how: signal.Signals) -> None:
    # An answer may take longer than an officer would wait, where three servers share two cores with other tests.
    store = open_store(f"{cluster.url}/nodes-{how.name.lower()}?shards=3&timeout=120")
    work = Work(store)
    run_all([work.save, work.search, lambda: work.stop(cluster.nodes[0], how)])
    assert work.searches
    store.flush()
    for name in work.answered:
        assert store.load("lead", name)[1] == 1
    assert store.search("lead", Query(limit=1)).total == min(len(set(work.answered)), COUNT_LIMIT)
    store.close()
    launcher.again(cluster, 0)
