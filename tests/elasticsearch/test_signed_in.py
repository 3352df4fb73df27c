"""A server that asks for user and password and speaks TLS only, as in production."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from core.errors import Unavailable
from store import open_store
from store.base import CREATE, Query, Save, save_one
from tests.elasticsearch import launcher
from tests.elasticsearch.distribution import NotHere
from tests.elasticsearch.security import PASSWORD, USER, certificate
from tests.store.conformance import ids, lead


@pytest.fixture(scope="module")
def secure() -> Iterator[launcher.Cluster]:
    try:
        cluster = launcher.start(secure=True)
    except NotHere as error:
        if "WANGXUN_TEST_ELASTICSEARCH" in os.environ:
            pytest.skip(f"a running server was named, and a secure one cannot be started: {error}")
        pytest.skip(str(error))
    yield cluster
    cluster.stop()


def _address(cluster: launcher.Cluster, login: str, prefix: str) -> str:
    hosts = cluster.url.rpartition("@")[2]
    return f"https://{login}{hosts}/{prefix}?ca={quote(str(cluster.authority))}"


def test_with_the_password_and_the_authority_everything_works(secure: launcher.Cluster) -> None:
    store = open_store(_address(secure, f"{USER}:{quote(PASSWORD)}@", "signed"))
    assert save_one(store, lead("a", "家教"), CREATE) == 1
    assert save_one(store, lead("a", "家教一对一"), 1) == 2
    store.flush()
    assert ids(store.search("lead", Query(text="一对一"))) == ["a"]
    store.delete("lead", "a")
    store.close()


def refused(address: str, match: str, api_key: str = "") -> None:
    """The store comes up, so that the site can say what is wrong, and gives nothing."""
    store = open_store(address, api_key)
    with pytest.raises(Unavailable, match=match):
        store.search("lead", Query())
    [saved] = store.save([Save(lead("b"))])
    assert isinstance(saved.error, Unavailable)
    store.close()


@pytest.mark.parametrize("login", ["", f"{USER}:wrong@"])
def test_without_the_right_password_nothing_does(secure: launcher.Cluster, login: str) -> None:
    refused(_address(secure, login, "signed"), "WANGXUN_STORE_API_KEY")


def test_a_wrong_api_key_is_refused(secure: launcher.Cluster) -> None:
    refused(_address(secure, "", "signed"), "WANGXUN_STORE_API_KEY", "d3Jvbmc6a2V5")


def test_a_server_of_an_unknown_authority_gets_no_password(secure: launcher.Cluster, tmp_path: Path) -> None:
    other = certificate(tmp_path)
    hosts = secure.url.rpartition("@")[2]
    refused(f"https://{USER}:{PASSWORD}@{hosts}/signed?ca={quote(str(other))}", r"(?i)certificate")
    refused(f"https://{USER}:{PASSWORD}@{hosts}/signed", r"(?i)certificate")


def test_without_encryption_nobody_answers(secure: launcher.Cluster) -> None:
    hosts = secure.url.rpartition("@")[2]
    refused(f"http://{USER}:{PASSWORD}@{hosts}/signed", "does not answer")
