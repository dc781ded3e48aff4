"""An internship from its agreement to its end: agreed, insured, begun, interrupted or moved, completed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships.errors import BaseNotRecognised, FieldInvalid, InternshipRefused, NumberTaken, StepImpossible
from jiujin.internships.models import Base, InternApplication, InternPost, Internship
from jiujin.internships.services.steps import held, required_reason, take_step
from jiujin.internships.states import ApplicationState, BaseState, InternshipState
from jiujin.internships.terms import require_eligible, require_free, require_term
from jiujin.registry.models import EvidenceFile, Organisation
from jiujin.registry.services.lock import locked_person


@transaction.atomic
def agree_internship(
    *,
    application: InternApplication,
    start_on: date,
    end_on: date,
    agreement_on: date,
    actor: Actor,
) -> Internship:
    """Record the agreement of somebody whom a base accepted; everything is checked again for the real days.

    Raises StepImpossible, BaseNotRecognised, TermOutsidePlan, NotEligible, OwnStaff, TermTaken, FieldInvalid.
    """
    own = held(application)
    if own.state != ApplicationState.ACCEPTED or own.recommended_to is None:
        raise StepImpossible(str(own.get_state_display()), "internship_started")
    made = _agreed(
        application=own,
        post=own.recommended_to,
        start_on=start_on,
        end_on=end_on,
        agreement_on=agreement_on,
        follows=None,
        actor=actor,
    )
    take_step(own, "internship_started", actor=actor, details={"internship": made.pk})
    return made


@transaction.atomic
def document_agreement(*, internship: Internship, scan: EvidenceFile, actor: Actor) -> Internship:
    """The signed agreement came back on paper: group and dates are documented from now on. Raises FieldInvalid."""
    own = held(internship)
    if (scan.subject_kind, scan.subject_id) != (own._meta.label_lower, str(own.pk)):
        raise FieldInvalid("agreement", _("扫描件不是这次见习的"))
    own.agreement, own.proof = scan, max(Proof(own.proof), Proof.DOCUMENTED)
    own.save(update_fields=["agreement", "proof"])
    record_event(actor=actor, verb="agreement_documented", subject=own, details={"sm3": scan.sm3})
    return own


@transaction.atomic
def insure_intern(*, internship: Internship, insured_on: date, number: str, actor: Actor) -> Internship:
    """Record the accident insurance: its day and its number. Raises FieldInvalid."""
    own = held(internship)
    if not number.strip():
        raise FieldInvalid("insurance_number", _("没有写保险单号"))
    if insured_on > (own.ended_on or own.end_on):
        raise FieldInvalid("insured_on", _("投保日期晚于见习的最后一天"))
    own.insured_on, own.insurance_number = insured_on, number.strip()
    own.save(update_fields=["insured_on", "insurance_number"])
    record_event(actor=actor, verb="intern_insured", subject=own, details={"on": insured_on.isoformat()})
    return own


@transaction.atomic
def begin_internship(*, internship: Internship, today: date, actor: Actor) -> Internship:
    """The intern is there: from the first agreed day on. Raises FieldInvalid, StepImpossible."""
    own = held(internship)
    if own.state != InternshipState.AGREED:
        raise StepImpossible(str(own.get_state_display()), "internship_running")
    if today < own.start_on:
        raise FieldInvalid("start_on", _("还没有到约定的开始日期"))
    take_step(own, "internship_running", actor=actor)
    return own


@transaction.atomic
def interrupt_internship(*, internship: Internship, ended_on: date, reasons: str, actor: Actor) -> Internship:
    """End an internship before its term, with the last real day and why. Raises InternshipRefused."""
    own, told = held(internship), required_reason(reasons)
    _require_last_day(own, ended_on)
    details = {"on": ended_on.isoformat(), "reasons": told}
    take_step(own, "internship_interrupted", actor=actor, details=details, ended_on=ended_on, end_reasons=told)
    return own


@transaction.atomic
def resume_internship(*, internship: Internship, actor: Actor) -> Internship:
    """Take an interruption back: as if it had not been. Raises TermTaken, OwnStaff, StepImpossible."""
    own = held(internship)
    person = locked_person(own.person)
    if own.state != InternshipState.INTERRUPTED:
        raise StepImpossible(str(own.get_state_display()), "internship_running")
    require_free(person, own.unit, own.start_on, own.end_on, but=own.pk)
    take_step(own, "internship_running", actor=actor, ended_on=None, end_reasons="")
    return own


@transaction.atomic
def move_internship(
    *,
    internship: Internship,
    post: InternPost,
    ended_on: date,
    start_on: date,
    end_on: date,
    reasons: str,
    actor: Actor,
) -> Internship:
    """Change the unit: the one ends, another begins at a later day, judged and bounded like any other.

    Raises InternshipRefused in all its kinds; then neither is changed.
    """
    if start_on <= ended_on:
        raise FieldInvalid("start_on", _("到新单位的日期要晚于离开原单位的日期"))
    left = interrupt_internship(internship=internship, ended_on=ended_on, reasons=reasons, actor=actor)
    if left.unit_id == post.base.unit_id:
        raise FieldInvalid("post", _("还是原来的单位"))
    return _agreed(
        application=None,
        post=held(post),
        start_on=start_on,
        end_on=end_on,
        agreement_on=start_on,
        follows=left,
        actor=actor,
    )


@transaction.atomic
def complete_internship(
    *, internship: Internship, today: date, actor: Actor, certificate_number: str = ""
) -> Internship:
    """The agreed term is full; a certificate has a number of its own, and may be numbered later.

    Raises FieldInvalid, NumberTaken, StepImpossible.
    """
    own = held(internship)
    number = certificate_number.strip()
    if own.state == InternshipState.COMPLETED:
        own.certificate_number = _free_number(own, number)
        own.save(update_fields=["certificate_number"])
        record_event(actor=actor, verb="intern_certificate_numbered", subject=own, details={"number": number})
        return own
    if today < own.end_on:
        raise FieldInvalid("end_on", _("还没有到约定的最后一天，不能算期满"))
    take_step(
        own,
        "internship_completed",
        actor=actor,
        details={"number": number},
        ended_on=own.end_on,
        certificate_number=_free_number(own, number),
    )
    return own


@transaction.atomic
def hire_early(*, internship: Internship, ended_on: date, actor: Actor) -> Internship:
    """The unit hires the intern before the term is full. Raises FieldInvalid, StepImpossible."""
    own = held(internship)
    _require_last_day(own, ended_on)
    take_step(own, "internship_ended_by_hire", actor=actor, details={"on": ended_on.isoformat()}, ended_on=ended_on)
    return own


def require_recognised(unit: Organisation, day: date) -> Base:
    """The unit's base, recognised on the day. Raises BaseNotRecognised."""
    base = Base.objects.filter(unit=unit).first()
    if base is None or base.recognised_on is None or base.recognised_on > day:
        raise BaseNotRecognised(unit.name)
    if base.state != BaseState.RECOGNISED and (base.withdrawn_on is None or base.withdrawn_on <= day):
        raise BaseNotRecognised(unit.name)
    return base


