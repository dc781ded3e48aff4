"""The tables of transitions decide, and every step leaves exactly one event."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import jiujin.work.services
from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.core.transitions import Transition
from jiujin.work.errors import StepImpossible
from jiujin.work.models import Application, Introduction, Vacancy
from jiujin.work.services.take_step import TABLES, take_step
from tests.registry.factories import make_person, make_user
from tests.work.factories import make_application, make_vacancy

pytestmark = pytest.mark.django_db
STEPS = [(model, transition) for model, table in TABLES.items() for transition in table]


def record_in(model: type, state: str) -> Any:
    """A record of this kind in this state."""
    if model is Vacancy:
        return make_vacancy(state, published_at="2022-03-01T00:00Z")
    if model is Application:
        return make_application(make_vacancy(), state)
    maker = make_user(Role.SPECIALIST)
    return Introduction.objects.create(person=make_person(), vacancy=make_vacancy(), made_by=maker, state=state)


@pytest.mark.parametrize(
    ("model", "transition"), STEPS, ids=[f"{model.__name__}-{step.source}-{step.event}" for model, step in STEPS]
)
def test_step_leads_where_the_table_says_and_leaves_one_event(model: type, transition: Transition) -> None:
    record = record_in(model, transition.source)
    take_step(record, transition.event, actor="system:tests")
    assert type(record).objects.get(pk=record.pk).state == transition.target
    (event,) = Event.objects.order_by("id")
    assert (event.verb, event.subject_kind, event.subject_id) == (
        transition.event,
        record._meta.label_lower,
        str(record.pk),
    )
    assert event.details == {"from": transition.source, "to": transition.target}


@pytest.mark.parametrize("model", list(TABLES), ids=[model.__name__ for model in TABLES])
def test_step_that_the_table_does_not_have_changes_nothing_and_leaves_no_event(model: type) -> None:
    table = TABLES[model]
    states = [state for state, _ in model._meta.get_field("state").choices]  # type: ignore[attr-defined]
    allowed = {(step.source, step.event) for step in table}
    for state, event in product(states, sorted({step.event for step in table})):
        if (state, event) in allowed:
            continue
        record = record_in(model, state)
        with pytest.raises(StepImpossible, match=str(record.get_state_display())):
            take_step(record, event, actor="system:tests")
        assert type(record).objects.get(pk=record.pk).state == state
    assert not Event.objects.exists()


def test_no_pair_of_state_and_event_stands_twice_in_a_table() -> None:
    for table in TABLES.values():
        pairs = [(step.source, step.event) for step in table]
        assert len(pairs) == len(set(pairs))


def test_no_service_moves_a_state_past_the_table() -> None:
    """Only `take_step` writes a state: no service assigns one or gives one to `update`."""
    moved = []
    for path in sorted(Path(jiujin.work.services.__path__[0]).glob("*.py")):
        if path.name == "take_step.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            moved += [path.name for each in targets if isinstance(each, ast.Attribute) and each.attr == "state"]
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("update", "bulk_update"):
                moved += [path.name for keyword in node.keywords if keyword.arg == "state"]
    assert moved == []
