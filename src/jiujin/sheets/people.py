"""Tells the rows of people from the rest below a heading: blanks, totals, signatures, remarks, repeated headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from jiujin.sheets.cells import is_blank, seen
from jiujin.sheets.folding import fold_heading, fold_number, without_blanks

RowKind = Literal["person", "blank", "footer", "heading", "unfilled"]
ID_LENGTH = 18
ID_CHARACTERS_MIN = 13
MERGED_COLUMNS_MIN = 3

_TOTALS = r"(?:本页|全部|人数|金额|累计)?(?:合计|小计|总计|累计|共计)"
_SIGNATURES = (
    r"(?:填表|填报|制表|经办|审核|复核|审批|审查|核对|报送|联系|签字|签名)(?:人|日期|时间|单位|部门|电话|员|机构)?(?:员|签名|签字)?"
    r"|(?:单位|部门|分管|主要|项目)?负责人|(?:单位)?(?:主管|领导|法定代表人|法人代表)|(?:单位|公章|盖章)|(?:单位)?名称"
    r"|(?:联系)?电话|日期|年月日"
)
_REMARKS = r"备注|注|说明|填表说明|填报说明|注意事项|备注说明|承诺"
_FOOTER = re.compile(
    rf"(?:{_TOTALS})(?:$|[::(\d]|人|金额)|(?:{_SIGNATURES})(?:\((?:签字|签名|盖章|签章|公章)\))?(?:$|[:(])"
    rf"|(?:{_REMARKS})\d?(?:$|[:(、.])|以下(?:为)?(?:空白|无正文)|本(?:单位|人)(?:承诺|声明|保证)"
)
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"


@dataclass
class RowSorter:
    """Sorts the rows of one sheet.

    `places` are the matched columns, `identity` the place of the identity column (None where there is none),
    `identity_names` its headings, folded; `merged_rows` are lines (from 1) with a cell merged across columns.
    """

    places: Sequence[int]
    identity: int | None
    heading: dict[int, str]
    merged_rows: frozenset[int] = frozenset()
    other: dict[RowKind, list[int]] = field(default_factory=dict)

    def select(self, rows: Sequence[Sequence[object]], first_line: int) -> list[int]:
        """Which of these rows (by index) are people; the others' lines go into `other` by kind."""
        if self.identity is None:
            return [at for at, row in enumerate(rows) if self._is_person(row, first_line + at)]
        place = self.identity
        return [at for at, row in enumerate(rows) if looks_like_id(row[place]) or self._is_person(row, first_line + at)]

    def _is_person(self, row: Sequence[object], line: int) -> bool:
        kind = self._kind(row, line)
        if kind == "person":
            return True
        if kind != "blank":
            self.other.setdefault(kind, []).append(line)
        return False

    def _kind(self, row: Sequence[object], line: int) -> RowKind:
        """What kind of row this is, its identity cell not looking like a number of identity."""
        filled = [(place, cell) for place, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            return "blank"
        if self._is_footer(filled, line):
            return "footer"
        if self._repeats_heading(filled) or _is_numbering([cell for _, cell in filled]):
            return "heading"
        matched = set(self.places)
        if not any(place in matched for place, _ in filled):
            return "blank" if all(_is_numeric(cell) for _, cell in filled) else "unfilled"
        return "person"

    def _is_footer(self, filled: list[tuple[int, object]], line: int) -> bool:
        words = [without_blanks(fold_number(seen(cell))) for _, cell in filled if not _is_numeric(cell)]
        if words and _FOOTER.match(words[0]):
            return True
        return len(filled) == 1 and line in self.merged_rows

    def _repeats_heading(self, filled: list[tuple[int, object]]) -> bool:
        """Whether every matched cell that is filled says its own heading again."""
        own = [(place, cell) for place, cell in filled if place in self.heading]
        return len(own) > 1 and all(
            fold_heading(seen(cell)) == fold_heading(self.heading[place]) for place, cell in own
        )


def looks_like_id(cell: object) -> bool:
    """Whether a cell may hold an identity number or credit code, however badly written."""
    if isinstance(cell, str):
        if len(cell) == ID_LENGTH and cell.isascii() and cell.isalnum():
            return True
        return (
            len(cell) >= ID_CHARACTERS_MIN and sum(map(str.isalnum, cell)) >= ID_CHARACTERS_MIN and not _has_han(cell)
        )
    return isinstance(cell, float) and cell >= 10**ID_CHARACTERS_MIN


def _has_han(text: str) -> bool:
    return not text.isascii() and any("\u4e00" <= character <= "\u9fff" for character in text)


def _is_numeric(cell: object) -> bool:
    """Whether a cell holds a number, such as a serial number or a sum."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and fold_number(cell).replace(".", "").isdigit())


def _is_numbering(cells: Sequence[object]) -> bool:
    """Whether a row numbers the columns: 1 2 3 …, or 甲 乙 1 2 …."""
    words = [fold_number(seen(cell)).strip("()") for cell in cells]
    letters = 0
    while letters < len(words) and letters < len(_ORDINALS) and words[letters] == _ORDINALS[letters]:
        letters += 1
    return len(words) >= MERGED_COLUMNS_MIN and words[letters:] == [str(at + 1) for at in range(len(words) - letters)]
