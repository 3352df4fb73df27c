"""The one behaviour suite of all back-ends: a test class inherits `StoreConformance` and gives `store`."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput, Conflict, NotFound
from core.model import Finding, Lead, Post, Reason, Region, Review, Run, Span, Suspicion, Verdict, Version
from core.text import fold
from store.base import ANY, CREATE, Page, Query, Save, Store, save_one
from store.moments import Period

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = itertools.count()


def lead(id_: str, text: str = "", hours: float = 0) -> Lead:
    return Lead(id=id_, text=text, received_at=NOON + timedelta(hours=hours))


def finding(
    id_: str, title: str = "", *, region: str | None = None, body: str = "正文", **more: object
) -> Finding:
    post = Post(
        id=id_, source_id="s", channel="forum", url="http://a.test/1", title=title, body=body, seen_at=NOON
    )
    reason = Reason(
        signal="words", span=Span(start=0, end=1, text="正"), weight=1.0, meaning=more.pop("meaning", None)
    )  # type: ignore[arg-type]
    verdict = Verdict(
        decision="flagged",
        score=more.pop("score", 0.9),  # type: ignore[arg-type]
        suspicions=(
            Suspicion(code="ONE_TO_ONE", score=0.9, reasons=(reason,)),
            Suspicion(code="HOME_TUTOR", score=0.8, reasons=()),
        ),
        role="provider",
        category="学科",
        region=Region(code=region, name="某地") if region else None,
        rule_version="r",
        model_version="m",
    )
    version = Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=(), seen_from=NOON, seen_to=NOON
    )
    plain = {"source_id": "s", "channel": "forum", "status": "flagged", "contact_ids": ("c1", "c2")}
    plain = plain | {"first_seen": NOON} | more
    return Finding(
        id=id_,
        url=post.url,
        versions=(version,),
        last_seen=NOON,
        **plain,  # type: ignore[arg-type]
    )


def ids(page: Page) -> list[str]:
    return [record.id for record in page.records]


class StoreConformance:
    """Every promise of `store.base`."""

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    def find(self, store: Store, kind: str = "lead", **query: object) -> list[str]:
        store.flush()
        return ids(store.search(kind, Query(**query)))  # type: ignore[arg-type]

    # -- what an officer says

    def test_a_finding_is_found_and_counted_by_the_codes_that_the_officer_named(self, store: Store) -> None:
        save_one(store, finding("a"))
        assert self.find(store, "finding", where={"code": ("HOME_TUTOR",)}) == ["a"]
        made = Review(
            officer="wang", at=NOON, outcome="confirmed", reason="属实", content_digest="d", codes=("VENUE",)
        )
        save_one(store, finding("a", status="confirmed", decisions=(made,)))
        assert self.find(store, "finding", where={"code": ("HOME_TUTOR",)}) == []
        assert self.find(store, "finding", where={"code": ("VENUE",)}) == ["a"]
        assert store.search("finding", Query(facets=("code",))).facets["code"] == {"VENUE": 1}
        save_one(store, finding("a", status="confirmed", decisions=(made.model_copy(update={"codes": ()}),)))
        assert self.find(store, "finding", where={"code": ("HOME_TUTOR",)}) == ["a"]

    # -- saving and loading

    def test_what_was_saved_is_loaded_whole(self, store: Store) -> None:
        record = finding("f", "数🍠\u0000'\"")
        assert save_one(store, record) == 1
        assert store.load("finding", "f") == (record, 1)

    def test_each_save_is_a_new_version(self, store: Store) -> None:
        assert [save_one(store, lead("a", text)) for text in "xyz"] == [1, 2, 3]
        assert store.load("lead", "a") == (lead("a", "z"), 3)

    def test_the_same_id_in_two_kinds_is_two_records(self, store: Store) -> None:
        save_one(store, lead("a", "tip"))
        with pytest.raises(NotFound):
            store.load("case", "a")

    def test_create_only_once(self, store: Store) -> None:
        save_one(store, lead("a", "first"), CREATE)
        with pytest.raises(Conflict):
            save_one(store, lead("a", "second"), CREATE)
        assert store.load("lead", "a") == (lead("a", "first"), 1)

    def test_a_stale_version_is_refused(self, store: Store) -> None:
        save_one(store, lead("a"))
        save_one(store, lead("a", "quicker"), 1)
        with pytest.raises(Conflict):
            save_one(store, lead("a", "late"), 1)
        assert store.load("lead", "a") == (lead("a", "quicker"), 2)

    def test_a_version_of_what_is_gone_is_refused(self, store: Store) -> None:
        with pytest.raises(Conflict):
            save_one(store, lead("a"), 1)

    def test_nothing_is_atomic_across_records(self, store: Store) -> None:
        save_one(store, lead("b", "old"))
        answers = store.save([Save(lead("a")), Save(lead("b", "new"), CREATE), Save(lead("c"), ANY)])
        assert [answer.id for answer in answers] == ["a", "b", "c"]
        assert [answer.version for answer in answers] == [1, None, 1]
        assert isinstance(answers[1].error, Conflict)
        assert store.load("lead", "b")[0] == lead("b", "old")
        assert store.load("lead", "c")[1] == 1

    def test_the_same_record_twice_in_one_call(self, store: Store) -> None:
        answers = store.save(
            [Save(lead("a", "1"), CREATE), Save(lead("a", "2"), 1), Save(lead("a", "3"), CREATE)]
        )
        assert [answer.version for answer in answers] == [1, 2, None]

    def test_many_at_once(self, store: Store) -> None:
        answers = store.save([Save(lead(str(number))) for number in range(123)])
        assert all(answer.version == 1 for answer in answers)
        store.flush()
        assert store.search("lead", Query()).total == 123

    def test_saving_nothing(self, store: Store) -> None:
        assert store.save([]) == []

    def test_delete_twice_is_delete_once(self, store: Store) -> None:
        save_one(store, lead("a", "家教"))
        store.delete("lead", "a")
        store.delete("lead", "a")
        with pytest.raises(NotFound):
            store.load("lead", "a")
        assert self.find(store, text="家教") == []

    def test_unknown_kinds(self, store: Store) -> None:
        with pytest.raises(BadInput):
            store.load("nonsense", "a")
        with pytest.raises(BadInput):
            store.search("nonsense", Query())
        with pytest.raises(BadInput):
            store.delete("nonsense", "a")

    # -- text

    @pytest.mark.parametrize(
        "query",
        [
            "数🍠",
            "数",
            "🍠",
            "🍠一",
            "一对一",
            "１对１",
            "ABC",
            "abc",
            "ａｂｃ",
            "數",
            "c",
            "数\u200b🍠",
            "家教 数🍠",
            "家教　数",
        ],
    )
    def test_words_are_found_in_any_dress(self, store: Store, query: str) -> None:
        save_one(store, lead("a", "数🍠一对一 1对1 Abc\n家教"))
        assert self.find(store, text=query) == ["a"]

    @pytest.mark.parametrize(
        "query", ["数🎨", "a x", "对对", "一1", "家教 x", "慰", "c家", '"', "*", "x6570", "_"]
    )
    def test_other_words_are_not_found(self, store: Store, query: str) -> None:
        save_one(store, lead("a", "数🍠一对一 1对1 Abc\n家教"))
        assert self.find(store, text=query) == []

    def test_a_letter_does_not_find_the_character_whose_number_begins_with_its_own(
        self, store: Store
    ) -> None:
        save_one(store, lead("a", "慰问"))  # U+6170, and "a" is U+0061
        assert self.find(store, text="a") == []

    def test_an_edited_text_is_found_by_its_new_words_only(self, store: Store) -> None:
        save_one(store, lead("a", "家教"))
        save_one(store, lead("a", "托管"))
        assert self.find(store, text="家教") == []
        assert self.find(store, text="托管") == ["a"]

    def test_a_finding_is_found_by_title_body_and_plain_meaning(self, store: Store) -> None:
        save_one(store, finding("f", "招生", body="数🍠辅导", meaning="数学"))
        for text in ("招生", "数🍠", "数学"):
            assert self.find(store, "finding", text=text) == ["f"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("家教 AND 数学", "a"), ("家教 OR 托管", "abc"), ("家教 NOT 数学", "b"), ("NOT 家教", "cd"),
            ("托管 OR 家教 NOT 数学", "bc"), ('"家教 数学"', "a"), ("“家教　数学”", "a"), ('"数学 家教"', ""),
            ('"上门 家"', "ab"), ('"教 数"', "a"), ("NOT 家教 NOT 托管", "d"), ('家教 NOT "家教 数学"', "b"),
            ("OR 托管", ""), ("托管 OR", ""), ("NOT", ""), ("家教 AND", ""), ('"OR"', "d"), ("or", "d"),
            ('"', ""), ('""', "abcd"), ("家教 OR NOT 托管", "abd"),
        ],
    )  # fmt: skip
    def test_operators_and_quotations(self, store: Store, query: str, found: str) -> None:
        for name, text in {"a": "上门 家教 数学", "b": "上门 家教", "c": "托管", "d": "x or y"}.items():
            save_one(store, lead(name, text))
        assert "".join(sorted(self.find(store, text=query))) == found

    def test_a_lone_mark_is_looked_for_as_it_was_folded(self, store: Store) -> None:
        save_one(store, lead("a", "x\u00b4y"))  # folds to x, space, combining accent, y
        assert self.find(store, text="\u00b4") == ["a"]
        assert self.find(store, text="x\u00b4y") == ["a"]

    def test_records_of_one_moment_stand_in_the_order_of_their_ids(self, store: Store) -> None:
        store.save([Save(lead(name)) for name in ("b", "a", "家", "Z", "\U0001f360")])
        assert self.find(store, order="oldest") == ["Z", "a", "b", "家", "\U0001f360"]
        assert self.find(store) == ["\U0001f360", "家", "b", "a", "Z"]

    def test_ids_may_be_anything(self, store: Store) -> None:
        names = ["", ".", "..", "a/b?c#d%20", "长" * 400, "sha256:x", "\u0000", " a "]
        assert [answer.error for answer in store.save([Save(lead(name, "x")) for name in names])] == [
            None
        ] * 8
        assert sorted(self.find(store)) == sorted(names)
        for name in names:
            assert store.load("lead", name) == (lead(name, "x"), 1)
            store.delete("lead", name)
        assert self.find(store) == []

    def test_long_values_are_filtered_by(self, store: Store) -> None:
        long = "长" * 20_000
        save_one(store, finding("f", source_id=long))
        assert self.find(store, "finding", where={"source_id": (long,)}) == ["f"]
        assert self.find(store, "finding", where={"source_id": (long + "x",)}) == []

    def test_a_word_that_many_records_of_another_kind_have(self, store: Store) -> None:
        store.save([Save(lead(str(number), "家教")) for number in range(10_001)])
        store.save([Save(finding(str(number), "家教")) for number in range(3)])
        store.flush()
        page = store.search("finding", Query(text="家教", facets=("status",)))
        assert (page.total, page.capped, page.facets) == (3, False, {"status": {"flagged": 3}})

    def test_many_of_several_values_count_once(self, store: Store) -> None:
        # Each has both codes: 12,000 pairs, 6,000 records.
        store.save([Save(finding(str(number))) for number in range(6_000)])
        store.flush()
        page = store.search("finding", Query(where={"code": ("ONE_TO_ONE", "HOME_TUTOR")}, limit=1))
        assert (page.total, page.capped) == (6_000, False)

    def test_too_long_a_text_is_refused(self, store: Store) -> None:
        with pytest.raises(BadInput):
            store.search("lead", Query(text="数" * 501))

    def test_as_many_words_as_fit_are_searched(self, store: Store) -> None:
        save_one(store, lead("a", "a b"))
        assert self.find(store, text=" ".join("ab" * 125)) == ["a"]

    # One promise asked of each back-end by a class of its own: that is what "differing executors" means here.
    @settings(
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
            HealthCheck.too_slow,
        ],
        deadline=None,
        max_examples=60,
    )
    @given(
        text=st.text("数學学🍠ａA a1é\u0301\u200b\n_x", max_size=12),
        query=st.text("数學🍠Aa1é\u200b _x", max_size=4),
    )
    def test_search_is_in_on_folded_text(self, store: Store, text: str, query: str) -> None:
        own = f"r{next(_numbers)}"
        save_one(store, lead(own, text))
        expected = all(word in fold(text) for word in fold(query).split())
        assert (own in self.find(store, text=query, limit=1000)) == expected

    # -- filters, dates, regions, facets

    def test_filters_are_any_of_values_and_all_of_fields(self, store: Store) -> None:
        save_one(store, finding("a", channel="forum", status="flagged"))
        save_one(store, finding("b", channel="social", status="unsure"))
        save_one(store, finding("c", channel="social", status="flagged"))
        find = self.find
        assert sorted(find(store, "finding", where={"channel": ("forum", "social")})) == ["a", "b", "c"]
        assert find(store, "finding", where={"channel": ("social",), "status": ("flagged",)}) == ["c"]
        assert find(store, "finding", where={"status": ()}) == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("source_id", "s"), ("channel", "forum"), ("status", "flagged"), ("code", "ONE_TO_ONE"),
            ("code", "HOME_TUTOR"), ("role", "provider"), ("category", "学科"), ("region", "330106"),
            ("second_look", "pending"), ("contact_id", "c2"),
        ],
    )  # fmt: skip
    def test_every_field_of_a_finding(self, store: Store, name: str, value: str) -> None:
        save_one(store, finding("f", region="330106"))
        assert self.find(store, "finding", where={name: (value,)}) == ["f"]
        assert self.find(store, "finding", where={name: (value + "x",)}) == []

    def test_filters_follow_the_newest_save(self, store: Store) -> None:
        save_one(store, finding("f", status="unsure"))
        save_one(store, finding("f", status="confirmed"))
        assert self.find(store, "finding", where={"status": ("unsure",)}) == []

    def test_runs_by_state(self, store: Store) -> None:
        save_one(store, Run(id="r", kind="crawl", source_id=None, state="queued", planned_at=NOON))
        assert self.find(store, "run", where={"state": ("queued",), "kind": ("crawl",)}) == ["r"]
        assert self.find(store, "run", where={"source_id": ("",)}) == []

    def test_since_is_included_and_until_is_not(self, store: Store) -> None:
        for hour in range(4):
            save_one(store, lead(str(hour), hours=hour))
        assert self.find(store, since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3)) == [
            "2",
            "1",
        ]

    @pytest.mark.parametrize(
        ("code", "found"),
        [
            ("33", "abc"),
            ("330000", "abc"),
            ("3301", "ab"),
            ("330100", "ab"),
            ("330106", "b"),
            ("330106001", ""),
            ("34", ""),
        ],
    )
    def test_a_region_holds_all_below(self, store: Store, code: str, found: str) -> None:
        for name, region in {"a": "3301", "b": "330106", "c": "330203001", "d": "110000", "e": None}.items():
            save_one(store, finding(name, region=region))
        assert sorted(self.find(store, "finding", region=code)) == list(found)
        assert sorted(self.find(store, "finding", scope=code)) == [*found, "e"]

    def test_facets_count_among_the_matches(self, store: Store) -> None:
        for name, channel in {"a": "forum", "b": "forum", "c": "social"}.items():
            save_one(store, finding(name, name, channel=channel))
        store.flush()
        page = store.search("finding", Query(facets=("channel", "code"), limit=1))
        assert page.facets == {
            "channel": {"forum": 2, "social": 1},
            "code": {"ONE_TO_ONE": 3, "HOME_TUTOR": 3},
        }
        assert store.search("finding", Query(text="c", facets=("channel",))).facets == {
            "channel": {"social": 1}
        }

    # -- order, pages, counts

    @pytest.mark.parametrize("order", ["newest", "oldest"])
    def test_pages_give_each_record_once_and_in_order(self, store: Store, order: str) -> None:
        # Equal times on purpose: a page must not end between two records that look the same.
        store.save([Save(lead(f"{number:02d}", hours=number // 5)) for number in range(23)])
        store.flush()
        seen: list[str] = []
        cursor = None
        while True:
            page = store.search("lead", Query(order=order, limit=4, cursor=cursor))
            assert (page.total, page.capped) == (23, False)
            seen += ids(page)
            cursor = page.cursor
            if cursor is None:
                break
        assert sorted(seen) == [f"{number:02d}" for number in range(23)]
        hours = [int(name) // 5 for name in seen]
        assert hours == sorted(hours, reverse=order == "newest")

    @pytest.mark.parametrize("order", ["score", "-score", "first_seen", "-first_seen"])
    def test_findings_stand_in_the_order_of_a_field(self, store: Store, order: str) -> None:
        # (score, days): equal scores, and of two that were first seen together as well.
        known = {"a": (0.9, 3), "b": (0.5, 1), "c": (0.9, 1), "d": (0.123456789, 2), "e": (1.0, 1)}
        for name, (score, days) in known.items():
            save_one(store, finding(name, score=score, first_seen=NOON - timedelta(days=days)))
        place = 0 if order.endswith("score") else 1
        wanted = sorted(
            known,
            key=lambda name: (known[name][place] * (1 if place == 0 else -1), name),
            reverse=order.startswith("-"),
        )
        assert self.find(store, "finding", order=order) == wanted
        seen: list[str] = []
        cursor = None
        while len(seen) < len(known):
            page = store.search("finding", Query(order=order, limit=2, cursor=cursor))
            seen += ids(page)
            cursor = page.cursor
        assert (seen, cursor) == (wanted, None)

    def test_another_score_is_another_place(self, store: Store) -> None:
        for name, score in (("a", 0.5), ("b", 0.7), ("a", 0.9)):
            save_one(store, finding(name, score=score))
        assert self.find(store, "finding", order="-score") == ["a", "b"]

    def test_matches_are_counted_by_day_week_and_month_in_china(self, store: Store) -> None:
        # Noon in UTC on Sunday 2026-03-01; four hours later it is Monday in China.
        for name, hours in {"a": -24 * 40, "b": 0, "c": 3.99, "d": 4, "e": 4, "f": 24 * 7}.items():
            save_one(store, lead(name, "家教" if name != "e" else "托管", hours=hours))
        store.flush()

        def periods(per: Period, **given: Any) -> dict[str, int]:
            return store.search("lead", Query(per=per, limit=1, **given)).periods

        days = {"2026-01-20": 1, "2026-03-01": 2, "2026-03-02": 2, "2026-03-08": 1}
        assert list(periods("day").items()) == list(days.items())
        assert periods("week") == {"2026-01-19": 1, "2026-02-23": 2, "2026-03-02": 3}
        assert periods("month") == {"2026-01-01": 1, "2026-03-01": 5}
        assert periods("day", text="托管") == {"2026-03-02": 1}
        assert periods("day", since=NOON, until=NOON + timedelta(hours=4)) == {"2026-03-01": 2}
        assert periods("month", text="nothing") == {}
        assert store.search("lead", Query()).periods == {}

    def test_a_page_that_ends_exactly_has_no_next(self, store: Store) -> None:
        store.save([Save(lead(str(number))) for number in range(4)])
        store.flush()
        assert store.search("lead", Query(limit=4)).cursor is None

    def test_versions_stand_beside_the_records(self, store: Store) -> None:
        save_one(store, lead("a"))
        save_one(store, lead("a"))
        store.flush()
        assert store.search("lead", Query()).versions == (2,)

    def test_counts_are_exact_up_to_the_limit_and_capped_beyond(self, store: Store) -> None:
        store.save([Save(lead(str(number), "家教")) for number in range(10_000)])
        store.flush()
        page = store.search("lead", Query(text="家教", limit=1))
        assert (page.total, page.capped) == (10_000, False)
        save_one(store, lead("more", "家教"))
        store.flush()
        page = store.search("lead", Query(limit=1))
        assert (page.total, page.capped) == (10_000, True)

    @pytest.mark.parametrize(
        "query",
        [
            Query(where={"nonsense": ("x",)}),
            Query(facets=("nonsense",)),
            Query(order="sideways"),
            Query(order="score"),  # leads have none
            Query(per="year"),  # type: ignore[arg-type]
            Query(limit=0),
            Query(limit=1001),
            Query(cursor="nonsense"),
            Query(
                cursor="WyJuZXdlc3QiLCAxMDAwMDAwMDAwMDAwMDAwMDAwMDAsICJ4IiwgIiJd"
            ),  # a time of more than 64 bits
            Query(cursor="WyJuZXdlc3QiXQ=="),
            Query(cursor="\ud800"),
            Query(region="浙江"),
            Query(region="33%"),
            Query(since=datetime(2026, 1, 1)),  # noqa: DTZ001 - the point of the test
        ],
    )
    def test_what_cannot_be_answered_is_bad_input(self, store: Store, query: Query) -> None:
        with pytest.raises(BadInput):
            store.search("lead", query)

    def test_a_cursor_of_the_other_order_is_refused(self, store: Store) -> None:
        store.save([Save(lead("a")), Save(lead("b"))])
        store.flush()
        cursor = store.search("lead", Query(limit=1)).cursor
        with pytest.raises(BadInput):
            store.search("lead", Query(limit=1, order="oldest", cursor=cursor))

    # -- many writers

    def test_threads_that_count_together_lose_nothing(self, store: Store) -> None:
        save_one(store, lead("sum", "0"))

        def count() -> None:
            for _ in range(20):
                self.add_one(store)

        run_all([count, count])
        assert store.load("lead", "sum") == (lead("sum", "40"), 41)

    @staticmethod
    def add_one(store: Store) -> None:
        while True:
            record, version = store.load("lead", "sum")
            assert isinstance(record, Lead)
            [saved] = store.save([Save(lead("sum", str(int(record.text) + 1)), version)])
            if saved.error is None:
                return
            assert isinstance(saved.error, Conflict)

    def test_of_two_creators_one_wins(self, store: Store) -> None:
        won: list[str] = []

        def create(name: str) -> None:
            saves = [Save(lead(str(number), name), CREATE) for number in range(20)]
            won.extend(one.id for save in saves for one in store.save([save]) if one.error is None)

        run_all([lambda: create("x"), lambda: create("y")])
        assert sorted(won, key=int) == [str(number) for number in range(20)]

    def test_closing_twice_is_closing_once(self, store: Store) -> None:
        store.close()
        store.close()


def run_all(jobs: list[Callable[[], None]]) -> None:
    """Run the jobs in threads of their own; the first failure is raised here."""
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
