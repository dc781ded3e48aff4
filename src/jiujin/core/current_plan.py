"""The plan this installation runs."""

from __future__ import annotations

import logging
from time import monotonic

from django.conf import settings

from jiujin.plan import Plan, PlanInvalid
from jiujin.rules import open_plan

log = logging.getLogger(__name__)

_in_force: dict[str, Plan] = {}
_looked_at: dict[str, float] = {}


def current_plan() -> Plan:
    """The pack named by the setting `JIUJIN_PLAN`, checked; read again where its files have changed.

    A page asks several times, and the files are many: they are looked at once in `PLAN_SECONDS`.
    While its files are faulty, a process that has opened it before goes on with what it opened, and logs the faults.
    Raises PlanNotFound, and PlanInvalid where nothing was opened before.
    """
    now = monotonic()
    if (
        settings.PLAN in _in_force
        and now - _looked_at.get(settings.PLAN, -settings.PLAN_SECONDS) < settings.PLAN_SECONDS
    ):
        return _in_force[settings.PLAN]
    _looked_at[settings.PLAN] = now
    try:
        _in_force[settings.PLAN] = open_plan(settings.PLAN)
    except PlanInvalid as error:
        if settings.PLAN not in _in_force:
            raise
        log.error("the plan's files are faulty, the version opened before stays in force: %s", error)
    return _in_force[settings.PLAN]


def plan_by_id(plan_id: str) -> Plan:
    """A pack by its id, checked. Raises PlanNotFound and PlanInvalid."""
    return current_plan() if plan_id == settings.PLAN else open_plan(plan_id)
