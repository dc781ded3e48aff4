"""Vacancies and seekers as columns: defaults for what is not given, every value checked once, packed into the kernel's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jiujin.matching.errors import ColumnInvalid
from jiujin.matching.layout import ASK, LEVELS, OFFER, PERSON, SPOT, TERM, UNKNOWN, WISHES_MAX
from jiujin.matching.occupations import CODE_MAX, pack

DAY_MAX: Final = 2**31 - 1
FORM_MAX: Final = 63
AGE_MAX: Final = 255
WAGE_FEN_MAX: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: the value that stands for not given, and the least and the most it may be."""

    missing: int
    low: int
    high: int


class Records(NamedTuple):
    """Vacancies packed, a row each: of ASK, of TERM and of OFFER, these two without their numbers yet; and headcounts left."""

    asks: NDArray[np.void]
    terms: NDArray[np.void]
    offers: NDArray[np.void]
    headcounts: NDArray[np.int32]


VACANCY_COLUMNS: Final[Mapping[str, Column]] = {
    "occupation": Column(0, 0, CODE_MAX),  # 4020103 for 4-02-01-03
    "wage_fen_min": Column(0, 0, WAGE_FEN_MAX),  # a month
    "wage_fen_max": Column(0, 0, WAGE_FEN_MAX),
    "schooling_min": Column(0, 0, 254),  # an ordinal the caller defines; 0: none asked
    "shifts": Column(0, 0, 2**32 - 1),  # bits: the shifts one can have
    "form": Column(0, 0, FORM_MAX),  # the caller's code of the form of employment
    "hours_per_week": Column(0, 0, 168),
    "headcount_left": Column(1, 0, 2**31 - 1),
    "licences": Column(0, 0, 2**64 - 1),  # bits: all of them are needed
    "skills": Column(0, 0, 2**64 - 1),  # bits: welcome, never needed
    "welcomes_priority": Column(0, 0, 1),
    "open_until": Column(DAY_MAX, 0, DAY_MAX),  # a day's proleptic ordinal, the last open day
    "legal_age_min": Column(0, 0, AGE_MAX),  # of the law, such as work barred to minors; never an employer's wish
    "legal_age_max": Column(AGE_MAX, 0, AGE_MAX),
}
SEEKER_COLUMNS: Final[Mapping[str, Column]] = {
    "wage_fen": Column(0, 0, 2**62),
    "schooling": Column(UNKNOWN, UNKNOWN, 254),
    "shifts": Column(0, 0, 2**32 - 1),  # bits: the shifts they can take; 0: any
    "forms": Column(0, 0, 2**64 - 1),  # bit n for form n; 0: any
    "hours": Column(0, 0, 168),
    "age": Column(UNKNOWN, UNKNOWN, AGE_MAX),
}
MASKS: Final = ("licences", "skills")


def checked_ids(ids: ArrayLike) -> NDArray[np.int64]:
    """Whole, different numbers. Raises ColumnInvalid."""
    given = np.asarray(ids)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise ColumnInvalid("id", "id 这一列应是一列整数。")
    whole = given.astype(np.int64)
    order = np.argsort(whole, kind="stable")
    twice = np.flatnonzero(whole[order][1:] == whole[order][:-1])
    if len(twice):
        row = int(order[twice + 1].min())
        raise ColumnInvalid("id", f"id {whole[row]} 出现了两次。", row)
    return whole


def checked_points(lat: ArrayLike, lon: ArrayLike, rows: int) -> NDArray[np.void]:
    """Degrees anywhere on the earth, as records of SPOT without their cosine. Raises ColumnInvalid."""
    spots = np.zeros(rows, SPOT)
    for name, values, bound in (("lat", lat, 90.0), ("lon", lon, 180.0)):
        degrees = _column(name, values, rows).astype(np.float64)
        wrong = np.flatnonzero(~(np.abs(degrees) <= bound))
        if len(wrong):
            raise ColumnInvalid(
                name, f"{name} 应在 -{bound:g} 到 {bound:g} 之间；有 {len(wrong)} 行不是。", int(wrong[0])
            )
        spots[name] = degrees
    return spots


def vacancy_records(rows: int, attributes: Mapping[str, ArrayLike]) -> Records:
    """The kernel's records. Raises ColumnInvalid."""
    unknown = sorted(set(attributes) - set(VACANCY_COLUMNS))
    if unknown:
        raise ColumnInvalid(unknown[0], f"岗位没有 {unknown[0]} 这一列；可用：{'、'.join(VACANCY_COLUMNS)}。")
    values = {name: _checked(name, attributes.get(name), column, rows) for name, column in VACANCY_COLUMNS.items()}
    low, high = values["wage_fen_min"], values["wage_fen_max"]
    crossed = np.flatnonzero((high > 0) & (low > high))
    if len(crossed):
        raise ColumnInvalid("wage_fen_max", f"有 {len(crossed)} 行工资下限高于上限。", int(crossed[0]))
    values["wage_fen_min"], values["wage_fen_max"] = np.where(low == 0, high, low), np.where(high == 0, low, high)
    headcounts = values.pop("headcount_left").astype(np.int32)
    values["occupation"] = pack(values["occupation"].astype(np.int64))
    records = Records(np.zeros(rows, ASK), np.zeros(rows, TERM), np.zeros(rows, OFFER), headcounts)
    for name, column in values.items():
        part: NDArray[Any] = next(part for part in records if name in (part.dtype.names or ()))
        part[name] = column
    return records


