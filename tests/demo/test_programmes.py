"""The demo district's year of fairs and of the circles' programme, at any size, and that it goes when another is loaded."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from jiujin.circles.models import Engagement, PilotCommunity, PostHolding, StreetDecision, WelfarePost
from jiujin.cli.demo_district import load_demo
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.fairs.models import (
    EnterpriseVisit,
    Fair,
    FairCost,
    FairEmployer,
    FairHost,
    FairIntent,
    FairVisitor,
    MatchingService,
    NetworkProject,
    PublicEvent,
)

pytestmark = pytest.mark.django_db
YEAR_END = date(2022, 12, 31)


def counted(target: str) -> int:
    figure = figure_of(current_plan(), target, YEAR_END).counted
    assert figure is not None
    return figure


def test_district_has_a_year_of_fairs_with_the_awkward_cases_and_it_goes_with_its_district() -> None:
    load_demo(people=300, seed=1)
    held = Fair.objects.filter(state="held")
    assert counted("job-fairs") == held.count() == 11, "of twelve, one was cancelled"
    assert {fair.kind for fair in held} == {"on_site", "online", "livestream", "campus"}
    assert Fair.objects.filter(state="approved", held_on=timezone.localdate()).count() == 1
    assert Fair.objects.filter(state="planned").count() == 1
    assert FairHost.objects.filter(is_credited=False).exists(), "some are held jointly"
    assert FairEmployer.objects.filter(fair__state="held", signed_in_at=None).exists(), "some employers did not come"
    assert 0 < counted("enterprises-served") < FairEmployer.objects.count()
    assert counted("intents") == FairIntent.objects.filter(taken_back_at=None).count() > 0
    assert EnterpriseVisit.objects.exclude(promised="").filter(done_on=None).exists()
    assert counted("pilot-communities") == PilotCommunity.objects.count() == 2
    assert WelfarePost.objects.filter(filing_number="").exists() and PostHolding.objects.exists()
    assert PublicEvent.objects.filter(is_public_service=None).count() == 1 and PublicEvent.objects.count() > 2
    assert MatchingService.objects.count() == 4 and MatchingService.objects.filter(is_free=None).exists()
    assert NetworkProject.objects.filter(done_on=None).count() == 1
    load_demo(people=1, seed=2, replace=True)
    assert Fair.objects.count() == 14, "the new district's alone"
    assert Engagement.objects.count() == StreetDecision.objects.count() == 2


def test_smallest_district_has_fairs_too() -> None:
    load_demo(people=1, seed=3)
    assert Fair.objects.filter(state="held").count() == 11
    assert FairCost.objects.count() == 11
    assert FairVisitor.objects.count() <= 11
    assert PostHolding.objects.count() <= 1
