"""What to offer where an answer is thin: wider circles and related occupations, each with the count it would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from numpy.typing import ArrayLike

from jiujin.matching.index import Index
from jiujin.matching.occupations import widened
from jiujin.matching.question import Filters, Limits, Seeker


@dataclass(frozen=True, slots=True)
class Offers:
    """Radii in metres, and lists of occupation codes (none: any occupation), each with how many vacancies it would give."""

    radii: list[tuple[float, int]]
    occupations: list[tuple[tuple[int, ...], int]]


def offers(
    index: Index,
    lat: float,
    lon: float,
    radius_m: float,
    wider_m: Sequence[float],
    *,
    seeker: Seeker | None = None,
    filters: Filters | None = None,
    limits: Limits | None = None,
    day: date | None = None,
    allowed: ArrayLike | None = None,
) -> Offers:
    """Only what gives more than the question itself. `wider_m` are the radii the caller has to offer.

    Occupations are related by the code tree: the filter's codes one level higher, and higher again, until any occupation.
    """

    def count(radius: float, sieve: Filters) -> int:
        found = index.count_within(
            lat, lon, [radius], seeker=seeker, filters=sieve, limits=limits, day=day, allowed=allowed
        )
        return found[0]

    asked = filters or Filters()
    most = count(radius_m, asked)
    occupations: list[tuple[tuple[int, ...], int]] = []
    codes = asked.occupations
    while codes:
        wider = {widened(code) for code in codes}
        codes = () if 0 in wider else tuple(sorted(wider))
        given = count(radius_m, replace(asked, occupations=codes))
        if given > (occupations[-1][1] if occupations else most):
            occupations.append((codes, given))
    radii = [(radius, count(radius, asked)) for radius in sorted(set(wider_m)) if radius > radius_m]
    return Offers([(radius, given) for radius, given in radii if given > most], occupations)
