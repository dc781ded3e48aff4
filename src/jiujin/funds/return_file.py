"""Reads what a bank or the treasury sent back, by its layout; nothing is decided here."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jiujin.funds.errors import ReturnUnreadable
from jiujin.funds.layouts import Layout, ReturnFile
from jiujin.sheets import SheetUnreadable
from jiujin.sheets.grids import open_source
from jiujin.values import MoneyError, parse_yuan

BYTES_MAX = 20 << 20
ROWS_MAX = 200_000
HEADING_ROWS = 20
CUT_BYTES_MAX = 4  # a character of GB18030 or UTF-8 that was cut in two
NOT_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True)
class ReturnRow:
    """One row as read. `result` is `settled`, `failed` or blank where it says neither; `fault` says why it cannot be used."""

    position: int
    reference: str
    amount_fen: int | None
    result: str
    reason: str
    paid_on: date | None
    bank_reference: str
    fault: str = ""


@dataclass(frozen=True)
class ReturnContent:
    """All rows, and what is wrong with the file as a whole (blank: nothing)."""

    rows: Sequence[ReturnRow]
    fault: str


def read_return(content: bytes, layout: Layout) -> ReturnContent:
    """The rows of a file, in order. Raises ReturnUnreadable where it has no table of this layout."""
    if len(content) > BYTES_MAX:
        raise ReturnUnreadable(_("文件太大"))
    answer = layout.answer
    rows = _table(content, layout)
    columns = _columns(rows, answer)
    found: list[ReturnRow] = []
    stated: int | None = None
    for cells in rows:
        if not any(cells):
            continue
        if answer.trailer and cells[0] == answer.trailer:
            stated = int(cells[1]) if len(cells) > 1 and cells[1].isdigit() else -1
            break
        if len(found) == ROWS_MAX:
            raise ReturnUnreadable(_("行数太多"))
        found.append(_row(len(found) + 1, cells, columns, answer))
    return ReturnContent(found, _fault_of_file(found, stated, answer))


def _fault_of_file(rows: Sequence[ReturnRow], stated: int | None, answer: ReturnFile) -> str:
    if not answer.trailer:
        return ""
    if stated is None:
        return _("文件没有结尾行，可能没有传完：请向银行再要一份完整的")
    if stated != len(rows):
        return _("结尾行写的笔数和实有的不一样：请向银行再要一份完整的")
    return ""


def _table(content: bytes, layout: Layout) -> Iterator[list[str]]:
    """The cells of each row as text."""
    if content.startswith(b"PK\x03\x04"):
        yield from _workbook(content)
        return
    text = _decoded(content)
    try:
        yield from (
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=_separator(layout))
        )
    except csv.Error as error:
        raise ReturnUnreadable(_("分隔不对")) from error


def _separator(layout: Layout) -> str:
    return layout.payment.separator


def _decoded(content: bytes) -> str:
    """The text of the file; a last character that was cut in two is left out with it."""
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(CUT_BYTES_MAX):
            try:
                return content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError as error:
                if error.start < len(content) - CUT_BYTES_MAX:
                    break
    raise ReturnUnreadable(_("文字的编码认不出"))


def _workbook(content: bytes) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "return.xlsx"
        path.write_bytes(content)
        try:
            source = open_source(path)
            try:
                for block in source.grid(source.sheet_names[0]).blocks():
                    yield from ([_text(cell) for cell in row] for row in block)
            finally:
                source.close()
        except (SheetUnreadable, IndexError) as error:
            raise ReturnUnreadable(str(error)) from error


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}"
    return str(cell).strip()


def _columns(rows: Iterator[list[str]], answer: ReturnFile) -> dict[str, int]:
    """Where each column of the layout stands, from the row of headings, up to which the rows are read."""
    headings = {
        "reference": answer.reference, "amount_yuan": answer.amount_yuan, "result": answer.result,
        "reason": answer.reason, "paid_on": answer.paid_on, "bank_reference": answer.bank_reference,
    }  # fmt: skip
    for _line, cells in zip(range(HEADING_ROWS), rows, strict=False):
        found = {key: cells.index(heading) for key, heading in headings.items() if heading and heading in cells}
        if {"reference", "amount_yuan", "result"} <= set(found):
            return found
    raise ReturnUnreadable(_("没有找到版式写明的列"))


def _row(position: int, cells: Sequence[str], columns: dict[str, int], answer: ReturnFile) -> ReturnRow:
    def cell(key: str) -> str:
        at = columns.get(key)
        return cells[at] if at is not None and at < len(cells) else ""

    said = cell("result")
    result = "settled" if said in answer.settled else "failed" if said in answer.failed else ""
    amount_fen, fault = _amount(cell("amount_yuan"))
    if not result:
        fault = fault or _("处理结果“%(said)s”认不出") % {"said": said[:20]}
    return ReturnRow(
        position=position,
        reference=cell("reference"),
        amount_fen=amount_fen,
        result=result,
        reason=cell("reason")[:200],
        paid_on=_day(cell("paid_on")),
        bank_reference=cell("bank_reference")[:80],
        fault=fault,
    )


def _amount(text: str) -> tuple[int | None, str]:
    try:
        return parse_yuan(text), ""
    except MoneyError:
        return None, _("金额读不出来")


def _day(text: str) -> date | None:
    digits = NOT_DIGITS.sub("", text)[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None
