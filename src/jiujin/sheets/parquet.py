"""Reads a roster from Parquet: typed columns stay in Arrow, text columns are read once a distinct value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiujin.sheets import limits, notices
from jiujin.sheets.cells import LARGEST, NOTHINGS, seen
from jiujin.sheets.columns import Column
from jiujin.sheets.dates import YEAR_MAX, YEAR_MIN, out_of_range
from jiujin.sheets.headings import Vocabulary, find_heading
from jiujin.sheets.parsing import ColumnParser, no_values
from jiujin.sheets.problems import BadCell, CellError, SheetUnreadable
from jiujin.sheets.roster import Roster
from jiujin.values import FEN_MAX, valid_id_matrix

Progress = Callable[[str, int, int], None]
MAGIC = b"PAR1"
ID_LENGTH = 18
WHOLE_TYPES = ("months", "days", "years", "count")
READING = "读取表格"


def is_parquet(path: Path) -> bool:
    """Whether the file is Parquet, by its content."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def read_parquet(path: Path, columns: Sequence[Column], *, demo_ids: bool, progress: Progress) -> Roster:
    """Read a Parquet roster; `row` is the record's number from 1. Raises SheetUnreadable."""
    try:
        with pq.ParquetFile(path) as file:
            return _Reader(file, columns, demo_ids, progress).roster()
    except (pa.ArrowException, OSError, MemoryError, UnicodeDecodeError) as error:
        raise SheetUnreadable("这个 Parquet 文件已损坏或大得读不下，没有判断：请重新导出再试") from error


@dataclass
class _Reader:
    file: pq.ParquetFile
    columns: Sequence[Column]
    demo_ids: bool
    tell: Progress
    errors: list[CellError] = field(default_factory=list)
    errors_left_out: int = 0

    def roster(self) -> Roster:
        """The whole file, column by column."""
        schema = self.file.schema_arrow
        count = self.file.metadata.num_rows
        if count > limits.MAX_PARQUET_ROWS:
            raise SheetUnreadable(f"超过 {limits.MAX_PARQUET_ROWS:,} 行，没有判断：请拆成几个文件")
        places, opened = self._places(schema)
        if not count:
            raise SheetUnreadable("文件里没有人员，没有判断：请填好名单再试")
        table: dict[str, pa.Array | pa.ChunkedArray] = {
            "sheet": pa.repeat(pa.scalar(""), count),
            "row": pa.array(np.arange(1, count + 1, dtype=np.int32)),
        }
        for done, column in enumerate(self.columns):
            self.tell(READING, done, len(self.columns))
            if column.key in places:
                table.update(self._column(column, schema.field(places[column.key])))
            else:
                table.update(no_values(column, count))
            if column.open_key and column.open_key in opened:
                table[column.open_key] = self._with_own_column(column, table, opened[column.open_key])
        self.tell(READING, len(self.columns), len(self.columns))
        missing = [column.key for column in self.columns if column.key not in places]
        labels = {column.key: column.label for column in self.columns}
        said = [notices.missing_column(labels[key]) for key in missing]
        if self.errors_left_out:
            said.append(f"另有 {self.errors_left_out:,} 处有问题的单元格没有列出：请先改好已列出的，再核对一次")
        self.errors.sort(key=lambda error: error.row)
        return Roster(pa.table(table), self.errors, said, missing, "parquet")

    def _places(self, schema: pa.Schema) -> tuple[dict[str, int], dict[str, int]]:
        """Where each column stands, and where a column of an open fact of its own stands."""
        heading = find_heading([schema.names], Vocabulary.of(self.columns), ())
        places = dict(heading.places) if heading else {}
        for column in self.columns:
            if column.identity and column.key not in places:
                raise SheetUnreadable(f"没有“{column.label}”一列，没有判断：请补上这一列再试")
        if not places:
            wanted = "、".join(column.label for column in self.columns)
            raise SheetUnreadable(f"没有一列的列名认得出，没有判断：要有 {wanted}")
        opened = {c.open_key: schema.names.index(c.open_key) for c in self.columns if c.open_key in schema.names}
        return places, {key: place for key, place in opened.items() if key}

    def _column(self, column: Column, entry: pa.Field) -> dict[str, pa.ChunkedArray]:
        """One column, typed; with its open fact where it has one."""
        if pa.types.is_nested(entry.type):
            raise SheetUnreadable(f"“{column.label}”一列是嵌套的数据，没有判断：请改成一格一个值")
        parser = ColumnParser(column, self.demo_ids)
        values: list[pa.Array] = []
        opened: list[pa.Array] = []
        first = 1
        for chunk in self._chunks(entry):
            typed, is_open, bad = _typed(column, chunk, parser, self.demo_ids)
            values.append(typed)
            opened.append(is_open)
            self._add_errors(column, chunk, bad, first)
            first += len(chunk)
        found = {column.key: pa.chunked_array(values, type=column.arrow_type)}
        return found | ({column.open_key: pa.chunked_array(opened, type=pa.bool_())} if column.open_key else {})

    def _chunks(self, entry: pa.Field) -> list[pa.Array]:
        """The column's stored pieces, one a row group. Raises ArrowInvalid for text that is no UTF-8."""
        groups = range(self.file.metadata.num_row_groups)
        chunks = [self.file.read_row_group(group, columns=[entry.name])[0].combine_chunks() for group in groups]
        for chunk in chunks:
            chunk.validate(full=True)
        return chunks

    def _with_own_column(
        self, column: Column, table: dict[str, pa.Array | pa.ChunkedArray], place: int
    ) -> pa.ChunkedArray:
        """An open fact that has a column of its own: what that says, and where it is silent what the words say."""
        own = Column(key=column.open_key or "", label=column.open_words[0], type="yes_no")
        stated = self._column(own, self.file.schema_arrow.field(place))[own.key]
        return pc.coalesce(stated, table[own.key])

    def _add_errors(self, column: Column, chunk: pa.Array, bad: Sequence[tuple[int, BadCell]], first: int) -> None:
        room = max(limits.MAX_ERRORS - len(self.errors), 0)
        self.errors_left_out += max(len(bad) - room, 0)
        for at, problem in bad[:room]:
            value = _seen(chunk[at])
            self.errors.append(CellError("", first + at, column.label, "", value, problem.message, problem.code))


