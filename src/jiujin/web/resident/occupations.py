"""The kinds of work to choose from: the middle level of the classification, under the upper one."""

from __future__ import annotations

from typing import Any, Final

from jiujin.work.models import Occupation

GROUP_DIGITS: Final = 3  # some eighty kinds


def occupation_groups() -> list[tuple[Any, Any]]:
    """The choices of a select, grouped."""
    shown = Occupation.objects.filter(code__regex=rf"^\d(\d{{{GROUP_DIGITS - 1}}})?$")  # the lower levels are many
    rows = list(shown.order_by("code").values_list("code", "name"))
    tops = {code: name for code, name in rows if len(code) == 1}
    groups = [(code, name) for code, name in rows if len(code) == GROUP_DIGITS]
    listed = [(name, [group for group in groups if group[0].startswith(top)]) for top, name in tops.items()]
    return [(name, inside) for name, inside in listed if inside]
