"""What must hold of a term: within the plan's months, by an eligible person, on days that nothing else takes."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from jiujin.internships import pack
from jiujin.internships.errors import FieldInvalid, NotEligible, OwnStaff, TermOutsidePlan, TermTaken
from jiujin.internships.judging import Asking, judge, last_day
from jiujin.internships.models import Internship
from jiujin.registry.models import Organisation, Person
from jiujin.values import whole_months
from jiujin.work.models import Placement


def require_term(start_on: date, end_on: date) -> None:
    """Raises TermOutsidePlan and FieldInvalid for a term that is too short, too long, or ends before it starts."""
    if end_on < start_on:
        raise FieldInvalid("end_on", _("结束日期早于开始日期"))
    low, high = pack.months_bounds(start_on)
    if whole_months(start_on, end_on) < low or end_on > last_day(start_on, high):
        raise TermOutsidePlan(low, high)


def require_eligible(person: Person, group: str, graduated_on: date | None, start_on: date, end_on: date) -> None:
    """The person in one of the three groups on the first day, by the plan's rules. Raises NotEligible."""
    (found,) = judge([Asking(group, person.born_on, graduated_on, start_on, end_on)])
    if found.verdict != "met":
        raise NotEligible(start_on, found.reasons)


def require_free(person: Person, unit: Organisation, start_on: date, end_on: date, but: int | None = None) -> None:
    """Nothing else on these days: no other internship, no work, and never at the unit itself.

    `but` is an internship left out of account (the one that is changed). Raises OwnStaff, TermTaken.
    """
    met = internships_meeting(person, start_on, end_on).exclude(pk=but)
    other = met.select_related("unit").order_by("start_on", "pk").first()
    if other is not None:
        until = other.ended_on or other.end_on
        raise TermTaken(_("在“%(unit)s”的见习") % {"unit": other.unit.name}, other.start_on, until)
    placements = list(
        _placements_meeting(person, start_on, end_on).select_related("employer").order_by("start_on", "pk")
    )
    if any(placement.employer_id == unit.pk for placement in placements):
        raise OwnStaff
    for placement in placements:
        until = placement.left_on or placement.end_on
        if until is None or until >= start_on:
            raise TermTaken(_("在“%(unit)s”的就业") % {"unit": placement.employer.name}, placement.start_on, until)


def internships_meeting(person: Person, start_on: date, end_on: date) -> QuerySet[Internship]:
    """A person's internships with a day in common; `ended_on` is the last day where they ended."""
    return Internship.objects.filter(
        Q(ended_on__gte=start_on) | Q(ended_on=None, end_on__gte=start_on), person=person, start_on__lte=end_on
    )


def _placements_meeting(person: Person, start_on: date, end_on: date) -> QuerySet[Placement]:
    """Work on these days, or at the unit until the day before: whoever was let go to be an intern is still own staff."""
    last = Coalesce(Least(F("left_on"), F("end_on")), F("left_on"), F("end_on"))
    return (
        Placement.objects.filter(person=person, start_on__lte=end_on)
        .annotate(last_on=last)
        .filter(Q(last_on=None) | Q(last_on__gte=start_on - timedelta(days=1)))
    )
