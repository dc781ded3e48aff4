"""Reads of claims; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import Role, User
from jiujin.claims.judging import judge_rows, program_of
from jiujin.claims.marks import mark_words
from jiujin.claims.models import Appeal, Claim, ClaimLine, Decision, Notice, Objection, RecordGap, VerifiedFact
from jiujin.claims.states import LineState, MatterState
from jiujin.claims.steps import AWAITS, ORDER
from jiujin.claims.working_days import working_days_between
from jiujin.core.models import PlanVersion
from jiujin.core.plan_in_force import kept_plan, plan_in_force
from jiujin.plan import Plan
from jiujin.registry.models import EvidenceFile
from jiujin.rules.explain import Explainer
from jiujin.rules.program import LIMIT
from jiujin.work.acting_for import organisation_acted_for

OFFICE = frozenset({Role.CLERK, Role.REVIEWER, Role.LEADER, Role.FINANCE, Role.SUPERVISOR})
PAYEES = frozenset({Role.OPERATOR, Role.EMPLOYER, Role.SCHOOL})
STAGES = {  # what a queue is called → the step that its lines wait for
    "acceptance": "acceptance",
    "first": "first_review",
    "second": "second_review",
    "notice": "public_notice",
    "approval": "approval",
    "scheduling": "scheduling",
    "payment": "payment",
    "reconciliation": "reconciliation",
}


def claims_seen_by(viewer: User) -> QuerySet[Claim]:
    """A payee's own claims; for the office, those of which lines lie in the viewer's area. The latest first."""
    claims = Claim.objects.select_related("payee").order_by("-made_at", "pk")
    if viewer.role in OFFICE:
        if not viewer.area_code:
            return claims
        return claims.filter(pk__in=lines_seen_by(viewer).order_by().values("claim"))
    own = _own_payee(viewer)
    return claims.filter(payee=own) if own else claims.none()


def roster_seen_by(viewer: User, claim: Claim) -> EvidenceFile | None:
    """The workbook of a claim that the viewer sees; whoever has an area sees it only where all that it names lies there."""
    if claim.roster is None or not claims_seen_by(viewer).filter(pk=claim.pk).exists():
        return None
    elsewhere = claim.lines.exclude(area_code__startswith=viewer.area_code)
    return None if viewer.role in OFFICE and elsewhere.exists() else claim.roster


def lines_seen_by(viewer: User) -> QuerySet[ClaimLine]:
    """A payee's own lines; for the office, those of the viewer's area. The latest first."""
    lines = ClaimLine.objects.select_related("claim", "payee", "person").order_by("-pk")
    if viewer.role in OFFICE:
        return lines.filter(area_code__startswith=viewer.area_code) if viewer.area_code else lines
    own = _own_payee(viewer)
    return lines.filter(payee=own) if own else lines.none()


def _own_payee(viewer: User) -> object | None:
    return organisation_acted_for(viewer) if viewer.role in PAYEES else None


def queue(viewer: User, stage: str, scheme: str | None = None) -> QuerySet[ClaimLine]:
    """The lines that wait for a step (one of STAGES), those that are due first; an officer's area only, payees see none."""
    lines = lines_seen_by(viewer) if viewer.role in OFFICE else ClaimLine.objects.none()
    plan = plan_in_force()
    waiting = Q(pk__in=[])
    for name in [scheme] if scheme else plan.schemes:
        waiting |= Q(scheme=name, state__in=states_awaiting(plan, name, STAGES[stage]))
    return lines.filter(waiting).order_by("due_on", "pk")


def states_awaiting(plan: Plan, scheme: str, step: str) -> list[str]:
    """The states in which a line of the scheme waits for a step; none where its workflow has not that step."""
    workflow = plan.workflow_of(scheme)
    if workflow.step(step) is None:  # type: ignore[arg-type]
        return []
    found = []
    for state, awaited in AWAITS.items():
        later = [name for name in ORDER[ORDER.index(awaited) :] if workflow.step(name)]  # type: ignore[arg-type]
        reached = state in (LineState.SUBMITTED, LineState.ACCEPTED) or _reaches(workflow_steps(plan, scheme), state)
        if later[:1] == [step] and reached:
            found.append(str(state))
    return found


def workflow_steps(plan: Plan, scheme: str) -> list[str]:
    """The names of the steps that a scheme's lines go through, in order."""
    return [step.name for step in plan.workflow_of(scheme).steps]


def _reaches(steps: Sequence[str], state: str) -> bool:
    """Whether lines of a workflow with these steps come into this state."""
    into = {
        LineState.FIRST_PASSED: "first_review",
        LineState.SECOND_PASSED: "second_review",
        LineState.NOTICED: "public_notice",
        LineState.APPROVED: "approval",
        LineState.SCHEDULED: "scheduling",
        LineState.PAID: "payment",
    }
    return into[LineState(state)] in steps


def line_history(line: ClaimLine) -> list[Decision]:
    """Every step of a line, oldest first, with who took it."""
    return list(Decision.objects.filter(line=line).select_related("by").order_by("pk"))


def verified_facts_of(line: ClaimLine) -> list[VerifiedFact]:
    """What officers verified of a line, the latest last."""
    return list(VerifiedFact.objects.filter(line=line).select_related("by", "evidence").order_by("pk"))


def notices_open(day: date) -> QuerySet[Notice]:
    """The notices that stand on a day, the latest first; anybody may see them."""
    return Notice.objects.filter(opens_on__lte=day, closes_on__gte=day).order_by("-opens_on", "-pk")


