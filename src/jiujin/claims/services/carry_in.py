"""Brings in lines that were paid before this system ran: not judged again, counted by limits and overlaps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import ClaimOfAnother, FactWrong, NotAllowed, NothingToClaim, YearsMixed
from jiujin.claims.models import Claim, ClaimLine, Source
from jiujin.claims.roster_lines import rows_of
from jiujin.claims.services.file_claim import LINES_MAX, NewLine, drafts, keep_drafts, next_number, scheme_of
from jiujin.claims.services.keep_judgement import give_places, keep_judgement
from jiujin.claims.states import ClaimState, LineState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import record_event
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation, Person
from jiujin.rules.program import LIMIT
from jiujin.sheets import CellError, columns_of, read_roster
from jiujin.sheets.columns import Column

AMOUNT = Column(key="paid_amount", label="已付金额", type="money", synonyms=("已付金额(元)", "拨付金额", "实付金额"))
PAID_ON = Column(key="paid_on", label="拨付日期", type="date", synonyms=("付款日期", "拨付时间"))
CARRIERS = frozenset({Role.CLERK, Role.FINANCE})


@dataclass(frozen=True)
class PaidLine:
    """A line that was paid: whose, by which facts, how much and when. `record_id` where its record is known here."""

    key: uuid.UUID
    amount_fen: int
    paid_on: date
    person: Person | None = None
    record_id: int | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CarriedIn:
    """What came in, against the finance office's total: `difference_fen` is ours less theirs.

    `over_limit` are lines for which their limit had no place left: they were paid, and are told.
    """

    claim: Claim
    amount_fen: int
    difference_fen: int
    over_limit: list[int] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)


@transaction.atomic
def carry_in(
    *,
    claim_id: uuid.UUID,
    scheme: str,
    payee: Organisation | None,
    lines: Sequence[PaidLine],
    total_fen: int,
    actor: User,
    now: datetime,
    errors: Sequence[CellError] = (),
) -> CarriedIn:
    """Bring in paid lines of one payee and scheme, reconciled where their sum is the total, else paid.

    The same id again gives what stands. Raises SchemeUnknown, NotAllowed, NothingToClaim, FactWrong, YearsMixed,
    PersonMissing, PayeeDiffers, RecordClaimed, ClaimOfAnother.
    """
    plan = plan_in_force()
    scheme_of(plan, scheme)
    if not isinstance(actor, User) or actor.role not in CARRIERS:
        raise NotAllowed
    if held := Claim.objects.filter(pk=claim_id).first():
        if (held.scheme, held.payee_id, held.source) != (scheme, payee.pk if payee else None, Source.CARRIED_IN):
            raise ClaimOfAnother
        return _carried(held, list(held.lines.order_by("position")), total_fen, errors)
    if not lines or len(lines) > LINES_MAX:
        raise NothingToClaim
    if wrong := next((line for line in lines if line.amount_fen < 0), None):
        raise FactWrong(AMOUNT.key, AMOUNT.label, str(wrong.amount_fen))
    years = sorted({line.paid_on.year for line in lines})
    if len(years) > 1:
        raise YearsMixed(years)
    claim = Claim.objects.create(
        id=claim_id,
        number=next_number(),
        plan_id=plan.id,
        scheme=scheme,
        payee=payee,
        year=years[0],
        source=Source.CARRIED_IN,
        state=ClaimState.SUBMITTED,
        made_by=actor,
        submitted_by=actor,
        submitted_at=now,
    )
    new = [NewLine(line.key, line.person, line.record_id, line.declared) for line in lines]
    made = drafts(claim, new, actor=actor, now=now, plan=plan)
    paid = {line.key: line for line in lines}
    keep_judgement(made, now=now, take_places=False, plan=plan)
    _take_places(made)
    state = LineState.RECONCILED if sum(line.amount_fen for line in lines) == total_fen else LineState.PAID
    for line in made:
        _settle(line, paid[line.key], state)
    keep_drafts(claim, made)
    found = _carried(claim, made, total_fen, errors)
    record_event(
        actor=actor,
        verb="claim_carried_in",
        subject=claim,
        details={
            "lines": len(made), "amount_fen": found.amount_fen, "total_fen": total_fen,
            "difference_fen": found.difference_fen, "over_limit": len(found.over_limit),
        },
    )  # fmt: skip
    return found


def _take_places(lines: Sequence[ClaimLine]) -> None:
    """Whatever the rules say of it now, what was paid has used up its place."""
    counted = [line for line in lines if line.limit_key and line.limit_max is not None]
    for line in counted:
        line.unmet = []
    give_places(counted, take_places=True)


def _settle(line: ClaimLine, paid: PaidLine, state: str) -> None:
    """The line as it was paid: what it takes up is worked out, whether it was right is not asked again."""
    line.is_carried_in, line.state, line.amount_fen = True, state, paid.amount_fen
    line.state_at = datetime.combine(paid.paid_on, time.min, tzinfo=timezone.get_default_timezone())
    over = LIMIT in line.unmet
    line.verdict, line.missing, line.unmet = "unknown", [], [LIMIT] if over else []


def _carried(claim: Claim, lines: Sequence[ClaimLine], total_fen: int, errors: Sequence[CellError]) -> CarriedIn:
    amount = sum(line.amount_fen or 0 for line in lines)
    over = [line.pk for line in lines if LIMIT in line.unmet]
    return CarriedIn(claim, amount, amount - total_fen, over, list(errors))


def paid_columns(plan: Plan, scheme: Scheme) -> list[Column]:
    """The columns of a workbook of paid lines: the scheme's own, and what was paid when."""
    return [*columns_of(plan, scheme), AMOUNT, PAID_ON]


@transaction.atomic
def carry_in_from_roster(
    *,
    claim_id: uuid.UUID,
    scheme: str,
    payee: Organisation | None,
    path: Path,
    total_fen: int,
    actor: User,
    now: datetime,
) -> CarriedIn:
    """The same from a workbook: the scheme's columns, with 已付金额 and 拨付日期. A row without these is told and left out.

    Raises SheetUnreadable besides.
    """
    plan = plan_in_force()
    rule = scheme_of(plan, scheme)
    roster = read_roster(path, paid_columns(plan, rule), demo_ids=settings.DEMO)
    read = rows_of(roster, roster.errors, plan=plan, scheme=rule, payee=payee, actor=actor)
    errors, lines = list(read.errors), []
    for row in read.rows:
        amount, paid_on = (roster.table[column.key][row.at].as_py() for column in (AMOUNT, PAID_ON))
        if amount is None or paid_on is None:
            column = AMOUNT if amount is None else PAID_ON
            errors.append(roster.error_at(row.at, column, "", _("没有填，这一行没有带入"), "paid_missing"))
            continue
        key = uuid.uuid5(claim_id, f"{row.sheet}|{row.row}")
        lines.append(PaidLine(key, amount, paid_on, row.person, None, row.declared))
    return carry_in(
        claim_id=claim_id,
        scheme=scheme,
        payee=payee,
        lines=lines,
        total_fen=total_fen,
        actor=actor,
        now=now,
        errors=errors,
    )
