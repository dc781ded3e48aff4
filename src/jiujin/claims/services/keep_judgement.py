"""Judges lines by the plan in force and writes the answer into them, with their places under the scheme's limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from jiujin.claims.judging import Judgement, judge_lines
from jiujin.claims.models import ClaimLine
from jiujin.claims.services.lock_keys import LIMITS, lock_keys
from jiujin.claims.states import DECIDED, LineState
from jiujin.core.plan_in_force import keep_version, plan_in_force
from jiujin.plan import Plan
from jiujin.rules.program import LIMIT

JUDGED_FIELDS = (
    "facts", "proofs", "verdict", "unmet", "missing", "amount_fen", "limit_key", "limit_max", "limit_ordinal", "first_on",
    "last_on", "plan_digest", "judged_at",
)  # fmt: skip
Key = tuple[str, str, str]


def keep_judgement(lines: Sequence[ClaimLine], *, now: datetime, take_places: bool, plan: Plan | None = None) -> None:
    """Judge lines that the caller has locked, and set their judged fields (the caller saves them).

    With `take_places`, a met line of a scheme with a limit takes the lowest free place, earliest days first; where none is
    free it is unmet, with the reason `limit`. Without, no place is taken and a line that would find none is told so.
    A correcting line's amount is what it adds to the line that it corrects (below nothing: what is to come back).
    """
    plan = plan or plan_in_force()
    digest = keep_version(plan)
    judged = judge_lines(lines, plan)
    for line in lines:
        _write(line, judged[line.pk], digest, now)
    _set_against_corrected([line for line in lines if line.corrects_id is not None])
    give_places([line for line in lines if _wants_place(line)], take_places=take_places)


def _write(line: ClaimLine, judgement: Judgement, digest: str, now: datetime) -> None:
    line.facts, line.proofs = dict(judgement.facts), dict(judgement.proofs)
    line.verdict, line.amount_fen = judgement.verdict, judgement.amount_fen
    line.unmet, line.missing = list(judgement.unmet), list(judgement.missing)
    line.first_on, line.last_on = judgement.first_on, judgement.last_on
    if line.limit_key != judgement.limit_key or judgement.verdict != "met":
        line.limit_ordinal = None
    line.limit_key, line.limit_max = judgement.limit_key, judgement.limit_max
    line.plan_digest, line.judged_at = digest, now


def _set_against_corrected(lines: Sequence[ClaimLine]) -> None:
    """A correction of one and the same subject needs no place of its own, and adds only the difference."""
    if not lines:
        return
    originals = ClaimLine.objects.in_bulk([line.corrects_id for line in lines])
    decided = decided_before(lines)
    for line in lines:
        if line.limit_key == originals[line.corrects_id].limit_key:
            line.limit_max = line.limit_ordinal = None
        if line.amount_fen is not None:
            line.amount_fen -= decided[line.pk]


def decided_before(lines: Sequence[ClaimLine]) -> dict[int, int]:
    """For each correcting line: the fen that the line it corrects, and earlier corrections of that, came to."""
    originals = ClaimLine.objects.in_bulk([line.corrects_id for line in lines])
    earlier: defaultdict[int, int] = defaultdict(int)
    others = ClaimLine.objects.filter(corrects__in=originals, state__in=(*DECIDED, LineState.CORRECTED))
    for corrected, amount in (
        others.exclude(pk__in=[line.pk for line in lines]).order_by().values_list("corrects", "amount_fen")
    ):
        earlier[corrected] += amount or 0
    return {line.pk: (originals[line.corrects_id].amount_fen or 0) + earlier[line.corrects_id] for line in lines}


def _wants_place(line: ClaimLine) -> bool:
    if line.verdict != "met" or not line.limit_key or line.limit_max is None:
        return False
    return line.limit_ordinal is None or line.limit_ordinal > line.limit_max


def give_places(lines: Sequence[ClaimLine], *, take_places: bool) -> None:
    """Give each of the lines the lowest free place of its limit (without `take_places`, only see that there is one)."""
    if not lines:
        return
    if take_places:
        lock_keys(LIMITS, ("|".join(_key(line)) for line in lines))
    taken = _taken_places(lines)
    for line in sorted(lines, key=lambda each: (str(each.first_on), each.pk)):
        held = taken[_key(line)]
        free = next((place for place in range(1, (line.limit_max or 0) + 1) if place not in held), None)
        line.limit_ordinal = free if take_places else None
        if free is None:
            line.verdict, line.amount_fen = "unmet", 0
            line.unmet, line.missing = [*line.unmet, LIMIT], []
        else:
            held.add(free)


def _key(line: ClaimLine) -> Key:
    return line.plan_id, line.scheme, line.limit_key


def _taken_places(lines: Sequence[ClaimLine]) -> defaultdict[Key, set[int]]:
    """The places that stand taken in the database, by key (a place that is being given back is free for others later)."""
    taken: defaultdict[Key, set[int]] = defaultdict(set)
    rows = ClaimLine.objects.filter(
        scheme__in={line.scheme for line in lines},
        limit_key__in={line.limit_key for line in lines},
        limit_ordinal__isnull=False,
    ).order_by()
    for plan_id, scheme, key, place in rows.values_list("plan_id", "scheme", "limit_key", "limit_ordinal"):
        taken[plan_id, scheme, key].add(place)
    return taken
