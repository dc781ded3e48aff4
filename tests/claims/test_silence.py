"""What happens when nobody does anything: reminders, escalations, and what counts as accepted; once a due day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from jiujin.claims.models import ClaimLine
from jiujin.claims.services import tell_overdue as module
from jiujin.claims.services.tell_overdue import Told, tell_overdue
from jiujin.core.models import Event
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from tests.claims.factories import DAYS, NOW, filed, passed, set_rates

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def test_a_late_line_is_told_of_once_for_each_day_it_was_due() -> None:
    set_rates(**DAYS)
    claim, payee = filed(lines=2)
    [first, _] = passed(claim, payee, until="submitted")
    assert tell_overdue(now=NOW) == Told()
    assert tell_overdue(now=LATER) == Told(reminded=2)
    assert tell_overdue(now=LATER) == Told()
    event = Event.objects.filter(verb="line_reminded", subject_id=str(first)).get()
    assert event.details == {"due_on": "2022-11-18", "days_late": 19, "days_in_state": 22, "state": "submitted"}
    assert set(ClaimLine.objects.values_list("state", flat=True)) == {"submitted"}


def test_where_silence_means_escalation_somebody_above_is_told() -> None:
    set_rates(**DAYS)
    claim, payee = filed()
    passed(claim, payee, until="first_passed")
    assert tell_overdue(now=LATER) == Told(escalated=1)
    assert Event.objects.filter(verb="line_escalated").count() == 1


@pytest.fixture
def deemed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plan]:
    """The plan in force, in which silence counts as the step in every step."""
    plan = plan_in_force()
    changed = {
        name: workflow.model_copy(
            update={"steps": [step.model_copy(update={"silence": "deemed"}) for step in workflow.steps]}
        )
        for name, workflow in plan.workflows.items()
    }
    silent = plan.model_copy(update={"workflows": changed})
    monkeypatch.setattr(module, "plan_in_force", lambda: silent)
    yield silent


def test_silence_can_accept_a_line_but_never_decides_one(deemed: Plan) -> None:
    set_rates(**DAYS)
    claim, payee = filed()
    passed(claim, payee, until="submitted")
    assert tell_overdue(now=LATER) == Told(deemed=1)
    line = ClaimLine.objects.get()
    assert line.state == "accepted"
    assert tell_overdue(now=LATER + timedelta(days=30)) == Told(escalated=1)
    assert ClaimLine.objects.get().state == "accepted"
    connection.check_constraints()


def test_without_a_limit_nothing_is_late() -> None:
    set_rates()
    claim, payee = filed()
    passed(claim, payee, until="submitted")
    assert ClaimLine.objects.get().due_on is None
    assert tell_overdue(now=LATER) == Told()
