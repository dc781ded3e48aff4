"""Lists: what the address asks for, and the rows that answer."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import RequestFactory

from jiujin.core.listing import (
    PAGE_ROWS,
    Ask,
    Cell,
    Choice,
    Column,
    Empty,
    Filter,
    Row,
    Table,
    page_within,
    read_ask,
    rows_span,
    searched_and_sorted,
)
from jiujin.core.listing_csv import csv_response

COLUMNS = (
    Column("name", "名称", sortable=True, can_hide=False),
    Column("amount", "金额", kind="money", sortable=True),
    Column("note", "说明"),
)
FILTERS = (Filter("state", (Choice("", "全部"), Choice("open", "进行中"))),)


def asked(query: str) -> Ask:
    return read_ask(RequestFactory().get(f"/list/?{query}"), COLUMNS, FILTERS, sort="-name")


def table(ask: Ask, total: int = 120) -> Table:
    rows = [Row("1", {"name": Cell("甲"), "amount": Cell("1.00"), "note": Cell("说")})]
    return Table("t", "表", COLUMNS, ask, rows, total, Empty("没有"), filters=FILTERS)


def test_plain_address_asks_for_the_first_page_in_the_default_order() -> None:
    ask = asked("")
    assert (ask.search, ask.sort, ask.descending, ask.page, ask.hidden, ask.chosen) == (
        "", "name", True, 1, frozenset(), {"state": ""},
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "sort=note&page=0&hide=name&state=gone",
        "sort=__class__&page=-3&hide=everything&state=x",
        "page=１&sort=&state=",
        "page=1e3",
    ],
)
def test_what_the_list_does_not_know_falls_back_to_the_default(query: str) -> None:
    ask = asked(query)
    assert (ask.sort, ask.descending, ask.page, ask.hidden, ask.chosen) == ("name", True, 1, frozenset(), {"state": ""})


def test_page_is_bounded_and_search_is_cut() -> None:
    assert asked("page=99999999999999").page == 10**6
    assert len(asked("q=" + "x" * 500).search) == 60


def test_page_past_the_end_shows_the_last_one() -> None:
    ask = page_within(asked("page=9"), 120)
    assert ask.page == 3
    assert rows_span(ask) == slice(100, 150)
    assert page_within(asked("page=9"), 0).page == 1


def test_changing_the_search_or_a_filter_goes_back_to_the_first_page_and_keeps_the_rest() -> None:
    ask = asked("q=a&state=open&page=3&sort=amount")
    assert ask.url(state="") == "?q=a&sort=amount"
    assert ask.url(page=4) == "?q=a&state=open&sort=amount&page=4"
    assert ask.url(page=1) == "?q=a&state=open&sort=amount"


def test_heading_sorts_up_and_then_down() -> None:
    first, second, third = table(asked("sort=amount")).headings
    assert (first.order, second.order, third.order) == ("none", "ascending", "")
    assert second.sort_url == "?sort=-amount" and third.sort_url == ""
    assert table(asked("sort=-amount")).headings[1].sort_url == "?sort=amount"


def test_hidden_column_is_gone_from_headings_and_rows_and_its_switch_brings_it_back() -> None:
    shown = table(asked("hide=note&page=2"))
    assert [h.column.key for h in shown.headings] == ["name", "amount"]
    assert [c.key for c, _ in shown.lines[0][1]] == ["name", "amount"]
    assert [(s.label, s.shown) for s in shown.switches] == [("金额", True), ("说明", False)]
    assert shown.switches[1].url == "?page=2"


def test_pager_knows_its_neighbours() -> None:
    middle = table(asked("page=2"))
    assert (middle.pages, middle.previous_url, middle.next_url) == (3, "?", "?page=3")
    assert table(asked("page=3")).next_url == ""
    assert PAGE_ROWS == 50


def test_search_looks_into_every_cell_and_note_whatever_the_case() -> None:
    rows = [
        Row("1", {"name": Cell("Alpha")}),
        Row("2", {"name": Cell("b", note="ALPHA too")}),
        Row("3", {"name": Cell("c")}),
    ]
    assert [row.key for row in searched_and_sorted(rows, asked("q=alpha"))] == ["2", "1"]


def test_rows_sort_by_their_order_and_empty_cells_come_last_both_ways() -> None:
    rows = [Row(str(n), {"amount": Cell(text, order=n)}) for n, text in ((10, "10"), (9, "9"))]
    rows.append(Row("none", {}))
    assert [r.key for r in searched_and_sorted(rows, asked("sort=amount"))] == ["9", "10", "none"]
    assert [r.key for r in searched_and_sorted(rows, asked("sort=-amount"))] == ["10", "9", "none"]


def test_export_runs_no_formula_and_opens_in_chinese() -> None:
    answer = csv_response("参数.csv", [["名称"], ["=1+1"], ["@cmd"], ["正常"]])
    text = answer.content.decode("utf-8-sig")
    cells = [line[0] for line in csv.reader(io.StringIO(text))]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert cells[3] == "正常" and not any(cell[0] in "=@" for cell in cells)
    assert "filename*=utf-8''%E5%8F%82%E6%95%B0.csv" in answer.headers["content-disposition"]
