"""The invented pilots, contracts, posts and help of a demonstration: a year of the plan in each circle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.db import connection

from jiujin.accounts.models import User
from jiujin.circles.certified import certified_on
from jiujin.circles.measures import counted
from jiujin.circles.models import (
    Circle,
    Engagement,
    EngagementIndicator,
    FollowUp,
    HelpPlan,
    OperatorReport,
    PilotCommunity,
    PostHolding,
    PostMonth,
    StreetDecision,
    WelfarePost,
)
from jiujin.core.proof import Proof
from jiujin.plan import Plan
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.values import add_months
from jiujin.work.models import Placement

TITLES = ("社区保洁员", "公共场所保安", "便民服务协管员", "养老服务员")
POSTS, PLACES, PLANS, MONTHS = 8, 2, 12, 6
INDICATORS = {"people_served": 300, "services_given": 900, "placements": 60}


def fill_programme(
    *, plan: Plan, seed: int, circles: Sequence[Circle], clerk: User, operator_user: User, day: date
) -> int:
    """Add to each circle its pilot, decision, contract and reports; posts with who holds them, plans and follow-ups.

    Gives how many posts. Where nobody is certified as in difficulty, the posts stay free.
    """
    first = plan.header.period.start or day.replace(month=1, day=1)
    for number, circle in enumerate(circles):
        _engage(circle, number, first, clerk, operator_user)
    return _develop(Random(f"{seed}/posts"), circles, first, clerk)


def _engage(circle: Circle, number: int, first: date, clerk: User, operator_user: User) -> None:
    if circle.operator is None or circle.community.parent is None:
        return
    start = add_months(first, 1 + number)
    PilotCommunity.objects.create(
        community=circle.community,
        source="演示取值，不是文件规定",
        chosen_on=first,
        recorded_by=clerk,
        is_synthetic=True,
    )
    StreetDecision.objects.create(
        circle=circle, street=circle.community.parent, mode="演示：委托第三方运营，街道派专员驻点", decided_on=start,
        officer="演示街道负责人", document=f"演示街办〔{first.year}〕{number + 1}号", recorded_by=clerk,
    )  # fmt: skip
    contract = Engagement.objects.create(
        circle=circle, operator=circle.operator, procurement="open_tender" if number == 0 else "entrusted",
        notice="演示中标通知" if number == 0 else "", contract_number=f"演示HT{first.year}-{number + 1}", signed_on=start,
        start_on=start, end_on=add_months(start, 12) - timedelta(days=1), system_used="ours",
    )  # fmt: skip
    EngagementIndicator.objects.bulk_create(
        EngagementIndicator(engagement=contract, name=measure, measure=measure, figure=figure)
        for measure, figure in INDICATORS.items()
    )
    for past in range(MONTHS):
        month = add_months(start.replace(day=1), past)
        last = add_months(month, 1) - timedelta(days=1)
        OperatorReport.objects.create(
            engagement=contract, month=month, counted=counted(circle.operator, month, last), sent_by=operator_user
        )


def _develop(pick: Random, circles: Sequence[Circle], first: date, clerk: User) -> int:
    """Posts of demo entities; held by people who were certified by their first day, one of whom left early."""
    employers = Organisation.objects.filter(is_synthetic=True, kinds__contains=[OrganisationKind.EMPLOYER])
    entities = list(employers.order_by("credit_code")[:POSTS])
    start = add_months(first, 2)
    certified = certified_on(start).filter(person__is_synthetic=True, proof=Proof.VERIFIED)
    people = list(
        certified.order_by("person_id").values_list("person_id", flat=True).distinct()[: POSTS * PLACES + PLANS]
    )
    waiting = iter(people)
    for number, entity in enumerate(entities):
        circle = circles[number % len(circles)] if circles else None
        filed = number % 4 != 3  # one in four was never filed on the platform
        post = WelfarePost.objects.create(
            entity=entity, operator=circle.operator if circle else None, circle=circle, title=f"演示{TITLES[number % len(TITLES)]}",
            headcount=PLACES, developed_on=first + timedelta(days=20),
            filing_number=f"演示GY{number + 1}" if filed else "", proof=Proof.VERIFIED if filed else Proof.DECLARED,
        )  # fmt: skip
        for place in range(PLACES - number % 2):
            person = next(waiting, None)
            if person is not None:
                _hold(pick, post, person, start, f"{number + 1}-{place + 1}", left=number == 2)
    for person in waiting:
        HelpPlan.objects.create(
            person_id=person, circle=circles[0] if circles else None, made_on=start, situation="演示：想在家附近做事",
            steps="演示：推荐三个岗位，陪同面试一次", made_by=clerk,
        )  # fmt: skip
        _ask(person, clerk)
    return len(entities)


def _hold(pick: Random, post: WelfarePost, person: int, start: date, number: str, *, left: bool) -> None:
    holding = PostHolding.objects.create(
        post=post, person_id=person, start_on=start, end_on=add_months(start, MONTHS) - timedelta(days=1),
        left_on=add_months(start, 3) if left else None, left_because="演示：搬家" if left else "",
        registration_number=f"演示JY{number}", labour_filing_number=f"演示YG{number}",
        service_number=f"演示FW{number}" if post.filing_number else "", proof=post.proof,
    )  # fmt: skip
    for past in range(3 if left else MONTHS):
        PostMonth.objects.create(
            holding=holding, month=add_months(start.replace(day=1), past), attended_days=pick.randrange(18, 24),
            is_insured=True if past else None, premium_fen=42_000 if past else None, wage_fen=180_000, proof=post.proof,
        )  # fmt: skip


def _ask(person: int, clerk: User) -> None:
    """Ask after the person's first placement at one month."""
    placement = Placement.objects.filter(person_id=person).order_by("start_on", "pk").first()
    if placement is not None:
        FollowUp.objects.create(
            placement=placement, after_months=1, asked_on=add_months(placement.start_on, 1), still_employed=True,
            words="演示：做得习惯", asked_by=clerk,
        )  # fmt: skip


