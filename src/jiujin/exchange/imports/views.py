"""Imports by workbook: bring it, look at what it would change, confirm."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing_csv import csv_response
from jiujin.exchange.downloads import XLSX
from jiujin.exchange.imports.columns import write_import_template
from jiujin.exchange.imports.errors import FileRefused, ImportStateChanged
from jiujin.exchange.imports.models import DataImport, ImportKind
from jiujin.exchange.imports.rows import ROWS_MAX
from jiujin.exchange.imports.services.confirm_import import cancel_import, confirm_import
from jiujin.exchange.imports.services.start_import import FILE_BYTES_MAX, start_import
from jiujin.exchange.imports.storage import FINDINGS_MAX, SUFFIXES, ImportFiles

UNPROCESSABLE: Final = 422
IMPORTS_SHOWN_MAX: Final = 30
FINDINGS_SHOWN_MAX: Final = 100
TONES: Final = {"done": "met", "previewed": "late", "refused": "unmet", "failed": "unmet", "cancelled": "plain"}


class ImportForm(forms.Form):
    """What the workbook is of, and the workbook."""

    import_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label=gettext_lazy("导入什么"), choices=ImportKind.choices)
    file = forms.FileField(
        label=gettext_lazy("表格"),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("没有选文件，没有导入。请选一份表格。")},
    )


@in_room(Room.IMPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """Bring a workbook, and the asker's own imports so far."""
    if request.method != "POST":
        return _page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE)
    given = form.cleaned_data
    try:
        begun = start_import(import_id=given["import_id"], owner=request.user, kind=given["kind"], upload=given["file"])
    except FileRefused as error:
        form.add_error("file", str(error))
        return _page(request, form, UNPROCESSABLE)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(redirect("imports:import", begun.pk).url)
    return redirect("imports:import", begun.pk)


def _page(request: SignedInRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    mine = DataImport.objects.filter(owner=request.user).order_by("-created_at", "pk")[:IMPORTS_SHOWN_MAX]
    context = {
        "form": form,
        "kinds": ImportKind.choices,
        "mine": [(each, TONES.get(each.state, "plain")) for each in mine],
        "max_bytes": FILE_BYTES_MAX,
        "max_mib": FILE_BYTES_MAX >> 20,
        "rows_max": ROWS_MAX,
    }
    return render(request, "imports/list.html", context, status=status)


@in_room(Room.IMPORTS)
@require_safe
def template(request: SignedInRequest, import_kind: str) -> HttpResponseBase:
    """The empty workbook of a kind."""
    if import_kind not in ImportKind.values:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_import_template(import_kind, path)
        content = io.BytesIO(path.read_bytes())
    name = _("导入模板-%(kind)s.xlsx") % {"kind": ImportKind(import_kind).label}
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


@in_room(Room.IMPORTS)
@require_safe
def data_import(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """One import: how far, what it would change, or what it changed."""
    shown = _own_import(request, import_id)
    findings = ImportFiles(shown).read_findings()
    context = {
        "import": shown,
        "tone": TONES.get(shown.state, "plain"),
        "findings": findings[:FINDINGS_SHOWN_MAX],
        "findings_count": len(findings),
        "findings_max": FINDINGS_MAX,
        "message": _(shown.message) if shown.message else "",
    }
    return render(request, "imports/import.html", context)


@in_room(Room.IMPORTS)
@require_safe
def progress(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """The moving part of the page; once the work has ended, the whole page is asked for again."""
    shown = _own_import(request, import_id)
    if not shown.is_under_way:
        return HttpResponseClientRefresh()
    return render(request, "imports/progress.html", {"import": shown})


@in_room(Room.IMPORTS)
@require_POST
def confirm(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Write down what the preview showed."""
    return _step(request, import_id, confirm_import, "")


@in_room(Room.IMPORTS)
@require_POST
def cancel(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Write nothing of it."""
    return _step(request, import_id, cancel_import, _("已取消，什么也没有写入。"))


def _step(request: SignedInRequest, import_id: UUID, step: Callable[..., Any], done: str) -> HttpResponse:
    shown = _own_import(request, import_id)
    try:
        step(data_import=shown, actor=request.user)
        if done:
            messages.success(request, done)
    except ImportStateChanged as error:
        messages.warning(request, str(error))
    return redirect("imports:import", shown.pk)


@in_room(Room.IMPORTS)
@require_safe
def findings_csv(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Every fault with its cell and the mend."""
    shown = _own_import(request, import_id)
    head = [_("工作表"), _("行"), _("单元格"), _("列"), _("填的内容"), _("问题和改法")]
    lines = [
        [f["sheet"], str(f["row"]), f["cell"], f["column"], f["value"], f["message"]]
        for f in ImportFiles(shown).read_findings()
    ]
    return csv_response(f"{Path(shown.file_name).stem}-{_('问题')}.csv", [head, *lines])


def _own_import(request: SignedInRequest, import_id: UUID) -> DataImport:
    """The import, if it is the asker's. Raises Http404."""
    found = DataImport.objects.filter(pk=import_id, owner=request.user).first()
    if found is None:
        raise Http404
    return found
