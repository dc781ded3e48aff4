"""Applications to the district's public employment service; the plan's rules judge each by the wished first day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships import pack
from jiujin.internships.errors import AlreadyApplied, FieldInvalid, TermOutsidePlan
from jiujin.internships.judging import Asking, Judged, judge, last_day
from jiujin.internships.models import Base, InternApplication, InternPost
from jiujin.internships.services.steps import held, required_reason, take_step
from jiujin.internships.states import ApplicationState
from jiujin.registry.models import Person
from jiujin.registry.services.lock import locked_person

OPEN = (
    ApplicationState.APPLIED,
    ApplicationState.ELIGIBLE,
    ApplicationState.RECOMMENDED,
    ApplicationState.ACCEPTED,
)


@transaction.atomic
def apply_for_internship(
    *,
    person: Person,
    group: str,
    graduated_on: date | None,
    start_on: date,
    months: int,
    actor: Actor,
    wants: InternPost | None = None,
    found_base: Base | None = None,
) -> InternApplication:
    """Apply, also for a base that the person found; judged at once: eligible, refused with reasons, or waiting for a fact.

    Raises AlreadyApplied, FieldInvalid, TermOutsidePlan, PersonMergedAway.
    """
    own = locked_person(person)
    _require_group(group)
    low, high = pack.months_bounds(start_on)
    if not low <= months <= high:
        raise TermOutsidePlan(low, high, "months")
    standing = InternApplication.objects.filter(person=own, state__in=OPEN).first()
    if standing is not None:
        raise AlreadyApplied(standing.pk)
    application = InternApplication.objects.create(
        person=own,
        group=group,
        graduated_on=graduated_on,
        wished_start_on=start_on,
        wished_months=months,
        wants=wants,
        found_base=found_base,
    )
    details = {"person": own.pk, "group": group, "start_on": start_on.isoformat(), "months": months}
    record_event(actor=actor, verb="internship_applied_for", subject=application, details=details)
    _settle(application, actor)
    return application


@transaction.atomic
def complete_application(
    *,
    application: InternApplication,
    actor: Actor,
    group: str | None = None,
    graduated_on: date | None = None,
    start_on: date | None = None,
    months: int | None = None,
) -> InternApplication:
    """Add or correct what a waiting application says, and have it judged again; None leaves a value as it is.

    Raises FieldInvalid, TermOutsidePlan, StepImpossible.
    """
    own = held(application)
    if own.state != ApplicationState.APPLIED:
        raise FieldInvalid("group", _("这份申请已经有结论，不能再改"))
    if group is not None:
        _require_group(group)
        own.group = group
    own.graduated_on = graduated_on or own.graduated_on
    own.wished_start_on = start_on or own.wished_start_on
    own.wished_months = months or own.wished_months
    own.save(update_fields=["group", "graduated_on", "wished_start_on", "wished_months"])
    record_event(actor=actor, verb="internship_application_completed", subject=own, details={"group": own.group})
    _settle(own, actor)
    return own


@transaction.atomic
def withdraw_application(*, application: InternApplication, actor: Actor) -> InternApplication:
    """Take an application back before the internship begins. Raises StepImpossible."""
    own = held(application)
    take_step(own, "application_withdrawn", actor=actor)
    return own


@transaction.atomic
def refuse_application(*, application: InternApplication, reasons: str, actor: Actor) -> InternApplication:
    """An officer refuses what no rule can judge, and says why. Raises ReasonMissing, StepImpossible."""
    own, told = held(application), required_reason(reasons)
    take_step(own, "application_refused", actor=actor, details={"reasons": told}, reasons=told)
    return own


def judged(application: InternApplication) -> Judged:
    """What the rules say of an application now."""
    start_on, months = application.wished_start_on, application.wished_months
    asking = Asking(
        group=application.group,
        born_on=application.person.born_on,
        graduated_on=application.graduated_on,
        start_on=start_on,
        end_on=last_day(start_on, months) if start_on and months else None,
    )
    return judge([asking])[0]


def _settle(application: InternApplication, actor: Actor) -> None:
    """Move an application where the verdict leads; not known, it waits."""
    found = judged(application)
    application.judged = found.kept()
    if found.verdict == "unknown":
        application.save(update_fields=["judged"])
        return
    event = "application_found_eligible" if found.verdict == "met" else "application_refused"
    reasons = "；".join(found.reasons)[:300] if found.verdict == "unmet" else ""
    take_step(
        application,
        event,
        actor=actor,
        details={"unmet": found.unmet},
        judged=found.kept(),
        reasons=reasons,
    )


def _require_group(group: str) -> None:
    if group not in pack.groups():
        raise FieldInvalid("group", _("人员类型要是方案写的三类之一"))
