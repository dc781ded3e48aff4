"""Searches near a point: what is within, in which order, by which filters, with which reasons."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jiujin.matching import RadiusInvalid
from jiujin.registry.models import Consent
from jiujin.values.datum import distance_m
from jiujin.work.models import JobWish, Vacancy
from jiujin.work.nearby.candidates import SHOWN_TO_M, candidates_near
from jiujin.work.nearby.columns import SELECT, _words
from jiujin.work.nearby.index import read_now
from jiujin.work.nearby.reach import Reach, within_sql
from jiujin.work.nearby.search import NearFilters, Order, explain_fit, search_near, vacancies_for
from jiujin.work.nearby.wages import monthly_wage_fen
from jiujin.work.words import fill_search
from tests.accounts.people import someone
from tests.registry.factories import make_area
from tests.work.factories import LAST_DAY, make_application, make_workplace
from tests.work.nearby.places import DAY, HERE, make_address, make_occupation, north_of, person_at, vacancy_at

pytestmark = pytest.mark.django_db


def near(radius_m: float = 3000, **given: Any) -> Any:
    return search_near(lat=HERE[0], lon=HERE[1], radius_m=radius_m, day=DAY, **given)


def ids(page: Any) -> list[int]:
    return [line.vacancy.pk for line in page.lines]


@pytest.mark.clause("2.1-nearby", "3.1.1-circle")
def test_those_within_the_radius_come_nearest_first_with_their_distance() -> None:
    far, close, outside = vacancy_at(2900), vacancy_at(300), vacancy_at(3100)
    page = near()
    assert ids(page) == [close.pk, far.pk]
    assert [round(line.distance_m) for line in page.lines] == [300, 2900]
    assert page.lines[0].reasons[0] == "直线 300 米"
    assert page.lines[1].reasons[0] == "直线 2.9 公里"
    assert outside.pk in ids(near(3200))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2900), st.integers(1, 2_000_000)), min_size=2, max_size=8, unique=True))
def test_nearest_come_first_where_asked_and_best_paid_come_first_where_asked(sites: list[tuple[int, int]]) -> None:
    Vacancy.objects.all().delete()
    workplace_of = {metres: make_workplace(address=make_address(north_of(metres))) for metres, _ in sites}
    made = [
        vacancy_at(workplace=workplace_of[metres], wage_min_fen=fen, wage_max_fen=fen + 100 * number)
        for number, (metres, fen) in enumerate(sites)
    ]
    unstated = vacancy_at(1, wage_min_fen=None)
    nearest = [line.distance_m for line in near(filters=NearFilters(order=Order.NEAR)).lines]
    assert len(nearest) == len(made) + 1 and nearest == sorted(nearest)
    by_pay = near(filters=NearFilters(order=Order.PAY))
    wages = [wage for line in by_pay.lines if (wage := monthly_wage_fen(line.vacancy))]
    assert [sum(wage) for wage in wages] == sorted((sum(wage) for wage in wages), reverse=True)
    assert by_pay.total == len(made) and unstated.pk not in ids(by_pay)


def test_wage_for_an_hour_takes_its_place_by_the_month() -> None:
    monthly = vacancy_at(100, wage_min_fen=400_000)
    hourly = vacancy_at(200, wage_period="hour", wage_min_fen=3_000, hours_a_week=Decimal(40))
    assert ids(near(filters=NearFilters(order=Order.PAY))) == [hourly.pk, monthly.pk]


@pytest.mark.parametrize("state", ["draft", "in_review", "refused", "paused", "filled", "closed"])
def test_vacancy_that_is_not_open_is_never_found(state: str) -> None:
    vacancy_at(100, state=state)
    assert near().total == 0


def test_vacancy_is_found_until_its_last_day() -> None:
    vacancy = vacancy_at(100)
    assert ids(search_near(lat=HERE[0], lon=HERE[1], radius_m=500, day=LAST_DAY)) == [vacancy.pk]
    assert search_near(lat=HERE[0], lon=HERE[1], radius_m=500, day=LAST_DAY + timedelta(days=1)).total == 0


@pytest.mark.parametrize(
    ("filters", "fields", "other"),
    [
        (NearFilters(form="part_time"), {"form": "part_time"}, {"form": "flexible"}),
        (NearFilters(wage_min_fen=400_000), {"wage_min_fen": 300_000, "wage_max_fen": 400_000}, {"wage_min_fen": 399_999}),
        (NearFilters(shift="day"), {"shift": "day"}, {"shift": "night"}),
        (NearFilters(shift="night"), {"shift": "flexible"}, {"shift": "day"}),
        (NearFilters(schooling=2), {"schooling_min": 2}, {"schooling_min": 3}),
        (NearFilters(welcomes_priority=True), {"welcomes_priority_groups": True}, {}),
        (NearFilters(small_firm=True), {"is_small_firm": True}, {"is_small_firm": None}),
        (NearFilters(small_firm=True, form="part_time"), {"is_small_firm": True, "form": "part_time"}, {"is_small_firm": True}),
    ],
)  # fmt: skip
def test_filter_lets_through_what_it_says(filters: NearFilters, fields: dict[str, Any], other: dict[str, Any]) -> None:
    wanted = vacancy_at(100, **fields)
    vacancy_at(100, **other)
    assert ids(near(filters=filters)) == [wanted.pk]


def test_occupation_of_any_level_stands_for_all_under_it() -> None:
    seller, cook = make_occupation("4010201"), make_occupation("4030201")
    vacancy, other = vacancy_at(100, occupation=seller), vacancy_at(200, occupation=cook)
    vacancy_at(50)
    for code in ("4010201", "40102", "401"):
        assert ids(near(filters=NearFilters(occupation=code))) == [vacancy.pk]
    assert ids(near(filters=NearFilters(occupation="4"))) == [vacancy.pk, other.pk]


def test_words_are_found_in_title_and_description_only_within_reach() -> None:
    wanted, other, far = (
        vacancy_at(100, title="超市收银员"),
        vacancy_at(100, title="缝纫工"),
        vacancy_at(9000, title="收银员"),
    )
    for vacancy in (wanted, other, far):
        fill_search(vacancy)
    assert ids(near(filters=NearFilters(words="收银"))) == [wanted.pk]
    assert near(filters=NearFilters(words="焊工")).total == 0


def test_words_hold_together_with_filters_where_many_are_in_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    from jiujin.work.nearby import search

    monkeypatch.setattr(search, "FEW", 1)
    wanted = vacancy_at(100, title="收银员", form="part_time")
    for vacancy in (wanted, vacancy_at(100, title="收银员"), vacancy_at(100, title="缝纫工", form="part_time")):
        fill_search(vacancy)
    assert ids(near(filters=NearFilters(words="收银", form="part_time"))) == [wanted.pk]


def test_pages_hold_everything_once() -> None:
    workplace = make_workplace(address=make_address(north_of(100)))
    all_ids = {vacancy_at(workplace=workplace).pk for _ in range(23)}
    pages = [near(top=10, page=page) for page in (1, 2, 3, 4)]
    assert [len(page.lines) for page in pages] == [10, 10, 3, 0]
    assert {pk for page in pages for pk in ids(page)} == all_ids
    assert {page.total for page in pages} == {23}
    assert pages[0].pages == 3


def test_thin_answer_offers_wider_circles_and_related_occupations_with_counts() -> None:
    seller, cashier = make_occupation("4010201", "营业员"), make_occupation("4010203", "收银员")
    vacancy_at(100, occupation=seller)
    for metres in (5000, 11_000):
        vacancy_at(metres, occupation=seller)
    for _ in range(2):
        vacancy_at(200, occupation=cashier)
    page = near(filters=NearFilters(occupation="4010201"))
    assert page.total == 1
    assert page.wider == [(6000, 2), (12_000, 3)]
    assert page.related == [(cashier, 2)]
    plenty = near(filters=NearFilters(occupation="4"), radius_m=12_000)
    assert plenty.total == 5
    assert (plenty.wider, plenty.related) == ([], [])


def test_wish_ranks_and_explains_and_its_limits_hold() -> None:
    seller = make_occupation("4010201", "营业员")
    person = person_at(0)
    JobWish.objects.create(
        person=person, occupations=["4010201"], wage_min_fen=320_000, skills=["理货"], shifts=["day"], schooling=2
    )
    fits = vacancy_at(
        900, occupation=seller, wage_min_fen=350_000, skills=["理货"], shift="day", schooling_min=2,
        welcomes_priority_groups=True,
    )  # fmt: skip
    poor = vacancy_at(890, wage_min_fen=200_000)
    vacancy_at(10, shift="night")
    vacancy_at(10, schooling_min=5)
    page = near(person=person)
    assert ids(page) == [fits.pk, poor.pk]
    assert page.lines[0].reasons == [
        "直线 900 米", "正是想找的工种：营业员", "工资每月 3,500 元起，高于期望的 3,200 元", "白班，合乎想要的时间",
        "用得上会的本事：理货", "要求的学历达到了：初中", "欢迎就业重点群体",
    ]  # fmt: skip
    assert "工资每月最高 2,000 元，低于期望的 3,200 元" in page.lines[1].reasons


def test_licence_that_is_asked_and_not_held_stops_and_unknown_ones_do_not() -> None:
    vacancy, free = vacancy_at(100, licences=["电工证"]), vacancy_at(200)
    holder, other, silent = (person_at(0) for _ in range(3))
    JobWish.objects.create(person=holder, licences=["电工证", "别的证"])
    JobWish.objects.create(person=other, licences=["健康证"])
    JobWish.objects.create(person=silent)
    vacancy_at(300, licences=["健康证"])
    assert {vacancy.pk, free.pk} <= set(ids(near(person=holder)))
    assert vacancy.pk not in ids(near(person=other))
    assert len(ids(near(person=silent))) == 3


def test_person_below_the_working_age_finds_nothing() -> None:
    vacancy_at(100)
    born = DAY.replace(year=DAY.year - 16)
    assert near(person=person_at(0, born_on=born)).total == 1
    assert near(person=person_at(0, born_on=born + timedelta(days=1))).total == 0


def test_place_without_a_point_stands_at_the_middle_of_its_community_and_says_so() -> None:
    area = make_area("341502001001")
    area.lat, area.lon = north_of(400)
    area.save()
    vacancy = vacancy_at(workplace=make_workplace(area=area))
    vacancy_at(workplace=make_workplace())
    page = near()
    assert ids(page) == [vacancy.pk]
    assert page.lines[0].is_rough
    assert page.lines[0].reasons[0] == "直线约 400 米（按社区中心点算）"


def test_vacancies_for_a_person_are_within_their_own_circle_or_the_plans() -> None:
    at_hand, further = vacancy_at(800), vacancy_at(2500)
    person = person_at(0)
    assert [line.vacancy.pk for line in vacancies_for(person, day=DAY)] == [at_hand.pk, further.pk]
    JobWish.objects.create(person=person, radius_m=1000)
    assert [line.vacancy.pk for line in vacancies_for(person, day=DAY)] == [at_hand.pk]
    person.home = None
    assert vacancies_for(person, day=DAY) == []


def test_one_vacancy_is_explained_however_far() -> None:
    far = vacancy_at(50_000)
    line = explain_fit(None, far, *HERE, day=DAY)
    assert line is not None
    assert line.reasons == ["直线 50.0 公里"]
    Vacancy.objects.filter(pk=far.pk).update(state="closed")
    assert explain_fit(None, far, *HERE, day=DAY) is None


@pytest.mark.parametrize("radius_m", [-1.0, float("nan"), float("inf")])
def test_radius_that_is_none_is_refused(radius_m: float) -> None:
    with pytest.raises(RadiusInvalid):
        near(radius_m)


def test_radius_of_nothing_finds_the_same_spot_alone() -> None:
    here = vacancy_at(0)
    vacancy_at(5)
    assert ids(near(0)) == [here.pk]


@pytest.mark.parametrize(
    ("period", "hours", "month"),
    [
        ("month", None, 300_000),
        ("hour", Decimal(40), 52_000_000),
        ("day", Decimal(40), 6_500_000),
        ("hour", None, None),
    ],
)
def test_month_of_a_wage_is_the_same_in_sql_and_python(period: str, hours: Any, month: int | None) -> None:
    vacancy = vacancy_at(0, wage_period=period, hours_a_week=hours)
    wage = monthly_wage_fen(vacancy)
    assert (wage[0] if wage else None) == month
    found = near(filters=NearFilters(wage_min_fen=month or 1)).total
    assert found == (1 if month else 0)
    assert near(filters=NearFilters(wage_min_fen=(month or 0) + 1)).total == 0


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8), max_size=4))
@settings(max_examples=60, deadline=None)
def test_words_of_an_array_are_read_as_postgresql_writes_them(words: list[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::varchar[]::text", [words])
        assert list(_words(cursor.fetchone()[0])) == words


@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(0, 60_000),
    st.floats(0, 1.3),
    st.floats(-1, 1),
    st.floats(-1, 1),
)
@example(1e-310, 0.0, 10.0, 0.0, 0.0, 0.0)
@example(0.0, 5e-324, 0.0, 1.0, 1e-308, 1e-200)
@example(1e-170, 1e-170, 0.0, 1.0, 0.0, 0.0)
@settings(max_examples=80, deadline=None)
def test_reach_in_sql_is_the_distance_of_the_values(
    lat: float, lon: float, radius_m: float, share: float, up: float, over: float
) -> None:
    from django.db import connection, transaction

    other = (max(-90.0, min(90.0, lat + up * share)), (lon + over * share + 180) % 360 - 180)
    parameters = {**Reach(lat, lon, radius_m).parameters(), "to_lat": other[0], "to_lon": other[1]}
    query = f"SELECT {within_sql('a')} FROM (SELECT %(to_lat)s::float AS lat, %(to_lon)s::float AS lon) a"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        inside = cursor.fetchone()[0]
    apart = distance_m(lat, lon, *other)
    assert inside == (apart <= radius_m) or abs(apart - radius_m) < 1e-3


def test_columns_name_what_the_select_gives() -> None:
    vacancy_at(0, licences=["甲,乙", 'x"y'], skills=["一"], is_small_firm=True)
    index = read_now()
    assert set(index.licences.bits) == {"甲,乙", 'x"y'}
    assert SELECT.count("%(forms)s") == 1


# --- the other way round -----------------------------------------------------------------------------------------------


def consenting(metres: float, **wish: Any) -> Any:
    person = person_at(metres)
    JobWish.objects.create(person=person, **wish)
    Consent.objects.create(
        person=person, purpose="found_by_employers", channel="online", given_at=timezone.now(), recorded_by=someone()
    )
    return person


def test_candidates_are_those_who_agreed_and_look_within_reach() -> None:
    vacancy = vacancy_at(0, skills=["理货"])
    good, plain = consenting(700, skills=["理货"]), consenting(600)
    consenting(5000)
    consenting(100, is_looking=False)
    consenting(900, radius_m=500)
    withdrawn = consenting(100)
    Consent.objects.filter(person=withdrawn).update(withdrawn_at=timezone.now())
    applied = consenting(100)
    make_application(vacancy, person=applied)
    silent = person_at(100)
    JobWish.objects.create(person=silent)
    found = candidates_near(vacancy, day=DAY)
    assert [each.person_id for each in found] == [good.pk, plain.pk]
    assert {each.within_m for each in found} == {2 * SHOWN_TO_M}


def test_candidate_says_nothing_by_which_a_person_is_known() -> None:
    vacancy = vacancy_at(0)
    person = consenting(120)
    (found,) = candidates_near(vacancy, day=DAY)
    assert found.within_m == SHOWN_TO_M
    assert person.name not in repr(found)
    assert not {"name", "phone", "born_on", "sex", "home", "distance_m"} & set(vars(found))


def test_vacancy_that_is_not_open_has_no_candidates() -> None:
    consenting(100)
    assert candidates_near(vacancy_at(0, state="draft"), day=DAY) == []
