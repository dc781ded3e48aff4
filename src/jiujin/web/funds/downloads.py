"""Tables of figures as files to take away."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jiujin.sheets import FigureTable, write_figures_xlsx
from jiujin.sheets.figures_docx import write_figures_docx

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def figures_response(
    kind: str, title: str, tables: Sequence[FigureTable], *, notes: Sequence[str] = ()
) -> HttpResponse:
    """The tables as a workbook (`xlsx`) or a document (`docx`)."""
    out = io.BytesIO()
    if kind == "docx":
        write_figures_docx(out, title, tables, notes=notes)
    else:
        write_figures_xlsx(out, tables, notes=notes)
    response = HttpResponse(out.getvalue(), content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.{kind}") or ""
    return response