def people_records(
    lat: ArrayLike, lon: ArrayLike, keys: ArrayLike, attributes: Mapping[str, ArrayLike]
) -> NDArray[np.void]:
    """The kernel's records of people (PERSON). Raises ColumnInvalid.

    `occupations` is (people, wishes), 0 where there is none. `licences_known` and `skills_known` are true by default where the
    column is given.
    """
    rows = len(np.asarray(lat))
    records = np.zeros(rows, PERSON)
    spots = checked_points(lat, lon, rows)
    records["lat"], records["lon"] = spots["lat"], spots["lon"]
    records["key"] = _column("key", keys, rows).astype(np.uint64)
    allowed = {*SEEKER_COLUMNS, *MASKS, "licences_known", "skills_known", "occupations"}
    unknown = sorted(set(attributes) - allowed)
    if unknown:
        raise ColumnInvalid(unknown[0], f"求职者没有 {unknown[0]} 这一列；可用：{'、'.join(sorted(allowed))}。")
    for name, column in SEEKER_COLUMNS.items():
        records[name] = _checked(name, attributes.get(name), column, rows)
    for name in MASKS:
        records[name] = _checked(name, attributes.get(name), VACANCY_COLUMNS[name], rows)
        records[f"knows_{name}"] = np.asarray(attributes.get(f"{name}_known", name in attributes), bool)
    records["wishes"], records["levels"] = _wishes(attributes.get("occupations"), rows)
    return records


def packed_codes(codes: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """WISHES_MAX codes packed, and the levels each states; 0 behind the last. Raises ColumnInvalid."""
    packed = [_packed(code) for code in codes if code]
    if len(codes) > WISHES_MAX:
        raise ColumnInvalid("occupations", f"每人最多 {WISHES_MAX} 个意向职业。")
    packed += [(0, 0)] * (WISHES_MAX - len(packed))
    return tuple(code for code, _ in packed), tuple(level for _, level in packed)


@lru_cache(maxsize=8192)
def _packed(code: int) -> tuple[int, int]:
    """One code packed, and the levels it states. Numpy takes a hundred times as long for one. Raises ColumnInvalid."""
    wishes, levels = _wishes(np.array([[code]]), 1)
    return int(wishes[0, 0]), int(levels[0, 0])


def _wishes(occupations: ArrayLike | None, rows: int) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    codes = np.zeros((rows, 0), np.int64) if occupations is None or not rows else np.asarray(occupations, np.int64)
    codes = codes.reshape(rows, -1) if codes.size else np.zeros((rows, 0), np.int64)
    if codes.shape[1] > WISHES_MAX:
        raise ColumnInvalid("occupations", f"每人最多 {WISHES_MAX} 个意向职业。")
    _checked("occupations", codes.reshape(-1), VACANCY_COLUMNS["occupation"], codes.size)
    codes = np.pad(codes, ((0, 0), (0, WISHES_MAX - codes.shape[1])))
    codes = np.take_along_axis(codes, np.argsort(codes == 0, axis=1, kind="stable"), axis=1)  # gaps to the end
    levels = np.zeros(codes.shape, np.int32)
    for level, step in zip(range(1, LEVELS + 1), (1_000_000, 10_000, 100, 1), strict=True):
        levels[codes // step % 100 > 0] = level
    return pack(codes), levels


def _column(name: str, values: Any, rows: int) -> NDArray[Any]:
    column = np.asarray(values)
    if column.ndim == 0:
        column = np.full(rows, column)
    if column.shape != (rows,):
        raise ColumnInvalid(name, f"{name} 这一列应有 {rows} 行，现在是 {column.shape}。")
    if column.dtype.kind not in "iufb":
        raise ColumnInvalid(name, f"{name} 这一列应是数，现在是 {column.dtype}。")
    return column


def _checked(name: str, values: Any, column: Column, rows: int) -> NDArray[Any]:
    """The values within their bounds, in a kind that holds them all; NaN is not given."""
    if values is None:
        return np.full(rows, column.missing, np.int64)
    given = _column(name, values, rows)
    if given.dtype.kind == "f":
        given = np.where(np.isnan(given), column.missing, given)
    wrong = np.flatnonzero(~((given >= column.low) & (given <= column.high)))
    if len(wrong):
        raise ColumnInvalid(
            name, f"{name} 应在 {column.low} 到 {column.high} 之间；有 {len(wrong)} 行不是。", int(wrong[0])
        )
    return given
