"""An invented roster of any scheme, made of the plan's worked cases, as an office would fill it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from jiujin.plan.models import Plan, Scheme
from jiujin.rules.worked import Facts, WorkedSpells, days_of_period
from jiujin.sheets import Column, columns_of
from jiujin.values import make_demo_id
from jiujin.values.demo import demo_credit_code, demo_name

HEADINGS_ROW = 2
WIDTHS = {"id_number": 22, "credit_code": 22, "date": 13, "text": 18}
YES_NO = {True: "是", False: "否"}
SEQUENCES = 1000
DAYS = 365
Cell = str | int | float | date | None


def write_demo_roster(plan: Plan, scheme: Scheme, out: Path, *, rows: int, seed: int) -> None:
    """Write a roster of so many rows; the same seed writes the same roster.

    Its people and organisations are invented, and their numbers pass in demo mode only; a number that a case does not know is
    written with its last digit wrong. Raises OSError.
    """
    columns = columns_of(plan, scheme)
    lines = islice(demo_lines(plan, scheme, seed=seed), rows)
    with out.open("wb") as file, xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        book.set_properties({"created": datetime.combine(days_of_period(plan)[0], time())})  # not the day of writing
        sheet = book.add_worksheet("名单")
        _write_head(book, sheet, scheme, columns)
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, facts in enumerate(lines, start=1):
            cells = [number, *(cell_of(column, facts) for column in columns)]
            for at, cell in enumerate(cells):
                _write_cell(sheet, HEADINGS_ROW + number, at, cell, as_date)


def _write_head(book: Any, sheet: Any, scheme: Scheme, columns: list[Column]) -> None:
    """A merged title, a line for the office, and the headings."""
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    heading = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4", "text_wrap": True})
    for at, column in enumerate(columns, start=1):
        sheet.set_column(at, at, WIDTHS.get(column.type, 12))
    sheet.merge_range(0, 0, 0, len(columns), f"{scheme.name}名单（演示，全部虚构）", title)
    sheet.write_string(1, 0, "填报单位：演示单位")
    sheet.write_row(HEADINGS_ROW, 0, ["序号", *(column.label for column in columns)], heading)
    sheet.freeze_panes(HEADINGS_ROW + 1, 0)


def _write_cell(sheet: Any, row: int, at: int, cell: Cell, as_date: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, at, cell, as_date)
    elif isinstance(cell, str):
        sheet.write_string(row, at, cell)
    elif cell is not None:
        sheet.write_number(row, at, cell)


def cell_of(column: Column, facts: Facts) -> Cell:
    """What stands in a cell: labels of choices, 是 and 否, yuan, the word for an open end; empty where not known."""
    value = facts.get(column.key)
    if column.open_key and facts.get(column.open_key):
        return column.open_words[0]
    if value is None:
        return None
    if column.type == "choice":
        return column.choices[value]
    if column.type == "yes_no":
        return YES_NO[value]
    return value / 100 if column.type == "money" else value  # type: ignore[no-any-return]


def demo_lines(plan: Plan, scheme: Scheme, *, seed: int) -> Iterator[Facts]:
    """Rows of facts without end, each person or organisation with a name and a number of their own."""
    pick = Random(f"{seed}/{scheme.id}")
    spells = WorkedSpells(plan, scheme)
    for number in count():
        spell = spells.draw(pick)
        own = _identity(scheme, spell[0], spells.base, number, pick)
        yield from ({**facts, **own} for facts in spell)


def _identity(scheme: Scheme, facts: Facts, base: Facts, number: int, pick: Random) -> Mapping[str, Any]:
    """What tells the `number`th from the others: who it is of, with a wrong number where the case knows none."""
    held = facts.get(scheme.identity)
    if scheme.identity == "credit_code":
        return {scheme.identity: _with_fault(demo_credit_code(number), held)}
    if held in (None, base[scheme.identity]):  # may be born on any day of that year
        born_on = _birth_date(base[scheme.identity]) + timedelta(days=number % DAYS)
        id_number = make_demo_id(born_on, number // DAYS % SEQUENCES)
    else:  # a case with a number of its own turns on the age
        id_number = make_demo_id(_birth_date(held), number % SEQUENCES)
    return {"name": demo_name(pick), scheme.identity: _with_fault(id_number, held)}


def _birth_date(id_number: str) -> date:
    """Digits 7 to 14 of a checked number (GB 11643)."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def _with_fault(number: str, held: str | None) -> str:
    """The number, its check character wrong where the case holds none."""
    return number if held else number[:-1] + ("1" if number[-1] == "0" else "0")
