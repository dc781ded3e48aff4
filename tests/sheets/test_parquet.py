"""Parquet rosters: typed columns, text columns, Chinese headings or fact keys."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.sheets import Column, SheetUnreadable, read_roster
from jiujin.sheets.parquet import _typed
from jiujin.sheets.parsing import ColumnParser
from tests.sheets.builders import (
    COLUMNS,
    END,
    GROUP,
    ID,
    INCOME,
    LABELS,
    MONTHS,
    NAME,
    REGISTERED,
    START,
    demo_id,
    read,
)

MARCH = date(2022, 3, 1)


def written(folder: Path, **columns: Any) -> Path:
    """A Parquet file of these columns."""
    pq.write_table(pa.table(columns), folder / "a.parquet", row_group_size=2)
    return folder / "a.parquet"


def test_a_typed_file_headed_by_fact_keys(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        name=["张三", "李 四", "古丽 Mira"],
        id_number=[demo_id(1), demo_id(2).lower(), None],
        group=pa.array(["migrant", "农民工", None]).dictionary_encode(),
        start_on=pa.array([MARCH, None, MARCH]),
        end_on=pa.array([date(2022, 8, 31), None, None]),
        open_ended=[False, True, None],
        months=pa.array([6, 7, None], pa.int16()),
        income=[1800.5, None, 2000.0],
        registered=[True, False, None],
        extra=[1, 2, 3],
    )
    roster = read(path)
    assert roster.source == "parquet"
    assert roster.missing_columns == ["unit"]
    assert roster.errors == []
    assert roster.table.schema.field("row").type == pa.int32()
    assert roster.table.to_pylist() == [
        _line(1, "张三", demo_id(1), "migrant", MARCH, date(2022, 8, 31), False, 6, 180050, True),
        _line(2, "李四", demo_id(2), "migrant", None, None, True, 7, None, False),
        _line(3, "古丽 Mira", None, None, MARCH, None, None, None, 200000, None),
    ]


def _line(row: int, *values: Any) -> dict[str, Any]:
    keys = ["name", "id_number", "group", "start_on", "end_on", "open_ended", "months", "income", "registered"]
    return {"sheet": "", "row": row, **dict(zip(keys, values, strict=True)), "unit": None}


def test_text_columns_headed_in_chinese_are_read_like_any_cells(tmp_path: Path) -> None:
    cells = {
        "人员姓名": ["张三", "李四"],
        "身份证号码": [f"'{demo_id(1)}", "123"],
        "人员类别": ["进城务工人员", "工人"],
        "开始日期": ["2022.3.1", "2022年3月"],
        "结束日期": ["无固定期限", "20220831"],
        "缴纳月数": ["6个月", "-1"],
        "月收入(元)": ["1,800.50", "—"],
        "就业登记": ["√", "否"],
        "单位": ["三里桥", " "],
    }
    roster = read(written(tmp_path, **cells))
    first = roster.table.to_pylist()[0]
    assert (first["group"], first["start_on"], first["open_ended"], first["income"]) == ("migrant", MARCH, True, 180050)
    assert [(e.row, e.column, e.cell, e.code) for e in roster.errors] == [
        (2, "身份证号", "", "id_length"),
        (2, "人员类别", "", "choice_unknown"),
        (2, "开始日期", "", "date_month_only"),
        (2, "缴纳月数", "", "number_negative"),
    ]


@pytest.mark.parametrize(
    ("column", "values", "read_as", "codes"),
    [
        (START, pa.array([datetime(2022, 3, 1, 8)]), [MARCH], []),  # noqa: DTZ001
        (START, pa.array([datetime(2022, 3, 1, 1, tzinfo=timezone(timedelta(hours=8)))]), [MARCH], []),
        (START, pa.array([MARCH]).cast(pa.date64()), [MARCH], []),
        (START, pa.array([date(1899, 1, 1), None, MARCH]), [None, None, MARCH], ["date_range"]),
        (START, pa.array([10_000_000, 0], pa.int32()).cast(pa.date32()), [None, date(1970, 1, 1)], ["date_range"]),
        (START, pa.array([20220301, 202203, 44621]), [MARCH, None, MARCH], ["date_month_only"]),
        (MONTHS, pa.array([6, -1, 2000]), [6, None, None], ["number_negative", "number_range"]),
        (MONTHS, pa.array([6.0, 6.5, float("nan")]), [6, None, None], ["number_fraction"]),
        (INCOME, pa.array([1800, -1]), [180000, None], ["money_negative"]),
        (INCOME, pa.array([1800.55, 1800.555]), [180055, None], ["money_decimals"]),
        (INCOME, pa.array([0.1 + 0.2, None]), [30, None], []),
        (INCOME, pa.array([Decimal("1.50"), Decimal("0.05")]), [150, 5], []),
        (REGISTERED, pa.array([1, 0, 2]), [True, False, None], ["yes_no_unknown"]),
        (GROUP, pa.array(["无", "none", "x"]), ["none", "none", None], ["choice_unknown"]),
        (NAME, pa.array(["张 三", "-", "无", "", "\u3000李四"]), ["张三", None, None, None, "李四"], ["placeholder"]),
        (NAME, pa.array([1, 2]), ["1", "2"], []),
        (NAME, pa.array(["甲", "甲 乙"], pa.large_string()), ["甲", "甲乙"], []),
        (END, pa.array([MARCH, None]), [MARCH, None], []),
        (MONTHS, pa.array([None, None]), [None, None], []),
        (NAME, pa.array([None, None], pa.string()), [None, None], []),
        (ID, pa.array([None], pa.string()), [None], []),
    ],
)
def test_each_stored_type(column: Column, values: pa.Array, read_as: list[Any], codes: list[str]) -> None:
    typed, opened, bad = _typed(column, values, ColumnParser(column, demo_ids=True), True)
    assert typed.type == column.arrow_type
    assert typed.to_pylist() == read_as
    assert [problem.code for _, problem in bad] == codes
    assert (opened is not None) == (column.open_key is not None)


texts = st.one_of(
    st.none(),
    st.integers(0, 40).map(demo_id),
    st.integers(0, 40).map(demo_id).map(str.lower),
    st.text(max_size=20),
    st.sampled_from(["", " ", "-", "张 三", "无", "6个月", "2022-02-31", "无固定期限", "农民工", "是"]),
)


@given(st.sampled_from([NAME, ID, GROUP, START, END, MONTHS, INCOME, REGISTERED]), st.lists(texts, max_size=12))
def test_text_is_read_as_in_a_workbook(column: Column, values: list[str | None]) -> None:
    alike = ColumnParser(column, demo_ids=True).parse(values)
    typed, opened, bad = _typed(column, pa.array(values, pa.string()), ColumnParser(column, demo_ids=True), True)
    assert typed.to_pylist() == alike.values.to_pylist()
    assert [(row, problem.code) for row, problem in bad] == [(row, problem.code) for row, problem in alike.bad]
    if opened is not None and alike.opened is not None:
        assert opened.to_pylist() == alike.opened.to_pylist()


def test_a_sliced_chunk_is_checked_where_it_lies() -> None:
    numbers = pa.array([demo_id(at) for at in range(9)]).slice(3, 4)
    typed, _, bad = _typed(ID, numbers, ColumnParser(ID, demo_ids=True), True)
    assert (typed.to_pylist(), list(bad)) == ([demo_id(at) for at in range(3, 7)], [])


def test_demonstration_numbers_are_refused_outside_demonstrations(tmp_path: Path) -> None:
    roster = read_roster(written(tmp_path, id_number=[demo_id(1), demo_id(2)]), COLUMNS)
    assert [error.code for error in roster.errors] == ["id_demo", "id_demo"]
    assert roster.table["id_number"].to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"name": ["张三"]}, "没有“身份证号”一列"),
        ({"x": [1]}, "没有“身份证号”一列"),
        ({"id_number": pa.array([], pa.string())}, "没有人员"),
        ({"id_number": [demo_id(1)], "身份证号码": ["x"], "公民身份号码": ["y"]}, ""),
        ({"身份证号码": [demo_id(1)], "公民身份号码": ["y"]}, "出现了 2 次"),
        ({"id_number": [demo_id(1)], "name": [["张", "三"]]}, "嵌套"),
    ],
)
def test_what_cannot_be_judged(tmp_path: Path, columns: dict[str, Any], said: str) -> None:
    path = written(tmp_path, **columns)
    if said:
        with pytest.raises(SheetUnreadable, match=said):
            read(path)
    else:
        assert read(path).table.num_rows == 1


def test_a_parquet_file_cut_short(tmp_path: Path) -> None:
    path = written(tmp_path, id_number=[demo_id(1)])
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SheetUnreadable, match="已损坏"):
        read(path)


def test_a_workbook_and_its_parquet_copy_say_the_same(tmp_path: Path) -> None:
    from tests.sheets.builders import people, workbook

    book = read(workbook(tmp_path / "a.xlsx", [LABELS, *people(20)]))
    rows = list(zip(*people(20), strict=True))
    path = written(tmp_path, **{label: pa.array(list(cells)) for label, cells in zip(LABELS, rows, strict=True)})
    copy = read(path)
    assert copy.table.drop_columns(["sheet", "row"]).equals(book.table.drop_columns(["sheet", "row"]))
