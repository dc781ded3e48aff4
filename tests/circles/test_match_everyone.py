"""The nightly batch: everyone in the circles against every vacancy, once a day, replaced when run again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from jiujin.accounts.models import Role
from jiujin.circles.errors import MatchingUnderWay
from jiujin.circles.queries import match_lists, people_without_match
from jiujin.circles.services import match_everyone as batch
from jiujin.circles.services.match_everyone import LOCK, match_everyone
from jiujin.core.current_plan import current_plan
from jiujin.core.models import Event
from jiujin.matching.audit import UNTOLD
from jiujin.registry.models import Person, PriorityStatus
from jiujin.registry.services.record_priority_status import CATEGORY_FACT
from jiujin.work.models import JobWish, MatchLine, MatchRun
from jiujin.work.nearby.search import search_near
from tests.accounts.people import someone
from tests.circles.factories import circle_seen_by, make_circle
from tests.work.nearby.places import DAY, make_occupation, person_at, vacancy_at

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.1.1-online", "3.1.2-specialists")
def test_specialist_finds_a_list_for_each_of_their_people() -> None:
    user = someone(Role.SPECIALIST)
    circle_seen_by(user)
    person, outside = person_at(100), person_at(9000)
    best, second = vacancy_at(200), vacancy_at(1500)
    vacancy_at(5000)
    seen: list[tuple[int, int]] = []
    run = match_everyone(day=DAY, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 1)]
    lines = list(match_lists(user))
    assert [(line.person, line.vacancy, line.rank) for line in lines] == [(person, best, 1), (person, second, 2)]
    assert [line.distance_m for line in lines] == [100, 1400]
    assert set(lines[0].parts) == {"distance", "occupation", "wage", "skills", "hours"}
    assert not MatchLine.objects.filter(person=outside).exists()
    assert (run.people_done, run.people_total, run.vacancies_total) == (1, 1, 3)
    assert not match_lists(someone(Role.SPECIALIST))
    assert Event.objects.filter(verb="match_run_finished").count() == 1


def test_list_is_the_one_that_a_search_gives() -> None:
    make_circle()
    seller = make_occupation("4010201")
    for metres in range(100, 2600, 100):
        vacancy_at(
            metres,
            occupation=seller if metres % 200 else None,
            wage_min_fen=200_000 + metres * 50,
            shift="day" if metres % 300 else "night",
            skills=["理货"] if metres % 500 else [],
            licences=["电工证"] if metres % 700 == 0 else [],
        )
    wishes: list[dict[str, Any]] = [
        {},
        {"occupations": ["4010201"], "wage_min_fen": 300_000},
        {"shifts": ["day"], "skills": ["理货"], "licences": ["健康证"], "schooling": 1},
        {"radius_m": 700},
    ]
    people = [person_at(50) for _ in wishes]
    for person, wish in zip(people, wishes, strict=True):
        JobWish.objects.create(person=person, **wish)
    run = match_everyone(day=DAY)
    for person, wish in zip(people, wishes, strict=True):
        assert person.home is not None and person.home.lat is not None and person.home.lon is not None
        radius_m = wish.get("radius_m", 3000)
        page = search_near(lat=person.home.lat, lon=person.home.lon, radius_m=radius_m, top=20, person=person, day=DAY)
        lines = MatchLine.objects.filter(run=run, person=person).order_by("rank")
        assert [line.vacancy_id for line in lines] == [line.vacancy.pk for line in page.lines]


@pytest.mark.parametrize("chunk", [1, 2000])
def test_run_tells_what_each_group_was_shown(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK_PEOPLE", chunk)
    make_circle()
    groups = list(current_plan().facts[CATEGORY_FACT].choices)
    older, younger, unseen = (
        person_at(100, sex="female", born_on=date(1971, 3, 1)),
        person_at(150),
        person_at(2900, id_number=None, sex=None, born_on=None),
    )
    Person.objects.filter(pk=younger.pk).update(sex="male", born_on=date(1999, 3, 1))
    JobWish.objects.create(person=unseen, radius_m=10)
    for category in reversed(groups[:2]):  # of two groups, the one that the plan names first
        PriorityStatus.objects.create(person=older, category=category, start_on=DAY)
    PriorityStatus.objects.create(person=younger, category=groups[0], start_on=DAY + timedelta(days=1))
    near, far = (
        vacancy_at(200, is_small_firm=True),
        vacancy_at(1500, is_small_firm=False, welcomes_priority_groups=True),
    )
    vacancy_at(9000)
    told = match_everyone(day=DAY).exposure
    people = {by: {line["group"]: line for line in lines} for by, lines in told["people"].items()}
    assert set(people["sex"]) == {"female", "male", UNTOLD}
    assert set(people["age"]) == {"050", "020", UNTOLD}
    assert set(people["category"]) == {groups[0], UNTOLD}
    assert people["category"][groups[0]]["people"] == 1
    assert sum(line["people"] for line in people["township"].values()) == 3
    shown = people["sex"]["female"]
    lines = MatchLine.objects.filter(person=older).order_by("rank")
    assert [line.vacancy for line in lines] == [near, far]
    assert (shown["people"], shown["answered"], shown["answers_mean"]) == (1, 1, 2)
    assert shown["best_score_mean"] == pytest.approx(lines[0].score, abs=1e-4)
    assert shown["distance_m_mean"] == pytest.approx((lines[0].distance_m + lines[1].distance_m) / 2, abs=1)
    assert (people["sex"][UNTOLD]["people"], people["sex"][UNTOLD]["answered"]) == (1, 0)
    by_size = {line["group"]: line for line in told["vacancies"]["size"]}
    assert {size: (line["vacancies"], line["shown"], line["appearances"]) for size, line in by_size.items()} == {
        "small": (1, 1, 2), "other": (1, 1, 2), UNTOLD: (1, 0, 0),
    }  # fmt: skip
    assert by_size["small"]["exposure_share"] > by_size["other"]["exposure_share"]  # it stands first on both lists
    for lines_of in told["vacancies"].values():
        assert sum(line["vacancy_share"] for line in lines_of) == pytest.approx(1)
        assert sum(line["exposure_share"] for line in lines_of) == pytest.approx(1)


def test_run_of_one_day_replaces_itself_and_old_ones_go() -> None:
    make_circle()
    person_at(100)
    vacancy = vacancy_at(200)
    match_everyone(day=DAY)
    later = vacancy_at(150)
    match_everyone(day=DAY)
    assert MatchRun.objects.count() == 1
    assert list(MatchLine.objects.order_by("rank").values_list("vacancy", flat=True)) == [later.pk, vacancy.pk]
    for days in range(1, 12):
        match_everyone(day=DAY + timedelta(days=days))
    assert MatchRun.objects.count() <= batch.RUNS_KEPT + 1


def test_broken_run_keeps_the_last_list_and_the_next_one_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    user = someone(Role.SPECIALIST)
    circle_seen_by(user)
    person_at(100)
    vacancy = vacancy_at(200)
    match_everyone(day=DAY)
    add = batch._add_lines

    def break_off(*args: Any) -> None:
        add(*args)
        raise RuntimeError("gone")

    monkeypatch.setattr(batch, "_add_lines", break_off)
    with pytest.raises(RuntimeError):
        match_everyone(day=DAY + timedelta(days=1))
    broken = MatchRun.objects.get(day=DAY + timedelta(days=1))
    assert broken.finished_at is None and "gone" in broken.failure
    assert [line.vacancy for line in match_lists(user)] == [vacancy]
    assert match_lists(user)[0].run.day == DAY
    monkeypatch.setattr(batch, "_add_lines", add)
    match_everyone(day=DAY + timedelta(days=1))
    assert match_lists(user)[0].run.day == DAY + timedelta(days=1)
    assert MatchLine.objects.filter(run=match_lists(user)[0].run).count() == 1


def test_people_who_do_not_look_get_no_list_and_those_without_a_match_are_named() -> None:
    user = someone(Role.SPECIALIST)
    circle_seen_by(user)
    matched, alone, content = person_at(100), person_at(100), person_at(100)
    vacancy_at(100)
    JobWish.objects.create(person=matched)
    JobWish.objects.create(person=alone, radius_m=50, shifts=["night"])
    JobWish.objects.create(person=content, is_looking=False)
    vacancy_at(2000, shift="day")
    assert not people_without_match(user)
    JobWish.objects.filter(person=alone).update(schooling=0)
    from jiujin.work.models import Vacancy

    Vacancy.objects.update(schooling_min=1)
    run = match_everyone(day=DAY)
    assert set(MatchLine.objects.filter(run=run).values_list("person", flat=True)) == {matched.pk}
    assert list(people_without_match(user)) == [alone]


@pytest.mark.django_db(transaction=True)
def test_second_batch_at_the_same_time_is_refused() -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(MatchingUnderWay, match="没有再开始一次"):
            match_everyone(day=DAY)
        with other.cursor() as cursor:  # a closed connection lets go only once the server has seen that it is
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        other.close()
    assert match_everyone(day=DAY).finished_at is not None


def test_size_of_a_chunk_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    make_circle()
    for metres in range(0, 500, 100):
        person_at(metres)
        vacancy_at(metres)
    match_everyone(day=DAY)
    whole = list(MatchLine.objects.order_by("person", "rank").values_list("person", "vacancy", "rank", "score"))
    monkeypatch.setattr(batch, "CHUNK_PEOPLE", 2)
    match_everyone(day=DAY)
    assert list(MatchLine.objects.order_by("person", "rank").values_list("person", "vacancy", "rank", "score")) == whole
