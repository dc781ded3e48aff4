"""Approves lines: judged once more inside the approving transaction, and their budget committed by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.errors import LineStopped, StepDone, StepImpossible, VerdictNotMet
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.services.compare_lines import compare_lines
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import LineState, transition_of
from jiujin.claims.steps import require_step
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.errors import AmountUnknown
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_for

EVENT = "line_approved"


@transaction.atomic
def approve_lines(
    *, ids: Iterable[int], meeting: str, actor: User, now: datetime, versions: Mapping[int, int] | None = None
) -> list[ClaimLine]:
    """Approve lines, all or none, by the decision of a meeting (its number and date).

    What the city decides takes the step and commits nothing here. Raises LineChanged, StepImpossible, LineStopped,
    LineExcluded, VerdictNotMet, AmountUnknown, OwnWork, NotAllowed, PurseMissing, BudgetShort.
    """
    plan = plan_in_force()
    lines = locked_lines(ids, versions)
    require_step(actor, lines, "approval", plan)
    for line in lines:
        _require_way(line)
    keep_judgement(lines, now=now, take_places=True, plan=plan)
    compare_lines(lines, plan=plan)
    for line in lines:
        require_payable(line)
    take_step(lines, EVENT, actor=actor, now=now, meeting=meeting.strip())
    ours = [line for line in lines if line.payer == Payer.DISTRICT]
    post_entries(commitments(ours, {pk: purse.pk for pk, purse in purses_for(ours, plan).items()}), actor=actor)
    return lines


def commitments(lines: Sequence[ClaimLine], purses: Mapping[int, int]) -> list[Move]:
    """The movements that commit lines' amounts; a line that is approved again is committed again."""
    return [
        Move(
            entry_id("commitment_made", line.pk, line.version),
            "commitment_made",
            purses[line.pk],
            line.amount_fen or 0,
            line_id=line.pk,
        )
        for line in lines
    ]


def require_payable(line: ClaimLine) -> None:
    """Raises LineStopped, VerdictNotMet or AmountUnknown where the line, as just judged, cannot be paid."""
    if line.is_stopped:
        raise LineStopped(line.pk)
    if line.verdict != "met":
        raise VerdictNotMet(line.pk, line.verdict)
    if not line.amount_fen:
        raise AmountUnknown(line.pk, line.missing)


def _require_way(line: ClaimLine) -> None:
    try:
        transition_of(line.state, EVENT)
    except KeyError:
        done = line.state == LineState.APPROVED
        raise (StepDone if done else StepImpossible)(line.pk, line.state, EVENT) from None