def _agreed(
    *,
    application: InternApplication | None,
    post: InternPost,
    start_on: date,
    end_on: date,
    agreement_on: date,
    follows: Internship | None,
    actor: Actor,
) -> Internship:
    source = application or follows
    assert source is not None
    person, unit = locked_person(source.person), post.base.unit
    require_recognised(unit, start_on)
    require_term(start_on, end_on)
    if agreement_on > start_on:
        raise FieldInvalid("agreement_on", _("协议日期晚于见习开始的日期"))
    if follows is None:
        require_eligible(person, source.group, source.graduated_on, start_on, end_on)
    require_free(person, unit, start_on, end_on)
    made = Internship.objects.create(
        application=application,
        person=person,
        unit=unit,
        post=post,
        group=source.group,
        graduated_on=source.graduated_on,
        start_on=start_on,
        end_on=end_on,
        agreement_on=agreement_on,
        follows=follows,
    )
    details = {"person": person.pk, "unit": unit.pk, "start_on": start_on.isoformat(), "end_on": end_on.isoformat()}
    details |= {"follows": follows.pk} if follows else {}
    record_event(actor=actor, verb="internship_agreed", subject=made, details=details)
    return made


def _require_last_day(internship: Internship, ended_on: date) -> None:
    """The last real day, within the agreed term and before its last day."""
    if not internship.start_on <= ended_on < internship.end_on:
        last = internship.end_on - timedelta(days=1)
        text = _("最后一天要在 %(first)s 到 %(last)s 之间，没有保存。做满的请办期满。")
        raise InternshipRefused(text % {"first": internship.start_on, "last": last})


def _free_number(internship: Internship, number: str) -> str:
    if number and Internship.objects.filter(certificate_number=number).exclude(pk=internship.pk).exists():
        raise NumberTaken
    return number
