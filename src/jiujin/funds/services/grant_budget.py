"""Grants a budget to a purse."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from jiujin.core.current_plan import current_plan
from jiujin.core.services.record_event import Actor, record_event
from jiujin.funds.errors import AmountWrong, ReasonMissing, RequestReused, YearClosed
from jiujin.funds.models import LedgerEntry, Posting, Purse, YearClosing
from jiujin.funds.services.post_entries import Move, post_entries


@transaction.atomic
def grant_budget(
    *,
    request_id: UUID,
    fund_class: str,
    scheme: str,
    year: int,
    amount_fen: int,
    reason: str,
    actor: Actor,
    area_code: str = "",
) -> Purse:
    """Add to the budget of a purse, which is opened where there is none; `area_code` blank is the whole district.

    Asked twice with one id is once. Raises AmountWrong, ReasonMissing, YearClosed, RequestReused.
    """
    if amount_fen <= 0:
        raise AmountWrong
    if not reason.strip():
        raise ReasonMissing
    purse = open_purse(fund_class=fund_class, scheme=scheme, area_code=area_code, year=year, actor=actor)
    move = Move(request_id, "budget_granted", purse.pk, amount_fen, reason=reason.strip())
    post_budget(move, actor=actor, verb="budget_granted")
    return purse


def open_purse(*, fund_class: str, scheme: str, area_code: str, year: int, actor: Actor) -> Purse:
    """The purse of that name, opened where there is none; the district's own code is the whole district too."""
    whole = area_code == current_plan().header.district
    key = {"fund_class": fund_class, "scheme": scheme, "area_code": "" if whole else area_code, "year": year}
    purse = Purse.objects.filter(**key).first()
    if purse is None:
        Purse.objects.bulk_create([Purse(**key)], ignore_conflicts=True)
        purse = Purse.objects.get(**key)
        record_event(actor=actor, verb="purse_opened", subject=purse, details=key)
    return purse


def post_budget(move: Move, *, actor: Actor, verb: str) -> bool:
    """Post a movement of budget with its event; False where it stands already. Raises YearClosed, RequestReused."""
    if require_same(move):
        return False
    closed = YearClosing.objects.filter(purse=move.to_purse_id or move.purse_id).select_related("purse").first()
    if closed is not None and move.movement != "budget_withdrawn":
        raise YearClosed(closed.purse.year)
    post_entries([move], actor=actor)
    entry = LedgerEntry.objects.get(pk=move.id)
    details = {"purse": move.purse_id, "amount_fen": move.amount_fen}
    if move.to_purse_id is not None:
        details["to_purse"] = move.to_purse_id
    record_event(actor=actor, verb=verb, subject=entry, details=details)
    return True


def require_same(move: Move) -> bool:
    """Whether the entry stands already as it is asked for. Raises RequestReused where it stands otherwise."""
    list(Purse.objects.select_for_update().filter(pk__in=[move.purse_id, move.to_purse_id]).order_by("pk"))
    entry = LedgerEntry.objects.filter(pk=move.id).first()
    if entry is None:
        return False
    postings = Posting.objects.filter(entry=entry, amount_fen__lt=0).values_list("purse_id", "amount_fen")
    if entry.movement == "budget_granted":
        postings = Posting.objects.filter(entry=entry, amount_fen__gt=0).values_list("purse_id", "amount_fen")
    [(purse_id, amount_fen)] = postings
    if (entry.movement, purse_id, abs(amount_fen)) != (move.movement, move.purse_id, move.amount_fen):
        raise RequestReused
    return True
