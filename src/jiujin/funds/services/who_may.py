"""Whether the plan's workflow gives a step to somebody."""

from __future__ import annotations

from collections.abc import Iterable

from jiujin.accounts.models import User
from jiujin.claims.errors import NotAllowed
from jiujin.core.services.record_event import Actor
from jiujin.plan import Plan
from jiujin.plan.models.workflows import StepName


def require_role(schemes: Iterable[str], step: StepName, *, actor: Actor, plan: Plan) -> None:
    """Raises NotAllowed where the workflow of one of these schemes gives the step to other roles; a job may take any."""
    if not isinstance(actor, User):
        return
    for scheme in set(schemes):
        held = plan.workflow_of(scheme).step(step)
        if held is not None and held.by and actor.role not in held.by:
            raise NotAllowed