def open_objections(viewer: User) -> QuerySet[Objection]:
    """Objections that wait for an answer, oldest first, for the office."""
    return (
        Objection.objects.filter(state=MatterState.RAISED, line__in=_office_lines(viewer))
        .select_related("line__claim", "notice")
        .order_by("pk")
    )


def open_appeals(viewer: User) -> QuerySet[Appeal]:
    """Appeals that wait for an answer, oldest first, for the office."""
    return (
        Appeal.objects.filter(state=MatterState.RAISED, line__in=_office_lines(viewer))
        .select_related("line__claim", "raised_by")
        .order_by("pk")
    )


def _office_lines(viewer: User) -> QuerySet[ClaimLine]:
    return lines_seen_by(viewer).order_by() if viewer.role in OFFICE else ClaimLine.objects.none()


def gaps_seen_by(viewer: User, scheme: str | None = None) -> QuerySet[RecordGap]:
    """Records that the last screening found to lack one thing: a payee's own, or all for the office."""
    gaps = RecordGap.objects.select_related("person", "payee").order_by("scheme", "pk")
    gaps = gaps.filter(scheme=scheme) if scheme else gaps
    if viewer.role in OFFICE:
        return gaps.filter(person__home_area__code__startswith=viewer.area_code) if viewer.area_code else gaps
    own = _own_payee(viewer)
    return gaps.filter(payee=own) if own else gaps.none()


# --- why, and how long -------------------------------------------------------------------------------------------------------


def explained(line: ClaimLine) -> list[str]:
    """The reasons of a line's last judgement, as sentences, and what the comparison with other lines found."""
    return explained_lines([line])[line.pk]


def explained_lines(lines: Sequence[ClaimLine]) -> dict[int, list[str]]:
    """The same for many lines, by their ids."""
    groups: defaultdict[tuple[str, str, str], list[ClaimLine]] = defaultdict(list)
    for line in lines:
        groups[line.plan_digest, line.scheme, line.basis].append(line)
    found: dict[int, list[str]] = {}
    for (digest, scheme, basis), some in groups.items():
        program = program_of(plan_of(digest), scheme, basis)
        told = judge_rows(program, {line.pk: (line.facts, line.proofs) for line in some})
        reasons = Explainer(program).reasons(told, str, {})
        found |= dict(zip(told["ord"].to_pylist(), reasons, strict=True))
    takers = _takers([line for line in lines if LIMIT in line.unmet])
    for line in lines:
        if LIMIT in line.unmet:
            found[line.pk].append(_limit_sentence(line, takers.get((line.scheme, line.limit_key), [])))
        found[line.pk] += [mark_words(mark) for mark in line.marks]
    return found


def plan_of(digest: str) -> Plan:
    """The plan by which something was judged; the one in force where nothing says which."""
    plan = plan_in_force()
    if digest in ("", plan.digest):
        return plan
    try:
        return kept_plan(digest)
    except PlanVersion.DoesNotExist:
        return plan


def _takers(lines: Iterable[ClaimLine]) -> dict[tuple[str, str], list[str]]:
    """Who holds the places of these lines' limits: claim and line, by scheme and key."""
    keys = {line.limit_key for line in lines}
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    if keys:
        held = ClaimLine.objects.filter(limit_key__in=keys, limit_ordinal__isnull=False).order_by("limit_ordinal")
        for scheme, key, number, pk in held.values_list("scheme", "limit_key", "claim__number", "pk"):
            found[scheme, key].append(_("申报 %(number)s 的第 %(line)s 号明细") % {"number": number, "line": pk})
    return found


def _limit_sentence(line: ClaimLine, takers: Sequence[str]) -> str:
    if not takers:
        return _("次数已满：上限 %(count)s 次") % {"count": line.limit_max}
    told = {"takers": "、".join(takers), "taken": len(takers), "count": line.limit_max}
    return _("次数已满：已由%(takers)s计 %(taken)s 次，上限 %(count)s 次") % told


def refusal(line: ClaimLine) -> list[str]:
    """What a rejected or returned line's payee is told: why, on which clause, and how to appeal."""
    plan = plan_of(line.plan_digest)
    last = Decision.objects.filter(line=line, event__in=["line_returned", "line_rejected"]).order_by("pk").last()
    told = [last.reasons] if last else []
    told += explained(line)
    clause = plan.clauses.get(plan.scheme(line.scheme).clause)
    if clause is not None:
        told.append(_("依据：%(place)s（%(text)s）") % {"place": clause.place, "text": clause.text})
    if line.state == LineState.REJECTED:
        told.append(_appeal_sentence(line))
    return told


def _appeal_sentence(line: ClaimLine) -> str:
    if line.due_on is None:
        return _("对结果不服的，可以在这里申诉，由没有办过这一条的人员答复；也可以依法申请行政复议或提起诉讼")
    return _(
        "对结果不服的，可以在 %(day)s 前（含当日）在这里申诉，由没有办过这一条的人员答复；也可以依法申请行政复议或提起诉讼"
    ) % {"day": line.due_on.isoformat()}


def age_of(line: ClaimLine, day: date) -> int:
    """For how many working days the line has stood in its state."""
    return working_days_between(timezone.localdate(line.state_at), day)


def overdue(viewer: User, day: date) -> QuerySet[ClaimLine]:
    """Lines whose day is over, the longest first, for the office."""
    return (
        _office_lines(viewer)
        .filter(due_on__lt=day, state__in=[str(state) for state in AWAITS])
        .order_by("due_on", "pk")
    )
