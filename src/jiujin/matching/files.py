"""Vacancies and people in Parquet files: read by column, checked, never quietly left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jiujin.matching import words
from jiujin.matching.errors import ColumnInvalid, MatchingError
from jiujin.matching.index import Index
from jiujin.matching.layout import UNKNOWN, WISHES_MAX
from jiujin.values.datum import CHINA_LAT, CHINA_LON

CHUNK_PEOPLE: Final = 100_000
SHOWN_ROWS: Final = 3
POINT_COLUMNS: Final = ("id", "lat", "lon")
VACANCY_FILE: Final = (
    "occupation", "wage_yuan", "wage_yuan_min", "wage_yuan_max", "schooling", "shift", "form", "hours", "headcount",
    "licences", "skills", "welcomes_priority", "open_until",
)  # fmt: skip
ROW_NUMBER: Final = "row number"
PEOPLE_FILE: Final = ("occupation", "wage_yuan", "schooling", "shift", "form", "hours", "licences", "skills", "age")


class FileUnusable(MatchingError):
    """A file that cannot be matched; nothing was written."""

    status = 2


@dataclass(frozen=True)
class VacancyFile:
    """An index, what its ids are in the file, the bits of the words, and what to tell the person."""

    index: Index
    ids: pa.Array
    numbers: NDArray[np.int64]
    bits: Mapping[str, Mapping[str, int]]
    notices: list[str]

    def ids_of(self, numbers: NDArray[np.int64]) -> pa.Array:
        """The file's ids of the index's numbers."""
        return self.ids.take(pa.array(np.searchsorted(self.numbers, numbers)))


@dataclass(frozen=True)
class PeopleChunk:
    """Some people in the file's order, as `Index.batch` takes them."""

    ids: pa.Array
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    keys: NDArray[np.uint64]
    attributes: dict[str, Any]


@dataclass(frozen=True)
class PeopleFile:
    """A file of people that passed its checks; `chunks` reads it piece by piece."""

    path: Path
    rows: int
    bad: frozenset[int]
    bits: Mapping[str, Mapping[str, int]]
    notices: list[str]

    def chunks(self) -> Iterator[PeopleChunk]:
        """The people, without the rows that were left out."""
        with _opened(self.path) as file:
            names = [name for name in (*POINT_COLUMNS, *PEOPLE_FILE) if name in file.schema_arrow.names]
            if not file.metadata.num_rows:
                yield _people(self.path, _numbered(file.read(columns=names), 0, self.bad), self.bits)
            first = 0
            for batch in file.iter_batches(CHUNK_PEOPLE, columns=names):
                yield _people(self.path, _numbered(pa.Table.from_batches([batch]), first, self.bad), self.bits)
                first += len(batch)


def read_vacancies(path: Path, *, skip_bad: bool = False) -> VacancyFile:
    """Build an index of a file. Raises FileUnusable."""
    with _opened(path) as file:
        _columns_present(path, file.schema_arrow.names)
        names = [name for name in (*POINT_COLUMNS, *VACANCY_FILE) if name in file.schema_arrow.names]
        ignored = [name for name in file.schema_arrow.names if name not in names]
        table = file.read(columns=names)
    bad, notices = _checked_points(path, table, skip_bad)
    if ignored:
        notices.append(f"{path.name} 里没有用到的列：{'、'.join(ignored)}。")
    table = _numbered(table, 0, bad)
    ids = _checked_ids(path, table["id"])
    bits = {
        name: words.word_bits(_distinct(table[name]), name)
        for name in ("licences", "skills", "form")
        if name in table.column_names
    }
    numbers = ids.to_numpy() if pa.types.is_integer(ids.type) else _places(ids)
    order = np.argsort(numbers)
    try:
        index = Index.build(numbers, _floats(table["lat"]), _floats(table["lon"]), **_vacancies(path, table, bits))
    except ColumnInvalid as error:
        raise FileUnusable(f"{path.name}：{error}没有匹配。") from error
    return VacancyFile(index, ids.take(pa.array(order)), numbers[order], bits, notices)


