"""Whether an employer is a small or micro firm."""

from __future__ import annotations

from jiujin.registry.models import Organisation


def small_firm(employer: Organisation) -> bool | None:
    """By the plan's table where industry, headcount and revenue say so, else as declared; None is not known."""
    return employer.declared_small
