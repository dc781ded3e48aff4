"""Vacancies near a point: filters, words, pages, and what else there is where the answer is thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from django.db.models.expressions import RawSQL
from django.utils import timezone
from numpy.typing import NDArray

from jiujin.core.current_plan import current_plan
from jiujin.matching import Filters, Limits, Seeker
from jiujin.matching.answers import THIN_BELOW, Match, Matches
from jiujin.matching.layout import WISHES_MAX
from jiujin.matching.occupations import widened
from jiujin.matching.question import TOP_MAX
from jiujin.matching.weights import Weights
from jiujin.registry.models import Person
from jiujin.values import years_old
from jiujin.work import words as chinese
from jiujin.work.forgiving import Mended, mend
from jiujin.work.models import JobWish, Occupation, Vacancy
from jiujin.work.nearby.columns import OCCUPATION_DIGITS, SHIFT_BITS, WAGE_FEN_MAX, VacancyIndex
from jiujin.work.nearby.index import live_index
from jiujin.work.nearby.radius import near_radius_m, working_age_min
from jiujin.work.nearby.reasons import reasons_for
from jiujin.work.queries import open_vacancies
from jiujin.work.states import VacancyState

PAGE_LINES: Final = 20
WIDER_TIMES: Final = (2, 4, 8)  # what a thin answer offers
RELATED_LOOKED_AT: Final = 500
RELATED_MAX: Final = 5
NOT_LISTED: Final = ("contact_phone", "search", "findings", "employer__contact_phone")  # sealed, or long
FEW: Final = 3000  # so many in reach are asked for their words by id; else all hits of the words are read


class Order(StrEnum):
    """What comes first: what fits best, what is nearest, or what pays best (the middle of its range, reckoned by the month)."""

    FIT = "fit"
    NEAR = "near"
    PAY = "pay"


WEIGHTS: Final = {
    Order.NEAR: Weights(distance=1, occupation=0, wage=0, skills=0, hours=0),
    Order.PAY: Weights(distance=0, occupation=0, wage=1, skills=0, hours=0),
}


@dataclass(frozen=True)
class NearFilters:
    """What a search asks to hold, and its order; blank asks nothing. `occupation` is a code of any level and stands for all
    under it. By pay, vacancies whose wage is not stated are left out: nobody knows their place.
    """

    words: str = ""
    occupation: str = ""
    form: str = ""
    wage_min_fen: int | None = None
    shift: str = ""
    schooling: int | None = None
    welcomes_priority: bool = False
    small_firm: bool = False
    order: Order = Order.FIT


@dataclass(frozen=True)
class NearLine:
    """One vacancy found: metres in a straight line, the score of the order asked for with its parts, the reasons as sentences."""

    vacancy: Vacancy
    distance_m: float
    score: float
    parts: dict[str, float]
    reasons: list[str]
    is_rough: bool


@dataclass(frozen=True)
class NearPage:
    """One page of an answer. `total` is how many there are; `wider` and `related` are filled where that is under five.

    `mended` says what was searched for instead of words that no open vacancy has.
    """

    lines: list[NearLine]
    total: int
    radius_m: float
    page: int = 1
    page_lines: int = PAGE_LINES
    wider: list[tuple[int, int]] = field(default_factory=list)
    related: list[tuple[Occupation, int]] = field(default_factory=list)
    mended: Mended | None = None

    @property
    def pages(self) -> int:
        """How many pages can be turned to; at least one."""
        return max(1, -(-min(self.total, TOP_MAX) // self.page_lines))


@dataclass(frozen=True)
class _Asked:
    """One question to the index, at any radius."""

    near: VacancyIndex
    lat: float
    lon: float
    day: date
    seeker: Seeker
    filters: Filters
    limits: Limits
    key: int
    words: str
    within: NDArray[np.int64] | None
    weights: Weights | None

    def allowed(self, radius_m: float) -> NDArray[np.int64] | None:
        """The vacancies that the words allow; None where nothing is asked of words."""
        if not self.words:
            return self.within
        in_reach, total = self.ids(radius_m, FEW, self.within)
        return hits_of(self.words, in_reach if total <= FEW else self.within)

    def ids(self, radius_m: float, top: int, allowed: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], int]:
        """The ids of the best, and how many there are."""
        matches, total = self.search(radius_m, top, allowed)
        return matches.ids, total

    def search(
        self, radius_m: float, top: int, allowed: NDArray[np.int64] | None, filters: Filters | None = None
    ) -> tuple[Matches, int]:
        """The best, and how many there are."""
        result = self.near.index.search(
            self.lat,
            self.lon,
            radius_m,
            top,
            seeker=self.seeker,
            filters=filters or self.filters,
            limits=self.limits,
            day=self.day,
            allowed=allowed,
            person_key=self.key,
            weights=self.weights,
        )
        return result.matches, result.total_within


def search_near(
    *,
    lat: float,
    lon: float,
    radius_m: float,
    top: int = PAGE_LINES,
    page: int = 1,
    filters: NearFilters | None = None,
    person: Person | None = None,
    day: date | None = None,
    within: Sequence[int] | None = None,
) -> NearPage:
    """One page of the open vacancies within `radius_m` of a point, the best first.

    `person` brings their wish and age; `within` limits the search to these vacancies. A page past the last one that can be
    turned to is empty. Raises IndexNotReady, and of `jiujin.matching` RadiusInvalid, ColumnInvalid.
    """
    on, wanted = day or timezone.localdate(), filters or NearFilters()
    mended = mend(wanted.words) if wanted.words.strip() else None
    if mended is not None:
        wanted = replace(wanted, words=mended.text)
    wish = _wish_of(person)
    limited = None if within is None else np.asarray(within, np.int64)
    asked = _ask(live_index(), lat, lon, on, wanted, person, wish, limited)
    allowed = asked.allowed(radius_m)
    last = min(max(page, 1) * top, TOP_MAX)
    matches, total = asked.search(radius_m, last, allowed)
    lines = _lines(matches[(max(page, 1) - 1) * top : last], wish, on)
    thin = total < THIN_BELOW
    return NearPage(
        lines,
        total,
        radius_m,
        page=max(page, 1),
        page_lines=top,
        wider=_wider(asked, radius_m, total) if thin else [],
        related=_related(asked, radius_m, wanted, wish) if thin else [],
        mended=mended if mended is not None and (mended.changed or mended.ignored) else None,
    )


def vacancies_for(
    person: Person, top: int = PAGE_LINES, *, radius_m: float | None = None, day: date | None = None
) -> list[NearLine]:
    """The best vacancies for a person from home, within the radius of their wish or the plan's; none without a point."""
    home, on = person.home, day or timezone.localdate()
    radius = radius_m or _radius_for(person, on)
    if home is None or home.lat is None or home.lon is None or radius is None:
        return []
    return search_near(lat=home.lat, lon=home.lon, radius_m=radius, top=top, person=person, day=on).lines


