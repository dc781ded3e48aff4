"""Corrects an identity number that was entered wrongly: one person asks with the reason, another one confirms.

Where another record has the right number already, the two are one person: the wrong number is taken away and a merge proposed.
The events keep the numbers' keyed hashes alone.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.encryption import blind_index
from jiujin.core.fields import place_of
from jiujin.core.services.record_event import record_event
from jiujin.registry.errors import CorrectionWaiting, FieldInvalid, NothingToCorrect, NumbersDiffer, OwnCorrection
from jiujin.registry.field_checks import CONTROL, checked_identity
from jiujin.registry.models import IdentityCorrection, MergeProposal, MergeState, Person
from jiujin.registry.services.lock import locked_person
from jiujin.registry.states import correction_target_of

REASON_CHARACTERS = 200
SAME_NUMBER = "same_number"  # why such a merge is proposed


@transaction.atomic
def ask_to_correct_identity(*, person: Person, id_number: str, reason: str, actor: User) -> IdentityCorrection:
    """Ask for the person's identity number to become another one; nothing changes until somebody else confirms it.

    Raises IdNumberRefused, NothingToCorrect, FieldInvalid (no reason), CorrectionWaiting, PersonMergedAway.
    """
    held = locked_person(person)
    identity = checked_identity(id_number)
    if held.id_number is None or held.id_number == identity.number:
        raise NothingToCorrect
    because = CONTROL.sub("", reason).strip()[:REASON_CHARACTERS]
    if not because:
        raise FieldInvalid("reason", _("没有写明为什么改正，没有提交。请写核对了什么证件。"))
    try:
        with transaction.atomic():
            correction = IdentityCorrection.objects.create(
                person=held, id_number=identity.number, reason=because, asked_by=actor
            )
    except IntegrityError as error:
        raise CorrectionWaiting from error
    record_event(actor=actor, verb="identity_correction_asked", subject=correction, details={"person": held.pk})
    return correction


@transaction.atomic
def confirm_identity(*, correction: IdentityCorrection, id_number: str, actor: User) -> IdentityCorrection:
    """Give the person the right number with its birth and sex; or, where another record has it, propose to merge the two.

    `id_number` is the number as the second person reads it from the document. Raises CorrectionDecided, OwnCorrection,
    IdNumberRefused, NumbersDiffer, PersonMergedAway.
    """
    held = _locked(correction)
    state = correction_target_of(held, "identity_corrected")
    if held.asked_by_id == actor.pk:
        raise OwnCorrection
    person, identity = locked_person(held.person), checked_identity(id_number)
    if identity.number != held.id_number:
        raise NumbersDiffer
    before = _hash(person.id_number)
    other = Person.objects.filter(id_number_index=identity.number).exclude(pk=person.pk).first()
    if other is None:
        person.id_number, person.born_on, person.sex = identity.number, identity.born_on, identity.sex
    else:
        person.id_number = None
        held.proposal = _proposed(kept=other, other=person)
    person.save()
    _decide(held, state, actor)
    details = {
        "correction": held.pk,
        "before": before,
        "after": _hash(identity.number),
        "merge": held.proposal_id,
    }
    record_event(actor=actor, verb="identity_corrected", subject=person, details=details)
    return held


@transaction.atomic
def refuse_identity(*, correction: IdentityCorrection, actor: User) -> IdentityCorrection:
    """Leave the number as it is; whoever asked may take it back like this. Raises CorrectionDecided."""
    held = _locked(correction)
    _decide(held, correction_target_of(held, "identity_correction_refused"), actor)
    details = {"correction": held.pk}
    record_event(actor=actor, verb="identity_correction_refused", subject=held.person, details=details)
    return held


def _locked(correction: IdentityCorrection) -> IdentityCorrection:
    return IdentityCorrection.objects.select_for_update(of=("self",)).select_related("person").get(pk=correction.pk)


def _decide(held: IdentityCorrection, state: str, actor: User) -> None:
    held.state, held.decided_by, held.decided_at, held.id_number = state, actor, timezone.now(), None
    held.save()


def _proposed(*, kept: Person, other: Person) -> MergeProposal:
    """The open proposal of the two, made where there is none; the number says it, so it is certain."""
    if kept.merged_into_id is not None:
        kept = Person.objects.get(pk=kept.merged_into_id)
    for one, two in ((kept, other), (other, kept)):
        standing = MergeProposal.objects.filter(kept=one, other=two, state=MergeState.PROPOSED).first()
        if standing is not None:
            MergeProposal.objects.filter(pk=standing.pk).update(probability=1.0, reasons=[SAME_NUMBER])
            return standing
    return MergeProposal.objects.create(kept=kept, other=other, probability=1.0, reasons=[SAME_NUMBER])


def _hash(number: str | None) -> str | None:
    if number is None:
        return None
    return blind_index(number, place=place_of(Person._meta.get_field("id_number"))).hex()  # type: ignore[arg-type]
