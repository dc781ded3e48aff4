"""Which kinds of cost an event may have: the pack's table, each kind with its label and whether it may be paid."""

from __future__ import annotations

from dataclasses import dataclass

from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan.parameters import typed_value

KINDS_PARAMETER = "event_cost_kinds"


@dataclass(frozen=True)
class CostKind:
    """One kind of cost; `source` is where it is said whether it may be paid."""

    id: str
    label: str
    is_allowed: bool
    source: str


def cost_kinds() -> dict[str, CostKind]:
    """Every kind that the plan in force knows; none where it says nothing."""
    parameter = plan_in_force().parameters.get(KINDS_PARAMETER)
    kinds: dict[str, CostKind] = {}
    for value in parameter.values if parameter else []:
        for row in typed_value(parameter, value.value):  # type: ignore[arg-type,union-attr]
            key, label, allowed = row  # type: ignore[misc]
            kinds[str(key)] = CostKind(str(key), str(label), bool(allowed), value.source)
    return kinds
