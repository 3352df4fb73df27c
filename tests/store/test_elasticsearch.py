"""The Elasticsearch back-end: the one suite on a real server, and what only a cluster can suffer."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from core.errors import BadInput, Conflict, NotFound, ReadOnly, StoreAway, Unavailable
from store import open_store
from store.base import CREATE, Query, Save, Store, save_one
from store.cursors import Place, read_cursor, write_cursor
from store.elasticsearch import ElasticsearchStore, client, schema, writing
from store.elasticsearch.address import read_address
from tests.elasticsearch.fixtures import driver as a_driver
from tests.elasticsearch.proxy import Proxy, running
from tests.store.conformance import StoreConformance, finding, ids, lead


class TestElasticsearch(StoreConformance):
    @pytest.fixture
    def store(self, elasticsearch_url: str) -> Iterator[Store]:
        store = open_store(elasticsearch_url)
        yield store
        store.close()


@pytest.fixture
def store(elasticsearch_url: str) -> Iterator[Store]:
    store = open_store(elasticsearch_url)
    yield store
    store.close()


@pytest.fixture
def proxy(elasticsearch_server: str) -> Iterator[Proxy]:
    with running(elasticsearch_server) as made:
        yield made


@pytest.fixture
def behind(proxy: Proxy, elasticsearch_url: str) -> Iterator[Store]:
    """A store that reaches the server through the proxy."""
    store = open_store(proxy.url + urlsplit(elasticsearch_url).path)
    yield store
    store.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr(writing, "PAUSES", (0.0, 0.0, 0.0))


# -- the address


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9200", "http://127.0.0.1:9200/", "http:///prefix", "http://a b/prefix", "http://h/Prefix",
        "http://h/a/b", "http://h/*", "http://h/p?nonsense=1", "http://h/p?shards=x", "http://h/p?shards=9999",
        "http://h/p?ca=/x.pem", "http://h/p#x", "http://h:port/p", "http://h,,i/p", "https://127.0.0.1:1/p?ca=/no/such.pem",
    ],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(BadInput):
        open_store(url)


def test_an_address_names_hosts_prefix_user_and_options() -> None:
    address = read_address(
        "https://us%40er:p%3Aw@a.test,b.test:9201,[::1]/my-store?ca=/ca.pem&shards=3&replicas=0"
    )
    assert address.hosts == ("https://a.test:9200", "https://b.test:9201", "https://[::1]:9200")
    assert (address.prefix, address.user, address.password) == ("my-store", "us@er", "p:w")
    assert (address.ca, address.shards, address.replicas) == ("/ca.pem", 3, 0)


def test_no_error_and_no_text_form_shows_the_password() -> None:
    with pytest.raises(BadInput) as caught:
        open_store("https://user:geheim@host/PREFIX")
    assert "geheim" not in str(caught.value)
    assert "geheim" not in repr(read_address("https://user:geheim@host/prefix"))
    with pytest.raises(BadInput) as caught:
        open_store("mysql://user:geheim@host/x")
    assert "geheim" not in str(caught.value)


def test_options_are_kept_when_an_index_is_made(elasticsearch_server: str, elasticsearch_url: str) -> None:
    store = open_store(f"{elasticsearch_url}?shards=2&replicas=0")
    save_one(store, lead("a"))
    store.close()
    with a_driver(elasticsearch_server) as driver:
        [index] = driver.indices.get(index=urlsplit(elasticsearch_url).path[1:] + "-*").body.values()
    assert index["settings"]["index"]["number_of_shards"] == "2"
    assert index["settings"]["index"]["number_of_replicas"] == "0"
    assert index["mappings"]["dynamic"] == "strict"


# -- who may


def test_a_user_and_a_key_are_one_too_many() -> None:
    with pytest.raises(BadInput):
        open_store("http://user:password@127.0.0.1:9/p", "key")


def test_an_api_key_is_sent(proxy: Proxy, elasticsearch_url: str) -> None:
    # The test server has no API keys; what it would be asked with is what counts.
    open_store(proxy.url + urlsplit(elasticsearch_url).path, "a2V5").close()
    assert {head["authorization"] for head in proxy.heads} == {"ApiKey a2V5"}


# -- what only a server can suffer


def test_nobody_there_is_said_by_the_first_call(hasty: None) -> None:
    store = open_store("http://127.0.0.1:9/p")
    with pytest.raises(StoreAway) as caught:
        store.load("lead", "a")
    assert caught.value.__cause__ is not None
    [saved] = store.save([Save(lead("a"))])
    assert isinstance(saved.error, StoreAway)
    store.close()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    for call in (store.flush, lambda: store.load("lead", "a"), lambda: store.search("lead", Query())):
        with pytest.raises(Unavailable):
            call()
    [saved] = store.save([Save(lead("a"))])
    assert isinstance(saved.error, Unavailable)
    with pytest.raises(Unavailable):
        store.delete("lead", "a")


def test_half_a_character_is_bad_input(store: Store) -> None:
    for call in (lambda: store.load("lead", "\ud800"), lambda: store.delete("lead", "\ud800")):
        with pytest.raises(BadInput):
            call()
    with pytest.raises(BadInput):
        store.search("finding", Query(where={"status": ("\ud800",)}))
    answers = store.save([Save(lead("a", "\ud800")), Save(lead("\ud800")), Save(lead("b"))])
    assert [type(answer.error) for answer in answers] == [BadInput, BadInput, type(None)]


@pytest.mark.parametrize("expect", [CREATE, "any", 1])
def test_a_save_whose_answer_got_lost_is_done_once(proxy: Proxy, behind: Store, expect: str | int) -> None:
    save_one(behind, lead("other"))
    if expect == 1:
        save_one(behind, lead("a", "old"))
    lost = iter(["lost", ""])
    proxy.fault = lambda method, path, body: next(lost, "") if "/_bulk" in path else ""
    version = save_one(behind, lead("a", "new"), expect)  # type: ignore[arg-type]
    assert behind.load("lead", "a") == (lead("a", "new"), version)
    # Without an expectation writing twice is harmless, and two versions may be counted.
    assert version in ({CREATE: (1,), "any": (1, 2), 1: (2,)}[expect])


def test_a_conflict_stays_one_when_an_answer_got_lost(proxy: Proxy, behind: Store) -> None:
    save_one(behind, lead("a", "theirs"))
    lost = iter(["lost", ""])
    proxy.fault = lambda method, path, body: next(lost, "") if "/_bulk" in path else ""
    with pytest.raises(Conflict):
        save_one(behind, lead("a", "ours"), CREATE)
    assert behind.load("lead", "a") == (lead("a", "theirs"), 1)


@pytest.mark.parametrize("status", ["429", "503"])
def test_a_busy_server_is_asked_again(proxy: Proxy, behind: Store, hasty: None, status: str) -> None:
    # The driver asks four times by itself before it gives up; then our own tries begin.
    busy = iter([status] * 6)
    proxy.fault = lambda method, path, body: next(busy, "") if "/_bulk" in path else ""
    assert save_one(behind, lead("a"), CREATE) == 1


def test_a_node_that_stops_between_finding_and_fetching_is_no_missing_record(
    behind: Store, proxy: Proxy
) -> None:
    save_one(behind, lead("a", "家教"))
    behind.flush()
    gone = iter(["404"])
    proxy.fault = lambda method, path, body: next(gone, "") if "/_search" in path else ""
    assert ids(behind.search("lead", Query(text="家教"))) == ["a"]


def test_a_server_that_stays_busy_is_unavailable_record_by_record(
    proxy: Proxy, behind: Store, hasty: None
) -> None:
    proxy.fault = lambda method, path, body: "429" if "/_bulk" in path else ""
    answers = behind.save([Save(lead("a")), Save(lead("b"))])
    assert all(isinstance(answer.error, StoreAway) for answer in answers)
    with pytest.raises(Unavailable):
        behind.delete("lead", "a")
    proxy.fault = lambda method, path, body: ""
    assert save_one(behind, lead("a"), CREATE) == 1


def test_a_server_that_goes_away_is_unavailable(proxy: Proxy, behind: Store) -> None:
    save_one(behind, lead("a"))
    proxy.fault = lambda method, path, body: "lost"
    for call in (behind.flush, lambda: behind.load("lead", "a"), lambda: behind.search("lead", Query())):
        with pytest.raises(Unavailable):
            call()
    [saved] = behind.save([Save(lead("b"))])
    assert isinstance(saved.error, Unavailable)


@pytest.mark.parametrize(("status", "error"), [("400", BadInput), ("401", Unavailable), ("500", Unavailable)])
def test_refusals_have_our_names(proxy: Proxy, behind: Store, status: str, error: type[Exception]) -> None:
    proxy.fault = lambda method, path, body: status
    with pytest.raises(error):
        behind.search("lead", Query())


def test_a_disk_that_is_full_is_unavailable_and_recovers(
    store: Store, elasticsearch_server: str, elasticsearch_url: str, hasty: None
) -> None:
    save_one(store, lead("a"))
    index = urlsplit(elasticsearch_url).path[1:] + "-lead-v1"
    with a_driver(elasticsearch_server) as driver:
        # What the server does by itself when the disk passes its last watermark.
        driver.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": True})
        [saved] = store.save([Save(lead("b"))])
        assert isinstance(saved.error, ReadOnly)
        assert store.load("lead", "a")[1] == 1
        driver.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": None})
    assert save_one(store, lead("b")) == 1


def test_a_record_that_the_server_refuses_does_not_hinder_others(
    store: Store, elasticsearch_server: str, elasticsearch_url: str
) -> None:
    save_one(store, finding("f"))
    index = urlsplit(elasticsearch_url).path[1:] + "-finding-v1"
    with a_driver(elasticsearch_server) as driver:
        # Another shape than ours, as a foreign hand could make it.
        driver.indices.delete(index=index)
        properties = {"time": {"type": "long"}, "key": {"type": "keyword"}}
        aliases = {index.removesuffix("-v1"): {}, f"{index}-write": {}}
        driver.indices.create(
            index=index, aliases=aliases, mappings={"dynamic": "strict", "properties": properties}
        )
    answers = store.save([Save(finding("f")), Save(lead("a"))])
    assert [type(answer.error) for answer in answers] == [BadInput, type(None)]


def test_many_records_go_in_many_requests(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 7)
    monkeypatch.setattr(writing, "BATCH_BYTES", 9_000)
    saves = [Save(lead(str(number % 50), "x" * (number * 10))) for number in range(100)]
    assert [answer.version for answer in store.save(saves)] == [1] * 50 + [2] * 50
    assert store.load("lead", "49")[0] == lead("49", "x" * 990)


# -- walks


def _walked(store: Store, limit: int) -> list[str]:
    seen: list[str] = []
    cursor = None
    while True:
        page = store.search("lead", Query(limit=limit, cursor=cursor))
        seen += ids(page)
        cursor = page.cursor
        if cursor is None:
            return seen


def test_a_walk_from_its_second_page_on_sees_one_moment(store: Store) -> None:
    store.save([Save(lead(f"{number:02d}", hours=number)) for number in range(20)])
    store.flush()
    first = store.search("lead", Query(limit=5))
    second = store.search("lead", Query(limit=5, cursor=first.cursor))
    store.save([Save(lead("05", hours=99)), Save(lead("new", hours=5))])
    store.delete("lead", "04")
    store.flush()
    third = store.search("lead", Query(limit=5, cursor=second.cursor))
    fourth = store.search("lead", Query(limit=5, cursor=third.cursor))
    assert ids(third) + ids(fourth) == [f"{number:02d}" for number in range(9, -1, -1)]
    assert fourth.cursor is None


def test_a_walk_goes_on_when_its_view_is_gone(store: Store) -> None:
    assert isinstance(store, ElasticsearchStore)
    store.save([Save(lead(f"{number:02d}", hours=number)) for number in range(20)])
    store.flush()
    first = store.search("lead", Query(limit=5))
    second = store.search("lead", Query(limit=5, cursor=first.cursor))
    assert second.cursor
    store._client.close_view(read_cursor(second.cursor, "newest").view)
    third = store.search("lead", Query(limit=50, cursor=second.cursor))
    assert ids(third) == [f"{number:02d}" for number in range(9, -1, -1)]


def test_a_forged_view_is_bad_input(store: Store) -> None:
    save_one(store, lead("a"))
    with pytest.raises(BadInput):
        store.search("lead", Query(cursor=write_cursor("newest", Place(1, "a", "nonsense"))))


def test_more_than_ten_thousand_are_walked(store: Store) -> None:
    store.save([Save(lead(f"{number:05d}")) for number in range(10_500)])
    store.flush()
    assert _walked(store, 1_000) == [f"{number:05d}" for number in range(10_499, -1, -1)]


def test_views_are_given_back(store: Store, elasticsearch_server: str) -> None:
    store.save([Save(lead(str(number))) for number in range(20)])
    store.flush()
    _walked(store, 5)
    with a_driver(elasticsearch_server) as driver:
        stats = driver.indices.stats(index=f"{_prefix(store)}-lead", metric="search")
    assert stats["_all"]["total"]["search"]["open_contexts"] == 0


def _prefix(store: Store) -> str:
    assert isinstance(store, ElasticsearchStore)
    return store._address.prefix


def test_a_shard_that_is_being_made_is_waited_for(
    store: Store, elasticsearch_server: str, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen in a crawl: one process makes an index, another reads it before its shard has started."""
    name = urlsplit(elasticsearch_url).path[1:] + "-lead"
    monkeypatch.setattr("store.elasticsearch.store.PAUSES", (*writing.PAUSES, 12.8, 25.6, 51.2))
    asked: list[int] = []
    with a_driver(elasticsearch_server) as driver:
        # No node has such a name, so the shard stays unassigned until the setting is taken back.
        nowhere = {"index.routing.allocation.require._name": "nobody"}
        driver.indices.create(
            index=f"{name}-v1", settings=nowhere, aliases={name: {}, f"{name}-v1-write": {}},
            mappings=schema.mapping("lead"), wait_for_active_shards="0",
        )  # fmt: skip
        real = client.Client.get

        def get(
            self: client.Client, documents: list[dict[str, str]], source: list[str]
        ) -> list[dict[str, object]]:
            asked.append(1)
            if len(asked) == 3:
                free = {"index.routing.allocation.require._name": None}
                driver.indices.put_settings(index=f"{name}-v1", settings=free)
            return real(self, documents, source)

        monkeypatch.setattr(client.Client, "get", get)
        with pytest.raises(NotFound):
            store.load("lead", "a")
    assert len(asked) >= 3
    assert save_one(store, lead("a"), CREATE) == 1


def test_a_part_of_an_answer_is_no_answer(
    store: Store,
    elasticsearch_server: str,
    elasticsearch_url: str,
    monkeypatch: pytest.MonkeyPatch,
    hasty: None,
) -> None:
    name = urlsplit(elasticsearch_url).path[1:] + "-lead"
    monkeypatch.setattr("store.elasticsearch.store.PAUSES", (0.0, 0.0))
    with a_driver(elasticsearch_server) as driver:
        driver.indices.create(
            index=f"{name}-v1", settings={"index.routing.allocation.require._name": "nobody"},
            aliases={name: {}, f"{name}-v1-write": {}}, mappings=schema.mapping("lead"), wait_for_active_shards="0",
        )  # fmt: skip
    with pytest.raises(Unavailable):
        store.search("lead", Query())
    with pytest.raises(Unavailable):
        store.load("lead", "a")
    [saved] = store.save([Save(lead("a"), 3)])
    assert isinstance(saved.error, Unavailable)
