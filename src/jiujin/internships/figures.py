"""Counted figures of a base: interns, months, what came of them. Nothing here is typed in by anybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from jiujin.internships.models import Internship
from jiujin.internships.states import InternshipState
from jiujin.work.follow_up import follow_up_months

ENDED = (InternshipState.COMPLETED, InternshipState.HIRED_EARLY, InternshipState.INTERRUPTED)


@dataclass(frozen=True)
class Figures:
    """One base's year: people who began, ended, completed, left early; asked at the last follow-up, and kept by the unit then."""

    started: int
    ended: int
    completed: int
    interrupted: int
    months_paid: int
    absorbed: int
    asked: int
    kept: int

    @property
    def retention_percent(self) -> int | None:
        """Of those who were asked at the last follow-up, how many are at the unit; None where nobody was asked."""
        return round(100 * self.kept / self.asked) if self.asked else None

    def as_dict(self) -> dict[str, int]:
        """As a review keeps it."""
        return asdict(self)


def base_figures(unit_id: int, year: int | None = None) -> Figures:
    """Figures of one unit: of the internships that began in a year, or of all."""
    return figures_of([unit_id], year)[unit_id]


def figures_of(unit_ids: list[int], year: int | None = None) -> dict[int, Figures]:
    """Figures of some units, in one statement; `asked` and `kept` are of the latest follow-up of each intern."""
    internships = Internship.objects.filter(unit__in=unit_ids)
    if year is not None:
        internships = internships.filter(start_on__year=year)
    counted = {row["unit"]: row for row in _counted(internships)}
    months = dict(
        internships.filter(months__stipend_fen__isnull=False)
        .values("unit")
        .annotate(paid=Count("months"))
        .values_list("unit", "paid")
        .order_by("unit")
    )
    return {
        unit: Figures(
            **{
                name: counted.get(unit, {}).get(name, 0)
                for name in Figures.__dataclass_fields__
                if name != "months_paid"
            },
            months_paid=months.get(unit, 0),
        )
        for unit in unit_ids
    }


def _counted(internships: QuerySet[Internship]) -> QuerySet[Internship, dict[str, int]]:
    last = Q(follow_ups__after_months=max(follow_up_months(timezone.localdate()), default=0))
    return (
        internships.values("unit")
        .annotate(
            started=Count("pk", filter=~Q(state=InternshipState.AGREED), distinct=True),
            ended=Count("pk", filter=Q(state__in=ENDED), distinct=True),
            completed=Count("pk", filter=Q(state=InternshipState.COMPLETED), distinct=True),
            interrupted=Count("pk", filter=Q(state=InternshipState.INTERRUPTED), distinct=True),
            absorbed=Count("pk", filter=Q(contract_start_on__isnull=False), distinct=True),
            asked=Count("follow_ups", filter=last & Q(follow_ups__is_at_the_unit__isnull=False), distinct=True),
            kept=Count("follow_ups", filter=last & Q(follow_ups__is_at_the_unit=True), distinct=True),
        )
        .order_by("unit")
    )
