"""The roster check: upload, progress, verdicts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Ask, page_within, read_ask, rows_span
from jiujin.exchange import check_list, check_page, queries
from jiujin.exchange.access import own_check, own_finished_check
from jiujin.exchange.errors import CheckStateChanged, FileNotAccepted
from jiujin.exchange.forms import UploadForm, scheme_choices
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.services.cancel_check import cancel_check
from jiujin.exchange.services.delete_check import delete_check
from jiujin.exchange.services.retry_check import retry_check
from jiujin.exchange.services.start_check import start_check
from jiujin.exchange.states import CheckState
from jiujin.plan import Plan, Scheme

UNPROCESSABLE = 422
MIB = 1024 * 1024


@in_room(Room.ROSTERS)
@require_safe
def checks(request: SignedInRequest) -> HttpResponse:
    """The asker's own checks."""
    mine = queries.checks_of(request.user)
    state_filter = check_list.state_filter(mine)
    ask = read_ask(request, check_list.COLUMNS, [state_filter], sort="-created")
    found = check_list.narrowed(mine, ask)
    total = found.count()
    ask = page_within(ask, total)
    table = check_list.checks_table(list(found[rows_span(ask)]), total, ask, state_filter)
    return render(request, "rosters/checks.html", {"table": table, "days_kept": settings.ROSTER_DAYS_KEPT})


@in_room(Room.ROSTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose a scheme, bring a file, start the check."""
    plan = current_plan()
    scheme = _asked_scheme(plan, request)
    if request.method != "POST":
        return _new_page(request, scheme, UploadForm(plan, scheme))
    form = UploadForm(plan, scheme, request.POST, request.FILES)
    if not form.is_valid():
        return _new_page(request, scheme, form, UNPROCESSABLE)
    try:
        check = start_check(
            check_id=form.cleaned_data["check_id"],
            owner=request.user,
            plan=plan,
            scheme=scheme,
            upload=form.cleaned_data["file"],
            parameters=form.given_parameters(),
            proof="declared" if form.cleaned_data["proof"] else "",
        )
    except FileNotAccepted as error:
        form.add_error("file", str(error))
        return _new_page(request, scheme, form, UNPROCESSABLE)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(check_list.check_url(check))
    return redirect(check_list.check_url(check))


def _asked_scheme(plan: Plan, request: SignedInRequest) -> Scheme:
    asked = request.POST.get("scheme") or request.GET.get("scheme") or scheme_choices(plan)[0][0]
    if asked not in plan.schemes:
        raise Http404
    return plan.schemes[asked]


def _new_page(request: SignedInRequest, scheme: Scheme, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "scheme": scheme,
        "clause": form.plan.clauses[scheme.clause],
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_mib": settings.UPLOAD_MAX_BYTES // MIB,
        "days_kept": settings.ROSTER_DAYS_KEPT,
    }
    return render(request, "rosters/new.html", context, status=status)


@in_room(Room.ROSTERS)
@require_safe
def check(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """One check: how far it is, or what came out."""
    shown = own_check(request, check_id)
    if shown.state != CheckState.FINISHED:
        return render(request, "rosters/progress_page.html", _progress_context(shown))
    view = check_page.open_check(shown)
    its_filter = check_page.verdict_filter(shown)
    ask = read_ask(request, check_page.REASON_COLUMNS, [its_filter], sort="row")
    chosen = _chosen_line(request)
    table = check_page.lines_table(view, ask, its_filter, chosen)
    place = chosen or _first_of(table.rows)
    context = {
        "check": shown,
        "view": view,
        "clause": view.plan.clauses[view.scheme.clause],
        "scheme": view.scheme,
        "table": table,
        "panel": check_page.open_line(view, *place) if place else None,
        "panel_open": chosen is not None,
        "close_url": ask.url(row="", sheet="", page=ask.page),
        "same_file": queries.same_file_before(shown),
        "trial": _trial_words(view.plan, shown),
    }
    return render(request, "rosters/check.html", context)


def _first_of(rows: Any) -> tuple[str, int] | None:
    if not rows:
        return None
    sheet, _colon, row = rows[0].key.rpartition(":")
    return sheet, int(row)


def _chosen_line(request: SignedInRequest) -> tuple[str, int] | None:
    row = request.GET.get("row", "")
    return (request.GET.get("sheet", ""), int(row)) if row.isascii() and row.isdigit() and len(row) < 10 else None


def _trial_words(plan: Plan, shown: RosterCheck) -> str:
    names = {name: plan.parameters[name].name if name in plan.parameters else name for name in shown.parameters}
    return "；".join(f"{names[name]} {text}" for name, text in shown.parameters.items())


@in_room(Room.ROSTERS)
@require_safe
def progress(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """The moving part of the progress page; once the check has ended, the whole page is asked for again."""
    shown = own_check(request, check_id)
    if not shown.is_open:
        return HttpResponseClientRefresh()
    return render(request, "rosters/progress.html", _progress_context(shown))


def _progress_context(shown: RosterCheck) -> dict[str, Any]:
    return {
        "check": shown,
        "pace": queries.pace_of(shown, timezone.now()),
        "ahead": queries.waiting_before(shown) if shown.state == CheckState.QUEUED else 0,
        "message": shown.message_words,
    }


@in_room(Room.ROSTERS)
@require_safe
def line(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """The evidence panel of one line."""
    view = check_page.open_check(own_finished_check(request, check_id))
    chosen = _chosen_line(request)
    panel = check_page.open_line(view, *chosen) if chosen else None
    if panel is None:
        raise Http404
    context = {
        "panel": panel,
        "panel_open": True,
        "view": view,
        "clause": view.plan.clauses[view.scheme.clause],
        "scheme": view.scheme,
        "close_url": check_list.check_url(view.check),
    }
    return render(request, "rosters/panel.html", context)


@in_room(Room.ROSTERS)
@require_safe
def bad_cells(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """The cells that could not be read, each with the mend."""
    view = check_page.open_check(own_finished_check(request, check_id))
    ask: Ask = read_ask(request, check_page.BAD_CELL_COLUMNS)
    table = check_page.bad_cells_table(view, ask)
    return render(request, "rosters/bad_cells.html", {"check": view.check, "table": table})


@in_room(Room.ROSTERS)
@require_POST
def cancel(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """Stop a check that waits or runs."""
    shown = own_check(request, check_id)
    try:
        cancel_check(check=shown)
        messages.success(request, _("已请求取消。上传的文件还在，可以再核对一次。"))
    except CheckStateChanged as error:
        messages.warning(request, str(error))
    return redirect(check_list.check_url(shown))


@in_room(Room.ROSTERS)
@require_POST
def again(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """Queue a cancelled or broken-off check again."""
    shown = own_check(request, check_id)
    try:
        retry_check(check=shown)
    except CheckStateChanged as error:
        messages.warning(request, str(error))
    return redirect(check_list.check_url(shown))


@in_room(Room.ROSTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """Ask, then delete a check with its files."""
    shown = own_check(request, check_id)
    if request.method != "POST":
        return render(request, "rosters/delete.html", {"check": shown})
    delete_check(check=shown)
    messages.success(request, _("已删除“%(name)s”的核对和文件。") % {"name": shown.file_name})
    return redirect("rosters:list")
