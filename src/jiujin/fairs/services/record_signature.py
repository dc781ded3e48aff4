"""Records a tripartite agreement signed at a campus fair, once a person and fair."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import record_event
from jiujin.fairs.errors import AlreadyThere, FieldWrong, StepImpossible
from jiujin.fairs.models import Fair, FairKind, FairState, TripartiteSignature
from jiujin.registry.models import Organisation, OrganisationKind, Person


@transaction.atomic
def record_signature(
    *,
    fair: Fair,
    person: Person,
    university: Organisation,
    actor: User,
    today: date,
    employer: Organisation | None = None,
    agreement_number: str = "",
    signed_on: date | None = None,
    proof: Proof = Proof.DECLARED,
) -> TripartiteSignature:
    """Record a signature at a campus fair of the university. Raises AlreadyThere, FieldWrong, StepImpossible."""
    if fair.state not in (FairState.APPROVED, FairState.HELD):
        raise StepImpossible(str(fair.get_state_display()))
    if fair.kind != FairKind.CAMPUS:
        raise FieldWrong("fair", "三方协议只记在校园招聘会上")
    if OrganisationKind.UNIVERSITY not in university.kinds:
        raise FieldWrong("university", f"“{university.name}”没有登记为高校")
    if not fair.hosts.filter(organisation=university).exists():
        raise FieldWrong("university", f"“{university.name}”不是这场招聘会的主办单位")
    if signed_on is not None and not fair.held_on <= signed_on <= today:
        raise FieldWrong("signed_on", "签约日期要在招聘会那天或以后，且不晚于今天")
    number = agreement_number.strip()
    if number and TripartiteSignature.objects.filter(agreement_number=number).exists():
        raise AlreadyThere(f"三方协议 {number} ")
    try:
        with transaction.atomic():
            signature = TripartiteSignature.objects.create(
                fair=fair, person=person, university=university, employer=employer, agreement_number=number,
                signed_on=signed_on, proof=proof,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere("这个人在这场招聘会上的三方协议") from error
    details = {"fair": fair.pk, "person": person.pk, "university": university.pk}
    record_event(actor=actor, verb="tripartite_signed", subject=signature, details=details)
    return signature
