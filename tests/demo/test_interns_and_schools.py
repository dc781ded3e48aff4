"""The demo district's interns and students keep what the services promise, at any size, and go when it goes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.models import Count

from jiujin.accounts.models import Role
from jiujin.cli.demo_district import load_demo
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.internships import pack
from jiujin.internships.judging import last_day
from jiujin.internships.models import Base, InternApplication, InternMonth, Internship
from jiujin.internships.terms import require_free
from jiujin.registry.models import EvidenceFile, Membership
from jiujin.schools.models import CityReply, Enrolment, Intake

pytestmark = pytest.mark.django_db


def test_interns_of_the_demo_keep_the_plans_months_and_no_day_twice() -> None:
    load_demo(people=900, seed=1)
    interns = list(Internship.objects.select_related("person", "unit").order_by("person_id", "start_on"))
    assert len(interns) > 3
    for each in interns:
        low, high = pack.months_bounds(each.start_on)
        assert last_day(each.start_on, low) <= each.end_on <= last_day(each.start_on, high)
        require_free(each.person, each.unit, each.start_on, each.end_on, but=each.pk)
    for before, after in pairwise(interns):
        if before.person_id == after.person_id:
            assert (before.ended_on or before.end_on) + timedelta(days=1) <= after.start_on
    assert InternMonth.objects.filter(month__lt=date(2022, 1, 1)).count() == 0
    assert {"recognised", "applied", "refused"} <= set(Base.objects.values_list("state", flat=True))
    assert InternApplication.objects.filter(state="refused").exclude(reasons="").exists()

    marks = {mark for marks in Enrolment.objects.values_list("marks", flat=True) for mark in marks}
    assert {"upgraded", "two_schools"} <= marks
    assert Enrolment.objects.filter(verdict="met").exists() and Enrolment.objects.filter(verdict="unmet").exists()
    states = dict(Intake.objects.order_by("state").values_list("state").annotate(Count("pk")))
    assert states == {"paid": 2, "reviewed": 2, "returned": 1, "stamped": 1}
    assert CityReply.objects.exclude(refused={}).exists()
    counted = figure_of(current_plan(), "school-intake", date(2022, 12, 31)).counted
    assert counted is not None and 0 < counted < Enrolment.objects.filter(enrolled_on__year=2022).count()
    assert Membership.objects.filter(user__role=Role.SCHOOL).exists()
    load_demo(people=60, seed=2, replace=True)
    assert Intake.objects.count() == 6, "three lists for each of two schools, the old ones gone"
    assert EvidenceFile.objects.filter(subject_kind="schools.intake").count() <= 6
