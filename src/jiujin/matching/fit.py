"""How well one vacancy fits one person, compiled: the hard filters, the parts of the score, and a bound on the score of a whole unit."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from jiujin.matching.compiled import compiled
from jiujin.matching.layout import LEVELS, UNKNOWN, WISHES_MAX
from jiujin.matching.weights import NEUTRAL

Codes = tuple[
    int, ...
]  # WISHES_MAX packed codes, or as many levels: a tuple, for the compiler counts the uses of each array
ZERO: Final = np.uint64(0)
ONE: Final = np.uint64(1)
EVERY: Final = np.uint64(2**64 - 1)
BYTE_MAX: Final = 255
_PAIRS: Final = np.uint64(0x5555555555555555)
_FOURS: Final = np.uint64(0x3333333333333333)
_BYTES: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_SUM: Final = np.uint64(0x0101010101010101)
PER_LEVEL: Final = (0.0, 1.0, 1 / 2, 1 / 3, 1 / 4)
UNDER: Final = (0xFFFFFFFF, 0xFFFFFF, 0xFFFF, 0xFF, 0)  # the bits of a packed code below so many levels
_0, _8_BITS, _16_BITS, _24_BITS = np.uint32(0), np.uint32(1 << 8), np.uint32(1 << 16), np.uint32(1 << 24)
_1, _2, _4, _56 = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)


@compiled
def bits_in(mask: np.uint64) -> float:
    """How many bits are set."""
    mask = mask - ((mask >> _1) & _PAIRS)
    mask = (mask & _FOURS) + ((mask >> _2) & _FOURS)
    mask = (mask + (mask >> _4)) & _BYTES
    return float((mask * _SUM) >> _56)


@compiled
def levels_shared(one: int, other: int) -> int:
    """How many leading levels two packed codes share."""
    apart = np.uint32(one) ^ np.uint32(other)
    return LEVELS - int(apart > _0) - int(apart >= _8_BITS) - int(apart >= _16_BITS) - int(apart >= _24_BITS)


@compiled
def prepare_filters(person: Any, question: Any) -> None:
    """Put what the person tells and what is asked for into bounds that stop nothing where nothing is known."""
    person.lacking = ~person.licences if person.knows_licences else ZERO
    person.any_shift = person.shifts if person.shifts != ZERO else EVERY
    person.any_form = person.forms | ONE if person.forms != ZERO else EVERY
    if question.forms != ZERO:
        person.any_form = person.any_form & question.forms
    person.open_day = question.open_day
    person.schooling_most = person.schooling if person.schooling != UNKNOWN else BYTE_MAX
    person.age_most = person.age if person.age != UNKNOWN else BYTE_MAX
    person.age_least = person.age if person.age != UNKNOWN else 0
    person.welcome = question.welcomes_priority


@compiled
def passes(ask: Any, person: Any) -> bool:
    """The hard filters but the day. What the person has not told, or the vacancy does not ask, stops nothing."""
    return bool(
        (ask.schooling_min <= person.schooling_most)
        & (ask.legal_age_min <= person.age_most)
        & (ask.legal_age_max >= person.age_least)
        & (ask.licences & person.lacking == ZERO)
        & ((ask.shifts == 0) | (np.uint64(ask.shifts) & person.any_shift != ZERO))
        & ((person.any_form >> np.uint64(ask.form)) & ONE == ONE)
        & (ask.welcomes_priority >= person.welcome)
    )


@compiled
def is_wanted(offer: Any, wage_fen_min: int, prefixes: Codes, prefix_levels: Codes) -> bool:
    """Whether the wage reaches the floor, and the occupation is one of the prefixes or lies under one."""
    if offer.wage_fen_max < wage_fen_min:
        return False
    return prefix_levels[0] == 0 or is_under(offer.occupation, prefixes, prefix_levels)


@compiled
def is_under(occupation: int, prefixes: Codes, prefix_levels: Codes) -> bool:
    """Whether an occupation is one of the prefixes or lies under one."""
    for nth in range(WISHES_MAX):
        if prefix_levels[nth] > 0 and levels_shared(occupation, prefixes[nth]) >= prefix_levels[nth]:
            return True
    return False


@compiled
def occupation_part(occupation: int, wishes: Codes, levels: Codes) -> float:
    """The share of a wish's levels that the vacancy shares, for the best of the wishes."""
    if occupation == 0 or levels[0] == 0:
        return NEUTRAL
    best = 0.0
    for nth in range(WISHES_MAX):
        if levels[nth] == 0:
            break
        best = max(best, min(levels_shared(occupation, wishes[nth]), levels[nth]) * PER_LEVEL[levels[nth]])
    return best


