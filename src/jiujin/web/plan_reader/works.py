"""What carries out each clause: the pack's records that cite it, as lines to show beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.plan.check import leaves
from jiujin.plan.models import Clause, Parameter, Plan, Reading, Scheme, Target
from jiujin.web.plan_reader.words import limit_words, values_words


@dataclass(frozen=True)
class Work:
    """One record that carries out a clause: its kind, its name, a line of what it says, and its state as a chip."""

    kind: str | Promise
    title: str
    note: str = ""
    url: str = ""
    tone: str = ""
    state: str | Promise = ""


@dataclass(frozen=True)
class ClauseBeside:
    """A clause and what stands beside it."""

    clause: Clause
    works: list[Work]

    @property
    def stage(self) -> str:
        """How far the program runs it: running, partly, or data_only."""
        if not self.clause.runs_in:
            return "data_only"
        return "partly" if self.clause.remaining else "running"


@dataclass(frozen=True)
class Chapter:
    """Clauses of one part of the document."""

    name: str
    clauses: list[ClauseBeside]


def chapters_of(plan: Plan) -> list[Chapter]:
    """Every clause in the document's order, by the document's parts, each with what carries it out."""
    works: dict[str, list[Work]] = defaultdict(list)
    for clause_id, work in _works(plan):
        works[clause_id].append(work)
    chapters: list[Chapter] = []
    for clause in plan.clauses.values():
        name = clause.place.replace("（", "(").partition("(")[0]
        if not chapters or chapters[-1].name != name:
            chapters.append(Chapter(name, []))
        chapters[-1].clauses.append(ClauseBeside(clause, works[clause.id]))
    return chapters


def _works(plan: Plan) -> Iterator[tuple[str, Work]]:
    for scheme in plan.schemes.values():
        yield scheme.clause, scheme_work(plan, scheme)
        yield from _conditions(scheme)
    for parameter in plan.parameters.values():
        yield parameter.clause, parameter_work(plan, parameter)
    for target in plan.targets.values():
        yield target.clause, _target(target)
    for duty in plan.duties.values():
        when = f"（{duty.when}）" if duty.when else ""
        yield duty.clause, Work(gettext_lazy("职责"), duty.who, f"{duty.what}{when}")
    for audience in plan.audiences.values():
        yield audience.clause, Work(gettext_lazy("受众"), audience.name, "、".join(audience.channels))
    for risk in plan.risks.values():
        yield risk.clause, Work(gettext_lazy("疑点"), risk.name, risk.sign)
    for item in plan.scorecard.values():
        yield item.clause, Work(gettext_lazy("评价"), item.name, item.counted_from)
    for survey in plan.surveys.values():
        yield survey.clause, Work(gettext_lazy("问卷"), survey.name, survey.asked_of)
    for reading in plan.readings.values():
        yield reading.clause, reading_work(reading)


def scheme_work(plan: Plan, scheme: Scheme) -> Work:
    """A scheme, with its limit and how many worked cases hold it."""
    cases = len(plan.cases[scheme.id].cases) if scheme.id in plan.cases else 0
    note = _("%(limit)s；%(cases)s 个用例") % {"limit": limit_words(plan, scheme.limit), "cases": cases}
    return Work(gettext_lazy("补贴项目"), scheme.name, note, reverse("plan:scheme", args=[scheme.id]))


def _conditions(scheme: Scheme) -> Iterator[tuple[str, Work]]:
    """Conditions that rest on another clause than their scheme's."""
    url = reverse("plan:scheme", args=[scheme.id])
    for leaf in leaves(scheme.conditions):
        if leaf.clause and leaf.clause != scheme.clause:
            yield leaf.clause, Work(gettext_lazy("条件"), leaf.text or leaf.id or "", scheme.name, url)


def parameter_work(plan: Plan, parameter: Parameter) -> Work:
    """A parameter with its value, or that it is still to be set and by which rule."""
    url = reverse("plan:parameter", args=[parameter.id])
    if parameter.status == "unset":
        note = parameter.refers_to or ""
        return Work(gettext_lazy("参数"), parameter.name, note, url, "late", gettext_lazy("待定"))
    return Work(gettext_lazy("参数"), parameter.name, values_words(plan, parameter), url)


def _target(target: Target) -> Work:
    note = f"{target.wording or ''} {target.figure:,} {target.unit}，{target.deadline.isoformat()} 前".strip()
    return Work(gettext_lazy("目标"), target.name, note, reverse("plan:targets"))


def reading_work(reading: Reading) -> Work:
    """A reading: the question and what is used; unconfirmed ones say so."""
    url = reverse("plan:reading", args=[reading.id])
    if reading.decided_by is None:
        return Work(gettext_lazy("解读"), reading.question, reading.used, url, "late", gettext_lazy("待确认"))
    return Work(gettext_lazy("解读"), reading.question, reading.used, url)
