"""The plan this installation runs."""

from __future__ import annotations

from django.conf import settings

from jiujin.plan import Plan
from jiujin.rules import open_plan


def current_plan() -> Plan:
    """The pack named by the setting `JIUJIN_PLAN`, checked; read again where its files have changed.

    Raises PlanNotFound and PlanInvalid.
    """
    return open_plan(settings.PLAN)


def plan_by_id(plan_id: str) -> Plan:
    """A pack by its id, checked. Raises PlanNotFound and PlanInvalid."""
    return open_plan(plan_id)
