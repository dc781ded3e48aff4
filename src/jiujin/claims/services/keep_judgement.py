"""Judges lines by the plan in force and writes the answer into them, with their places under the scheme's limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from jiujin.claims.judging import Judgement, judge_lines
from jiujin.claims.models import ClaimLine
from jiujin.core.plan_in_force import keep_version, plan_in_force
from jiujin.plan import Plan
from jiujin.rules.program import LIMIT

JUDGED_FIELDS = (
    "facts", "proofs", "verdict", "unmet", "missing", "amount_fen", "limit_key", "limit_max", "limit_ordinal", "first_on",
    "last_on", "plan_digest", "judged_at",
)  # fmt: skip


def keep_judgement(lines: Sequence[ClaimLine], *, now: datetime, take_places: bool, plan: Plan | None = None) -> None:
    """Judge lines that the caller has locked, and set their judged fields (the caller saves them).

    With `take_places`, a met line of a scheme with a limit takes the lowest free place, earliest days first; where none is
    free it is unmet, with the reason `limit`. Without, no place is taken and a line that would find none is told so.
    """
    plan = plan or plan_in_force()
    digest = keep_version(plan)
    judged = judge_lines(lines, plan)
    for line in lines:
        _write(line, judged[line.pk], digest, now)
    limited = [line for line in lines if line.limit_max is not None]
    _lock_keys(limited)
    for line in sorted(limited, key=lambda each: (str(each.first_on), each.pk)):
        _place(line, take_places=take_places, beside=limited)


def _write(line: ClaimLine, judgement: Judgement, digest: str, now: datetime) -> None:
    line.facts, line.proofs = dict(judgement.facts), dict(judgement.proofs)
    line.verdict, line.amount_fen = judgement.verdict, judgement.amount_fen
    line.unmet, line.missing = list(judgement.unmet), list(judgement.missing)
    line.first_on, line.last_on = judgement.first_on, judgement.last_on
    if line.limit_key != judgement.limit_key:
        line.limit_ordinal = None
    line.limit_key, line.limit_max = judgement.limit_key, judgement.limit_max
    line.plan_digest, line.judged_at = digest, now


def _lock_keys(lines: Sequence[ClaimLine]) -> None:
    """Nobody else gives places of these keys until the transaction ends; always in the same order."""
    keys = sorted({f"{line.plan_id}|{line.scheme}|{line.limit_key}" for line in lines if line.limit_key})
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _place(line: ClaimLine, *, take_places: bool, beside: Sequence[ClaimLine]) -> None:
    if line.verdict != "met" or not line.limit_key or line.limit_max is None:
        line.limit_ordinal = None
        return
    if line.limit_ordinal is not None and line.limit_ordinal <= line.limit_max:
        return
    taken = set(
        ClaimLine.objects.filter(
            plan_id=line.plan_id, scheme=line.scheme, limit_key=line.limit_key, limit_ordinal__isnull=False
        )
        .exclude(pk=line.pk)
        .values_list("limit_ordinal", flat=True)
    )
    taken |= {each.limit_ordinal for each in beside if each.limit_key == line.limit_key and each is not line}
    free = next((place for place in range(1, line.limit_max + 1) if place not in taken), None)
    if free is None:
        line.verdict, line.amount_fen = "unmet", 0
        line.unmet, line.missing, line.limit_ordinal = [*line.unmet, LIMIT], [], None
    else:
        line.limit_ordinal = free if take_places else None
