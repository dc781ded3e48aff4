"""The whole workflow, driven at random against a plain model of it: what may be done is done, and what may not is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import ClaimLine, Decision, NoticeLine
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.answer_appeal import answer_appeal
from jiujin.claims.services.answer_objection import answer_objection
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.mend_line import mend_line
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.raise_appeal import raise_appeal
from jiujin.claims.services.raise_objection import raise_objection
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.claims.services.withdraw_lines import withdraw_lines
from tests.claims.factories import DAYS, NOW, payee_user, set_rates, stable_placement
from tests.registry.factories import make_user

LINES = 3  # the first two are of one person, whose limit is one a year
OPEN = ("submitted", "accepted", "first_passed", "second_passed", "in_notice", "noticed")
REJECTABLE = {"accepted": Role.CLERK, "first_passed": Role.REVIEWER, "second_passed": Role.REVIEWER}
REJECTABLE |= {"in_notice": Role.REVIEWER, "noticed": Role.LEADER}
RETURNABLE = {"submitted": Role.CLERK} | REJECTABLE


@dataclass
class Known:
    """What the model knows of a line."""

    person: int
    state: str = "draft"
    placed: bool = False
    deciders: set[int] = field(default_factory=set)  # since it was sent
    ever: set[int] = field(default_factory=set)
    stopped: int = 0
    closes: int = 0  # the day number after which its notice is over
    appealed: bool = False


class Workflow(RuleBasedStateMachine):
    """Three lines, seven people, and a clock that only goes forward."""

    @initialize(depths=st.tuples(*[st.integers(0, 6)] * LINES))
    def begin(self, depths: tuple[int, ...]) -> None:
        """A small world, in which each line has come so far already."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        set_rates(**DAYS)
        first = stable_placement()
        stable_placement(first.operator, person=first.person)
        stable_placement(first.operator)
        self.payee = payee_user(first.operator)
        self.claim = claim_from_records(
            claim_id=uuid4(),
            scheme="stable-employment",
            payee=first.operator,
            actor=self.payee,
            now=NOW,
            with_unmet=True,
        )
        self.people = [make_user(role) for role in (Role.CLERK, Role.CLERK, Role.REVIEWER, Role.REVIEWER, Role.LEADER)]
        self.ids = list(self.claim.lines.order_by("position").values_list("pk", flat=True))
        persons = [0, 0, 1]
        self.known = {pk: Known(person) for pk, person in zip(self.ids, persons, strict=True)}
        self.day = 0
        for at, steps in enumerate(depths):
            self.go_on(at, steps, 0)

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- the model ---------------------------------------------------------------------------------------------------

    def has_room(self, line: Known) -> bool:
        return line.placed or not any(
            other.placed for other in self.known.values() if other.person == line.person and other is not line
        )

    def attempt(self, may: bool, act: Any) -> bool:
        """Do it, and see that it is refused exactly where the model says so."""
        try:
            with transaction.atomic():
                act()
        except ClaimRefused:
            assert not may, "the model allows what was refused"
            return False
        assert may, "the model forbids what was done"
        return True

    def pick(self, at: int) -> tuple[int, Known]:
        pk = self.ids[at % LINES]
        return pk, self.known[pk]

    def leave(self, line: Known, state: str) -> None:
        line.state, line.placed, line.stopped = state, False, 0

    @property
    def now(self) -> Any:
        return NOW + timedelta(days=self.day)

    # --- what people do ------------------------------------------------------------------------------------------------

    @rule(at=st.integers(0, LINES - 1))
    def submit(self, at: int) -> None:
        pk, line = self.pick(at)
        if self.attempt(
            line.state == "draft", lambda: submit_claim(claim=self.claim, actor=self.payee, now=self.now, ids=[pk])
        ):
            line.placed = self.has_room(line)
            line.state, line.deciders = "submitted", set()

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4))
    def accept(self, at: int, who: int) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        may = line.state == "submitted" and actor.role == Role.CLERK
        if self.attempt(may, lambda: accept_lines(ids=[pk], actor=actor, now=self.now)):
            line.state = "accepted"

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4), stage=st.sampled_from(["first", "second"]))
    def review(self, at: int, who: int, stage: Any) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        role, source = (Role.CLERK, "accepted") if stage == "first" else (Role.REVIEWER, "first_passed")
        met = self.has_room(line)
        may = line.state == source and actor.role == role and met and actor.pk not in line.deciders
        if self.attempt(may, lambda: pass_lines(ids=[pk], stage=stage, actor=actor, now=self.now)):
            line.state, line.placed = f"{stage}_passed", True
            self.decided(line, actor)

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4))
    def publish(self, at: int, who: int) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        may = line.state == "second_passed" and actor.role == Role.CLERK
        if self.attempt(may, lambda: publish_notice(ids=[pk], actor=actor, now=self.now)):
            line.state = "in_notice"
            line.closes = (NoticeLine.objects.filter(line=pk).latest("pk").notice.closes_on - NOW.date()).days

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.day += days
        going = [line for line in self.known.values() if line.state == "in_notice" and not line.stopped]
        going = [line for line in going if self.day > line.closes]
        assert close_notices(now=self.now) == len(going)
        for line in going:
            line.state = "noticed"

    @rule(at=st.integers(0, LINES - 1), steps=st.integers(1, 6), pair=st.integers(0, 1))
    def go_on(self, at: int, steps: int, pair: int) -> None:
        """Some steps forward by the right people, so that lines come far."""
        for _ in range(steps):
            state = self.known[self.ids[at]].state
            if state == "draft":
                self.submit(at)
            elif state == "submitted":
                self.accept(at, pair)
            elif state == "accepted":
                self.review(at, pair, "first")
            elif state == "first_passed":
                self.review(at, 2 + pair, "second")
            elif state == "second_passed":
                self.publish(at, pair)
            elif state == "in_notice" and steps > 3:
                self.wait(9)
            elif state == "returned":
                self.mend(at)

    @rule(at=st.integers(0, LINES - 1))
    def hurry(self, at: int) -> None:
        self.go_on(at, 6, 0)

    @rule(at=st.integers(0, LINES - 1))
    def object(self, at: int) -> None:
        pk, line = self.pick(at)
        shown = NoticeLine.objects.filter(line=pk).order_by("-pk").first()
        if shown is None:
            return
        may = line.state == "in_notice" and self.day <= line.closes
        if self.attempt(
            may,
            lambda: raise_objection(notice_line_id=shown.pk, text="异议", raised_by="", contact="", now=self.now),
        ):
            line.stopped += 1

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4), upheld=st.booleans())
    def answer_an_objection(self, at: int, who: int, upheld: bool) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        objection = ClaimLine.objects.get(pk=pk).objections.filter(state="raised").order_by("pk").first()
        if objection is None:
            assert not line.stopped
            return
        may = actor.pk not in line.ever
        if (
            self.attempt(
                may,
                lambda: answer_objection(
                    objection_id=objection.pk, upheld=upheld, answer="答复", actor=actor, now=self.now
                ),
            )
            and line.state == "in_notice"
        ):
            if upheld:
                self.leave(line, "returned")
            else:
                line.stopped -= 1

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4))
    def send_back(self, at: int, who: int) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        may = RETURNABLE.get(line.state) == actor.role
        if self.attempt(may, lambda: return_lines(ids=[pk], reasons="补正", actor=actor, now=self.now)):
            self.leave(line, "returned")

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4))
    def reject(self, at: int, who: int) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        may = REJECTABLE.get(line.state) == actor.role and actor.pk not in line.deciders
        if self.attempt(may, lambda: reject_lines(ids=[pk], reasons="不符合", actor=actor, now=self.now)):
            self.leave(line, "rejected")
            self.decided(line, actor)

    @rule(at=st.integers(0, LINES - 1))
    def mend(self, at: int) -> None:
        pk, line = self.pick(at)
        may = line.state in ("draft", "returned")
        if self.attempt(may, lambda: mend_line(line_id=pk, declared={}, actor=self.payee, now=self.now)):
            line.state = "draft"

    @rule(at=st.integers(0, LINES - 1), surely=st.integers(0, 7))
    def withdraw(self, at: int, surely: int) -> None:
        pk, line = self.pick(at)
        may = line.state in (*OPEN, "draft", "returned")
        if may and surely:
            return  # one in eight, so that lines come far
        if self.attempt(may, lambda: withdraw_lines(ids=[pk], actor=self.payee, now=self.now)):
            self.leave(line, "withdrawn")

    @rule(at=st.integers(0, LINES - 1))
    def appeal(self, at: int) -> None:
        pk, line = self.pick(at)
        may = line.state == "rejected" and not line.appealed
        if self.attempt(may, lambda: raise_appeal(line_id=pk, text="申诉", actor=self.payee, now=self.now)):
            line.appealed = True

    @rule(at=st.integers(0, LINES - 1), who=st.integers(0, 4), upheld=st.booleans())
    def answer_an_appeal(self, at: int, who: int, upheld: bool) -> None:
        pk, line = self.pick(at)
        actor = self.people[who]
        appeal = ClaimLine.objects.get(pk=pk).appeals.filter(state="raised").first()
        if appeal is None:
            assert not line.appealed
            return
        may = actor.pk not in line.ever
        if self.attempt(
            may,
            lambda: answer_appeal(appeal_id=appeal.pk, upheld=upheld, answer="答复", actor=actor, now=self.now),
        ):
            line.appealed = False
            if upheld:
                line.state, line.placed = "accepted", self.has_room(line)
                self.decided(line, actor)

    def decided(self, line: Known, actor: User) -> None:
        line.deciders.add(actor.pk)
        line.ever.add(actor.pk)

    # --- what always holds -----------------------------------------------------------------------------------------------

    @invariant()
    def the_lines_are_as_the_model_says(self) -> None:
        if not hasattr(self, "known"):
            return
        rows = ClaimLine.objects.filter(pk__in=self.ids).values_list("pk", "state", "limit_ordinal", "is_stopped")
        for pk, state, ordinal, stopped in rows:
            line = self.known[pk]
            assert (state, ordinal is not None, stopped) == (line.state, line.placed, bool(line.stopped))

    @invariant()
    def every_step_is_a_decision_and_nobody_decided_twice(self) -> None:
        if not hasattr(self, "known"):
            return
        for pk in self.ids:
            steps = list(Decision.objects.filter(line=pk).order_by("pk"))
            assert [step.target for step in steps][:-1] == [step.source for step in steps][1:]
            since: set[int | None] = set()
            for step in steps:
                since = set() if step.event == "line_submitted" else since
                assert not (step.decides and step.by_id in since)
                since |= {step.by_id} if step.decides else set()
        connection.check_constraints()


Workflow.TestCase.settings = settings(
    max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.django_db
def test_the_workflow_does_what_a_plain_model_says() -> None:
    machine = Workflow.TestCase()
    machine.runTest()