def read_people(path: Path, bits: Mapping[str, Mapping[str, int]], *, skip_bad: bool = False) -> PeopleFile:
    """Check a file's ids and points, to be read in chunks after. Raises FileUnusable."""
    with _opened(path) as file:
        _columns_present(path, file.schema_arrow.names)
        table = file.read(columns=list(POINT_COLUMNS))
        ignored = [name for name in file.schema_arrow.names if name not in (*POINT_COLUMNS, *PEOPLE_FILE)]
    bad, notices = _checked_points(path, table, skip_bad)
    if ignored:
        notices.append(f"{path.name} 里没有用到的列：{'、'.join(ignored)}。")
    _checked_ids(path, table["id"])
    return PeopleFile(path, len(table) - len(bad), bad, bits, notices)


def _numbered(table: pa.Table, first: int, bad: frozenset[int]) -> pa.Table:
    """The table with the number of each row in the file, from 1, and without the bad ones."""
    numbers = np.arange(first, first + len(table))
    numbered = table.append_column(ROW_NUMBER, pa.array(numbers + 1))
    return numbered.filter(pa.array(~np.isin(numbers, list(bad)))) if bad else numbered


def _opened(path: Path) -> pq.ParquetFile:
    if not path.is_file():
        raise FileUnusable(f"没有找到 {path}，没有匹配。请检查路径。")
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise FileUnusable(f"{path.name} 不是能读的 Parquet 文件，没有匹配。请重新导出。") from error


def _columns_present(path: Path, names: list[str]) -> None:
    missing = [name for name in POINT_COLUMNS if name not in names]
    if missing:
        raise FileUnusable(f"{path.name} 缺少 {'、'.join(missing)} 列，没有匹配。必须有 id、lat、lon。")


def _checked_ids(path: Path, column: pa.ChunkedArray) -> pa.Array:
    """Ids as int64 or text, all there and all different."""
    ids = column.combine_chunks()
    if pa.types.is_integer(ids.type):
        ids = ids.cast(pa.int64())
    elif pa.types.is_string(ids.type) or pa.types.is_large_string(ids.type) or pa.types.is_dictionary(ids.type):
        ids = ids.cast(pa.string())
    elif len(ids):
        raise FileUnusable(f"{path.name} 的 id 列是 {ids.type}，没有匹配。请用整数或文字。")
    else:
        ids = ids.cast(pa.int64())
    if ids.null_count:
        raise FileUnusable(f"{path.name} 有 {ids.null_count} 行没有 id，没有匹配。请补上。")
    twice = len(ids) - pc.count_distinct(ids).as_py()
    if twice:
        raise FileUnusable(f"{path.name} 有 {twice} 行的 id 是重复的，没有匹配。每行的 id 应当不同。")
    return ids


def _checked_points(path: Path, table: pa.Table, skip_bad: bool) -> tuple[frozenset[int], list[str]]:
    """Rows whose point cannot be used, and what to say. Raises FileUnusable unless they may be left out."""
    lat, lon = (_floats(_numeric(path, table, name)) for name in ("lat", "lon"))
    here = _inside(lat, lon)
    turned = _inside(lon, lat) & ~here
    wrong = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    zero = (lat == 0) & (lon == 0)
    outside = ~(here | wrong | zero)
    # A latitude above 90 is certainly not one. Below, a point that would lie in China the other way round counts as turned
    # only where most of what lies outside China does: a file may be of another country.
    if 2 * int((turned & ~wrong).sum()) <= int(outside.sum()):
        turned &= wrong
    reasons = [
        (np.isnan(lat) | np.isnan(lon), "没有坐标"),
        (zero, "坐标是 (0, 0)"),
        (turned, "纬度和经度像是写反了"),
        (wrong & ~turned & ~(np.isnan(lat) | np.isnan(lon)), "坐标超出范围"),
    ]
    told = [
        f"{int(mask.sum())} 行{what}（第 {'、'.join(str(row + 1) for row in np.flatnonzero(mask)[:SHOWN_ROWS])} 行"
        f"{'等' if mask.sum() > SHOWN_ROWS else ''}）"
        for mask, what in reasons
        if mask.any()
    ]
    bad = np.flatnonzero(reasons[0][0] | zero | turned | wrong)
    if len(bad) and not skip_bad:
        raise FileUnusable(f"{path.name} 有 {'、'.join(told)}，没有匹配。请改正，或用 --skip-bad 略过这些行。")
    notices = [f"{path.name} 略过 {len(bad)} 行：{'、'.join(told)}。"] if len(bad) else []
    outside &= ~turned
    if outside.any():
        notices.append(f"{path.name} 有 {int(outside.sum())} 行不在中国境内，照常匹配；请核对坐标。")
    return frozenset(bad.tolist()), notices


