"""The steps of the plan's workflows: which comes next for a line, who takes it, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import NotAllowed, NotForMany
from jiujin.claims.models import Claim, ClaimLine, Risk
from jiujin.claims.states import LineState, Transition
from jiujin.claims.working_days import add_working_days
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor
from jiujin.plan import Plan
from jiujin.plan.models import Workflow
from jiujin.plan.models.workflows import Step
from jiujin.plan.parameters import value_on
from jiujin.registry.models import Organisation
from jiujin.work.acting_for import organisation_acted_for

S = LineState
ORDER = (
    "acceptance", "first_review", "second_review", "public_notice", "approval", "scheduling", "payment", "reconciliation",
)  # fmt: skip
AWAITS = {  # the step that a state waits for; where the workflow has it not, the next that it has
    S.SUBMITTED: "acceptance",
    S.ACCEPTED: "first_review",
    S.FIRST_PASSED: "second_review",
    S.SECOND_PASSED: "public_notice",
    S.NOTICED: "approval",
    S.APPROVED: "scheduling",
    S.SCHEDULED: "payment",
    S.PAID: "reconciliation",
}
JUDGING = ("acceptance", "first_review", "second_review", "approval")  # who takes one of these may look into a line
COUNTER = Role.CLERK  # enters for a payee who comes in person


def step_awaited(workflow: Workflow, state: str) -> Step | None:
    """The step that a line in this state waits for; None where nothing is to come."""
    if state not in AWAITS:
        return None
    later = ORDER[ORDER.index(AWAITS[LineState(state)]) :]
    return next((step for name in later if (step := workflow.step(name))), None)  # type: ignore[arg-type]


def is_open(way: Transition, workflow: Workflow) -> bool:
    """Whether the workflow lacks every step that the way leaves out."""
    return not any(workflow.step(name) for name in way.skips)  # type: ignore[arg-type]


def working_days_of(plan: Plan, parameter: str | None, day: date) -> int | None:
    """The working days that the district set; None while it has not."""
    if parameter is None or parameter not in plan.parameters:
        return None
    value = value_on(plan, parameter, day)
    return value if isinstance(value, int) else None


def due_after(plan: Plan, scheme: str, state: str, now: datetime) -> date | None:
    """The last day for what a line that comes into this state waits for; None where no limit is set.

    A rejected line waits for an appeal. A notice's own days are no limit: its last day is the notice's.
    """
    workflow, today = plan.workflow_of(scheme), timezone.localdate(now)
    if state == S.REJECTED:
        days = working_days_of(plan, workflow.appeal_days, today)
    else:
        step = step_awaited(workflow, state)
        days = None if step is None or step.name == "public_notice" else working_days_of(plan, step.days, today)
    return None if days is None else add_working_days(today, days)


# --- who ----------------------------------------------------------------------------------------------------------------


def require_step(actor: Actor, lines: Iterable[ClaimLine], step: str | Sequence[str], plan: Plan | None = None) -> None:
    """Raise NotAllowed unless the workflow gives (one of) these steps of every line to the actor, and the line is of their area."""
    plan = plan or plan_in_force()
    names = [step] if isinstance(step, str) else list(step)
    for line in lines:
        if not may_take(actor, line, names, plan):
            raise NotAllowed


def may_take(actor: Actor, line: ClaimLine, names: Sequence[str], plan: Plan) -> bool:
    """Whether one of these steps of the line is the actor's to take."""
    if not isinstance(actor, User):
        return False
    workflow = plan.workflow_of(line.scheme)
    roles = {role for name in names if (step := workflow.step(name)) for role in step.by}  # type: ignore[arg-type]
    return actor.role in roles and line.area_code.startswith(actor.area_code)


def require_state_step(actor: Actor, lines: Iterable[ClaimLine], plan: Plan) -> None:
    """Raise NotAllowed unless what each line waits for is the actor's to do: whoever decides there may send it back too."""
    for line in lines:
        names = {S.SECOND_PASSED: "second_review", S.IN_NOTICE: "second_review"}
        step = step_awaited(plan.workflow_of(line.scheme), line.state)
        name = names.get(LineState(line.state)) or (step.name if step else "")
        if not may_take(actor, line, [name], plan):
            raise NotAllowed


def require_fit_for_many(lines: Iterable[ClaimLine]) -> None:
    """Raise NotForMany unless each line is met and clear: only such are decided together."""
    unfit = sum(line.verdict != "met" or line.risk != Risk.CLEAR or line.is_stopped for line in lines)
    if unfit:
        raise NotForMany(unfit)


def require_filer(actor: Actor, payee: Organisation | None) -> None:
    """Raise NotAllowed unless the actor acts for the payee, or enters for them: a clerk at the counter, or a job."""
    if not isinstance(actor, User) or actor.role == COUNTER:
        return
    acted_for = organisation_acted_for(actor)
    if payee is None or acted_for is None or acted_for.pk != payee.pk:
        raise NotAllowed


def require_payee_of(actor: Actor, claim: Claim) -> None:
    """The same for a claim that stands."""
    require_filer(actor, claim.payee)
