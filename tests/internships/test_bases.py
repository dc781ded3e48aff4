"""Bases and their posts."""

from __future__ import annotations

from datetime import date

import pytest

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.internships import pack
from jiujin.internships.errors import (
    BaseNotRecognised,
    ChannelUnknown,
    PostClosed,
    ReasonMissing,
    ReviewedAlready,
    StepImpossible,
    StipendTooLow,
    TermOutsidePlan,
)
from jiujin.internships.services.keep_base import (
    apply_as_base,
    recognise_base,
    refuse_base,
    review_base,
    withdraw_base,
)
from jiujin.internships.services.offer_post import close_post, publish_post
from jiujin.registry.models import OrganisationKind
from tests.accounts.people import someone
from tests.internships.factories import ACTOR, make_base, make_post, running
from tests.registry.factories import make_organisation

pytestmark = pytest.mark.django_db
DAY = date(2022, 3, 1)


def test_unit_applies_is_recognised_and_then_counts_as_a_base_of_the_registry() -> None:
    base = make_base()
    assert (base.state, base.recognised_on) == ("recognised", date(2022, 1, 1))
    base.unit.refresh_from_db()
    assert OrganisationKind.INTERNSHIP_BASE in base.unit.kinds
    verbs = Event.objects.filter(subject_kind="internships.base").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["base_applied", "base_recognised"]


def test_refused_unit_may_apply_again_and_a_recognised_one_may_not() -> None:
    unit = make_organisation()
    base = apply_as_base(unit=unit, applied_on=DAY, actor=ACTOR)
    with pytest.raises(ReasonMissing):
        refuse_base(base=base, reasons="  ", actor=ACTOR)
    refuse_base(base=base, reasons="没有指导老师", actor=ACTOR)
    again = apply_as_base(unit=unit, applied_on=date(2022, 4, 1), actor=ACTOR)
    assert (again.pk, again.state, again.reasons) == (base.pk, "applied", "")
    recognise_base(base=again, document="甲", recognised_on=date(2022, 4, 2), actor=ACTOR)
    with pytest.raises(StepImpossible):
        apply_as_base(unit=unit, applied_on=date(2022, 5, 1), actor=ACTOR)


def test_withdrawn_base_offers_no_more_posts_and_its_interns_go_on() -> None:
    internship = running()
    base = withdraw_base(base=internship.post.base, reasons="停业", withdrawn_on=date(2022, 8, 1), actor=ACTOR)
    with pytest.raises(BaseNotRecognised):
        make_post(base)
    internship.refresh_from_db()
    assert internship.state == "running"


def test_review_keeps_the_figures_counted_at_that_moment() -> None:
    internship = running()
    clerk = someone(Role.CLERK)
    review = review_base(base=internship.post.base, year=2022, passed=True, words="", actor=clerk)
    assert (review.figures["started"], review.figures["completed"]) == (1, 0)
    with pytest.raises(ReviewedAlready):
        review_base(base=internship.post.base, year=2022, passed=True, words="", actor=clerk)
    with pytest.raises(ReasonMissing):
        review_base(base=internship.post.base, year=2023, passed=False, words="", actor=clerk)


@pytest.mark.clause("3.2.2-collect")
@pytest.mark.parametrize(("months", "stands"), [(2, False), (3, True), (12, True), (13, False)])
def test_post_is_within_the_plans_months(months: int, stands: bool) -> None:
    if stands:
        assert make_post(months=months).months == months
    else:
        with pytest.raises(TermOutsidePlan):
            make_post(months=months)


@pytest.mark.clause("3.2.3-higher", "3.2.3-allowance")
def test_post_pays_the_plans_stipend_or_more_and_never_a_fen_less() -> None:
    floor_fen = pack.stipend_floor_fen(DAY)
    assert floor_fen == 200_000
    base = make_base()
    make_post(base, stipend_fen=floor_fen)
    make_post(base, stipend_fen=floor_fen + 50_000)
    with pytest.raises(StipendTooLow) as told:
        make_post(base, stipend_fen=floor_fen - 1)
    assert "2,000.00" in str(told.value)


@pytest.mark.clause("3.2.2-publish")
def test_post_is_made_known_on_several_channels_of_the_plan_each_with_day_and_address() -> None:
    post = make_post()
    for channel in pack.channels():
        publish_post(
            post=post, channel=channel, published_on=DAY, address=f"https://example.invalid/{channel}", actor=ACTOR
        )
    publish_post(post=post, channel=pack.channels()[0], published_on=date(2022, 3, 2), actor=ACTOR)
    told = post.publications.order_by("channel").values_list("channel", "published_on")
    assert sorted(told) == sorted([(pack.channels()[0], date(2022, 3, 2)), (pack.channels()[1], DAY)])
    with pytest.raises(ChannelUnknown):
        publish_post(post=post, channel="朋友圈", published_on=DAY, actor=ACTOR)
    close_post(post=post, closed_on=DAY, actor=ACTOR)
    with pytest.raises(PostClosed):
        publish_post(post=post, channel=pack.channels()[0], published_on=DAY, actor=ACTOR)
