"""Whether an employer is a small or micro firm."""

from __future__ import annotations

from jiujin.core.current_plan import current_plan
from jiujin.plan import firm_size
from jiujin.registry.models import Organisation


def small_firm(employer: Organisation) -> bool | None:
    """By the plan's table where industry, headcount and revenue say so, else as declared; None is not known."""
    known = firm_size.is_small_firm(
        current_plan(), industry=employer.industry, headcount=employer.headcount, revenue_fen=employer.revenue_fen
    )
    return employer.declared_small if known is None else known
