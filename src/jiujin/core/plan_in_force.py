"""The plan that claims and money are decided by: the pack, with the values that this district set for itself."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from jiujin.core.current_plan import current_plan
from jiujin.core.models import ParameterSetting, PlanVersion
from jiujin.plan import Plan, digest_of
from jiujin.plan.models import ParameterValue

_in_force: dict[tuple[str, int], Plan] = {}
_lock = threading.Lock()
_asked: ContextVar[list[Plan] | None] = ContextVar("plan_asked", default=None)


@contextmanager
def one_plan() -> Iterator[None]:
    """Within it the plan is asked for once: what only reads shows one plan throughout, and asks the database once."""
    token = _asked.set([])
    try:
        yield
    finally:
        _asked.reset(token)


def plan_in_force() -> Plan:
    """The current pack with the latest settings of its parameters; its digest tells both apart from any other."""
    asked = _asked.get()
    if asked:
        return asked[0]
    plan = _plan_now()
    if asked is not None:
        asked.append(plan)
    return plan


def _plan_now() -> Plan:
    plan = current_plan()
    last = ParameterSetting.objects.filter(plan_id=plan.id).order_by("-id").values_list("id", flat=True).first()
    if last is None:
        return plan
    key = (plan.digest, last)
    with _lock:
        if key not in _in_force:
            _in_force.clear()
            _in_force[key] = with_settings(plan)
        return _in_force[key]


def with_settings(plan: Plan) -> Plan:
    """The plan with what the district set: a parameter that has settings has no other values."""
    written: dict[str, dict[tuple[date | None, date | None], ParameterSetting]] = defaultdict(dict)
    for setting in ParameterSetting.objects.filter(plan_id=plan.id).order_by("id"):
        written[setting.parameter][setting.start_on, setting.end_on] = setting
    parameters = dict(plan.parameters)
    for name, by_days in written.items():
        if name in parameters:
            values = [_value(setting) for setting in by_days.values()]
            parameters[name] = parameters[name].model_copy(update={"values": values, "status": "external"})
    changed = plan.model_copy(update={"parameters": parameters})
    return changed.model_copy(update={"digest": digest_of(changed)})


def _value(setting: ParameterSetting) -> ParameterValue:
    fields: dict[str, Any] = {"from": setting.start_on, "to": setting.end_on, "value": setting.value}
    return ParameterValue(**fields, source=setting.source, checked_on=setting.set_at.date())


def keep_version(plan: Plan) -> str:
    """Keep the whole plan, once, so that what is decided by it now can be judged again; gives its digest."""
    if not PlanVersion.objects.filter(digest=plan.digest).exists():  # no memory of it: a transaction may be rolled back
        version = PlanVersion(digest=plan.digest, plan_id=plan.id, content=plan.model_dump_json(by_alias=True))
        PlanVersion.objects.bulk_create([version], ignore_conflicts=True)
    return plan.digest


def kept_plan(digest: str) -> Plan:
    """A plan as it stood when something was decided by it. Raises PlanVersion.DoesNotExist."""
    return Plan.model_validate_json(PlanVersion.objects.get(digest=digest).content)