def _inside(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (
        (lat >= CHINA_LAT[0]) & (lat <= CHINA_LAT[1]) & (lon >= CHINA_LON[0]) & (lon <= CHINA_LON[1])
    )
    return inside


def _numeric(path: Path, table: pa.Table, name: str) -> pa.ChunkedArray:
    column = table[name]
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_null(column.type)):
        raise FileUnusable(f"{path.name} 的 {name} 列是 {column.type}，没有匹配。请用十进制的度数。")
    return column


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    values: NDArray[np.float64] = column.cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)
    return values


def _places(ids: pa.Array) -> NDArray[np.int64]:
    """The place of each text among all, sorted: the same whatever the order of the rows."""
    places = np.empty(len(ids), np.int64)
    places[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids))
    return places


def _distinct(column: pa.ChunkedArray) -> list[object]:
    if pa.types.is_nested(column.type):
        return [list(cell) for cell in {tuple(cell) for cell in column.to_pylist() if cell is not None}]
    return list(pc.unique(column).to_pylist())


def _vacancies(path: Path, table: pa.Table, bits: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    read = _Reader(path, table)
    wages = {"low": read.wages("wage_yuan"), "min": read.wages("wage_yuan_min"), "max": read.wages("wage_yuan_max")}
    given: dict[str, Any] = {
        "occupation": read.cells("occupation", words.read_occupation, 0),
        "schooling_min": read.cells("schooling", words.read_schooling, 0),
        "shifts": read.cells("shift", words.read_shifts, 0),
        "hours_per_week": read.cells("hours", _plain, 0.0),
        "headcount_left": read.cells("headcount", _plain, 1),
        "welcomes_priority": read.cells("welcomes_priority", _yes, 0),
        "open_until": read.cells("open_until", words.read_day, 2**31 - 1),
        "licences": read.bits("licences", bits.get("licences", {})),
        "skills": read.bits("skills", bits.get("skills", {})),
        "form": read.codes("form", sorted(bits.get("form", {}))),
        "wage_fen_min": _first_of(wages["min"], wages["low"], 0),
        "wage_fen_max": _first_of(wages["max"], wages["low"], 1),
    }
    return {name: column for name, column in given.items() if column is not None}


def _people(path: Path, table: pa.Table, bits: Mapping[str, Mapping[str, int]]) -> PeopleChunk:
    read = _Reader(path, table)
    wages = read.wages("wage_yuan")
    # Bit n for the n-th form. A form no vacancy has is bit 0, which none has either: it must not read as any.
    forms = read.bits("form", {word: 2 << nth for nth, word in enumerate(sorted(bits.get("form", {})))}, 1)
    given: dict[str, Any] = {
        "occupations": read.wishes("occupation"),
        "wage_fen": None if wages is None else wages[:, 0],
        "schooling": read.cells("schooling", words.read_schooling, UNKNOWN),
        "shifts": read.cells("shift", words.read_shifts, 0),
        "hours": read.cells("hours", _plain, 0.0),
        "age": read.cells("age", _plain, UNKNOWN),
        "forms": forms,
    }
    for name in ("licences", "skills"):
        if name in table.column_names:
            given[name] = read.bits(name, bits.get(name, {}))
            given[f"{name}_known"] = table[name].is_valid().to_numpy()
    ids = _checked_ids(path, table["id"])
    attributes = {name: column for name, column in given.items() if column is not None}
    return PeopleChunk(ids, _floats(table["lat"]), _floats(table["lon"]), _keys(ids), attributes)


def _keys(ids: pa.Array) -> NDArray[np.uint64]:
    """A number of each person's own for the day's shuffle."""
    if pa.types.is_integer(ids.type):
        whole: NDArray[np.uint64] = ids.to_numpy().astype(np.uint64)
        return whole
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in ids.to_pylist())
    return np.frombuffer(b"".join(digests), "<u8")