def clear_programme() -> None:
    """Take out what was added for synthetic circles, people and entities."""
    of_circle = "(SELECT id FROM circles_circle WHERE is_synthetic)"
    of_firm = "(SELECT id FROM registry_organisation WHERE is_synthetic)"
    of_person = "(SELECT id FROM registry_person WHERE is_synthetic)"
    of_contract = f"(SELECT id FROM circles_engagement WHERE circle_id IN {of_circle} OR operator_id IN {of_firm})"
    of_post = (
        "(SELECT id FROM circles_welfarepost"
        f" WHERE entity_id IN {of_firm} OR operator_id IN {of_firm} OR circle_id IN {of_circle})"
    )
    of_holding = f"(SELECT id FROM circles_postholding WHERE post_id IN {of_post} OR person_id IN {of_person})"
    of_placement = f"(SELECT id FROM work_placement WHERE person_id IN {of_person})"
    with connection.cursor() as cursor:
        for statement in (
            f"DELETE FROM circles_followup WHERE placement_id IN {of_placement}",
            f"DELETE FROM circles_helpplan WHERE person_id IN {of_person} OR circle_id IN {of_circle}",
            f"DELETE FROM circles_postmonth WHERE holding_id IN {of_holding}",
            f"DELETE FROM circles_postholding WHERE id IN {of_holding}",
            f"DELETE FROM circles_welfarepost WHERE id IN {of_post}",
            f"DELETE FROM circles_operatorreport WHERE engagement_id IN {of_contract}",
            f"DELETE FROM circles_engagementindicator WHERE engagement_id IN {of_contract}",
            f"DELETE FROM circles_engagement WHERE id IN {of_contract}",
            f"DELETE FROM circles_streetdecision WHERE circle_id IN {of_circle}",
            "DELETE FROM circles_pilotcommunity WHERE is_synthetic",
        ):
            cursor.execute(statement)
