"""What can be wrong with a roster: a file that cannot be judged, and a cell that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass


class SheetUnreadable(ValueError):
    """A file that cannot be judged at all; the text is one clear Chinese sentence for the person who brought it."""


class BadCell(ValueError):
    """A cell that cannot be read as its column asks: `code` in one word, the text a Chinese sentence with the cure."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class CellMark:
    """Stands in a grid for a cell without a usable value: an error value, or a formula nothing has worked out."""

    text: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CellError:
    """One bad cell: where it is, its heading, what it holds, what is wrong and what to write.

    `sheet` is empty for CSV and Parquet, `row` counts from 1, `cell` is like `B7` (empty for Parquet).
    """

    sheet: str
    row: int
    column: str
    cell: str
    value: str
    message: str
    code: str


def error_value(text: str) -> CellMark:
    """The mark of a spreadsheet error such as #N/A."""
    return CellMark(text, "cell_error", f"这一格是出错的公式（{text}）：请改好公式，或直接填写内容")


UNCALCULATED = CellMark(
    "（公式）",
    "formula_uncalculated",
    "这一格是公式，但文件里没有算出的结果：请用 Excel 或 WPS 打开、保存后再试，或直接填写内容",
)