def _first_of(one: NDArray[Any] | None, other: NDArray[Any] | None, column: int) -> NDArray[Any] | None:
    chosen = one if one is not None else other
    return None if chosen is None else chosen[:, column]


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and isnan(cell))


def _plain(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError as error:
        raise words.WordUnknown(f"“{cell}”不是数") from error


def _yes(cell: object) -> int:
    text = str(cell).strip().lower()
    if text in ("true", "1", "是", "欢迎"):
        return 1
    if text in ("false", "0", "否", ""):
        return 0
    raise words.WordUnknown(f"“{cell}”应写“是”或“否”")


class _Reader:
    """Reads the columns of one table; each different cell once."""

    def __init__(self, path: Path, table: pa.Table) -> None:
        self._path = path
        self._table = table

    def cells(self, name: str, read: Callable[[object], Any], missing: Any) -> NDArray[Any] | None:
        """A column read cell by cell; None where the file has none. Raises FileUnusable."""
        if name not in self._table.column_names:
            return None
        column = self._table[name].combine_chunks()
        if pa.types.is_nested(column.type):
            cells, places = column.to_pylist(), np.arange(len(column))
        else:
            coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            cells = coded.dictionary.to_pylist()
            places = coded.indices.fill_null(len(cells)).to_numpy(zero_copy_only=False)
        values = [missing if _is_empty(cell) else self._read(name, read, cell) for cell in cells]
        found: NDArray[Any] = np.array([*values, missing])[places]
        return found

    def wages(self, name: str) -> NDArray[Any] | None:
        """Fen from and to, (rows, 2)."""
        return self.cells(name, words.read_wage, (0, 0))

    def wishes(self, name: str) -> NDArray[Any] | None:
        """Codes, (rows, WISHES_MAX)."""

        def padded(cell: object) -> tuple[int, ...]:
            codes = words.read_occupations(cell)
            if len(codes) > WISHES_MAX:
                raise words.WordUnknown(f"“{cell}”有 {len(codes)} 个意向职业，最多 {WISHES_MAX} 个")
            return (*codes, *(0,) * (WISHES_MAX - len(codes)))

        return self.cells(name, padded, (0,) * WISHES_MAX)

    def bits(self, name: str, known: Mapping[str, int], unknown: int = 0) -> NDArray[np.uint64] | None:
        """The bits of a cell's words; a word no vacancy uses is `unknown`."""

        def mask(cell: object) -> np.uint64:
            whole = 0
            for word in words.split_words(cell):
                whole |= known.get(word, unknown)
            return np.uint64(whole)

        return self.cells(name, mask, np.uint64(0))

    def codes(self, name: str, known: list[str]) -> NDArray[Any] | None:
        """The place, from 1, of a cell's only word among all."""

        def code(cell: object) -> int:
            found = words.split_words(cell)
            if len(found) > 1:
                raise words.WordUnknown(f"“{cell}”有 {len(found)} 项，只能写一项")
            return known.index(found[0]) + 1 if found else 0

        return self.cells(name, code, 0)

    def _read(self, name: str, read: Callable[[object], Any], cell: object) -> Any:
        try:
            return read(cell)
        except MatchingError as error:
            row = next(nth for nth, other in enumerate(self._table[name].to_pylist()) if other == cell)
            reason = str(error).rstrip("。")
            raise FileUnusable(
                f"{self._path.name} 第 {self._table[ROW_NUMBER][row]} 行的 {name}：{reason}。没有匹配。"
            ) from error
