"""Budgets: granting one, and one purse with its movements, from which money is given back or moved on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Column, Empty, Row, Table, Words
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.models import Balance, LedgerEntry, Posting, Purse
from jiujin.funds.queries import movements_of, purses_seen_by
from jiujin.funds.services.grant_budget import grant_budget
from jiujin.funds.services.move_budget import move_budget
from jiujin.funds.services.withdraw_budget import withdraw_budget
from jiujin.ledger import Stage
from jiujin.web.funds.doors import REFUSED, UNPROCESSABLE, listed, may_change, own_purse
from jiujin.web.funds.forms import GrantForm, MoveForm, WithdrawForm
from jiujin.web.funds.words import (
    MOVEMENTS,
    actor_names,
    area_name,
    area_names,
    line_name,
    money,
    purse_name,
    scheme_names,
    stage_parts,
)

COLUMNS = (
    Column("at", gettext_lazy("时间"), kind="short", sortable=True, can_hide=False),
    Column("movement", gettext_lazy("什么事")),
    Column("amount", gettext_lazy("金额（元）"), kind="money"),
    Column("line", gettext_lazy("申报明细"), kind="short"),
    Column("reason", gettext_lazy("依据"), kind="reason"),
    Column("actor", gettext_lazy("谁办的"), kind="soft"),
)


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: SignedInRequest) -> HttpResponse:
    """Grant a budget; the first button only says what there would be."""
    form = GrantForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        scheme = plan_in_force().scheme(given["scheme"])
        if "look" in request.POST:
            key = {"scheme": scheme.id, "area_code": given["area_code"], "year": given["year"]}
            held = _free(Purse.objects.filter(fund_class=scheme.fund_class, **key).order_by("pk").first())
            context["effect"] = [(scheme.name, held, held + given["amount"])]
            return render(request, "funds/grant.html", context)
        try:
            purse = grant_budget(
                request_id=given["request_id"],
                fund_class=scheme.fund_class,
                scheme=scheme.id,
                area_code=given["area_code"],
                year=given["year"],
                amount_fen=given["amount"],
                reason=given["reason"],
                actor=request.user,
            )
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("预算已下达，记入账。"))
            return redirect("funds:purse", purse.pk)
    return render(request, "funds/grant.html", context, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.FUNDS)
@require_safe
def purse(request: SignedInRequest, purse_id: int) -> HttpResponse:
    """One purse: what stands at each stage, and every movement."""
    held = own_purse(request, purse_id)
    return render(request, "funds/purse.html", _purse_context(request, held))


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, purse_id: int) -> HttpResponse:
    """Give a part of the free budget back."""
    held = own_purse(request, purse_id)
    form = WithdrawForm(request.POST or None)

    def step(given: dict[str, Any]) -> None:
        withdraw_budget(
            request_id=given["request_id"],
            purse=held,
            amount_fen=given["amount"],
            reason=given["reason"],
            actor=request.user,
        )

    return _change(request, held, form, _("收回预算"), step, lambda given: [(held, -given["amount"])])


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, purse_id: int) -> HttpResponse:
    """Move a part of the free budget to another purse."""
    held = own_purse(request, purse_id)
    form = MoveForm(request.POST or None)
    target = form.fields["target"]
    assert isinstance(target, forms.ModelChoiceField)
    others = purses_seen_by(request.user).filter(closing=None).exclude(pk=held.pk)
    target.queryset = others.order_by("-year", "scheme", "area_code")
    schemes, areas = scheme_names(), area_names(list(others.order_by("pk").values_list("area_code", flat=True)))
    target.label_from_instance = lambda other: purse_name(other, schemes, areas)  # type: ignore[assignment, attr-defined]

    def step(given: dict[str, Any]) -> None:
        move_budget(
            request_id=given["request_id"],
            source=held,
            target=given["target"],
            amount_fen=given["amount"],
            reason=given["reason"],
            actor=request.user,
        )

    return _change(
        request,
        held,
        form,
        _("调剂预算"),
        step,
        lambda given: [(held, -given["amount"]), (given["target"], given["amount"])],
    )


def _change(
    request: SignedInRequest, held: Purse, form: forms.Form, title: Words, step: Any, effect_of: Any
) -> HttpResponse:
    """A form that changes a purse, with a look at the effect first."""
    schemes = scheme_names()
    areas = area_names([held.area_code])
    context: dict[str, Any] = {"form": form, "purse": held, "title": title, "free_fen": _free(held)}
    context["name"] = purse_name(held, schemes, areas)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            changes = effect_of(form.cleaned_data)
            areas = area_names([one.area_code for one, _change_fen in changes])
            context["effect"] = [
                (purse_name(one, schemes, areas), _free(one), _free(one) + change_fen) for one, change_fen in changes
            ]
            return render(request, "funds/change_purse.html", context)
        try:
            step(form.cleaned_data)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已记账。"))
            return redirect("funds:purse", held.pk)
    return render(request, "funds/change_purse.html", context, status=UNPROCESSABLE if form.is_bound else None)


def _free(held: Purse | None) -> int:
    """What of a purse's budget nothing is committed from."""
    if held is None:
        return 0
    balance = Balance.objects.filter(purse=held, stage=Stage.BUDGET.value).first()
    return balance.amount_fen if balance else 0


def _purse_context(request: SignedInRequest, held: Purse) -> dict[str, Any]:
    stages = dict(Balance.objects.filter(purse=held).order_by("stage").values_list("stage", "amount_fen"))
    schemes, areas = scheme_names(), area_names([held.area_code])
    return {
        "purse": held,
        "scheme": schemes.get(held.scheme, held.scheme),
        "area": area_name(held.area_code, areas),
        "granted_fen": sum(fen for stage, fen in stages.items() if stage != Stage.FUNDING.value),
        "parts": stage_parts(stages),
        "table": _movements(request, held),
        "may_change": may_change(request),
    }


def _amounts(held: Purse, entries: Sequence[LedgerEntry]) -> dict[Any, int]:
    """How much each entry is of: with a minus where it leaves the purse; within the purse, what moved on."""
    postings = Posting.objects.filter(entry__in=entries, purse=held).exclude(stage=Stage.FUNDING.value)
    found: dict[Any, int] = {}
    for posting in postings.order_by("amount_fen"):  # what is taken from one stage is given to another: the last stands
        found[posting.entry_id] = posting.amount_fen
    return found


def _movements(request: SignedInRequest, held: Purse) -> Table:
    names: dict[str, str] = {}
    amounts: dict[Any, int] = {}

    def prepare(entries: Any) -> None:
        names.update(actor_names([entry.actor for entry in entries]))
        amounts.update(_amounts(held, entries))

    def row(entry: LedgerEntry) -> Row:
        return Row(
            str(entry.pk),
            {
                "at": Cell(f"{entry.at.astimezone():%Y-%m-%d %H:%M}"),
                "movement": Cell(MOVEMENTS.get(entry.movement, entry.movement)),
                "amount": money(amounts.get(entry.pk)),
                "line": Cell(line_name(entry.line), href=f"/funds/lines/{entry.line_id}/") if entry.line else Cell(""),
                "reason": Cell(entry.reason),
                "actor": Cell(names.get(entry.actor, entry.actor)),
            },
        )

    return listed(
        request,
        COLUMNS,
        movements_of(request.user, held).select_related("line__claim"),
        row,
        id="movements",
        caption=_("每一笔记账"),
        empty=Empty(_("还没有记账")),
        sort="-at",
        orders={"at": "place"},
        prepare=prepare,
    )
