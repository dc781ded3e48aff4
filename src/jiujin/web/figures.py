"""Tables of figures on a page (`components/figure_table.html`) and as files to take away."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jiujin.sheets import FigureTable, heading_of, write_figures_xlsx
from jiujin.sheets.figures_docx import write_figures_docx

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

CELL_KINDS = {"count": "number", "written": "number", "money": "money", "day": "short"}


def shown_table(table: FigureTable) -> dict[str, Any]:
    """A table for the page: headings with how they are set, and lines of text, the total last."""
    headings = [(heading_of(column), CELL_KINDS.get(column.kind, "text")) for column in table.columns]
    lines = [
        [(text, kind, heading) for text, (heading, kind) in zip(line, headings, strict=True)] for line in table.shown()
    ]
    return {
        "title": table.title,
        "headings": headings,
        "lines": lines[: len(table.rows)],
        "total": lines[-1] if table.total else None,
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
