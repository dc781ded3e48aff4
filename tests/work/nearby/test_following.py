"""The index follows the database: every change is seen, in every process, whatever happens to a connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from jiujin.registry.models import Address, Area
from jiujin.work.models import Vacancy
from jiujin.work.nearby import following
from jiujin.work.nearby.columns import VacancyIndex, build_index
from jiujin.work.nearby.following import Follower
from jiujin.work.nearby.index import IndexNotReady, forms_of_the_plan, live_index, read_now
from tests.registry.factories import make_area
from tests.work.factories import LAST_DAY, make_workplace
from tests.work.nearby.places import HERE, make_address, north_of, vacancy_at

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS_MAX = 30.0


@pytest.fixture
def two() -> Iterator[list[Follower]]:
    """Two followers, as two workers have them, ready."""
    read_now()  # what is read and compiled once a process is not waited for in a thread
    followers = [Follower(forms_of_the_plan) for _ in range(2)]
    try:
        for follower in followers:
            follower.start()
            assert follower.wait(SECONDS_MAX) is not None
        yield followers
    finally:
        for follower in followers:
            follower.stop()


def found(follower: Follower, metres: float = 3000) -> list[int]:
    assert follower.near is not None
    return sorted(match.id for match in follower.near.index.search(*HERE, metres, 50, day=LAST_DAY).matches)


def all_find(followers: list[Follower], ids: list[int], metres: float = 3000) -> bool:
    return all(each.wait_until(lambda each=each: found(each, metres) == ids, SECONDS_MAX) for each in followers)


def test_posted_and_closed_vacancy_is_seen_by_every_worker(two: list[Follower]) -> None:
    vacancy = vacancy_at(500)
    assert all_find(two, [vacancy.pk])
    Vacancy.objects.filter(pk=vacancy.pk).update(state="closed")
    assert all_find(two, [])


def test_draft_is_seen_only_once_it_is_open(two: list[Follower]) -> None:
    draft, other = vacancy_at(100, state="draft"), vacancy_at(200)
    assert all_find(two, [other.pk])
    Vacancy.objects.filter(pk=draft.pk).update(state="open", published_at="2022-03-01T00:00Z")
    assert all_find(two, sorted([draft.pk, other.pk]))


def test_change_that_is_rolled_back_is_never_seen(two: list[Follower]) -> None:
    vacancy = vacancy_at(100)
    with transaction.atomic():
        vacancy_at(200)
        transaction.set_rollback(True)
    later = vacancy_at(300)
    assert all_find(two, [vacancy.pk, later.pk])


def test_moved_address_moved_workplace_and_moved_area_are_seen(two: list[Follower]) -> None:
    vacancy = vacancy_at(100)
    assert all_find(two, [vacancy.pk])
    address = vacancy.workplace.address
    assert address is not None
    Address.objects.filter(pk=address.pk).update(lat=north_of(9000)[0])
    assert all_find(two, [])
    vacancy.workplace.address = make_address(north_of(50))
    vacancy.workplace.save()
    assert all_find(two, [vacancy.pk])
    area = make_area("341502001001")
    without_point = vacancy_at(workplace=make_workplace(area=area))
    Area.objects.filter(pk=area.pk).update(lat=HERE[0], lon=HERE[1])
    assert all_find(two, [vacancy.pk, without_point.pk])


def test_deleted_vacancy_goes_and_many_at_once_come(two: list[Follower]) -> None:
    first = vacancy_at(100)
    assert all_find(two, [first.pk])
    many = [
        Vacancy(
            employer=first.employer,
            workplace=first.workplace,
            title="同时来的",
            form="labour_contract",
            open_until=LAST_DAY,
            state="open",
            published_at="2022-03-01T00:00Z",
        )
        for _ in range(600)  # more than are told one by one
    ]
    Vacancy.objects.bulk_create(many)
    for follower in two:
        assert follower.wait_until(lambda follower=follower: len(follower.near.index) == 601, SECONDS_MAX)
    Vacancy.objects.all().delete()
    assert all_find(two, [])


def test_nothing_is_lost_while_the_connection_was_gone(two: list[Follower], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "RETRY_SECONDS", (0.0,))
    gone, stays = vacancy_at(100), vacancy_at(200)
    assert all_find(two, [gone.pk, stays.pk])
    held = threading.Event()
    connect = Follower._connect

    def connect_late(self: Follower) -> psycopg.Connection:
        held.wait(SECONDS_MAX)
        return connect(self)

    monkeypatch.setattr(Follower, "_connect", connect_late)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query ILIKE '%%listen%%' AND pid <> pg_backend_pid()"
            " OR datname = current_database() AND state = 'idle' AND pid <> pg_backend_pid()"
        )
    Vacancy.objects.filter(pk=gone.pk).delete()
    came = vacancy_at(300)
    held.set()
    assert all_find(two, [stays.pk, came.pk])


def test_vacancy_past_its_last_day_is_not_found_and_needs_no_change(two: list[Follower]) -> None:
    vacancy = vacancy_at(100)
    assert all_find(two, [vacancy.pk])
    near = two[0].near
    assert near is not None
    assert not near.index.search(*HERE, 3000, 5, day=LAST_DAY + timedelta(days=1)).matches


def test_forked_process_starts_anew(two: list[Follower]) -> None:
    follower = two[0]
    kept = follower._thread
    follower.forget()
    assert follower.near is None
    follower.start()
    assert follower.wait(SECONDS_MAX) is not None
    follower.stop()
    follower._thread = kept  # what the parent still holds


def test_stop_leaves_a_reading_under_way_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    read_now()
    vacancy = vacancy_at(100)
    reads, may_read = threading.Event(), threading.Event()

    def read_late(connection: psycopg.Connection, forms: Sequence[str]) -> VacancyIndex:
        reads.set()
        may_read.wait(SECONDS_MAX)
        return build_index(connection, forms)

    monkeypatch.setattr(following, "build_index", read_late)
    follower = Follower(forms_of_the_plan)
    follower.start()
    assert reads.wait(SECONDS_MAX)
    stopping = threading.Thread(target=follower.stop)
    stopping.start()
    stopping.join(0.3)
    assert stopping.is_alive()  # it waits for the reading
    may_read.set()
    stopping.join(SECONDS_MAX)
    assert found(follower) == [vacancy.pk]


def test_search_before_the_index_is_ready_says_so(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from jiujin.work.nearby import index

    never = Follower(forms_of_the_plan)
    monkeypatch.setattr(never, "start", lambda: None)
    monkeypatch.setattr(index, "FOLLOWER", never)
    monkeypatch.setattr(index, "WAIT_SECONDS_MAX", 0.0)
    settings.NEAR_FOLLOWS = True  # type: ignore[attr-defined]
    with pytest.raises(IndexNotReady, match="过几秒再试"):
        live_index()
