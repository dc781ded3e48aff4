"""The index answers exactly what looking at every vacancy answers, on any input."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujin.matching import Filters, Index, Limits, Seeker, warm_up
from jiujin.matching.kernel import FEW, rank_people
from jiujin.matching.layout import ASK, OFFER, SPOT, TERM
from jiujin.values.datum import distance_m
from tests.matching import oracle
from tests.matching.strategies import DAY, attributes, filters, points, radii, seekers, settled, worlds

ON = date.fromordinal(DAY)
HOME = (31.75, 116.52)


def built(world: list[oracle.Vacancy]) -> Index:
    """An index of the world, all columns given."""
    index = Index.build([], [], [])
    names = sorted({name for vacancy in world for name in vacancy.columns})
    columns = {
        name: [vacancy.get(name, {"headcount_left": 1, "open_until": 2**31 - 1, "legal_age_max": 255}.get(name, 0)) for vacancy in world]
        for name in names
    }  # fmt: skip
    if world:
        ids, lat, lon = zip(*((vacancy.id, vacancy.lat, vacancy.lon) for vacancy in world), strict=True)
        index = Index.build(ids, lat, lon, **{name: unsigned(name, values) for name, values in columns.items()})
    return index


def unsigned(name: str, values: list[Any]) -> Any:
    return np.array(values, np.uint64 if name in ("licences", "skills") else None)


def assert_same(index: Index, world: list[oracle.Vacancy], here: tuple[float, float], **question: Any) -> None:
    """Ask both, compare everything."""
    radius_m, top, seeker, sieve, day, key = (
        question[name] for name in ("radius", "top", "seeker", "sieve", "day", "key")
    )
    expected = oracle.search(world, *here, radius_m, seeker=seeker, filters=sieve, day=day, key=key)
    result = index.search(
        *here, radius_m, top, seeker=Seeker(**seeker), filters=Filters(**sieve), person_key=key,
        day=None if day is None else date.fromordinal(day), allowed=question.get("allowed"),
    )  # fmt: skip
    found = [(match.id, match.distance_m, match.score) for match in result.matches]
    assert found == [answer[:3] for answer in expected[:top]]
    assert result.total_within == len(expected)
    for match, answer in zip(result.matches, expected, strict=False):
        assert list(match.parts.values()) == pytest.approx(answer[3], abs=1e-6)
    assert [match.rank for match in result.matches] == list(range(1, len(found) + 1))


questions = st.fixed_dictionaries(
    {
        "top": st.sampled_from([0, 1, 2, 5, 20, 400]),
        "seeker": seekers,
        "sieve": filters,
        "day": st.sampled_from([None, DAY]),
        "key": st.integers(0, 2**64 - 1),
    }
)


@settings(max_examples=300, deadline=None)
@given(st.data(), worlds(), points(), questions)
def test_search_equals_looking_at_everything(
    data: st.DataObject, world: list[oracle.Vacancy], here: tuple[float, float], question: dict[str, Any]
) -> None:
    assert_same(built(world), world, here, radius=data.draw(radii(here, world)), **question)


@settings(max_examples=100, deadline=None)
@given(st.data(), worlds(), points(), questions)
def test_search_among_allowed_ids_equals_looking_at_those(
    data: st.DataObject, world: list[oracle.Vacancy], here: tuple[float, float], question: dict[str, Any]
) -> None:
    allowed = data.draw(st.lists(st.integers(-5, 60)))
    among = [vacancy for vacancy in world if vacancy.id in allowed]
    assert_same(built(world), among, here, radius=data.draw(radii(here, world)), allowed=allowed, **question)


@settings(max_examples=150, deadline=None)
@given(st.data(), worlds(), points(), questions)
def test_search_sees_every_change_at_once_and_after_sorting_again(
    data: st.DataObject, world: list[oracle.Vacancy], here: tuple[float, float], question: dict[str, Any]
) -> None:
    index, after = built(world), {vacancy.id: vacancy for vacancy in world}
    for number in data.draw(st.lists(st.integers(-5, 30), max_size=12)):
        if data.draw(st.booleans()):
            assert index.remove(number) == (after.pop(number, None) is not None)
        else:
            point, columns = data.draw(points()), settled(data.draw(attributes))
            index.upsert(number, *point, **columns)
            after[number] = oracle.Vacancy(number, *point, columns)
        if data.draw(st.integers(0, 4)) == 0:
            index.compact()
    assert len(index) == len(after)
    radius = data.draw(radii(here, list(after.values())))
    assert_same(index, list(after.values()), here, radius=radius, **question)
    index.compact()
    assert_same(index, list(after.values()), here, radius=radius, **question)


@pytest.fixture(scope="module")
def crowd() -> list[oracle.Vacancy]:
    """So many on two square kilometres that cells hold many units, each with an ask and an occupation of its own: more of both than
    are judged beforehand.
    """
    chance = np.random.default_rng(20220101)
    count = FEW + 500
    lat, lon = chance.uniform(31.745, 31.755, count), chance.uniform(116.51, 116.53, count)
    wages = chance.integers(20, 60, count) * 10_000
    return [
        oracle.Vacancy(
            number,
            lat[number],
            lon[number],
            {
                "occupation": 1_010_101 + number % 70 + number // 70 * 10_000,
                "licences": number * 2,
                "shifts": number % 7 + 1,
                "wage_fen_min": int(wages[number]),
                "wage_fen_max": int(wages[number]) + 50_000,
                "skills": 1 << number % 40,
                "hours_per_week": 40,
                "open_until": DAY + number % 3 - 1,
            },
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("radius", [150, 400, 3000])
@pytest.mark.parametrize("licences", [0, 2**12 + 2**5 + 2, 2**13 - 2])
def test_search_in_a_crowd_equals_looking_at_everything(
    crowd: list[oracle.Vacancy], radius: float, licences: int
) -> None:
    seeker = {
        "occupations": (crowd[77].get("occupation"), 2_010_000), "licences": licences, "shifts": 5, "wage_fen": 400_000,
        "hours": 40, "skills": 6,
    }  # fmt: skip
    assert_same(built(crowd), crowd, HOME, radius=radius, top=50, seeker=seeker, sieve={}, day=DAY, key=3)


@settings(max_examples=100, deadline=None)
@given(st.data(), worlds(), st.lists(points(), max_size=6), questions)
def test_batch_gives_each_person_what_a_search_gives(
    data: st.DataObject, world: list[oracle.Vacancy], homes: list[tuple[float, float]], question: dict[str, Any]
) -> None:
    index, radius_m = built(world), data.draw(st.sampled_from([0.0, 500.0, 3000.0, 3e7]))
    seeker, sieve, top, day = question["seeker"], question["sieve"], question["top"], question["day"]
    on = None if day is None else date.fromordinal(day)
    count = len(homes)
    columns: dict[str, Any] = {
        name: unsigned(name, [value] * count) for name, value in seeker.items() if name != "occupations"
    }
    wishes = np.array(seeker.get("occupations", ()), np.int64)
    columns["occupations"] = np.tile(wishes, (count, 1))
    result = index.batch(
        [lat for lat, _ in homes], [lon for _, lon in homes], radius_m, top, filters=Filters(**sieve), day=on,
        counting=True, threads=2, **columns,
    )  # fmt: skip
    assert result.within is not None
    for nth, home in enumerate(homes):
        alone = index.search(
            *home, radius_m, top, seeker=Seeker(**seeker), filters=Filters(**sieve), day=on, person_key=nth
        )
        found = int(result.found[nth])
        assert [match.id for match in alone.matches] == result.ids[nth, :found].tolist()
        assert [match.score for match in alone.matches] == result.scores[nth, :found].tolist()
        assert [match.distance_m for match in alone.matches] == result.distances_m[nth, :found].tolist()
        assert (result.ids[nth, found:] == -1).all()
        assert result.within[nth] == alone.total_within


def test_many_blocks_of_unlike_vacancies_in_one_cell_are_searched_whole() -> None:
    chance = np.random.default_rng(3)
    world = [
        oracle.Vacancy(
            number, HOME[0] + float(chance.normal(0, 0.003)), HOME[1] + float(chance.normal(0, 0.003)),
            {"occupation": int(chance.choice([4_020_103, 6_180_101, 1_010_001])), "wage_fen_min": int(chance.integers(1, 9)) * 50_000},
        )
        for number in range(3000)
    ]  # fmt: skip
    index = built(world)
    question = {"seeker": {"occupations": (4_020_000,), "wage_fen": 300_000}, "sieve": {}, "day": DAY, "key": 7}
    for radius in (200.0, 700.0, 3000.0):
        for top in (1, 20, 50):
            assert_same(index, world, HOME, radius=radius, top=top, **question)


def test_records_told_apart_by_their_bytes_have_none_between_their_fields() -> None:
    for record in (ASK, TERM, OFFER, SPOT):
        assert record.itemsize == sum(record[name].itemsize for name in record.names or ())


def test_a_point_exactly_on_the_radius_is_in() -> None:
    index = Index.build([1], [31.76], [116.53])
    exact = distance_m(*HOME, 31.76, 116.53)
    assert index.search(*HOME, exact, 5).total_within == 1
    assert index.search(*HOME, float(np.nextafter(exact, 0)), 5).total_within == 0


def test_with_points_alone_the_nearest_come_first() -> None:
    index = Index.build([1, 2, 3], [31.77, 31.751, 31.76], [116.52] * 3)
    assert [match.id for match in index.search(*HOME, 3000, 5).matches] == [2, 3, 1]


def test_matches_read_one_by_one_in_slices_or_as_ids_are_the_same() -> None:
    index = Index.build(range(9), np.linspace(31.75, 31.77, 9), [116.52] * 9)
    whole = list(index.search(*HOME, 3000, 9).matches)
    matches = index.search(*HOME, 3000, 9).matches
    assert [matches[place] for place in range(9)] == whole
    assert [matches[-1], *matches[2:5], *matches[8:3:-2], *matches[7:99]] == [
        whole[-1], *whole[2:5], *whole[8:3:-2], *whole[7:99]
    ]  # fmt: skip
    assert matches.ids.tolist() == [match.id for match in whole]
    assert matches == whole
    with pytest.raises(IndexError):
        matches[9]


def test_equals_change_places_by_the_day_and_by_the_person_and_nobody_is_always_last() -> None:
    index = Index.build(range(200), [31.75] * 200, [116.52] * 200)
    firsts = set()
    for ordinal in range(DAY, DAY + 400):
        day = date.fromordinal(ordinal)
        order = [match.id for match in index.search(*HOME, 10, 200, day=day).matches]
        assert sorted(order) == list(range(200))
        assert order == [match.id for match in index.search(*HOME, 10, 200, day=day).matches]
        firsts.add(order[0])
    assert len(firsts) > 120
    several = {index.search(*HOME, 10, 1, day=ON, person_key=key).matches[0].id for key in range(400)}
    assert len(several) > 100


def test_outside_the_legal_working_age_nothing_is_found() -> None:
    index = Index.build([1], [31.75], [116.52])
    limits = Limits(working_age_min=16, working_age_max=60)
    found = {
        age: index.search(*HOME, 10, 5, seeker=Seeker(age=age), limits=limits).total_within for age in (15, 16, 60, 61)
    }
    assert found == {15: 0, 16: 1, 60: 1, 61: 0}
    assert index.search(*HOME, 10, 5, limits=limits).total_within == 1
    batch = index.batch([31.75] * 4, [116.52] * 4, 10, 5, age=[15, 16, 60, 61], limits=limits)
    assert batch.found.tolist() == [0, 1, 1, 0]


def test_no_question_compiles_anything_after_the_warm_up() -> None:
    warm_up()
    index = Index.build([1, 2], [31.75, 31.75], [116.52, 116.52], occupation=[4_020_103, 0])
    wishes = Seeker(occupations=(4_020_103,), wage_fen=300_000, hours=40.5, skills=3, licences=0, age=30)
    index.search(*HOME, 3000, 5, seeker=wishes, filters=Filters(occupations=(4_020_000,), wage_fen_min=1), day=ON)
    index.search(*HOME, 3000, 5, allowed=[1], person_key=9)
    index.count_within(*HOME, [10, 20.5])
    index.upsert(3, 31.75, 116.52)
    index.batch([31.75], [116.52], 3000, 2, counting=True)
    assert len(rank_people.signatures) == 1  # type: ignore[attr-defined]


def test_counts_within_several_radii() -> None:
    index = Index.build([1, 2, 3], [31.77, 31.751, 31.76], [116.52] * 3)
    assert index.count_within(*HOME, [0, 200, 1500, 3000]) == [0, 1, 2, 3]


def test_a_reader_beside_a_writer_sees_each_vacancy_exactly_once() -> None:
    """Vacancy 0 is moved between two places again and again; whoever asks finds it in one of them, never in both or none."""
    index = Index.build(range(500), np.linspace(31.70, 31.80, 500), [116.52] * 500)
    done, wrong = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            result = index.search(31.75, 116.52, 20_000, 1)
            if result.total_within != 500:
                wrong.append(result.total_within)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(6000):
        index.upsert(0, 31.70 + 0.1 * (turn % 2), 116.52)
    done.set()
    reader.join()
    assert not wrong
    assert index.search(31.80, 116.52, 1, 5).total_within == 2
