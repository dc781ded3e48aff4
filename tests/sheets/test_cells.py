"""What single cells mean, as people write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.sheets import BadCell, Column
from jiujin.sheets.cells import is_dash, reader_of
from jiujin.sheets.parsing import ColumnParser
from tests.sheets.builders import END, GROUP, ID, INCOME, MONTHS, NAME, REGISTERED, START, UNIT, demo_id

YEARS = Column("years", "学制", "years")
COUNT = Column("count", "人数", "count")
DAYS = Column("days", "天数", "days")
CREDIT = Column("code", "信用代码", "credit_code")


def read(column: Column, value: object) -> Any:
    """A cell's value through the column's parser; its code where it is bad."""
    parsed = ColumnParser(column, demo_ids=True).parse([value])
    return parsed.bad[0][1].code if parsed.bad else parsed.values[0].as_py()


MARCH = date(2022, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        MARCH,
        datetime(2022, 3, 1),  # noqa: DTZ001
        datetime(2022, 3, 1, 8, 30),  # noqa: DTZ001
        44621.0,
        44621.75,
        "44621",
        20220301.0,
        "2022-3-1",
        "2022.3.1",
        "2022/3/1",
        "2022/03/01",
        "2022年3月1日",
        "2022 年 3 月 1 日",
        "2022年03月01号",
        "20220301",
        "２０２２年３月１日",
        "２０２２－０３－０１",
        "2022—3—1",
        "2022-03-01 00:00:00",
        "2022-03-01T00:00:00",
        "2022/3/1 0:00",
        "2022-03-01 00:00:00.000",
        " 2022-3-1 ",
        "2022.3.1.",
    ],
)
def test_a_day_is_read_in_every_usual_writing(written: object) -> None:
    assert read(START, written) == MARCH


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2022年3月", "date_month_only"),
        ("2022-03", "date_month_only"),
        ("2022.3", "date_month_only"),
        ("2022/3", "date_month_only"),
        (2022.3, "date_month_only"),
        (202203.0, "date_month_only"),
        ("202203", "date_month_only"),
        ("2022", "date_year_only"),
        (2022.0, "date_year_only"),
        ("2022年", "date_year_only"),
        ("2022-02-31", "date_impossible"),
        ("2022年2月31日", "date_impossible"),
        ("20220231", "date_impossible"),
        ("2021-02-29", "date_impossible"),
        ("2022-13-01", "date_impossible"),
        ("2022-00-10", "date_impossible"),
        ("2022-3-0", "date_impossible"),
        ("1899-12-31", "date_range"),
        ("2101-1-1", "date_range"),
        (date(2101, 1, 1), "date_range"),
        ("22.3.1", "date_short_year"),
        ("3月1日", "date_unreadable"),
        ("三月一日", "date_unreadable"),
        ("2022-03-01至2022-08-31", "date_unreadable"),
        ("2022-3/1", "date_unreadable"),
        (5.0, "date_unreadable"),
        (-44621.0, "date_unreadable"),
        (time(8, 30), "date_unreadable"),
        (timedelta(hours=30), "date_unreadable"),
        (True, "date_unreadable"),
        ("无", "date_unreadable"),
    ],
)
def test_what_is_no_day_says_why(written: object, code: str) -> None:
    assert read(START, written) == code


def test_the_thirty_first_of_february_is_named() -> None:
    with pytest.raises(BadCell, match="2022 年 2 月没有 31 日"):
        reader_of(START)("2022-2-31")


@given(st.dates(date(1928, 1, 1), date(2100, 12, 31)))
def test_serials_and_texts_of_a_day_agree(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    writings = [
        float(serial),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
    ]
    assert [read(START, written) for written in writings] == [day] * 4


def test_serials_of_a_workbook_that_counts_from_1904() -> None:
    parsed = ColumnParser(START, dates_from_1904=True).parse([43159.0, "2022-03-01"])
    assert parsed.values.to_pylist() == [MARCH, MARCH]


@pytest.mark.parametrize("word", ["无固定期限", " 无固定 期限", "长期"])
def test_an_open_word_is_no_date_but_a_fact_of_its_own(word: str) -> None:
    parsed = ColumnParser(END).parse([word, MARCH, "", "2022-02-31"])
    assert parsed.values.to_pylist() == [None, MARCH, None, None]
    assert parsed.opened is not None
    assert parsed.opened.to_pylist() == [True, False, None, None]
    assert [row for row, _ in parsed.bad] == [3]


@pytest.mark.parametrize(
    ("column", "written", "number"),
    [
        (MONTHS, 6.0, 6),
        (MONTHS, "6", 6),
        (MONTHS, "６", 6),
        (MONTHS, "6个月", 6),
        (MONTHS, " 6 个月 ", 6),
        (MONTHS, "6.0", 6),
        (MONTHS, "6月", 6),
        (MONTHS, 0.0, 0),
        (YEARS, "3年", 3),
        (YEARS, "３ 年", 3),
        (DAYS, "30天", 30),
        (COUNT, "1,200人", 1200),
        (COUNT, "12 人次", 12),
    ],
)
def test_numbers_are_read_with_their_unit(column: Column, written: object, number: int) -> None:
    assert read(column, written) == number


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        (MONTHS, -3.0, "number_negative"),
        (MONTHS, "-3", "number_negative"),
        (MONTHS, "－３个月", "number_negative"),
        (MONTHS, 6.5, "number_fraction"),
        (MONTHS, "6.5", "number_fraction"),
        (MONTHS, "六个月", "number_text"),
        (MONTHS, "半年", "number_text"),
        (MONTHS, "6-8", "number_text"),
        (MONTHS, "1年", "number_text"),
        (MONTHS, "无", "number_text"),
        (MONTHS, "abc", "number_text"),
        (MONTHS, MARCH, "number_date"),
        (MONTHS, 44621.0, "number_range"),
        (MONTHS, 1e15, "number_range"),
        (YEARS, "3个月", "number_text"),
        (COUNT, "1,20", "number_text"),
        (COUNT, True, "number_text"),
    ],
)
def test_what_is_no_whole_number_says_why(column: Column, written: object, code: str) -> None:
    assert read(column, written) == code


@pytest.mark.parametrize(
    ("written", "result"),
    [
        (1800.0, 180000),
        (1800.55, 180055),
        ("1,800.55元", 180055),
        (0.1 + 0.2, 30),
        ("１８００", 180000),
        (-1.0, "money_negative"),
        (1800.555, "money_decimals"),
        ("一千八", "money_text"),
        (MARCH, "money_text"),
        (False, "money_text"),
    ],
)
def test_money_is_held_in_fen(written: object, result: object) -> None:
    assert read(INCOME, written) == result


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("是", "有", "√", "✓", "Y", "y", "Yes", "１", 1.0, "true", True, "已登记", "已备案", " 是 "), True),
        (("否", "无", "×", "N", "no", "0", 0.0, "FALSE", False, "未登记", "没有", "✗", "未 备案"), False),
        (("不清楚", "2", "-", "/", "是否", MARCH, 2.0), "yes_no_unknown"),
        (("", None, "  ", "\u3000"), None),
    ],
)
def test_yes_and_no_in_every_usual_writing(words: tuple[object, ...], answer: object) -> None:
    assert [read(REGISTERED, word) for word in words] == [answer] * len(words)


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("农民工", "migrant"),
        (" 农 民 工 ", "migrant"),
        ("进城务工人员", "migrant"),
        ("migrant", "migrant"),
        ("16-24岁失业青年", "youth"),
        ("16—24 岁失业青年", "youth"),
        ("１６－２４岁失业青年", "youth"),
        ("16~24岁失业青年", "youth"),
        ("无", "none"),
        ("", None),
        ("-", "choice_unknown"),
        ("工人", "choice_unknown"),
        (1.0, "choice_unknown"),
    ],
)
def test_a_choice_is_known_by_label_synonym_and_code(written: object, result: object) -> None:
    assert read(GROUP, written) == result


def test_a_choice_that_is_not_known_says_what_may_be_written() -> None:
    with pytest.raises(BadCell, match="“工人”不在可填的内容里：请填 农民工、16-24岁失业青年、其他、无 之一"):
        reader_of(GROUP)("工人")


@pytest.mark.parametrize("dash", ["-", "—", "——", "/", "／", " - ", "－", "\\"])
@pytest.mark.parametrize("column", [NAME, ID, START, END, MONTHS, INCOME, UNIT, CREDIT])
def test_a_stroke_is_an_empty_cell(column: Column, dash: str) -> None:
    assert is_dash(dash)
    assert read(column, dash) is None


@pytest.mark.parametrize("word", ["无", "N/A", "空", "暂无"])
def test_a_word_for_nothing_is_no_name(word: str) -> None:
    assert read(UNIT, word) == "placeholder"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("张 三", "张三"),
        ("张　　三", "张三"),
        ("\t欧阳 小 兰\n", "欧阳小兰"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("古丽 Mira", "古丽 Mira"),
        ("John  Smith", "John  Smith"),
        ("𠮷野 𠮷", "𠮷野𠮷"),
        ("王㛃", "王㛃"),
        ("\ufeff张三\u200b", "张三"),
        (12.0, "12"),
        ("某单位(甲)", "某单位(甲)"),
    ],
)
def test_names_are_kept_but_for_needless_blanks(written: object, kept: str) -> None:
    assert read(NAME, written) == kept


@pytest.mark.parametrize(
    ("written", "result"),
    [
        (demo_id(1), demo_id(1)),
        (f"'{demo_id(1)}", demo_id(1)),
        (f"{demo_id(1)[:6]} {demo_id(1)[6:]}", demo_id(1)),
        (1.10000199001010e17, "id_truncated"),
        (MARCH, "id_characters"),
        ("110000900101004", "id_old"),
        ("", None),
    ],
)
def test_identity_numbers(written: object, result: object) -> None:
    assert read(ID, written) == result


def test_a_credit_code_cell() -> None:
    assert read(CREDIT, " 91350100m000100y43") == "91350100M000100Y43"
    assert read(CREDIT, "91350100M000100Y44") == "credit_code_check"


cells = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.booleans(), st.dates(), st.times(), st.timedeltas(), st.datetimes()
)


@given(
    st.sampled_from([NAME, ID, GROUP, START, END, MONTHS, INCOME, REGISTERED, YEARS, COUNT, DAYS, CREDIT]),
    st.lists(cells, max_size=8),
)
def test_no_cell_whatever_stops_the_reading(column: Column, values: list[object]) -> None:
    parsed = ColumnParser(column, demo_ids=True).parse(values)
    assert len(parsed.values) == len(values)
    for row, problem in parsed.bad:
        assert parsed.values[row].as_py() is None
        assert problem.message
        assert problem.code


@given(st.sampled_from([NAME, ID, GROUP, START, MONTHS, INCOME, REGISTERED]), st.lists(cells, min_size=1, max_size=8))
def test_a_cell_is_read_alike_whatever_stands_beside_it(column: Column, values: list[object]) -> None:
    together = ColumnParser(column, demo_ids=True).parse(values)
    bad = dict(together.bad)
    for row, value in enumerate(values):
        alone = ColumnParser(column, demo_ids=True).parse([value])
        assert alone.values[0].as_py() == together.values[row].as_py()
        assert [problem.code for _, problem in alone.bad] == ([bad[row].code] if row in bad else [])
