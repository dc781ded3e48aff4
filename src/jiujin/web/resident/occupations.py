"""The kinds of work to choose from: the middle level of the classification, under the upper one."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

from django.conf import settings

from jiujin.work.models import Occupation

GROUP_DIGITS: Final = 3  # some eighty kinds


_held: tuple[float, list[tuple[Any, Any]]] | None = None


def occupation_groups() -> list[tuple[Any, Any]]:
    """The choices of a select, grouped; read again after PLAN_SECONDS, as the plan is."""
    global _held  # one for the process
    now = monotonic()
    if _held is None or now - _held[0] >= settings.PLAN_SECONDS:
        _held = (now, _read_groups())
    return _held[1]


def _read_groups() -> list[tuple[Any, Any]]:
    shown = Occupation.objects.filter(code__regex=rf"^\d(\d{{{GROUP_DIGITS - 1}}})?$")  # the lower levels are many
    rows = list(shown.order_by("code").values_list("code", "name"))
    tops = {code: name for code, name in rows if len(code) == 1}
    groups = [(code, name) for code, name in rows if len(code) == GROUP_DIGITS]
    listed = [(name, [group for group in groups if group[0].startswith(top)]) for top, name in tops.items()]
    return [(name, inside) for name, inside in listed if inside]
