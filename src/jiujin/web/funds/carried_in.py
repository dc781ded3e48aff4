"""What was paid before this program came: brought in by workbook after a look, held against the finance office's total."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.models import Claim
from jiujin.claims.services.carry_in import paid_columns
from jiujin.claims.services.keep_roster import hand_out_roster
from jiujin.claims.states import ClaimState
from jiujin.core.listing import Cell, Column, Empty, Row
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.queries import carried_in_seen_by, carried_in_standing
from jiujin.funds.services.batch_file import sm3_of
from jiujin.funds.services.bring_in_paid import PurseEffect, bring_in_paid, is_booked_here, preview_paid
from jiujin.funds.services.take_out_paid import take_out_paid
from jiujin.sheets import SheetUnreadable, write_template
from jiujin.web.claims.queue_line import evidence_response
from jiujin.web.claims.uploads import on_disk
from jiujin.web.figures import TYPES
from jiujin.web.funds.doors import REFUSED, UNPROCESSABLE, done, found, listed, may_change
from jiujin.web.funds.forms import PaidBeforeForm
from jiujin.web.funds.waiting import keep_waiting, waiting_file
from jiujin.web.funds.words import area_names, line_name, money, purse_name, scheme_names, subject_of, who

ERRORS_SHOWN = 200
FOLDER = "carried-in"
COLUMNS = (
    Column("number", gettext_lazy("编号"), kind="short", sortable=True, can_hide=False),
    Column("scheme", gettext_lazy("补贴项目")),
    Column("payee", gettext_lazy("收款单位"), sortable=True),
    Column("year", gettext_lazy("年度"), kind="short", sortable=True),
    Column("lines", gettext_lazy("人次"), kind="number", sortable=True),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("by", gettext_lazy("谁带入的"), kind="soft"),
)
ORDERS = {
    "number": "number",
    "payee": "payee__name",
    "year": "year",
    "lines": "line_count",
    "amount": "amount_sum",
}


@in_room(Room.FUNDS)
@require_safe
def carried_in(request: SignedInRequest) -> HttpResponse:
    """Every workbook that was brought in."""
    schemes, may = scheme_names(), may_change(request)

    def row(one: Claim) -> Row:
        out = one.state == ClaimState.WITHDRAWN
        return Row(
            str(one.pk),
            {
                "number": Cell(one.number),
                "scheme": Cell(schemes.get(one.scheme, one.scheme)),
                "payee": Cell(one.payee.name if one.payee else ""),
                "year": Cell(str(one.year)),
                "lines": Cell(str(one.line_count)),  # type: ignore[attr-defined]
                "amount": money(one.amount_sum),  # type: ignore[attr-defined]
                "state": Cell(_("已撤销") if out else _("已带入"), tone="plain" if out else "met"),
                "by": Cell(who(one.made_by)),
            },
            href=reverse("funds:carried-in-claim", args=[one.pk]),
        )

    table = listed(
        request,
        COLUMNS,
        carried_in_seen_by(request.user),
        row,
        id="carried-in",
        caption=_("期初结转"),
        empty=Empty(
            _("还没有带入过"),
            _("年中启用的，把以前已经拨付的名单带进来：不再审，只算次数、重叠和预算。"),
            _("带入一份名单") if may else "",
            reverse("funds:bring-in") if may else "",
        ),
        sort="-number",
        orders=ORDERS,
    )
    return render(request, "funds/carried_in.html", {"table": table, "may_change": may})


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: SignedInRequest) -> HttpResponse:
    """Look at a workbook, then bring it in. What was looked at waits until it is taken."""
    form = PaidBeforeForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "schemes": list(plan_in_force().schemes.values())}
    if request.method != "POST" or not form.is_valid():
        return render(request, "funds/bring_in.html", context, status=UNPROCESSABLE if form.is_bound else None)
    try:
        if "take" in request.POST:
            return _take(request, form)
        return render(request, "funds/brought_in_look.html", context | _look(request, form))
    except (*REFUSED, SheetUnreadable) as error:
        form.add_error(None, str(error))
    return render(request, "funds/bring_in.html", context, status=UNPROCESSABLE)


def _asked(request: SignedInRequest, form: PaidBeforeForm) -> dict[str, Any]:
    """What both the look and the taking are asked with."""
    given = form.cleaned_data
    return {
        "claim_id": given["request_id"],
        "scheme": given["scheme"],
        "payee": given["payee"],
        "total_fen": given["total"],
        "actor": request.user,
        "now": timezone.now(),
    }


def _look(request: SignedInRequest, form: PaidBeforeForm) -> dict[str, Any]:
    asked = _asked(request, form)
    upload = form.cleaned_data["file"]
    with on_disk(upload) as path:
        preview = preview_paid(**asked, path=path)
        content = path.read_bytes()
        waiting = sm3_of(content) + path.suffix
        keep_waiting(FOLDER, waiting, content)
    carried = preview.carried
    return {
        "asked": asked,
        "scheme": plan_in_force().scheme(asked["scheme"]),
        "preview": preview,
        "year": carried.claim.year,
        "waiting": waiting,
        "file_name": upload.name,
        "effects": _effects_shown(preview.effects),
        "errors": carried.errors[:ERRORS_SHOWN],
        "error_count": len(carried.errors),
    }


def _effects_shown(effects: list[PurseEffect]) -> list[tuple[str, PurseEffect]]:
    schemes, areas = scheme_names(), area_names([one.purse.area_code for one in effects])
    return [(purse_name(one.purse, schemes, areas), one) for one in effects]


def _take(request: SignedInRequest, form: PaidBeforeForm) -> HttpResponse:
    given = form.cleaned_data
    path = waiting_file(FOLDER, given["waiting"])
    if path is None:
        messages.warning(request, _("看过的文件已不在，没有带入。请再选一次文件。"))
        return redirect("funds:bring-in")
    carried = bring_in_paid(**_asked(request, form), path=path, name=given["file_name"])
    path.unlink(missing_ok=True)
    messages.success(request, _("已带入 %(n)s 人次，记入账。") % {"n": carried.claim.lines.count()})
    return redirect("funds:carried-in-claim", carried.claim.pk)


@in_room(Room.FUNDS)
@require_safe
def template(request: SignedInRequest, scheme_id: str) -> HttpResponse:
    """The workbook to fill in: the scheme's own columns, and what was paid when."""
    plan = plan_in_force()
    scheme = plan.schemes.get(scheme_id)
    if scheme is None:
        raise Http404
    title = _("%(scheme)s 已拨付名单") % {"scheme": scheme.name}
    notes = [
        (_("怎样填"), _("一人一行；已付金额和拨付日期每行都要填，没填的那一行不带入。")),
        (_("按年度"), _("一份表只放一个年度的拨付；以前年度的只算次数和重叠，不占本年度预算。")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, title=title, columns=paid_columns(plan, scheme), notes=notes)
        response = HttpResponse(path.read_bytes(), content_type=TYPES["xlsx"])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.xlsx") or ""
    return response


@in_room(Room.FUNDS)
@require_safe
def claim(request: SignedInRequest, carried_id: UUID) -> HttpResponse:
    """One workbook as it came in: people, lines, totals, what the book has of it."""
    held = found(carried_in_seen_by(request.user).filter(pk=carried_id))
    standing = carried_in_standing(held)
    first = held.lines.select_related("claim").order_by("position").first()
    context = {
        "claim": held,
        "scheme": scheme_names().get(held.scheme, held.scheme),
        "standing": standing,
        "is_out": held.state == ClaimState.WITHDRAWN,
        "counts_here": first is not None and is_booked_here(first, timezone.now()),
        "over_limit": [(line, line_name(line), subject_of(line)) for line in standing.over_limit[:ERRORS_SHOWN]],
        "by": who(held.made_by),
        "may_change": may_change(request),
    }
    return render(request, "funds/carried_in_claim.html", context)


@in_room(Room.FUNDS)
@require_POST
def roster(request: SignedInRequest, carried_id: UUID) -> HttpResponse:
    """The workbook as it came; it names people in full, so that each reading is written down."""
    held = found(carried_in_seen_by(request.user).filter(pk=carried_id))
    if held.roster is None:
        raise Http404
    kept = hand_out_roster(claim=held, roster=held.roster, actor=request.user)
    return evidence_response(request, kept, "funds:carried-in-claim", held.pk)


@in_room(Room.FUND_CHANGES)
@require_POST
def take_out(request: SignedInRequest, carried_id: UUID) -> HttpResponse:
    """Take it out again: the lines count no more, the money goes back to the budget."""
    held = found(carried_in_seen_by(request.user).filter(pk=carried_id))
    reasons = request.POST.get("reason", "")
    done(
        request,
        lambda: take_out_paid(claim=held, reasons=reasons, actor=request.user, now=timezone.now()),
        _("已撤销带入：明细不再计数，账上的钱退回预算。改好名单可以再带入。"),
    )
    return redirect("funds:carried-in-claim", held.pk)
