"""A list as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40
Cell = str | int | float | None


def xlsx_response(filename: str, headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Lines under their headings as a download; text stays text, so that no cell of it can run as a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        widths = [len(heading) for heading in headings]
        sheet.write_row(0, 0, headings, bold)
        for number, line in enumerate(lines, start=1):
            sheet.write_row(number, 0, ["" if cell is None else cell for cell in line])
            widths = [max(width, len(str(cell or ""))) for width, cell in zip(widths, line, strict=True)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(WIDEST, width * 1.6 + 2))
        sheet.freeze_panes(1, 0)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response