def explain_fit(
    person: Person | None, vacancy: Vacancy, lat: float, lon: float, *, day: date | None = None
) -> NearLine | None:
    """How one vacancy fits from a point, whatever else is asked; None where it has no point or is no longer open."""
    near, on, wish = live_index(), day or timezone.localdate(), _wish_of(person)
    asked = _ask(near, lat, lon, on, NearFilters(), None, wish, None)
    radius = _radius_for(person, on) or 0
    for reach in (radius, EARTH_HALFWAY_M):
        matches, _total = asked.search(reach, 1, np.array([vacancy.pk], np.int64))
        if matches:
            return next(iter(_lines(matches, wish, on)), None)
    return None


def hits_of(text: str, among: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """The open vacancies with these words, of these ids or of all."""
    query = chinese.query_of(chinese.cut(text))
    found = Vacancy.objects.filter(state=VacancyState.OPEN)
    if query is not None:
        found = found.filter(search=query)
    if among is not None:  # as one array: Django would make a parameter of each id
        found = found.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [among.tolist()]))
    return np.array(found.order_by().values_list("pk", flat=True), np.int64)


EARTH_HALFWAY_M: Final = 20_100_000.0


def seeker_of(near: VacancyIndex, wish: JobWish | None, filters: NearFilters, age: int | None) -> Seeker:
    """A wish as the index reads it; what a filter says goes before the wish. Nothing told stops nothing."""
    shifts = [filters.shift] if filters.shift else (wish.shifts if wish else [])
    schooling = filters.schooling if filters.schooling is not None else (wish.schooling if wish else None)
    if wish is None:
        return Seeker(shifts=_shift_mask(shifts), schooling=schooling, age=age)
    return Seeker(
        occupations=tuple(occupation_number(code) for code in wish.occupations[:WISHES_MAX]),
        wage_fen=wish.wage_min_fen or None,
        schooling=schooling,
        shifts=_shift_mask(shifts),
        forms=near.form_mask(wish.forms),
        hours=float(wish.hours_a_week_max) if wish.hours_a_week_max else None,
        licences=near.licences.mask(wish.licences) if wish.licences else None,
        skills=near.skills.mask(wish.skills) if wish.skills else None,
        age=age,
    )


