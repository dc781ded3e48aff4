"""What can be taken away from a check: the result workbook, the lines, the bad cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing_csv import BYTE_ORDER_MARK, csv_response
from jiujin.exchange.access import own_finished_check
from jiujin.exchange.check_page import WORDS, amount_words, open_check
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.storage import CheckFiles
from jiujin.sheets import safe_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAD_CELLS_MAX = 1_000_000


def download_name(check: RosterCheck, what: str, suffix: str) -> str:
    """The upload's own name with what was made of it."""
    return f"{Path(check.file_name).stem}-{what}{suffix}"


@in_room(Room.ROSTERS)
@require_safe
def workbook(request: SignedInRequest, check_id: UUID) -> HttpResponseBase:
    """The person's own workbook with the verdicts beside it."""
    check = own_finished_check(request, check_id)
    path = CheckFiles.of(check).workbook
    if check.workbook_at is None or not path.is_file():
        raise Http404
    name = download_name(check, str(_("核对结果")), ".xlsx")
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)


@in_room(Room.ROSTERS)
@require_safe
def lines_csv(request: SignedInRequest, check_id: UUID) -> HttpResponseBase:
    """Every line with verdict, reasons and amount, sent as it is read."""
    view = open_check(own_finished_check(request, check_id))
    head = [_("工作表"), _("行"), _("姓名"), _("证件号码"), _("结论"), _("原因"), _("金额（元）")]
    lines = (
        [
            line.sheet,
            str(line.row),
            line.name,
            line.number,
            str(WORDS[line.verdict]),
            "；".join(line.reasons),
            amount_words(line),
        ]
        for line in view.lines.every_line()
    )
    response = StreamingHttpResponse(_csv_blocks([head], lines), content_type="text/csv; charset=utf-8")
    name = download_name(view.check, str(_("判断明细")), ".csv")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _csv_blocks(head: Iterable[Sequence[str]], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    for part in (head, lines):
        for line in part:
            out = io.StringIO()
            csv.writer(out).writerow([safe_text(cell) for cell in line])
            yield out.getvalue()


@in_room(Room.ROSTERS)
@require_safe
def bad_cells_csv(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """Every bad cell with what is wrong and the mend."""
    view = open_check(own_finished_check(request, check_id))
    head = [_("工作表"), _("行"), _("单元格"), _("列"), _("填的内容"), _("问题和改法")]
    found = view.bad_cells.page("", 0, BAD_CELLS_MAX)
    lines = [[e.sheet, str(e.row), e.cell, e.column, e.value, e.message] for e in found]
    return csv_response(download_name(view.check, str(_("问题单元格")), ".csv"), [head, *lines])
