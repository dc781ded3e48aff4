"""From a payment back to its clause: every record on the way, and every decision judged again on the facts that it saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from jiujin.claims.judging import judge_facts, judge_rows, program_of
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.queries import line_history
from jiujin.claims.states import DECIDED
from jiujin.core.models import PlanVersion
from jiujin.core.plan_in_force import kept_plan
from jiujin.funds.errors import FundsRefused
from jiujin.funds.models import PaymentItem
from jiujin.plan import Plan
from jiujin.rules import Program
from jiujin.rules.explain import ConditionAnswer, Explainer
from jiujin.rules.program import LIMIT

PAYING = "line_approved"


class NothingToReplay(FundsRefused):
    """No claim, line or payment of that name."""

    def __init__(self, wanted: str) -> None:
        super().__init__(_("没有编号为“%(wanted)s”的申报、明细或付款。请检查编号。") % {"wanted": wanted})


@dataclass(frozen=True)
class Difference:
    """What a decision says and what judging again gives, of one thing."""

    what: str
    kept: str
    again: str


@dataclass(frozen=True)
class Replayed:
    """A decision judged again: what differs (nothing: the same verdict). `plan` is None where its version was not kept."""

    decision: Decision
    plan: Plan | None
    differences: Sequence[Difference]


def find_lines(wanted: str) -> QuerySet[ClaimLine]:
    """The lines of a claim (number or id), the line of that id, or the line of that payment. Raises NothingToReplay."""
    lines = ClaimLine.objects.select_related("claim", "payee", "person").order_by("claim__number", "position", "pk")
    found = lines.none()
    if uuid := _uuid(wanted):
        found = lines.filter(payments=uuid)
        found = found if found.exists() else lines.filter(claim=uuid)
    elif wanted.isdigit():
        found = lines.filter(pk=int(wanted)) if len(wanted) < 19 else found
    if not found.exists():
        found = lines.filter(claim__number=wanted)
    if not found.exists():
        raise NothingToReplay(wanted)
    return found


@transaction.atomic
def replayed(line: ClaimLine) -> list[Replayed]:
    """Every judged step of a line, oldest first, judged again by the plan that it was judged by."""
    decisions = [decision for decision in line_history(line) if decision.plan_digest]
    plans = {digest: _plan(digest) for digest in {decision.plan_digest for decision in decisions}}
    again = {}
    for digest, plan in plans.items():
        if plan is not None:
            held = {d.pk: (d.facts, d.proofs) for d in decisions if d.plan_digest == digest}
            again |= judge_facts(program_of(plan, line.scheme, line.basis), held)
    found = []
    for decision in decisions:
        judgement = again.get(decision.pk)
        if judgement is None:
            gone = Difference(_("方案版本"), decision.plan_digest, _("没有保存"))
            found.append(Replayed(decision, None, [gone]))
            continue
        told = _as_decided(line, decision, judgement)
        kept = {name: getattr(decision, name) for name in told}
        differences = [Difference(name, str(kept[name]), str(told[name])) for name in told if kept[name] != told[name]]
        found.append(Replayed(decision, plans[decision.plan_digest], differences))
    return found


@transaction.atomic
def conditions_of(line: ClaimLine, decision: Decision, plan: Plan) -> tuple[Program, list[ConditionAnswer]]:
    """Every condition of a decision, answered on the facts that it saw."""
    program = program_of(plan, line.scheme, line.basis)
    [row] = judge_rows(program, {decision.pk: (decision.facts, decision.proofs)}).to_pylist()
    return program, Explainer(program).answers(row)


def payments_of(line: ClaimLine) -> list[PaymentItem]:
    """The payments of a line, oldest first, with their batches and what was said of them."""
    items = line.payments.select_related("account__confirmed_by", "account__entered_by", "batch")
    people = ("batch__prepared_by", "batch__first_released_by", "batch__second_released_by")
    return list(
        items.select_related(*people)
        .prefetch_related("return_rows__bank_return", "voucher_items__voucher")
        .order_by("batch__prepared_at", "position")
    )


def _as_decided(line: ClaimLine, decision: Decision, judgement: Any) -> Mapping[str, Any]:
    """The judgement as a decision keeps it: with the limit, which others' lines decide, and a correction's difference."""
    told = {
        "verdict": judgement.verdict,
        "unmet": list(judgement.unmet),
        "missing": list(judgement.missing),
        "amount_fen": judgement.amount_fen,
    }
    if line.corrects_id is not None and judgement.amount_fen is not None:
        told["amount_fen"] = judgement.amount_fen - _corrected_fen(line)
    if LIMIT in decision.unmet and judgement.verdict == "met":
        told |= {"verdict": "unmet", "unmet": [*told["unmet"], LIMIT], "missing": [], "amount_fen": 0}
    return told


def _corrected_fen(line: ClaimLine) -> int:
    """What the corrected line came to, with the corrections of it before this one."""
    original = line.corrects
    assert original is not None
    earlier = ClaimLine.objects.filter(corrects=original, pk__lt=line.pk, state__in=DECIDED)
    return (original.amount_fen or 0) + (earlier.aggregate(total=Sum("amount_fen"))["total"] or 0)


def _plan(digest: str) -> Plan | None:
    try:
        return kept_plan(digest)
    except PlanVersion.DoesNotExist:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