def _seen(scalar: pa.Scalar) -> str:
    """A stored value as a person sees it; a day that Python has no date for by its number."""
    try:
        return seen(scalar.as_py())
    except (OverflowError, ValueError):
        return str(scalar)


Typed = tuple[pa.Array, pa.Array | None, Sequence[tuple[int, BadCell]]]


def _typed(column: Column, chunk: pa.Array, parser: ColumnParser, demo_ids: bool) -> Typed:
    """A chunk as its column's type: cast where Arrow's own type says enough, else read once a distinct value."""
    plain = _as_it_is(column, chunk)
    if plain is not None:
        return plain, _never_open(plain) if column.open_key else None, ()
    if column.type == "date" and _is_moment(chunk.type):
        days, bad = _days(chunk)
        return days, _never_open(days) if column.open_key else None, bad
    if column.type == "id_number" and _is_text(chunk.type):
        return _identity_numbers(chunk, parser, demo_ids)
    if column.type == "text" and _is_text(chunk.type):
        return _mended(chunk.cast(pa.string()), _needs_trimming(chunk.cast(pa.string())), parser)
    return _by_distinct(chunk, parser)


def _never_open(values: pa.Array) -> pa.Array:
    """No beside every value, not known beside a null."""
    return pc.if_else(pc.is_valid(values), False, pa.scalar(None, pa.bool_()))


