"""Passes lines in one of the two reviews, on what is judged inside the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction

from jiujin.claims.errors import VerdictNotMet
from jiujin.claims.models import ClaimLine
from jiujin.claims.services.compare_lines import compare_lines
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.settle_corrections import is_shown_otherwise, settle_corrections, takes_nothing
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor

Stage = Literal["first", "second"]


@transaction.atomic
def pass_lines(
    *, ids: Iterable[int], stage: Stage, actor: Actor, now: datetime, versions: Mapping[int, int] | None = None
) -> list[ClaimLine]:
    """Pass lines in the first or the second review: all of them, or none.

    Raises NotAllowed, LineChanged, VerdictNotMet, LineStopped, LineExcluded, OwnWork, StepImpossible.
    """
    plan = plan_in_force()
    lines = locked_lines(ids, versions)
    require_step(actor, lines, f"{stage}_review", plan)
    keep_judgement(lines, now=now, take_places=True, plan=plan)
    compare_lines(lines, plan=plan)
    require_met(lines)
    take_step(lines, f"line_{stage}_passed", actor=actor, now=now)
    if stage == "second":
        settle_corrections([line for line in lines if not is_shown_otherwise(line)], actor=actor, now=now)
    return lines


def require_met(lines: Sequence[ClaimLine]) -> None:
    """Raise VerdictNotMet unless every line is met; a correction that adds nothing may find the opposite."""
    for line in lines:
        if line.verdict != "met" and not (takes_nothing(line) and line.verdict == "unmet"):
            raise VerdictNotMet(line.pk, line.verdict)