def occupation_number(code: str) -> int:
    """A code of the classification without hyphens, of any level, as the index holds it."""
    return int(code.ljust(OCCUPATION_DIGITS, "0"))


def occupation_code(number: int) -> str:
    """The number of a whole occupation as the classification's code."""
    return f"{number:0{OCCUPATION_DIGITS}d}"


def _shift_mask(shifts: Sequence[str]) -> int | None:
    return sum(SHIFT_BITS.get(shift, 0) for shift in set(shifts)) or None  # type: ignore[call-overload]


def _ask(
    near: VacancyIndex,
    lat: float,
    lon: float,
    day: date,
    filters: NearFilters,
    person: Person | None,
    wish: JobWish | None,
    within: NDArray[np.int64] | None,
) -> _Asked:
    age = years_old(person.born_on, day) if person and person.born_on else None
    form = [filters.form] if filters.form else []
    seeker, wage_fen_min = seeker_of(near, wish, filters, age), filters.wage_min_fen or 0
    if filters.order == Order.PAY:
        seeker = replace(seeker, wage_fen=WAGE_FEN_MAX)  # a wish that nothing reaches: the more, the nearer to it
        wage_fen_min = max(wage_fen_min, 1)
    return _Asked(
        near=near,
        lat=lat,
        lon=lon,
        day=day,
        seeker=seeker,
        filters=Filters(
            occupations=(occupation_number(filters.occupation),) if filters.occupation else (),
            wage_fen_min=wage_fen_min,
            forms=near.form_mask(form, small_firm=filters.small_firm),
            welcomes_priority=filters.welcomes_priority,
        ),
        limits=Limits(working_age_min=working_age_min(current_plan(), day)),
        key=person.pk if person else 0,
        words=filters.words.strip(),
        within=within,
        weights=WEIGHTS.get(filters.order),
    )


def _lines(matches: Sequence[Match], wish: JobWish | None, day: date) -> list[NearLine]:
    """The lines of matches; what closed since the index was asked is left out."""
    found = open_vacancies(day).filter(pk__in=[match.id for match in matches]).defer(*NOT_LISTED)
    held = {vacancy.pk: vacancy for vacancy in found}
    lines = []
    for match in matches:
        vacancy = held.get(match.id)
        if vacancy is not None:
            address = vacancy.workplace.address
            rough = address is None or address.lat is None or address.is_rough
            reasons = reasons_for(vacancy, wish, distance_m=match.distance_m, is_rough=rough, parts=match.parts)
            lines.append(NearLine(vacancy, match.distance_m, match.score, match.parts, reasons, rough))
    return lines


def _wider(asked: _Asked, radius_m: float, total: int) -> list[tuple[int, int]]:
    """Wider radii that give more, with how many each gives."""
    found: list[tuple[int, int]] = []
    most = total
    radii = [round(radius_m * times) for times in WIDER_TIMES]
    allowed = asked.allowed(radii[-1])  # of the widest, and so of all
    for wider in radii:
        count = asked.search(wider, 0, allowed)[1]
        if count > most:
            found.append((wider, count))
            most = count
    return found


def _related(
    asked: _Asked, radius_m: float, filters: NearFilters, wish: JobWish | None
) -> list[tuple[Occupation, int]]:
    """Other occupations one level up from those asked for, with how many vacancies each has within the radius."""
    codes = [filters.occupation] if filters.occupation else (wish.occupations if wish else [])
    asked_for = {occupation_number(code) for code in codes}
    wider = tuple(sorted({number for number in map(widened, asked_for) if number}))
    if not wider:
        return []
    others = Filters(
        occupations=wider,
        wage_fen_min=asked.filters.wage_fen_min,
        forms=asked.filters.forms,
        welcomes_priority=asked.filters.welcomes_priority,
    )
    matches, _total = asked.search(radius_m, RELATED_LOOKED_AT, asked.within, others)
    ids = [match.id for match in matches]
    codes_found = Vacancy.objects.filter(pk__in=ids).order_by("pk").values_list("occupation_id", flat=True)
    asked_codes = tuple(codes)
    counts = Counter(code for code in codes_found if code and not code.startswith(asked_codes))
    named = Occupation.objects.in_bulk(list(counts))
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:RELATED_MAX]
    return [(named[code], count) for code, count in best]


def _wish_of(person: Person | None) -> JobWish | None:
    return None if person is None else JobWish.objects.filter(person=person).first()


def _radius_for(person: Person | None, day: date) -> int | None:
    wish = _wish_of(person)
    if wish is not None and wish.radius_m:
        return wish.radius_m
    return near_radius_m(current_plan(), day, person.home_area_id if person else None)
