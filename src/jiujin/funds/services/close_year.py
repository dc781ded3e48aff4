"""Closes a year's purses: what nothing was committed from is carried into the next year, or given back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.funds.models import Balance, Purse, YearClosing
from jiujin.funds.services.grant_budget import open_purse
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.ledger import Stage


@transaction.atomic
def close_year(*, year: int, carry_over: Collection[int], actor: User, now: datetime) -> list[YearClosing]:
    """Close every open purse of a year; gives the closings made now, none where the year is closed already.

    What is left of the purses named in `carry_over` (ids) goes into the next year's purse of the same name, of the others
    back to who granted it. What is committed or payable stays where it is and is paid from there.
    """
    purses = list(Purse.objects.select_for_update(of=("self",)).filter(year=year, closing=None).order_by("pk"))
    return [_close(purse, purse.pk in set(carry_over), actor) for purse in purses]


def _close(purse: Purse, carries: bool, actor: User) -> YearClosing:
    held = Balance.objects.filter(purse=purse, stage=Stage.BUDGET.value).first()
    left_fen = held.amount_fen if held else 0
    if left_fen and carries:
        following = open_purse(
            fund_class=purse.fund_class,
            scheme=purse.scheme,
            area_code=purse.area_code,
            year=purse.year + 1,
            actor=actor,
        )
        move = Move(entry_id("carried", purse.pk), "budget_moved", purse.pk, left_fen, to_purse_id=following.pk)
        post_entries([move], actor=actor)
    elif left_fen:
        post_entries([Move(entry_id("given_back", purse.pk), "budget_withdrawn", purse.pk, left_fen)], actor=actor)
    closing = YearClosing.objects.create(
        purse=purse,
        carried_fen=left_fen if carries else 0,
        given_back_fen=0 if carries else left_fen,
        closed_by=actor,
    )
    details = {"year": purse.year, "carried_fen": closing.carried_fen, "given_back_fen": closing.given_back_fen}
    record_event(actor=actor, verb="year_closed", subject=purse, details=details)
    return closing
