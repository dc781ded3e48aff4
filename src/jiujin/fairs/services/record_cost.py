"""Records a cost of a fair by its voucher; kinds that may not be paid are refused."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.fairs.costs import cost_kinds
from jiujin.fairs.errors import AlreadyThere, CostForbidden, FieldWrong, StepImpossible
from jiujin.fairs.models import Fair, FairCost, FairState


@transaction.atomic
def record_cost(
    *,
    fair: Fair,
    kind: str,
    amount_fen: int,
    voucher_number: str,
    paid_on: date,
    actor: User,
    today: date,
) -> FairCost:
    """Record one cost, once a voucher number. Raises CostForbidden, AlreadyThere, FieldWrong, StepImpossible."""
    if fair.state in (FairState.PLANNED, FairState.CANCELLED):
        raise StepImpossible(str(fair.get_state_display()))
    known = cost_kinds().get(kind)
    if known is None:
        raise CostForbidden(kind, "方案包里没有这一种开支，请先在参数里写明")
    if not known.is_allowed:
        raise CostForbidden(known.label, known.source)
    voucher = voucher_number.strip()
    if not voucher:
        raise FieldWrong("voucher_number", "要写凭证号")
    if amount_fen <= 0:
        raise FieldWrong("amount", "金额要大于 0")
    if paid_on > today:
        raise FieldWrong("paid_on", "付款日期还没有到")
    try:
        with transaction.atomic():
            cost = FairCost.objects.create(
                fair=fair, kind=kind, amount_fen=amount_fen, voucher_number=voucher, paid_on=paid_on,
                entered_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere(f"凭证 {voucher} ") from error
    details = {"fair": fair.pk, "kind": kind, "amount_fen": amount_fen}
    record_event(actor=actor, verb="fair_cost_recorded", subject=cost, details=details)
    return cost
