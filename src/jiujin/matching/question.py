"""What may be asked: who seeks, what else must hold, which ages the law allows."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.columns import FORM_MAX, packed_codes
from jiujin.matching.errors import ColumnInvalid, RadiusInvalid, TopInvalid
from jiujin.matching.layout import PERSON, QUESTION, UNKNOWN, WISHES_MAX
from jiujin.matching.weights import PARTS, Weights

TOP_MAX: Final = 10_000
UNSEEDED_DAY: Final = 0


@dataclass(frozen=True, slots=True)
class Seeker:
    """One person's wishes and means; what is None is not known, stops nothing and scores neutral.

    `age` is only ever compared with the legal ages. There is no field for sex, ethnicity or marital status.
    """

    occupations: tuple[int, ...] = ()
    wage_fen: int | None = None
    schooling: int | None = None
    shifts: int | None = None
    forms: int | None = None
    hours: float | None = None
    licences: int | None = None
    skills: int | None = None
    age: int | None = None


_NOBODY: Final = Seeker()
# A record of PERSON in bytes, what the kernel fills in left out: in a quarter of the time that numpy takes for one record.
assert PERSON.fields is not None
_TOLD: Final = struct.Struct(f"@2d{PERSON.fields['key'][1] - 16}x5Qdq2i{WISHES_MAX}I{WISHES_MAX}i2B6x")
assert _TOLD.size == PERSON.itemsize


@dataclass(frozen=True, slots=True)
class Filters:
    """What the seeker asks to hold in any case: one of the occupations (a code stands for all under it), a wage range that
    reaches `wage_fen_min`, one of the forms (bit n for form n), a welcome for priority groups. What a vacancy does not state
    does not pass.
    """

    occupations: tuple[int, ...] = ()
    wage_fen_min: int = 0
    forms: int | None = None
    welcomes_priority: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The legal working ages, both included; the caller takes them from the plan in force. A person outside finds nothing."""

    working_age_min: int | None = None
    working_age_max: int | None = None

    def allow(self, age: int | None) -> bool:
        """Whether a person of this age may work; of unknown age, yes."""
        if age is None or age == UNKNOWN:
            return True
        return (self.working_age_min is None or age >= self.working_age_min) and (
            self.working_age_max is None or age <= self.working_age_max
        )


class Posed(NamedTuple):
    """One question: the record of QUESTION that the kernel reads, and what of it is needed elsewhere."""

    record: NDArray[np.void]
    top: int
    counting: bool
    day: int


@lru_cache(maxsize=1024, typed=True)
def pose(
    radius_m: float,
    top: int,
    *,
    counting: bool,
    masked: bool,
    day: date | None,
    filters: Filters | None,
    weights: Weights,
) -> Posed:
    """The question, ready for the kernel. Raises RadiusInvalid, TopInvalid, ColumnInvalid."""
    radius = checked_radius(radius_m)
    if not isinstance(top, int) or not 0 <= top <= TOP_MAX:
        raise TopInvalid(f"要几个结果应是 0 到 {TOP_MAX} 之间的整数，现在是 {top}。")
    wanted = filters or Filters()
    if wanted.forms is not None and not 0 <= wanted.forms < 2 ** (FORM_MAX + 1):
        raise ColumnInvalid("forms", f"用工形式的编码应在 0 到 {FORM_MAX} 之间。")
    if not 0 <= wanted.wage_fen_min < 2**62:
        raise ColumnInvalid("wage_fen_min", "筛选的工资应不小于 0。")
    seed = UNSEEDED_DAY if day is None else day.toordinal()
    record = np.zeros(1, QUESTION)
    record["radius_m"], record["top"], record["counting"], record["masked"] = radius, top, counting, masked
    record["day"], record["open_day"] = seed, UNKNOWN if day is None else seed
    record["forms"], record["wage_fen_min"] = wanted.forms or 0, wanted.wage_fen_min
    record["welcomes_priority"] = wanted.welcomes_priority
    record["prefixes"], record["prefix_levels"] = packed_codes(tuple(wanted.occupations))
    record["narrowed"] = bool(wanted.occupations) or wanted.wage_fen_min > 0
    record["weights"] = [getattr(weights, part) for part in PARTS]
    return Posed(record, top, counting, seed)


def checked_radius(radius_m: float) -> float:
    """Raises RadiusInvalid for what is no length."""
    try:
        radius = float(radius_m)
    except (TypeError, ValueError):
        radius = math.nan
    if not (math.isfinite(radius) and radius >= 0):
        raise RadiusInvalid(f"半径应是不小于 0 的米数，现在是 {radius_m}。")
    return radius


def one_person(lat: float, lon: float, key: int, seeker: Seeker | None) -> NDArray[np.void]:
    """One person as the kernel reads people, a record of PERSON. Raises ColumnInvalid."""
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ColumnInvalid("lat", f"纬度 {lat}、经度 {lon} 不是地球上的一点。")
    one = seeker or _NOBODY
    numbers = (
        ("wage_fen", one.wage_fen, 2**62), ("schooling", one.schooling, 254), ("shifts", one.shifts, 2**32 - 1),
        ("forms", one.forms, 2**64 - 1), ("hours", one.hours, 168), ("licences", one.licences, 2**64 - 1),
        ("skills", one.skills, 2**64 - 1), ("age", one.age, 255),
    )  # fmt: skip
    for name, number, most in numbers:
        if number is not None and not 0 <= number <= most:
            raise ColumnInvalid(name, f"{name} 应在 0 到 {most} 之间，现在是 {number}。")
    wishes, levels = packed_codes(tuple(one.occupations))
    told = _TOLD.pack(
        lat, lon, key & (2**64 - 1), one.skills or 0, one.licences or 0, one.shifts or 0, one.forms or 0, one.hours or 0,
        one.wage_fen or 0, UNKNOWN if one.schooling is None else one.schooling, UNKNOWN if one.age is None else one.age,
        *wishes, *levels, one.skills is not None, one.licences is not None,
    )  # fmt: skip
    return np.frombuffer(bytearray(told), PERSON)