def _as_it_is(column: Column, chunk: pa.Array) -> pa.Array | None:
    """The chunk cast to the column's type, if every value is certainly good; None where they must be read."""
    kind = chunk.type
    if column.type in WHOLE_TYPES and pa.types.is_integer(kind):
        return chunk.cast(pa.int64()) if _within(chunk, 0, LARGEST[column.type]) else None
    if column.type == "money" and pa.types.is_integer(kind):
        return pc.multiply(chunk.cast(pa.int64()), 100) if _within(chunk, 0, FEN_MAX // 100) else None
    if column.type == "money" and pa.types.is_floating(kind):
        return _fen_of_floats(chunk)
    if column.type == "yes_no" and pa.types.is_boolean(kind):
        return chunk
    return None


def _is_moment(kind: pa.DataType) -> bool:
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _days(chunk: pa.Array) -> tuple[pa.Array, list[tuple[int, BadCell]]]:
    """Dates and moments (by their own clock) as days; what lies outside the years a roster may name is bad."""
    if pa.types.is_timestamp(chunk.type) and chunk.type.tz:
        chunk = pc.local_timestamp(chunk)
    days = chunk.cast(pa.date32(), safe=False)
    years = pc.year(days)
    outside = pc.or_(pc.less(years, YEAR_MIN), pc.greater(years, YEAR_MAX))
    rows = np.flatnonzero(pc.fill_null(outside, False).to_numpy(zero_copy_only=False))
    bad = [(int(row), out_of_range(years[int(row)].as_py())) for row in rows]
    return pc.if_else(outside, pa.scalar(None, pa.date32()), days) if bad else days, bad


def _within(values: pa.Array, least: int, most: int) -> bool:
    """Whether every value that is there lies within bounds."""
    ends = pc.min_max(values).as_py()
    return ends["min"] is None or bool(ends["min"] >= least and ends["max"] <= most)


def _fen_of_floats(chunk: pa.Array) -> pa.Array | None:
    """Yuan as fen, if each is within a millionth of a fen of a whole one."""
    if len(chunk) == chunk.null_count:
        return pa.nulls(len(chunk), pa.int64())
    fen = pc.multiply(chunk.cast(pa.float64()), 100.0)
    whole = pc.round(fen)
    exact = pc.all(pc.less(pc.abs(pc.subtract(fen, whole)), 1e-4)).as_py()
    good = exact and _within(whole, 0, min(FEN_MAX, 10**12))
    return whole.cast(pa.int64()) if good else None


def _needs_trimming(texts: pa.Array) -> pa.Array:
    """Which texts have blanks, strokes or words for nothing, which `read_text` may change."""
    blanks = pc.match_substring_regex(texts, r"[\s\p{Z}\p{Cf}\x00-\x1f]")
    short = texts.filter(pc.fill_null(pc.less_equal(pc.utf8_length(texts), 4), False))
    few = [
        word for word in pc.unique(short).to_pylist() if word.casefold() in NOTHINGS or not any(map(str.isalnum, word))
    ]
    return pc.or_(blanks, pc.is_in(texts, pa.array(few, type=pa.string()))) if few else blanks


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _identity_numbers(chunk: pa.Array, parser: ColumnParser, demo_ids: bool) -> Typed:
    """Numbers of 18 characters checked together over Arrow's own buffer; the rest read one by one."""
    texts = chunk.cast(pa.string())
    usual = pc.fill_null(pc.and_(pc.equal(pc.binary_length(texts), ID_LENGTH), pc.string_is_ascii(texts)), False)
    matrix = _matrix(texts if usual.true_count == len(usual) else texts.filter(usual))
    good = np.zeros(len(texts), dtype=bool)
    good[usual.to_numpy(zero_copy_only=False)] = valid_id_matrix(matrix, demo=demo_ids)
    capital = pc.ascii_upper(texts) if (matrix[:, -1] == ord("x")).any() else texts
    return _mended(capital, pc.and_(pa.array(~good), pc.is_valid(texts)), parser)


def _mended(texts: pa.Array, doubtful: pa.Array, parser: ColumnParser) -> Typed:
    """The texts, those that are doubtful read one by one."""
    doubtful = pc.fill_null(doubtful, False)
    rows = np.flatnonzero(doubtful.to_numpy(zero_copy_only=False))
    if not len(rows):
        return texts, None, ()
    read = parser.parse(texts.take(pa.array(rows)).to_pylist())
    mended = pc.replace_with_mask(texts, doubtful, read.values)
    return mended, None, [(int(rows[at]), problem) for at, problem in read.bad]


def _matrix(texts: pa.Array) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Texts of ID_LENGTH ASCII characters as rows of codes, without a copy."""
    content = texts.buffers()[2]
    if not len(texts) or content is None:
        return np.empty((0, ID_LENGTH), dtype=np.uint8)
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)
    first = int(offsets[texts.offset])
    codes = np.frombuffer(content, dtype=np.uint8)[first : first + len(texts) * ID_LENGTH]
    return codes.reshape(-1, ID_LENGTH)


def _by_distinct(chunk: pa.Array, parser: ColumnParser) -> Typed:
    """Read each distinct value once and map it to its rows."""
    encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    read = parser.parse(words)
    codes = encoded.indices
    values = read.values.take(codes)
    opened = read.opened.take(codes) if read.opened is not None else None
    if not read.bad:
        return values, opened, ()
    problems = dict(read.bad)
    is_bad = pa.array(np.isin(np.arange(len(words)), list(problems))).take(codes)
    rows = np.flatnonzero(pc.fill_null(is_bad, False).to_numpy(zero_copy_only=False))
    kinds = codes.take(pa.array(rows)).to_pylist()
    return values, opened, [(int(row), problems[kind]) for row, kind in zip(rows, kinds, strict=True)]
