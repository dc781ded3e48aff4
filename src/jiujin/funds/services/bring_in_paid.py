"""Brings in what was paid before this program ran: the lines as carried in, and their money into the book, in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from jiujin.accounts.models import User
from jiujin.claims.models import Claim, ClaimLine, Payer, Source
from jiujin.claims.services.carry_in import CarriedIn, carry_in_from_roster
from jiujin.claims.services.file_claim import year_of
from jiujin.claims.services.keep_roster import keep_roster
from jiujin.claims.states import ClaimState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.errors import BroughtInBefore, FundsRefused
from jiujin.funds.models import Balance, Purse
from jiujin.funds.services.batch_file import sm3_of
from jiujin.funds.services.book_carried_in import book_carried_in
from jiujin.ledger import Stage
from jiujin.registry.models import Organisation, Person


@dataclass(frozen=True)
class PurseEffect:
    """What stands free in a purse, and what is paid from it, before and after; fen."""

    purse: Purse
    free_before_fen: int
    free_after_fen: int
    paid_before_fen: int
    paid_after_fen: int


@dataclass(frozen=True)
class PaidPreview:
    """What a workbook would bring in: `trouble` says why the book would refuse it; blank where it would not."""

    carried: CarriedIn
    lines: int
    people: int
    new_people: int
    booked_fen: int
    effects: list[PurseEffect] = field(default_factory=list)
    trouble: str = ""


def is_booked_here(line: ClaimLine, now: datetime) -> bool:
    """Whether a carried-in line counts against a budget of this book: the district's own, of the plan's year or later.

    What was paid in years before counts for limits and overlaps only: its budget was closed before this book began.
    """
    return line.payer == Payer.DISTRICT and line.claim.year >= year_of(plan_in_force(), now)


@transaction.atomic
def bring_in_paid(
    *,
    claim_id: UUID,
    scheme: str,
    payee: Organisation | None,
    path: Path,
    name: str,
    total_fen: int,
    actor: User,
    now: datetime,
) -> CarriedIn:
    """Bring in the paid lines of a workbook, all booked or none brought in; the workbook stays with the claim.

    The same id again gives what stands. Raises BroughtInBefore where a workbook of this very content is in already,
    whatever carry_in_from_roster raises, PurseMissing, BudgetShort.
    """
    if not Claim.objects.filter(pk=claim_id).exists():
        _refuse_again(path)
    carried = carry_in_from_roster(
        claim_id=claim_id, scheme=scheme, payee=payee, path=path, total_fen=total_fen, actor=actor, now=now
    )
    _book(carried.claim, actor, now)
    if carried.claim.roster_id is None:
        keep_roster(claim=carried.claim, path=path, name=name, actor=actor)
    return carried


def preview_paid(**given: Any) -> PaidPreview:
    """What `bring_in_paid` of the same arguments would do; nothing is kept. Raises as that does, but for the book's refusals."""
    given.pop("name", None)
    _refuse_again(given["path"])
    with transaction.atomic():
        last_person = Person.objects.aggregate(last=Max("pk"))["last"] or 0
        carried = carry_in_from_roster(**given)
        people = set(carried.claim.lines.exclude(person=None).order_by().values_list("person", flat=True))
        lines, before = carried.claim.lines.count(), _standing()
        booked_fen, trouble = 0, ""
        try:
            with transaction.atomic():
                booked_fen = _book(carried.claim, given["actor"], given["now"])
        except FundsRefused as error:
            trouble = str(error)
        effects = _effects(before, _standing())
        transaction.set_rollback(True)
    new_people = sum(pk > last_person for pk in people)
    return PaidPreview(carried, lines, len(people), new_people, booked_fen, effects, trouble)


def _refuse_again(path: Path) -> None:
    there = Claim.objects.filter(source=Source.CARRIED_IN, roster__sm3=sm3_of(path.read_bytes()))
    if held := there.exclude(state=ClaimState.WITHDRAWN).order_by("pk").first():
        raise BroughtInBefore(held.number)


def _book(claim: Claim, actor: User, now: datetime) -> int:
    lines = [line for line in claim.lines.select_related("claim").order_by("pk") if is_booked_here(line, now)]
    return book_carried_in(line_ids=[line.pk for line in lines], actor=actor, now=now)


def _standing() -> dict[int, dict[str, int]]:
    """What is free and what is paid, by purse."""
    found: dict[int, dict[str, int]] = {}
    held = Balance.objects.filter(stage__in=[Stage.BUDGET, Stage.PAID]).order_by("pk")
    for purse_id, stage, fen in held.values_list("purse_id", "stage", "amount_fen"):
        found.setdefault(purse_id, {})[stage] = fen
    return found


def _effects(before: dict[int, dict[str, int]], after: dict[int, dict[str, int]]) -> list[PurseEffect]:
    changed = [pk for pk in sorted(after) if after[pk] != before.get(pk)]
    purses, found = Purse.objects.in_bulk(changed), []
    for pk in changed:
        was, will = before.get(pk, {}), after[pk]
        free, paid = ((was.get(stage, 0), will.get(stage, 0)) for stage in (Stage.BUDGET, Stage.PAID))
        found.append(PurseEffect(purses[pk], *free, *paid))
    return found
