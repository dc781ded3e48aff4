"""Records what a month of a placement proves: insurance paid, income earned. Recorded again, a month is corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.values import add_months
from jiujin.work.errors import AmountNegative, MonthOutsideTerm, MonthsTooMany
from jiujin.work.models import IncomeMonth, InsuranceKind, InsuranceMonth, Placement

MONTHS_AT_ONCE_MAX = 120


@dataclass(frozen=True)
class MonthChange:
    """What recording a month would do: `held` is what is recorded now (proof, and fen of an income), None where nothing is."""

    month: date
    held: tuple[int, int | None] | None
    wanted: tuple[int, int | None]

    @property
    def is_new(self) -> bool:
        """The month is not recorded yet."""
        return self.held is None

    @property
    def is_correction(self) -> bool:
        """The month is recorded with something else."""
        return self.held is not None and self.held != self.wanted


@transaction.atomic
def record_insurance_month(
    *, placement: Placement, month: date, kind: InsuranceKind, actor: Actor, proof: Proof = Proof.DECLARED
) -> InsuranceMonth:
    """Record that insurance was paid for the month of this day. Raises MonthOutsideTerm."""
    first = _month_of_term(placement, month)
    before = InsuranceMonth.objects.filter(placement=placement, kind=kind, month=first).first()
    recorded, _ = InsuranceMonth.objects.update_or_create(
        placement=placement, kind=kind, month=first, defaults={"proof": proof}
    )
    details = {"month": f"{first:%Y-%m}", "kind": str(kind), "proof": int(proof)}
    details |= {"proof_before": before.proof} if before else {}
    record_event(actor=actor, verb="insurance_month_recorded", subject=placement, details=details)
    return recorded


@transaction.atomic
def record_income_month(
    *, placement: Placement, month: date, amount_fen: int | None, actor: Actor, proof: Proof = Proof.DECLARED
) -> IncomeMonth:
    """Record a month of work and its income in fen, None where that is not known. Raises MonthOutsideTerm, AmountNegative."""
    if amount_fen is not None and amount_fen < 0:
        raise AmountNegative
    first = _month_of_term(placement, month)
    before = IncomeMonth.objects.filter(placement=placement, month=first).first()
    recorded, _ = IncomeMonth.objects.update_or_create(
        placement=placement, month=first, defaults={"amount_fen": amount_fen, "proof": proof}
    )
    details = {"month": f"{first:%Y-%m}", "amount_fen": amount_fen, "proof": int(proof)}
    details |= {"amount_fen_before": before.amount_fen, "proof_before": before.proof} if before else {}
    record_event(actor=actor, verb="income_month_recorded", subject=placement, details=details)
    return recorded


@transaction.atomic
def remove_insurance_month(*, insurance_month: InsuranceMonth, actor: Actor) -> None:
    """Take back a month that was recorded by mistake; the event keeps what it said."""
    details = {
        "month": f"{insurance_month.month:%Y-%m}",
        "kind": insurance_month.kind,
        "proof": insurance_month.proof,
    }
    record_event(actor=actor, verb="insurance_month_removed", subject=insurance_month.placement, details=details)
    insurance_month.delete()


@transaction.atomic
def remove_income_month(*, income_month: IncomeMonth, actor: Actor) -> None:
    """Take back a month that was recorded by mistake; the event keeps what it said."""
    details = {
        "month": f"{income_month.month:%Y-%m}",
        "amount_fen": income_month.amount_fen,
        "proof": income_month.proof,
    }
    record_event(actor=actor, verb="income_month_removed", subject=income_month.placement, details=details)
    income_month.delete()


def months_between(first: date, last: date) -> list[date]:
    """The first day of each month from the month of one day to that of another. Raises MonthsTooMany."""
    start = first.replace(day=1)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= count <= MONTHS_AT_ONCE_MAX:
        raise MonthsTooMany(MONTHS_AT_ONCE_MAX)
    return [add_months(start, number) for number in range(count)]


def preview_insurance_months(
    *, placement: Placement, months: Iterable[date], kind: InsuranceKind, proof: Proof = Proof.DECLARED
) -> list[MonthChange]:
    """What recording these months would change, month by month; nothing is written. Raises MonthOutsideTerm."""
    wanted = [_month_of_term(placement, month) for month in months]
    recorded = InsuranceMonth.objects.filter(placement=placement, kind=kind, month__in=wanted)
    held = {each.month: (each.proof, None) for each in recorded}
    return [MonthChange(month, held.get(month), (int(proof), None)) for month in wanted]


def preview_income_months(
    *, placement: Placement, amounts_fen: Iterable[tuple[date, int | None]], proof: Proof = Proof.DECLARED
) -> list[MonthChange]:
    """What recording these months and amounts would change; nothing is written. Raises MonthOutsideTerm."""
    wanted = [(_month_of_term(placement, month), amount) for month, amount in amounts_fen]
    recorded = IncomeMonth.objects.filter(placement=placement, month__in=[month for month, _ in wanted])
    held = {each.month: (each.proof, each.amount_fen) for each in recorded}
    return [MonthChange(month, held.get(month), (int(proof), amount)) for month, amount in wanted]


def _month_of_term(placement: Placement, day: date) -> date:
    """The first day of the day's month, in which the placement must run for a day at least."""
    month = day.replace(day=1)
    last = min((end for end in (placement.end_on, placement.left_on) if end is not None), default=None)
    if month < placement.start_on.replace(day=1) or (last is not None and month > last):
        raise MonthOutsideTerm(month)
    return month
