"""Lines that the city pays: their vouchers are noted, and the district's book has no posting of them."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.models import Claim, ClaimLine
from jiujin.core.listing import Cell, Column, Empty, Row
from jiujin.funds.queries import city_waiting
from jiujin.funds.services.record_city_payment import record_city_payment
from jiujin.registry.errors import EvidenceRefused
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.web.funds.doors import REFUSED, UNPROCESSABLE, chosen_ids, listed, may_change
from jiujin.web.funds.forms import CityPaymentForm
from jiujin.web.funds.words import line_name, money, scheme_names, subject_of

COLUMNS = (
    Column("line", gettext_lazy("申报明细"), kind="short", sortable=True, can_hide=False),
    Column("subject", gettext_lazy("补贴谁")),
    Column("payee", gettext_lazy("收款单位"), sortable=True),
    Column("scheme", gettext_lazy("补贴项目")),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
)


@in_room(Room.FUNDS)
@require_http_methods(["GET", "HEAD"])
def city(request: SignedInRequest) -> HttpResponse:
    """The lines whose voucher of the city is not known yet."""
    return _page(request, CityPaymentForm())


@in_room(Room.FUND_CHANGES)
@require_http_methods(["POST"])
def record(request: SignedInRequest) -> HttpResponse:
    """Note the voucher of the ticked lines."""
    form = CityPaymentForm(request.POST, request.FILES)
    ids = chosen_ids(request)
    if not ids:
        form.add_error(None, _("没有选明细，没有保存。请先勾选。"))
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                lines = record_city_payment(
                    line_ids=ids,
                    voucher=given["voucher"],
                    paid_on=given["paid_on"],
                    actor=request.user,
                    now=timezone.now(),
                    scan=_scan(request, ids) if given["scan"] else None,
                )
        except (*REFUSED, EvidenceRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记市级拨付：%(n)s 笔。") % {"n": len(lines)})
            return redirect("funds:city")
    return _page(request, form, status=UNPROCESSABLE)


def _scan(request: SignedInRequest, ids: list[int]) -> object:
    """The voucher's scan, kept about the claim of the first line."""
    claim = Claim.objects.filter(lines__in=ids).order_by("pk").first()
    assert claim is not None
    return keep_evidence(subject=claim, upload=request.FILES["scan"], kind="", actor=request.user)  # type: ignore[arg-type]


def _page(request: SignedInRequest, form: CityPaymentForm, status: int | None = None) -> HttpResponse:
    schemes, may = scheme_names(), may_change(request)

    def row(line: ClaimLine) -> Row:
        return Row(
            str(line.pk),
            {
                "line": Cell(line_name(line)),
                "subject": Cell(subject_of(line)),
                "payee": Cell(line.payee.name if line.payee else ""),
                "scheme": Cell(schemes.get(line.scheme, line.scheme)),
                "amount": money(line.amount_fen),
            },
            href=reverse("funds:line", args=[line.pk]),
            tick=str(line.pk) if may else "",
        )

    table = listed(
        request,
        COLUMNS,
        city_waiting(request.user),
        row,
        id="lines",
        caption=_("市级拨付的明细"),
        empty=Empty(
            _("没有等登记的市级拨付"), _("由市里审核拨付的明细，盖章上报后会到这里；市里拨了款，就登记它的凭证。")
        ),
        sort="line",
        orders={"line": "claim__number", "payee": "payee__name", "amount": "amount_fen"},
        tick_form="chosen",
    )
    return render(request, "funds/city.html", {"table": table, "form": form, "may_change": may}, status=status)