@compiled
def wage_part(wage_fen_min: int, wage_fen_max: int, wish_fen: int) -> float:
    """The mean of how far each end of the range reaches the wish."""
    if wish_fen == 0 or wage_fen_max == 0:
        return NEUTRAL
    return (min(1.0, wage_fen_min / wish_fen) + min(1.0, wage_fen_max / wish_fen)) / 2


@compiled
def skills_part(named: np.uint64, own: np.uint64, known: int) -> float:
    """The share of the skills named that the person has."""
    if named == ZERO or not known:
        return NEUTRAL
    return bits_in(named & own) / bits_in(named)


@compiled
def hours_part(hours: float, wish: float) -> float:
    """1 at the wish, falling evenly on both sides."""
    if wish == 0 or hours == 0:
        return NEUTRAL
    return max(0.0, 1 - abs(hours - wish) / wish)


@compiled
def distance_part(distance_m: float, radius_m: float) -> float:
    """1 at the door, 0 at the edge."""
    return 1 - distance_m / radius_m if radius_m > 0 else 1.0


@compiled
def rough_wage(wage_fen_min: int, wage_fen_max: int, per_wage: float) -> float:
    """`wage_part` but for rounding."""
    if per_wage == 0 or wage_fen_max == 0:
        return NEUTRAL
    return (min(1.0, wage_fen_min * per_wage) + min(1.0, wage_fen_max * per_wage)) * 0.5


@compiled
def rough_rest(offer: Any, person: Any, occupation: float, weights: Any) -> float:
    """What the vacancy scores beside its distance part, but for rounding."""
    known = person.knows_skills and offer.skills != ZERO
    skills = bits_in(offer.skills & person.skills) / bits_in(offer.skills) if known else NEUTRAL
    hours = max(0.0, 1 - abs(offer.hours_per_week * person.per_hours - 1))
    hours = hours if person.per_hours > 0 and offer.hours_per_week > 0 else NEUTRAL
    return float(
        weights[1] * occupation
        + weights[2] * rough_wage(offer.wage_fen_min, offer.wage_fen_max, person.per_wage)
        + weights[3] * skills
        + weights[4] * hours
    )


@compiled
def peak_rest(peak: Any, person: Any, wishes: Codes, levels: Codes, weights: Any) -> float:
    """At least what any vacancy of a unit scores beside its distance part, but for rounding."""
    wage = rough_wage(peak.wage_fen_max, peak.wage_fen_max, person.per_wage)
    if peak.wage_unknown and wage < NEUTRAL:
        wage = NEUTRAL
    skills = 1.0 if person.knows_skills and peak.skills & person.skills != ZERO else NEUTRAL
    hours = 1.0 if person.hours > 0 else NEUTRAL
    occupation = _occupation_most(peak.occupation_min, peak.occupation_max, wishes, levels)
    return float(weights[1] * occupation + weights[2] * wage + weights[3] * skills + weights[4] * hours)


@compiled
def _occupation_most(lowest: int, highest: int, wishes: Codes, levels: Codes) -> float:
    """Codes between the lowest and the highest share at most so much with a wish."""
    if levels[0] == 0:
        return NEUTRAL
    best = NEUTRAL if lowest == 0 else 0.0
    for nth in range(WISHES_MAX):
        if levels[nth] == 0:
            break
        for level in range(levels[nth], 0, -1):
            under = np.int64(UNDER[level])
            first = np.int64(wishes[nth]) & ~under
            if np.int64(lowest) <= first | under and np.int64(highest) >= first:
                best = max(best, level * PER_LEVEL[levels[nth]])
                break
    return best
