"""Codes that records hold and the plan pack names: the pack's choices are the only list."""

from __future__ import annotations

from jiujin.core.current_plan import current_plan


class CodeNotInPlan(Exception):
    """A code that the plan's fact does not list."""

    def __init__(self, label: str, code: str, choices: dict[str, str]) -> None:
        self.code = code
        listed = "、".join(f"{name}（{meaning}）" for name, meaning in choices.items())
        super().__init__(f"{label}“{code}”不在方案里，没有保存。可用：{listed}。")


def require_choice(fact_id: str, code: str) -> str:
    """The code, if the plan's fact `fact_id` has it among its choices. Raises CodeNotInPlan."""
    fact = current_plan().facts[fact_id]
    if code not in fact.choices:
        raise CodeNotInPlan(fact.label, code, fact.choices)
    return code
