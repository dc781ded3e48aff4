"""A list as a file that any spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jiujin.sheets import safe_text

BYTE_ORDER_MARK = "\ufeff"


def csv_response(filename: str, lines: Iterable[Sequence[str]]) -> HttpResponse:
    """Lines of text as a CSV download in UTF-8; no cell of it can run as a formula."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    csv.writer(out).writerows([safe_text(cell) for cell in line] for line in lines)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response
