"""Sets a value of the plan that the document leaves to the district."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.current_plan import current_plan
from jiujin.core.models import ParameterSetting
from jiujin.core.services.record_event import Actor, record_event
from jiujin.plan.parameters import typed_value

MAY_BE_SET = frozenset({"unset", "reading", "external"})  # what the document itself states is nobody's to set


class SettingRefused(ValueError):
    """A value that cannot be set; its text is the sentence for the person."""


@transaction.atomic
def set_parameter(
    *,
    parameter: str,
    value: Any,
    source: str,
    actor: Actor,
    start_on: date | None = None,
    end_on: date | None = None,
) -> ParameterSetting:
    """Set a parameter's value for some days (open ends: always), written as in a pack: yuan, dates, codes.

    Raises SettingRefused where the plan has no such parameter, the document states it, or the value or its days are wrong.
    """
    plan = current_plan()
    held = plan.parameters.get(parameter)
    if held is None:
        raise SettingRefused(_("方案里没有参数 %(name)s，没有保存。") % {"name": parameter})
    if held.status not in MAY_BE_SET:
        raise SettingRefused(_("“%(name)s”是文件写明的，不能改，没有保存。") % {"name": held.name})
    if not source.strip():
        raise SettingRefused(_("请写明依据哪份文件，没有保存。"))
    if start_on and end_on and end_on < start_on:
        raise SettingRefused(_("结束日期早于开始日期，没有保存。"))
    try:
        typed_value(held, value)
    except ValueError as error:
        raise SettingRefused(
            _("“%(name)s”的取值不对：%(why)s。没有保存。") % {"name": held.name, "why": error}
        ) from None
    setting = ParameterSetting.objects.create(
        plan_id=plan.id,
        parameter=parameter,
        start_on=start_on,
        end_on=end_on,
        value=value,
        source=source.strip(),
        actor=actor if isinstance(actor, str) else f"user:{actor.pk}",
    )
    record_event(
        actor=actor, verb="parameter_set", subject=setting, details={"parameter": parameter, "value": str(value)}
    )
    return setting
