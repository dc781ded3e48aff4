"""Many vacancies from a workbook: the template, a preview in which nothing is written, and the confirmation."""

from __future__ import annotations

import io
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.registry.models import Organisation
from jiujin.sheets import SheetUnreadable
from jiujin.web.hiring.bulk_rows import FILE_BYTES_MAX, ROWS_MAX, SUFFIXES, BulkRow, read_sheet, write_empty_sheet
from jiujin.web.hiring.scope import for_employers
from jiujin.web.hiring.services.post_sheet import Posted, post_sheet
from jiujin.work.states import VacancyState

UNPROCESSABLE: Final = 422
SALT: Final = "jiujin.hiring.bulk"
PREVIEW_SECONDS: Final = 3600
ERRORS_SHOWN_MAX: Final = 200
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BulkForm(forms.Form):
    """The workbook."""

    file = forms.FileField(
        label=gettext_lazy("岗位表"),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("没有选文件。请选一份岗位表")},
    )


@for_employers
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Bring a workbook; what it says is shown, and nothing is written."""
    if request.method != "POST":
        return _page(request, BulkForm())
    form = BulkForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE)
    try:
        sheet = read_sheet(organisation, form.cleaned_data["file"], timezone.localdate())
    except SheetUnreadable as error:
        form.add_error("file", str(error))
        return _page(request, form, UNPROCESSABLE)
    context = {
        "sheet": sheet,
        "name": form.cleaned_data["file"].name,
        "errors": sheet.errors[:ERRORS_SHOWN_MAX],
        "errors_left_out": max(0, len(sheet.errors) - ERRORS_SHOWN_MAX),
        "ticket": _ticket(organisation, sheet.fresh) if sheet.fresh else "",
    }
    return render(request, "hiring/bulk_preview.html", context)


def _ticket(organisation: Organisation, rows: list[BulkRow]) -> str:
    """The rows as they were shown, signed: the confirmation posts these and nothing else."""
    held = {"organisation": organisation.pk, "rows": [asdict(row) for row in rows]}
    return signing.dumps(held, salt=SALT, compress=True)


@for_employers
@require_POST
def confirm(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Post the rows that the preview showed; the same once more posts nothing."""
    try:
        held: dict[str, Any] = signing.loads(request.POST.get("ticket", ""), salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        held = {}
    if held.get("organisation") != organisation.pk:
        messages.warning(request, _("这份预览已经过期，没有建岗位。请再上传一次。"))
        return redirect("hiring:bulk")
    posted = post_sheet(organisation=organisation, rows=[BulkRow(**row) for row in held["rows"]], actor=request.user)
    _say(request, posted)
    return redirect("hiring:vacancies")


def _say(request: SignedInRequest, posted: Posted) -> None:
    parts = [_("新建 %(n)s 个岗位") % {"n": posted.created}]
    for state, words in (
        (VacancyState.OPEN, _("%(n)s 个已发布")),
        (VacancyState.IN_REVIEW, _("%(n)s 个送审核")),
        (VacancyState.REFUSED, _("%(n)s 个没有通过检查")),
    ):
        if posted.states[state]:
            parts.append(words % {"n": posted.states[state]})
    if posted.known:
        parts.append(_("%(n)s 行以前建过，没有重复建") % {"n": posted.known})
    messages.success(request, "，".join(parts) + "。")
    for row, why in posted.failures[:10]:
        messages.warning(request, _("第 %(row)s 行没有建：%(why)s") % {"row": row, "why": why})


@for_employers
@require_safe
def template(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The empty workbook with this organisation's places in its lists."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_empty_sheet(organisation, path)
        content = io.BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=_("岗位表") + ".xlsx", content_type=XLSX)  # type: ignore[return-value]


def _page(request: SignedInRequest, form: BulkForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "rows_max": ROWS_MAX,
        "max_bytes": FILE_BYTES_MAX,
        "max_mib": FILE_BYTES_MAX >> 20,
    }
    return render(request, "hiring/bulk.html", context, status=status)
