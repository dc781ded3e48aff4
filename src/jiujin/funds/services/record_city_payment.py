"""Notes the city's own payment of lines that the city decides on; the district's book has no posting of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.queries import plan_of
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step
from jiujin.funds.errors import LineNotPayable, ReasonMissing
from jiujin.funds.models import CityPayment
from jiujin.registry.models import EvidenceFile
from jiujin.schools.pack import SUBJECT
from jiujin.schools.services.pay_intake import PaidStudent, note_students_paid


@transaction.atomic
def record_city_payment(
    *,
    line_ids: Iterable[int],
    voucher: str,
    paid_on: date,
    actor: User,
    now: datetime,
    scan: EvidenceFile | None = None,
) -> list[ClaimLine]:
    """Note the voucher of lines, all or none; lines that carry it already are left as they are.

    Raises ReasonMissing (no voucher number), LineNotPayable (the district's own), StepImpossible, NotAllowed.
    """
    if not voucher.strip():
        raise ReasonMissing
    lines = locked_lines(line_ids)
    require_step(actor, lines, "payment")
    noted = dict(CityPayment.objects.filter(line__in=lines).values_list("line_id", "voucher_number"))
    fresh = [line for line in lines if noted.get(line.pk) != voucher.strip()]
    for line in fresh:
        if line.payer != Payer.CITY:
            raise LineNotPayable(line.pk)
    take_step(fresh, "line_paid_by_city", actor=actor, now=now)
    CityPayment.objects.bulk_create(
        CityPayment(
            line=line,
            voucher_number=voucher.strip(),
            paid_on=paid_on,
            amount_fen=line.amount_fen,
            scan=scan,
            entered_by=actor,
        )
        for line in fresh
    )
    _tell_schools(fresh, voucher.strip(), paid_on, actor, scan)
    return lines


def _tell_schools(lines: list[ClaimLine], voucher: str, paid_on: date, actor: User, scan: EvidenceFile | None) -> None:
    """What the city paid for students is paid on the lists of their schools too."""
    paid = [
        PaidStudent(line.record_id, line.person_id, line.payee_id)
        for line in lines
        if plan_of(line.plan_digest).schemes[line.scheme].subject == SUBJECT
    ]
    if paid:
        note_students_paid(students=paid, voucher=voucher, paid_on=paid_on, actor=actor, scan=scan)
