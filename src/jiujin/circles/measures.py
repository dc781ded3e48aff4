"""What of an operator's work is counted from records: the figures of its monthly report and of its contract's indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jiujin.circles.models import Engagement, EngagementIndicator, FollowUp, HelpPlan, PostHolding, WelfarePost
from jiujin.core.listing import Words
from jiujin.registry.models import Organisation
from jiujin.work.models import Introduction, Placement, ServiceRecord


@dataclass(frozen=True)
class Measure:
    """One thing that is counted: its words, and how many there are for an operator from one day to another."""

    label: Words
    count: Callable[[Organisation, date, date], int]


def _services(operator: Organisation, first: date, last: date) -> QuerySet[ServiceRecord]:
    return ServiceRecord.objects.filter(operator=operator, served_on__range=(first, last))


def _placements(operator: Organisation, first: date, last: date) -> QuerySet[Placement]:
    return Placement.objects.filter(operator=operator, start_on__range=(first, last))


def _people(records: QuerySet[ServiceRecord] | QuerySet[Placement] | QuerySet[PostHolding]) -> int:
    return records.order_by().values("person").distinct().count()


def _posts(operator: Organisation, first: date, last: date) -> int:
    developed = WelfarePost.objects.filter(operator=operator, developed_on__range=(first, last))
    return developed.aggregate(places=Sum("headcount"))["places"] or 0


def _holdings(operator: Organisation, first: date, last: date) -> QuerySet[PostHolding]:
    running = (Q(end_on=None) | Q(end_on__gte=first)) & (Q(left_on=None) | Q(left_on__gte=first))
    return PostHolding.objects.filter(running, post__operator=operator, start_on__lte=last)


MEASURES: Final[Mapping[str, Measure]] = {
    "people_served": Measure(_("服务的人数"), lambda who, a, b: _people(_services(who, a, b))),
    "services_given": Measure(_("服务人次"), lambda who, a, b: _services(who, a, b).count()),
    "introductions": Measure(
        _("推荐人次"), lambda who, a, b: Introduction.objects.filter(operator=who, made_at__date__range=(a, b)).count()
    ),
    "placements": Measure(_("就业人次"), lambda who, a, b: _placements(who, a, b).count()),
    "people_placed": Measure(_("就业的人数"), lambda who, a, b: _people(_placements(who, a, b))),
    "posts_developed": Measure(_("开发的公益性岗位数"), _posts),
    "people_on_posts": Measure(_("在公益性岗位上的人数"), lambda who, a, b: _people(_holdings(who, a, b))),
    "follow_ups": Measure(
        _("就业后回访人次"),
        lambda who, a, b: FollowUp.objects.filter(placement__operator=who, asked_on__range=(a, b)).count(),
    ),
    "help_plans": Measure(
        _("制定的帮扶计划"),
        lambda who, a, b: HelpPlan.objects.filter(circle__operator=who, made_on__range=(a, b)).count(),
    ),
}


def counted(operator: Organisation, first: date, last: date) -> dict[str, int]:
    """Every measure of an operator from one day to another, both included."""
    return {name: measure.count(operator, first, last) for name, measure in MEASURES.items()}


@dataclass(frozen=True)
class Scored:
    """One indicator of a contract: what was counted since its start, and how much of what was asked that is."""

    indicator: EngagementIndicator
    label: Words
    counted: int

    @property
    def percent(self) -> int:
        """At most a hundred, rounded down."""
        return min(100, self.counted * 100 // self.indicator.figure) if self.indicator.figure else 100


def scored(engagement: Engagement, day: date) -> list[Scored]:
    """The indicators of a contract as they stand on a day, counted from records."""
    last = min(filter(None, (day, engagement.end_on, engagement.ended_on)))
    return [
        Scored(
            each,
            MEASURES[each.measure].label,
            MEASURES[each.measure].count(engagement.operator, engagement.start_on, last),
        )
        for each in engagement.indicators.order_by("pk")
        if each.measure in MEASURES
    ]
