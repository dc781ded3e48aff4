"""A unit's way to be a base: it applies, is recognised or refused, is reviewed each year, is withdrawn."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships.errors import FieldInvalid, InternshipRefused, ReviewedAlready
from jiujin.internships.figures import base_figures
from jiujin.internships.models import Base, BaseReview
from jiujin.internships.services.steps import held, required_reason, take_step
from jiujin.internships.states import BaseState
from jiujin.registry.models import Organisation, OrganisationKind


@transaction.atomic
def apply_as_base(*, unit: Organisation, applied_on: date, actor: Actor, mentor: str = "") -> Base:
    """Ask that a unit be recognised; one refused or withdrawn may ask again. Raises StepImpossible."""
    fields = {"applied_on": applied_on, "mentor": mentor.strip()}
    base, is_new = Base.objects.get_or_create(unit=unit, defaults=fields)
    if is_new:
        record_event(actor=actor, verb="base_applied", subject=base, details={"unit": unit.pk})
        return base
    again = held(base)
    take_step(again, "base_applied", actor=actor, reasons="", withdrawn_on=None, **fields)
    return again


@transaction.atomic
def recognise_base(*, base: Base, document: str, recognised_on: date, actor: Actor) -> Base:
    """Recognise a base by a document of a day; its unit is a base of the registry from now on. Raises InternshipRefused."""
    own = held(base)
    if recognised_on < own.applied_on:
        raise FieldInvalid("recognised_on", _("认定日期早于申请日期"))
    take_step(
        own,
        "base_recognised",
        actor=actor,
        details={"document": document.strip()},
        document=document.strip(),
        recognised_on=recognised_on,
        reasons="",
    )
    _mark_unit(own, actor)
    return own


@transaction.atomic
def refuse_base(*, base: Base, reasons: str, actor: Actor) -> Base:
    """Do not recognise a base, and say why. Raises InternshipRefused."""
    own, told = held(base), required_reason(reasons)
    take_step(own, "base_refused", actor=actor, details={"reasons": told}, reasons=told)
    return own


@transaction.atomic
def withdraw_base(*, base: Base, reasons: str, withdrawn_on: date, actor: Actor) -> Base:
    """Take the recognition back from a day on: no new interns; who is there finishes the term. Raises InternshipRefused."""
    own, told = held(base), required_reason(reasons)
    if own.recognised_on and withdrawn_on < own.recognised_on:
        raise FieldInvalid("withdrawn_on", _("退出日期早于认定日期"))
    take_step(own, "base_withdrawn", actor=actor, details={"reasons": told}, reasons=told, withdrawn_on=withdrawn_on)
    return own


@transaction.atomic
def review_base(*, base: Base, year: int, passed: bool, words: str, actor: User) -> BaseReview:
    """Review a base's year on the figures counted at this moment, which the review keeps.

    Raises ReviewedAlready, ReasonMissing (not passed, and not said why), InternshipRefused (never recognised).
    """
    own = held(base)
    if own.state not in (BaseState.RECOGNISED, BaseState.WITHDRAWN):
        raise InternshipRefused(_("还没有认定的基地不用复核，没有保存。"))
    if own.reviews.filter(year=year).exists():
        raise ReviewedAlready(year)
    told = words.strip() if passed else required_reason(words)
    figures = base_figures(own.unit_id, year).as_dict()
    review = BaseReview.objects.create(
        base=own, year=year, passed=passed, words=told, figures=figures, reviewed_by=actor
    )
    record_event(actor=actor, verb="base_reviewed", subject=own, details={"year": year, "passed": passed, **figures})
    return review


def _mark_unit(base: Base, actor: Actor) -> None:
    unit = Organisation.objects.select_for_update().get(pk=base.unit_id)
    if OrganisationKind.INTERNSHIP_BASE not in unit.kinds:
        unit.kinds = [*unit.kinds, OrganisationKind.INTERNSHIP_BASE]
        unit.save(update_fields=["kinds"])
        record_event(actor=actor, verb="organisation_kind_added", subject=unit, details={"kind": "internship_base"})
