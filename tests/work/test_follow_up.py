"""When people are asked what became of them is the plan's to say."""

from __future__ import annotations

from datetime import date

import pytest

from jiujin.core.current_plan import current_plan
from jiujin.work import follow_up
from jiujin.work.follow_up import follow_up_months, months_in_words

DAY = date(2022, 7, 1)


def plan_with(values: list[list[int]] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = current_plan()
    known = plan.parameters[follow_up.PARAMETER]
    others = {name: each for name, each in plan.parameters.items() if name != follow_up.PARAMETER}
    if values is not None:
        held = known.values[0].model_copy(update={"value": values})
        others[follow_up.PARAMETER] = known.model_copy(update={"values": [held]})
    monkeypatch.setattr(follow_up, "plan_in_force", lambda: plan.model_copy(update={"parameters": others}))


def test_months_are_the_plan_s_the_earliest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    plan_with([[12], [2]], monkeypatch)
    assert follow_up_months(DAY) == (2, 12)
    assert months_in_words(follow_up_months(DAY)) == "2、12"


def test_plan_that_says_nothing_has_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    plan_with(None, monkeypatch)
    assert follow_up_months(DAY) == ()
