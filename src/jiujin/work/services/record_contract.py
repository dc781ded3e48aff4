"""Records the contract or agreement that a placement rests on, and that a placement has ended."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.work.errors import DayInFuture, MonthsAfterLeaving, TermImpossible
from jiujin.work.models import Contract, Placement
from jiujin.work.vacancy_fields import plain_text

REASON_CHARACTERS = 200


@transaction.atomic
def record_contract(
    *,
    placement: Placement,
    start_on: date,
    actor: Actor,
    end_on: date | None = None,
    open_ended: bool = False,
    number: str = "",
    signed_on: date | None = None,
    proof: Proof = Proof.DECLARED,
) -> Contract:
    """Record a contract; one of the same first day is corrected, another first day is a renewal.

    The term of the placement follows its contracts: from its own first day to the last day agreed. Raises TermImpossible.
    """
    if end_on is not None and open_ended:
        raise TermImpossible("无固定期限的合同不能有结束日期")
    if end_on is not None and end_on < start_on:
        raise TermImpossible("合同的结束日期早于开始日期")
    if start_on < placement.start_on:
        raise TermImpossible("合同的开始日期早于就业的开始日期")
    held = Placement.objects.select_for_update().get(pk=placement.pk)
    if held.left_on is not None and start_on > held.left_on:
        raise TermImpossible("合同的开始日期在离开之后")
    contract, is_new = Contract.objects.update_or_create(
        placement=held,
        start_on=start_on,
        defaults={
            "number": plain_text(number)[:60],
            "signed_on": signed_on,
            "end_on": end_on,
            "open_ended": open_ended,
            "proof": proof,
        },
    )
    _follow_contracts(held)
    details = {"start_on": start_on.isoformat(), "end_on": end_on and end_on.isoformat(), "open_ended": open_ended}
    verb = "contract_recorded" if is_new else "contract_corrected"
    record_event(actor=actor, verb=verb, subject=held, details={**details, "proof": int(proof)})
    return contract


@transaction.atomic
def remove_contract(*, contract: Contract, actor: Actor) -> None:
    """Take back a contract that was recorded by mistake; the event keeps what it said."""
    held = Placement.objects.select_for_update().get(pk=contract.placement_id)
    details = {
        "start_on": contract.start_on.isoformat(),
        "end_on": contract.end_on and contract.end_on.isoformat(),
        "open_ended": contract.open_ended,
        "proof": contract.proof,
    }
    contract.delete()
    _follow_contracts(held)
    record_event(actor=actor, verb="contract_removed", subject=held, details=details)


def _follow_contracts(placement: Placement) -> None:
    """Bring term and proof of the placement in line with its contracts; without one, they stay as declared."""
    contracts = list(placement.contracts.order_by("start_on"))
    if not contracts:
        return
    last = contracts[-1]
    placement.open_ended = last.open_ended
    placement.end_on = None if last.open_ended else last.end_on
    placement.proof = min(contract.proof for contract in contracts)
    placement.save(update_fields=["open_ended", "end_on", "proof"])


@transaction.atomic
def end_placement(
    *, placement: Placement, left_on: date, actor: Actor, because: str = "", today: date | None = None
) -> Placement:
    """Record the last day really worked; recorded again, it is corrected. The term as agreed stays as it is.

    Raises TermImpossible, DayInFuture, MonthsAfterLeaving.
    """
    held = Placement.objects.select_for_update().get(pk=placement.pk)
    if left_on < held.start_on:
        raise TermImpossible("离开的日期早于开始日期")
    if left_on > (today or timezone.localdate()):
        raise DayInFuture(left_on)
    later = sum(months.filter(month__gt=left_on).count() for months in (held.insurance_months, held.income_months))
    if later:
        raise MonthsAfterLeaving(left_on, later)
    before = held.left_on
    held.left_on, held.left_because = left_on, plain_text(because)[:REASON_CHARACTERS]
    held.save(update_fields=["left_on", "left_because"])
    details = {"left_on": left_on.isoformat()} | ({"left_on_before": before.isoformat()} if before else {})
    record_event(actor=actor, verb="placement_ended", subject=held, details=details)
    return held


@transaction.atomic
def resume_placement(*, placement: Placement, actor: Actor) -> Placement:
    """Take back an end that was recorded by mistake. Raises TermImpossible where none is."""
    held = Placement.objects.select_for_update().get(pk=placement.pk)
    if held.left_on is None:
        raise TermImpossible("这次就业没有记录过离开")
    details = {"left_on_before": held.left_on.isoformat()}
    held.left_on, held.left_because = None, ""
    held.save(update_fields=["left_on", "left_because"])
    record_event(actor=actor, verb="placement_resumed", subject=held, details=details)
    return held
