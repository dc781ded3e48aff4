"""The same answers found the slow way: every vacancy looked at, in plain Python. Nothing here comes from the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any

RADIUS_M = 6_371_008.8
WORD = 2**64 - 1
WEIGHTS = (0.40, 0.25, 0.15, 0.10, 0.10)


@dataclass
class Vacancy:
    """One vacancy with the engine's column names."""

    id: int
    lat: float
    lon: float
    columns: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, missing: Any = 0) -> Any:
        return self.columns.get(name, missing)


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Haversine, as written in textbooks."""
    up, across = sin(radians(lat2 - lat1) / 2), sin(radians(lon2 - lon1) / 2)
    return 2 * RADIUS_M * asin(min(1.0, sqrt(up * up + cos(radians(lat1)) * cos(radians(lat2)) * (across * across))))


def levels(code: int) -> list[int]:
    """大类, 中类, 小类, 细类, without the trailing zeros."""
    text = f"{code:08d}"
    parts = [int(text[at : at + 2]) for at in (0, 2, 4, 6)]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


def shared(one: int, other: int, whole: int) -> int:
    """How many of the first `whole` levels are the same."""
    first, second = [*levels(one), 0, 0, 0, 0], [*levels(other), 0, 0, 0, 0]
    count = 0
    while count < whole and first[count] == second[count]:
        count += 1
    return count


def passes(vacancy: Vacancy, seeker: dict[str, Any], filters: dict[str, Any], day: int | None) -> bool:
    """The hard filters."""
    wage_max = vacancy.get("wage_fen_max") or vacancy.get("wage_fen_min")
    form, occupation = vacancy.get("form"), vacancy.get("occupation")
    stops = [
        vacancy.get("headcount_left", 1) == 0,
        day is not None and vacancy.get("open_until", 2**31 - 1) < day,
        seeker.get("schooling") is not None and vacancy.get("schooling_min") > seeker["schooling"],
        seeker.get("age") is not None
        and not vacancy.get("legal_age_min") <= seeker["age"] <= vacancy.get("legal_age_max", 255),
        seeker.get("licences") is not None and bool(vacancy.get("licences") & ~seeker["licences"]),
        bool(seeker.get("shifts")) and vacancy.get("shifts") > 0 and not vacancy.get("shifts") & seeker["shifts"],
        bool(seeker.get("forms")) and form > 0 and not seeker["forms"] >> form & 1,
        bool(filters.get("forms")) and not filters["forms"] >> form & 1,
        wage_max < filters.get("wage_fen_min", 0),
        filters.get("welcomes_priority", False) and not vacancy.get("welcomes_priority"),
        bool(filters.get("occupations"))
        and not any(
            shared(occupation, code, len(levels(code))) == len(levels(code)) for code in filters["occupations"]
        ),
    ]
    return not any(stops)


def parts(vacancy: Vacancy, seeker: dict[str, Any], distance: float, radius_m: float) -> tuple[float, ...]:
    """Distance, occupation, wage, skills, hours."""
    occupation, wishes = vacancy.get("occupation"), [code for code in seeker.get("occupations", ()) if code]
    low, high = vacancy.get("wage_fen_min"), vacancy.get("wage_fen_max")
    low, high = low or high, high or low
    wish, named, own = seeker.get("wage_fen") or 0, vacancy.get("skills"), seeker.get("skills")
    hours, wished_hours = vacancy.get("hours_per_week"), seeker.get("hours") or 0
    by_occupation = [shared(occupation, code, len(levels(code))) / len(levels(code)) for code in wishes]
    return (
        1 - distance / radius_m if radius_m > 0 else 1.0,
        max(by_occupation) if occupation and wishes else 0.5,
        (min(1.0, low / wish) + min(1.0, high / wish)) / 2 if wish and high else 0.5,
        (named & own).bit_count() / named.bit_count() if named and own is not None else 0.5,
        max(0.0, 1 - abs(hours - wished_hours) / wished_hours) if hours and wished_hours else 0.5,
    )


def mixed(number: int) -> int:
    """Splitmix64."""
    number = (number + 0x9E3779B97F4A7C15) & WORD
    number = ((number ^ number >> 30) * 0xBF58476D1CE4E5B9) & WORD
    number = ((number ^ number >> 27) * 0x94D049BB133111EB) & WORD
    return number ^ number >> 31


def turn(vacancy_id: int, key: int, day: int) -> int:
    """How far on the day's circle a vacancy lies from where the person starts."""
    place = mixed((vacancy_id & WORD) ^ mixed(day))
    start = mixed(mixed(key) ^ mixed((day + 0x9E3779B97F4A7C15) & WORD))
    return (place - start) & WORD


def search(
    vacancies: list[Vacancy],
    lat: float,
    lon: float,
    radius_m: float,
    *,
    seeker: dict[str, Any],
    filters: dict[str, Any],
    day: int | None,
    key: int = 0,
) -> list[tuple[int, float, float, tuple[float, ...]]]:
    """All that are within and pass, best first: id, metres, score, parts."""
    found = []
    for vacancy in vacancies:
        distance = distance_m(lat, lon, vacancy.lat, vacancy.lon)
        if distance > radius_m or not passes(vacancy, seeker, filters, day):
            continue
        values = parts(vacancy, seeker, distance, radius_m)
        score = WEIGHTS[0] * values[0]
        for weight, value in zip(WEIGHTS[1:], values[1:], strict=True):
            score += weight * value
        order = (-score, distance, turn(vacancy.id, key, day or 0), vacancy.id)
        found.append((order, (vacancy.id, distance, score, values)))
    return [answer for _, answer in sorted(found)]
