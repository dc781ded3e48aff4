"""Applications: the three groups by the rules, boundary days; recommendation, meeting, the base's answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiujin.internships.errors import (
    AlreadyApplied,
    FieldInvalid,
    NoPlaceLeft,
    PostClosed,
    ReasonMissing,
    TermOutsidePlan,
)
from jiujin.internships.meeting import propose
from jiujin.internships.places import places_left
from jiujin.internships.services.apply_for_internship import complete_application, withdraw_application
from jiujin.internships.services.offer_post import close_post
from jiujin.internships.services.recommend import answer_recommendation, recommend, recommend_pairs
from tests.internships.factories import ACTOR, apply, make_base, make_post
from tests.registry.factories import make_person

pytestmark = pytest.mark.django_db
DAY = date(2022, 6, 1)

# What the document says, worked out by hand for a first day of 2022-07-01.
CASES = [
    ("student", date(2022, 7, 1), None, "eligible"),  # graduates that very day
    ("student", date(2022, 6, 30), None, "refused"),  # has graduated
    ("student", date(2023, 1, 1), None, "eligible"),  # six months ahead
    ("student", date(2023, 1, 2), None, "refused"),  # a day too early
    ("graduate", date(2022, 7, 1), None, "eligible"),
    ("graduate", date(2020, 7, 1), None, "eligible"),  # two years ago to the day
    ("graduate", date(2020, 6, 30), None, "refused"),
    ("graduate", date(2022, 7, 2), None, "refused"),  # not graduated yet
    ("graduate", None, None, "applied"),
    ("youth", None, date(2006, 7, 1), "eligible"),  # sixteen that day
    ("youth", None, date(2006, 7, 2), "refused"),  # fifteen
    ("youth", None, date(1997, 7, 2), "eligible"),  # the last day of being 24
    ("youth", None, date(1997, 7, 1), "refused"),  # twenty-five
    ("youth", None, None, "applied"),
]


@pytest.mark.clause("3.2.1-groups", "3.2.2-apply")
@pytest.mark.parametrize(("group", "graduated_on", "born_on", "state"), CASES)
def test_three_groups_are_judged_on_the_wished_first_day(
    group: str, graduated_on: date | None, born_on: date | None, state: str
) -> None:
    if born_on or group == "youth":
        person = make_person(id_number=None, born_on=born_on, sex="male" if born_on else None)
    else:
        person = make_person()
    application = apply(person, group=group, graduated_on=graduated_on)
    assert application.state == state, application.judged
    if state != "eligible":
        assert application.judged["reasons"], "a person is told why"


def test_missing_day_is_told_and_once_known_the_application_is_judged_again() -> None:
    application = apply(graduated_on=None)
    assert application.judged["missing"] == ["graduated_on"]
    done = complete_application(application=application, graduated_on=date(2022, 6, 1), actor=ACTOR)
    assert done.state == "eligible"
    with pytest.raises(FieldInvalid):
        complete_application(application=done, graduated_on=date(2010, 6, 1), actor=ACTOR)


@pytest.mark.clause("3.2.1-term")
@pytest.mark.parametrize("months", [2, 13])
def test_wish_outside_the_plans_months_is_refused(months: int) -> None:
    with pytest.raises(TermOutsidePlan):
        apply(months=months)


def test_group_that_the_plan_does_not_name_is_refused() -> None:
    for group in ("none", "retired"):
        with pytest.raises(FieldInvalid):
            apply(group=group)


def test_person_has_one_open_application_and_may_apply_again_after_withdrawing() -> None:
    person = make_person()
    first = apply(person)
    with pytest.raises(AlreadyApplied):
        apply(person)
    withdraw_application(application=first, actor=ACTOR)
    assert apply(person).state == "eligible"


@pytest.mark.clause("3.2.2-meetings")
def test_recommendation_is_answered_by_the_base_and_a_declined_person_is_recommended_again() -> None:
    post, other = make_post(headcount=1), make_post(headcount=1)
    application = recommend(application=apply(), post=post, actor=ACTOR, today=DAY)
    assert places_left([post.pk, other.pk]) == {post.pk: 0, other.pk: 1}
    with pytest.raises(NoPlaceLeft):
        recommend(application=apply(), post=post, actor=ACTOR, today=DAY)
    with pytest.raises(ReasonMissing):
        answer_recommendation(application=application, accepted=False, actor=ACTOR)
    declined = answer_recommendation(application=application, accepted=False, reasons="专业不合", actor=ACTOR)
    assert (declined.state, declined.reasons, places_left([post.pk])[post.pk]) == ("declined", "专业不合", 1)
    again = recommend(application=declined, post=other, actor=ACTOR, today=DAY)
    assert answer_recommendation(application=again, accepted=True, actor=ACTOR).state == "accepted"


def test_closed_post_and_one_outside_its_days_take_nobody() -> None:
    post = make_post(open_until=date(2022, 6, 30))
    with pytest.raises(PostClosed):
        recommend(application=apply(), post=post, actor=ACTOR, today=date(2022, 7, 1))
    close_post(post=post, closed_on=DAY, actor=ACTOR)
    with pytest.raises(PostClosed):
        recommend(application=apply(), post=post, actor=ACTOR, today=DAY)


@pytest.mark.clause("3.2.2-meetings")
def test_meeting_places_as_many_as_can_be_and_then_by_wish() -> None:
    found, plain = make_base(), make_base()
    wished, other = make_post(found, headcount=1), make_post(plain, headcount=2)
    ones_own = apply(found_base=found)
    anyone = [apply(), apply()]
    left_over = apply()
    people: list[Any] = [anyone[0], ones_own, anyone[1]]
    pairs = propose(people, [wished, other], places_left([wished.pk, other.pk]))
    assert {pair.application.pk: pair.post.pk for pair in pairs} == {
        ones_own.pk: wished.pk, anyone[0].pk: other.pk, anyone[1].pk: other.pk,
    }  # fmt: skip
    assert len(propose([*people, left_over], [wished, other], places_left([wished.pk, other.pk]))) == 3
    done = recommend_pairs(pairs=[(pair.application, pair.post) for pair in pairs], actor=ACTOR, today=DAY)
    assert {each.state for each in done} == {"recommended"}
    assert propose([left_over], [wished, other], places_left([wished.pk, other.pk])) == []
