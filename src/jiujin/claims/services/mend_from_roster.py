"""Mends returned lines by the workbook in which they were sent; only those change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jiujin.claims.errors import NothingToSend
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.roster_lines import by_subject, read_lines
from jiujin.claims.services.compare_lines import compare_lines
from jiujin.claims.services.file_claim import checked_declared
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.keep_roster import keep_roster
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import LineState
from jiujin.claims.steps import require_payee_of
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor
from jiujin.sheets import CellError


@dataclass(frozen=True)
class Mended:
    """The lines that the workbook changed (drafts again), and the cells that are wrong."""

    lines: list[ClaimLine]
    errors: list[CellError]


@transaction.atomic
def mend_from_roster(*, claim: Claim, path: Path, actor: Actor, now: datetime, name: str = "") -> Mended:
    """Mend a claim's returned lines by a workbook of the same people; no other line changes. The workbook stays with the claim.

    A row belongs to the line of its person; where one has several in the claim, in the order of both. Raises NotAllowed,
    SheetUnreadable, and NothingToSend where the workbook has none of the returned lines.
    """
    plan = plan_in_force()
    require_payee_of(actor, claim)
    rule = plan.scheme(claim.scheme)
    read = read_lines(path, plan=plan, scheme=rule, payee=claim.payee, actor=actor)
    rows = by_subject(read.rows)
    of_subject: defaultdict[int | None, list[ClaimLine]] = defaultdict(list)
    for line in claim.lines.filter(corrects=None).order_by("position"):
        of_subject[line.person_id].append(line)
    told = {
        line.pk: row
        for subject, lines in of_subject.items()
        for line, row in zip(lines, rows.get(subject, []), strict=False)
        if line.state == LineState.RETURNED
    }
    if not told:
        raise NothingToSend({})
    lines = locked_lines(told)
    for line in lines:
        line.declared = checked_declared(plan, rule, line.payee, told[line.pk].declared)
    keep_judgement(lines, now=now, take_places=False, plan=plan)
    compare_lines(lines, plan=plan)
    take_step(lines, "line_mended", actor=actor, now=now)
    keep_roster(claim=claim, path=path, name=name, actor=actor)
    return Mended(lines, read.errors)
