"""Payees' bank accounts: entered by one person, confirmed by another before money goes there."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row
from jiujin.funds.models import PayeeAccount
from jiujin.funds.queries import accounts_seen_by, mask_account
from jiujin.funds.services.confirm_account import confirm_account, end_account
from jiujin.funds.services.set_account import set_account
from jiujin.web.funds.doors import REFUSED, UNPROCESSABLE, done, found, listed, may_change, organisation_named
from jiujin.web.funds.forms import AccountForm
from jiujin.web.funds.words import number_of, who

COLUMNS = (
    Column("payee", gettext_lazy("收款单位"), sortable=True, can_hide=False),
    Column("holder", gettext_lazy("户名")),
    Column("bank", gettext_lazy("开户行")),
    Column("number", gettext_lazy("账号"), kind="short"),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("entered", gettext_lazy("谁填的"), kind="soft"),
    Column("confirmed", gettext_lazy("谁确认的"), kind="soft"),
)
STATES = {
    "waiting": Q(confirmed_at=None, ended_at=None),
    "in_use": Q(confirmed_at__isnull=False, ended_at=None),
    "ended": Q(ended_at__isnull=False),
}


@in_room(Room.FUNDS)
@require_safe
def accounts(request: SignedInRequest) -> HttpResponse:
    """Every account, masked; those that wait for a second person are ticked to be confirmed."""
    may = may_change(request)
    labels = {"waiting": _("等确认"), "in_use": _("在用"), "ended": _("已停用")}
    states = [Choice("", _("全部")), *(Choice(state, label) for state, label in labels.items())]

    def row(one: PayeeAccount) -> Row:
        state = "ended" if one.ended_at else "in_use" if one.confirmed_at else "waiting"
        ours = state == "waiting" and one.entered_by_id != request.user.pk
        return Row(
            str(one.pk),
            {
                "payee": Cell(one.organisation.name),
                "holder": Cell(one.holder),
                "bank": Cell(one.bank),
                "number": Cell(mask_account(one.number)),
                "state": Cell(labels[state], tone={"waiting": "late", "in_use": "met", "ended": "plain"}[state]),
                "entered": Cell(who(one.entered_by)),
                "confirmed": Cell(who(one.confirmed_by)),
            },
            tick=str(one.pk) if may and (ours or state == "in_use") else "",
        )

    def narrow(query: object, ask: object) -> object:
        query = query.filter(organisation__name__icontains=ask.search) if ask.search else query  # type: ignore[attr-defined]
        chosen = ask.chosen["state"]  # type: ignore[attr-defined]
        return query.filter(STATES[chosen]) if chosen else query  # type: ignore[attr-defined]

    table = listed(
        request,
        COLUMNS,
        accounts_seen_by(request.user),
        row,
        id="accounts",
        caption=_("收款账号"),
        empty=Empty(
            _("还没有收款账号"),
            _("拨付以前，先填收款单位的账号，再由另一个人确认。"),
            _("填一个账号") if may else "",
            reverse("funds:new-account") if may else "",
        ),
        sort="payee",
        orders={"payee": "organisation__name"},
        filters=[Filter("state", states)],
        narrow=narrow,  # type: ignore[arg-type]
        search_label=_("收款单位"),
        tick_form="chosen",
    )
    return render(request, "funds/accounts.html", {"table": table, "may_change": may})


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: SignedInRequest) -> HttpResponse:
    """Put down a payee's account."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        payee = organisation_named(given["organisation"])
        if payee is None:
            form.add_error("organisation", _("没有找到这个单位。请写全称或统一社会信用代码。"))
        else:
            try:
                set_account(
                    organisation=payee,
                    holder=given["holder"],
                    bank=given["bank"],
                    number=given["number"],
                    actor=request.user,
                    now=timezone.now(),
                )
            except REFUSED as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("账号已填好，请另一个人确认。"))
                return redirect("funds:accounts")
    return render(request, "funds/new_account.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.FUND_CHANGES)
@require_POST
def change_accounts(request: SignedInRequest) -> HttpResponse:
    """Confirm the ticked accounts, or stop using them."""
    now = timezone.now()
    ids = [pk for pk in (number_of(text) for text in request.POST.getlist("line")) if pk is not None]
    if not ids:
        messages.warning(request, _("没有选账号，没有改动。请先勾选。"))
    for pk in ids:
        account = found(accounts_seen_by(request.user).filter(pk=pk))
        service = end_account if "end" in request.POST else confirm_account
        words = _("已停用：%(name)s") if "end" in request.POST else _("已确认：%(name)s")
        step = lambda one=account, take=service: take(account=one, actor=request.user, now=now)  # noqa: E731
        done(request, step, words % {"name": account.organisation.name})
    return redirect("funds:accounts")
