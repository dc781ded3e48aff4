"""One line opened: each condition with its answer and clause, facts declared beside facts verified, marks, evidence, its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiujin.claims.judging import LEFT_OUT, judge_rows, program_of
from jiujin.claims.models import ClaimLine, Decision, VerifiedFact
from jiujin.claims.queries import explained, line_history, plan_of, verified_facts_of
from jiujin.claims.services.keep_roster import ROSTER
from jiujin.core.listing import Words
from jiujin.core.proof import Proof
from jiujin.exchange.check_page import ways_not_taken
from jiujin.plan import Plan, Scheme
from jiujin.plan.check import leaves
from jiujin.plan.models import Clause, Fact, Reading
from jiujin.registry.models import EvidenceFile
from jiujin.rosters.result import LineDetail
from jiujin.rules.explain import ConditionAnswer, Explainer, value_text
from jiujin.rules.program import LIMIT
from jiujin.values import mask_credit_code, mask_id_number
from jiujin.web.claims.record_papers import papers_about
from jiujin.web.claims.words import event_words

SECRET = {"id_number": mask_id_number, "credit_code": mask_credit_code}


@dataclass(frozen=True)
class Condition:
    """One condition with the clause and the readings that it rests on."""

    answer: ConditionAnswer
    clause: Clause | None
    readings: tuple[Reading, ...]
    by_officer: str  # the fact that holds an officer's judgement, or nothing


@dataclass(frozen=True)
class FactShown:
    """One fact: what was declared, what the judgement saw, how far that is proven; `differs` where they are not the same."""

    id: str
    label: str
    declared: str
    held: str
    proof: Words
    level: int
    differs: bool
    verified: VerifiedFact | None


@dataclass(frozen=True)
class Way:
    """One step of a line's way, for the timeline."""

    at: datetime
    label: Words
    note: str


@dataclass(frozen=True)
class Opened:
    """A line with all that a person needs to see before deciding."""

    line: ClaimLine
    plan: Plan
    scheme: Scheme
    clause: Clause
    conditions: list[Condition]
    other_conditions: list[Condition]
    reasons: list[str]
    next_step: str
    facts: list[FactShown]

    @property
    def differences(self) -> int:
        """How many facts were found to be other than declared."""
        return sum(fact.differs for fact in self.facts)


@lru_cache(maxsize=64)
def _explainer(digest: str, scheme: str, basis: str) -> Explainer:
    """How lines of a kind are told; made once for each version of the plan."""
    return Explainer(program_of(plan_of(digest), scheme, basis))


def open_line(line: ClaimLine) -> Opened:
    """The line as it was last judged: nothing is read anew, so that what is shown is what was decided on."""
    plan = plan_of(line.plan_digest)
    scheme = plan.schemes[line.scheme]
    explainer = _explainer(plan.digest, line.scheme, line.basis)
    table = judge_rows(explainer.program, {line.pk: (line.facts, line.proofs)})
    row = table.to_pylist()[0]
    next_step = _("次数已满，这一行不再计。") if LIMIT in line.unmet else explainer.next_step(row)
    answers = explainer.answers(row)
    aside = ways_not_taken(scheme, LineDetail("", 0, answers, next_step, []))
    shown = [_condition(plan, scheme, answer) for answer in answers]
    return Opened(
        line=line,
        plan=plan,
        scheme=scheme,
        clause=plan.clauses[scheme.clause],
        conditions=[each for each in shown if each.answer.id not in aside],
        other_conditions=[each for each in shown if each.answer.id in aside],
        reasons=explained(line) if LIMIT in line.unmet else explainer.reasons(table, str, {})[0],
        next_step=next_step,
        facts=_facts_shown(line, plan, explainer),
    )


def _condition(plan: Plan, scheme: Scheme, answer: ConditionAnswer) -> Condition:
    leaf = next((each for each in leaves(scheme.conditions) if each.id == answer.id), None)
    readings = tuple(plan.readings[name] for name in leaf.readings if name in plan.readings) if leaf else ()
    officer = leaf.fact or "" if leaf and leaf.judged_by else ""
    return Condition(answer, plan.clauses.get(answer.clause), readings, officer)


def _facts_shown(line: ClaimLine, plan: Plan, explainer: Explainer) -> list[FactShown]:
    verified = {each.fact: each for each in verified_facts_of(line)}
    names = [name for name in explainer.program.direct if name not in LEFT_OUT]
    shown = []
    said = line.declared or _as_sent(line)
    for name in (name for name in names if name not in SECRET):
        declared, held = said.get(name), line.facts.get(name)
        if declared is None and held is None and name not in verified:
            continue
        level = int(line.proofs.get(name, Proof.DECLARED))
        shown.append(
            FactShown(
                id=name,
                label=explainer.label(name),
                declared=fact_text(plan.facts[name], declared),
                held=fact_text(plan.facts[name], held),
                proof=Proof(level).label if held is not None else "",
                level=level,
                differs=declared is not None and held is not None and declared != held,
                verified=verified.get(name),
            )
        )
    return shown


def _as_sent(line: ClaimLine) -> dict[str, Any]:
    """What the records said when a line that comes from them was sent: that is what its payee declared."""
    sent = line.decisions.filter(event="line_submitted").order_by("-pk").values_list("facts", flat=True).first()
    return sent or {}


def fact_text(fact: Fact, value: Any) -> str:
    """A kept fact as a person may read it; numbers that must not leak are masked, an index says only that it is known."""
    if value is None:
        return ""
    if fact.id in SECRET or fact.type in SECRET:
        text = str(value)
        return SECRET.get(fact.type, mask_id_number)(text) if len(text) == 18 else _("已登记")
    if fact.type == "date":
        return date.fromisoformat(str(value)).isoformat()
    return value_text(fact, value)


def way_of(line: ClaimLine, *, names: bool = True) -> list[Way]:
    """What happened to the line, in order; with the names of who took each step, or without."""
    made = Way(
        line.made_at,
        _("登记为申报明细"),
        _("申报 %(number)s 第 %(n)s 行") % {"number": line.claim.number, "n": line.position},
    )
    return [made, *(Way(each.at, event_words(each.event), _note(each, names=names)) for each in line_history(line))]


def _note(decision: Decision, *, names: bool) -> str:
    who = (decision.by.display_name if decision.by else _("系统")) if names else ""
    parts = [who, decision.meeting, decision.reasons]
    if decision.amount_fen is not None and decision.event in ("line_submitted", "line_approved", "line_paid"):
        parts.insert(1, _("%(yuan)s 元") % {"yuan": f"{decision.amount_fen / 100:,.2f}"})
    return " · ".join(part for part in parts if part)


def evidence_of(line: ClaimLine) -> QuerySet[EvidenceFile]:
    """Files about the line, its claim, its person or the record that it comes from (of a fair's grant, the fair and its costs);
    not the roster, which names others too.
    """
    about = Q(subject_kind="claims.claimline", subject_id=str(line.pk))
    about |= Q(subject_kind="claims.claim", subject_id=str(line.claim_id))
    if line.person_id is not None:
        about |= Q(subject_kind="registry.person", subject_id=str(line.person_id))
    if line.record_id is not None:
        subject = plan_of(line.plan_digest).schemes[line.scheme].subject
        for kind, held in papers_about(subject, [line.record_id]).get(line.record_id, []):
            about |= Q(subject_kind=kind, subject_id=held)
    of_this_line = EvidenceFile.objects.filter(about, removed_at=None).exclude(kind=ROSTER)
    return of_this_line.order_by("kind", "uploaded_at", "pk")
