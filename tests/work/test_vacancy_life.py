"""A vacancy with its applications and introductions, whatever is done to them in whatever order (a state machine)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.work.errors import WorkError
from jiujin.work.models import Application, Introduction, Placement, Vacancy
from jiujin.work.services.answer_application import ANSWERS, answer_application, withdraw_application
from jiujin.work.services.apply_for import apply_for
from jiujin.work.services.close_vacancy import (
    close_vacancy,
    fill_vacancy,
    lapse_vacancies,
    pause_vacancy,
    resume_vacancy,
)
from jiujin.work.services.edit_vacancy import edit_vacancy
from jiujin.work.services.hire_applicant import hire_applicant
from jiujin.work.services.introduce import answer_introduction, introduce
from jiujin.work.services.review_vacancy import review_vacancy
from jiujin.work.services.submit_vacancy import submit_vacancy
from jiujin.work.services.take_step import TABLES
from tests.registry.factories import make_person, make_user
from tests.work.factories import TODAY, make_vacancy

PEOPLE = 3
WHO = st.integers(0, PEOPLE - 1)
ANY = st.integers(0, 50)
STANDING = ("sent", "seen", "accepted", "hired")


class VacancyLife(RuleBasedStateMachine):
    """Rules call the services and hold the outcome to what the states before it allow."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.today: date = TODAY
        self.people = [make_person() for _ in range(PEOPLE)]
        self.specialist, self.reviewer = make_user(Role.SPECIALIST), make_user(Role.REVIEWER)
        self.vacancy = make_vacancy(headcount=2, open_until=TODAY + timedelta(days=3))
        self.actor: Any = "system:tests"

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- what is done ----------------------------------------------------------------------------------------------

    def attempt(self, allowed: bool, do: Callable[[], Any]) -> None:
        """Do it: it goes through where it is allowed, and else changes nothing and says why."""
        before = self.snapshot()
        try:
            with transaction.atomic():
                do()
        except WorkError as error:
            assert not allowed, f"refused: {error}"
            assert str(error).endswith("。")
            assert self.snapshot() == before
        else:
            assert allowed, "went through"
        self.vacancy.refresh_from_db()

    def snapshot(self) -> tuple[Any, ...]:
        models = (Vacancy, Application, Introduction, Placement, Event)
        return tuple(sorted(map(str, model.objects.order_by("pk").values_list())) for model in models)

    @property
    def takes(self) -> bool:
        vacancy = self.vacancy
        return vacancy.state == "open" and self.today <= vacancy.open_until and vacancy.filled_count < vacancy.headcount

    def has_standing(self, who: int) -> bool:
        return Application.objects.filter(person=self.people[who], state__in=STANDING).exists()

    @rule(who=WHO)
    def apply(self, who: int) -> None:
        self.attempt(
            self.takes and not self.has_standing(who),
            lambda: apply_for(
                id=uuid4(), person=self.people[who], vacancy=self.vacancy, actor=self.actor, today=self.today
            ),
        )

    @rule(who=WHO)
    def recommend(self, who: int) -> None:
        waiting = Introduction.objects.filter(person=self.people[who], state="made").exists()
        self.attempt(
            self.takes and not waiting and not self.has_standing(who),
            lambda: introduce(
                id=uuid4(),
                person=self.people[who],
                vacancy=self.vacancy,
                actor=self.specialist,
                reasons=["近"],
                today=self.today,
            ),
        )

    def pick(self, model: type, number: int) -> Any:
        held = list(model.objects.order_by("pk"))  # type: ignore[attr-defined]
        return held[number % len(held)]

    @precondition(lambda self: Introduction.objects.exists())
    @rule(number=ANY, event=st.sampled_from(["introduction_taken_up", "introduction_declined"]))
    def answer_recommendation(self, number: int, event: str) -> None:
        picked: Introduction = self.pick(Introduction, number)
        if event == "introduction_declined":
            allowed = picked.state == "made"
        else:  # taken up again, it is the same application
            sent = Application.objects.filter(pk=picked.pk).exists()
            standing = Application.objects.filter(person=picked.person, state__in=STANDING).exists()
            allowed = sent or (self.takes and not standing and picked.state == "made")
            if not sent and picked.state != "made":
                return  # applying anew is `apply`
        self.attempt(
            allowed,
            lambda: answer_introduction(introduction=picked, event=event, actor=self.actor, today=self.today),
        )

    @precondition(lambda self: Application.objects.exists())
    @rule(number=ANY, event=st.sampled_from(ANSWERS))
    def answer(self, number: int, event: str) -> None:
        picked: Application = self.pick(Application, number)
        allowed = any((picked.state, event) == (step.source, step.event) for step in TABLES[Application])
        self.attempt(allowed, lambda: answer_application(application=picked, event=event, actor=self.actor))

    @precondition(lambda self: Application.objects.exists())
    @rule(number=ANY)
    def withdraw(self, number: int) -> None:
        picked: Application = self.pick(Application, number)
        allowed = picked.state in ("sent", "seen", "accepted")
        self.attempt(allowed, lambda: withdraw_application(application=picked, actor=self.actor))

    @precondition(lambda self: Application.objects.exists())
    @rule(number=ANY)
    def hire(self, number: int) -> None:
        picked: Application = self.pick(Application, number)
        allowed = (
            picked.state in ("sent", "seen", "accepted")
            and self.vacancy.state in ("open", "paused", "filled", "closed")
            and self.vacancy.filled_count < self.vacancy.headcount
        )
        self.attempt(allowed, lambda: hire_applicant(application=picked, start_on=self.today, actor=self.actor))

    @rule()
    def pause(self) -> None:
        self.attempt(self.vacancy.state == "open", lambda: pause_vacancy(vacancy=self.vacancy, actor=self.actor))

    @rule()
    def resume(self) -> None:
        vacancy = self.vacancy
        fit = vacancy.open_until >= self.today and vacancy.filled_count < vacancy.headcount
        self.attempt(
            fit and vacancy.state in ("paused", "filled"),
            lambda: resume_vacancy(vacancy=vacancy, actor=self.actor, today=self.today),
        )

    @rule()
    def fill(self) -> None:
        self.attempt(
            self.vacancy.state in ("open", "paused"), lambda: fill_vacancy(vacancy=self.vacancy, actor=self.actor)
        )

    @rule(sure=st.integers(0, 3))
    def close(self, sure: int) -> None:
        if sure == 0:  # seldom: a closed vacancy has no way back
            self.attempt(self.vacancy.state != "closed", lambda: close_vacancy(vacancy=self.vacancy, actor=self.actor))

    @rule(headcount=st.integers(1, 4))
    def edit_and_publish(self, headcount: int) -> None:
        self.attempt(
            self.vacancy.state != "closed" and headcount >= self.vacancy.filled_count,
            lambda: edit_vacancy(
                vacancy=self.vacancy,
                actor=self.actor,
                headcount=headcount,
                open_until=self.today + timedelta(days=2),
            ),
        )
        vacancy = self.vacancy
        fit = vacancy.open_until >= self.today and vacancy.filled_count < vacancy.headcount
        self.attempt(
            fit and vacancy.state == "draft",
            lambda: submit_vacancy(vacancy=vacancy, actor=self.actor, today=self.today),
        )
        if self.vacancy.state == "in_review":
            self.attempt(
                True,
                lambda: review_vacancy(
                    vacancy=self.vacancy, accept=True, because="", actor=self.reviewer, today=self.today
                ),
            )

    @rule(days=st.integers(0, 2))
    def night(self, days: int) -> None:
        self.today += timedelta(days=days)
        due = self.vacancy.state in ("open", "paused") and self.vacancy.open_until < self.today
        assert lapse_vacancies(today=self.today) == int(due)
        self.vacancy.refresh_from_db()

    # --- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def places_are_counted_and_never_overfilled(self) -> None:
        hired = Application.objects.filter(state="hired").count()
        assert hired == Placement.objects.filter(vacancy=self.vacancy).count() == self.vacancy.filled_count
        assert self.vacancy.filled_count <= self.vacancy.headcount
        assert self.vacancy.state != "open" or self.vacancy.filled_count < self.vacancy.headcount

    @invariant()
    def one_standing_application_a_person(self) -> None:
        standing = Counter(Application.objects.filter(state__in=STANDING).values_list("person", flat=True))
        assert all(count == 1 for count in standing.values())
        waiting = Counter(Introduction.objects.filter(state="made").values_list("person", flat=True))
        assert all(count == 1 for count in waiting.values())

    @invariant()
    def nobody_waits_for_a_vacancy_that_is_over(self) -> None:
        if self.vacancy.state in ("filled", "closed"):
            assert not Introduction.objects.filter(state="made").exists()
        if self.vacancy.state == "filled":
            assert not Application.objects.filter(state__in=("sent", "seen", "accepted")).exists()

    @invariant()
    def events_tell_every_step(self) -> None:
        for record in (self.vacancy, *Application.objects.order_by("pk"), *Introduction.objects.order_by("pk")):
            kept = Event.objects.filter(
                subject_kind=record._meta.label_lower, subject_id=str(record.pk), details__has_key="to"
            ).order_by("id")
            state = {"vacancy": "open", "application": "sent", "introduction": "made"}[record._meta.model_name]
            for event in kept:
                assert event.details["from"] == state
                state = event.details["to"]
            assert state == record.state


@pytest.mark.django_db
def test_vacancy_keeps_its_promises_whatever_is_done_to_it() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        VacancyLife,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
