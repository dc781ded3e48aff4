"""The page on which a change of the plan is tried over the registry; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room, may_enter
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.simulation import Change, Tell, Tried, plan_to_try, records_count, try_change
from jiujin.funds.simulation_tables import (
    budget_table,
    figure_tables,
    scheme_name,
    scheme_table,
    township_names,
    township_table,
)
from jiujin.plan import Plan, PlanInvalid, PlanNotFound
from jiujin.plan.load import list_plans
from jiujin.plan.models import Parameter
from jiujin.plan.parameters import parse_value, value_on
from jiujin.registry.queries import home_lies_in
from jiujin.values import format_yuan, parse_yuan
from jiujin.web.figures import TYPES, figures_response, shown_table
from jiujin.web.funds.trial_progress import Told, TrialProgress
from jiujin.web.funds.words import ranked_bars
from jiujin.work.models import Placement

FRESH_UP_TO = 50_000  # so many records are read anew for each trial; more are read once a night
AT_ONCE_UP_TO = 2_000  # a trial over more records shows how far it is
SHOWN_VALUE_MAX = 60
UNITS = {
    "money": gettext_lazy("元"),
    "months": gettext_lazy("个月"),
    "days": gettext_lazy("天"),
    "years": gettext_lazy("年"),
    "count": gettext_lazy("个"),
    "metres": gettext_lazy("米"),
}


@dataclass(frozen=True)
class Given:
    """One field of the form: what it changes, what stands today, and what was written."""

    name: str
    label: str
    today: str
    written: str
    unit: str = ""
    error: str = ""


class Asked:
    """What the address asks to try, each piece read apart so that a wrong one is told beside its field."""

    def __init__(self, given: QueryDict) -> None:
        self.given = given
        self.plan, self.plan_error = _plan_of(given.get("plan", ""))
        self.base = plan_in_force()
        pack = self.plan or self.base
        self.values: dict[str, Any] = {}
        self.limits: dict[str, int] = {}
        self.budgets: dict[str, int] = {}
        self.parameters = [self._parameter(pack, one) for one in _parameters(pack)]
        self.counts = [self._limit(pack, name) for name, one in pack.schemes.items() if one.limit]
        self.sums = [self._budget(pack, name) for name, one in pack.schemes.items() if one.decided_by == "district"]

    @property
    def is_asked(self) -> bool:
        """Whether something is to be tried."""
        return "try" in self.given

    @property
    def is_wrong(self) -> bool:
        """Whether a piece of it cannot be."""
        return bool(self.plan_error or any(one.error for one in (*self.parameters, *self.counts, *self.sums)))

    @property
    def change(self) -> Change:
        """What is to be tried."""
        return Change(self.plan, self.values, self.limits, self.budgets)

    def _written(self, name: str) -> str:
        return self.given.get(name, "").strip()[:SHOWN_VALUE_MAX]

    def _parameter(self, plan: Plan, parameter: Parameter) -> Given:
        written, error = self._written(f"set.{parameter.id}"), ""
        if written:
            try:
                self.values[parameter.id] = parse_value(plan, parameter.id, written)
            except ValueError as wrong:
                error = str(wrong)
        unit = str(UNITS.get(parameter.type, ""))
        return Given(f"set.{parameter.id}", parameter.name, value_words(plan, parameter), written, unit, error)

    def _limit(self, plan: Plan, name: str) -> Given:
        scheme, written, error = plan.schemes[name], self._written(f"limit.{name}"), ""
        assert scheme.limit is not None
        if written:
            if written.isascii() and written.isdigit() and 1 <= int(written) <= 1000:
                self.limits[name] = int(written)
            else:
                error = _("次数要填 1 到 1000 的整数")
        return Given(f"limit.{name}", scheme.name, str(scheme.limit.count), written, _("次"), error)

    def _budget(self, plan: Plan, name: str) -> Given:
        written, error = self._written(f"budget.{name}"), ""
        if written:
            try:
                self.budgets[name] = parse_yuan(written)
            except ValueError as wrong:
                error = str(wrong)
        return Given(f"budget.{name}", plan.schemes[name].name, "", written, _("元"), error)


@in_room(Room.SIMULATION)
@require_safe
def simulate(request: SignedInRequest) -> HttpResponse:
    """The form, and under it what the change would cost and whom it would reach."""
    asked = Asked(request.GET)
    context: dict[str, Any] = {
        "asked": asked,
        "packs": [name for name in list_plans() if name != asked.base.id],
        "chosen_pack": request.GET.get("plan", ""),
        "kept_address": request.GET.urlencode(),
    }
    if asked.is_asked and not asked.is_wrong:
        at_once = "now" in request.GET or records_count() <= AT_ONCE_UP_TO
        context |= result_of(request, asked) if at_once else {"trial_id": uuid4(), "told": Told()}
    return render(request, "funds/simulate.html", context)


@in_room(Room.SIMULATION)
@require_safe
def run_trial(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    """Run what the address asks, telling meanwhile how far it is; gives the part of the page that takes the progress's place."""
    asked = Asked(request.GET)
    if asked.is_wrong:
        raise Http404
    progress = TrialProgress(trial_id)
    try:
        result = result_of(request, asked, progress.tell)
    finally:
        progress.end()
    return render(request, "funds/simulated.html", result | {"kept_address": request.GET.urlencode()})


@in_room(Room.SIMULATION)
@require_safe
def trial_progress(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    """How far a trial is."""
    return render(request, "funds/trial_progress.html", {"told": TrialProgress(trial_id).read()})


@in_room(Room.SIMULATION)
@require_safe
def simulate_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """The same as a workbook or a document."""
    asked = Asked(request.GET)
    if kind not in TYPES or asked.is_wrong:
        raise Http404
    tried = _tried(asked)
    return figures_response(kind, _("政策测算"), figure_tables(tried, township_names()), notes=changed_words(asked))


def result_of(request: SignedInRequest, asked: Asked, tell: Tell | None = None) -> dict[str, Any]:
    """What the page shows of a trial."""
    tried = _tried(asked, tell)
    names = township_names()
    total = tried.result.total()
    budgets = budget_table(tried)
    return {
        "tried": tried,
        "total": total,
        "changed": changed_words(asked),
        "tables": [shown_table(table) for table in (scheme_table(tried), township_table(tried, names))],
        "budgets": shown_table(budgets) if budgets.rows else None,
        "bars": ranked_bars({scheme_name(tried, one.scheme): one.difference_fen for one in tried.result.by_scheme()}),
        "named": _named(request, tried),
        "lacking": [tried.changed.schemes[name].name for name in tried.without_records],
        "taken_at": timezone.localtime(tried.taken_at),
        "seconds": tried.seconds,
    }


def _tried(asked: Asked, tell: Tell | None = None) -> Tried:
    return try_change(asked.change, tell=tell, kept=records_count() > FRESH_UP_TO)


def _named(request: SignedInRequest, tried: Tried) -> list[dict[str, Any]]:
    """The first records that gain and lose, for those who may open them; placements have a page."""
    if not may_enter(request.user, Room.PEOPLE):
        return []
    ids = [pk for which in (tried.result.gaining, tried.result.losing) for some in which.values() for pk in some]
    near = Placement.objects.filter(home_lies_in(request.user.area_code, of="person__"), pk__in=ids).order_by("pk")
    seen = set(near.values_list("pk", flat=True))
    found = []
    for scheme in tried.result.gaining:
        subject = (tried.changed.schemes.get(scheme) or tried.plan.schemes[scheme]).subject
        if subject != "placement":
            continue
        for label, named in ((_("新增"), tried.result.gaining[scheme]), (_("减少"), tried.result.losing[scheme])):
            links = [(pk, reverse("desk:placement", args=[pk])) for pk in named if pk in seen]
            if links:
                found.append({"label": f"{scheme_name(tried, scheme)} · {label}", "links": links})
    return found


def changed_words(asked: Asked) -> list[str]:
    """What is changed, a sentence a piece."""
    words = [_("方案：%(now)s → %(then)s") % {"now": asked.base.id, "then": asked.plan.id}] if asked.plan else []
    pieces = (
        (asked.parameters, _("%(what)s：%(now)s → %(then)s")),
        (asked.counts, _("%(what)s的次数上限：%(now)s → %(then)s")),
    )
    for fields, sentence in pieces:
        words += [
            sentence
            % {"what": one.label, "now": one.today or _("待定"), "then": f"{one.written}{one.unit and f' {one.unit}'}"}
            for one in fields
            if one.written
        ]
    words += [
        _("%(what)s的预算：%(then)s 元") % {"what": one.label, "then": one.written} for one in asked.sums if one.written
    ]
    return words


def value_words(plan: Plan, parameter: Parameter) -> str:
    """A parameter's value at the plan's beginning, as a person writes it; nothing where it is not set."""
    day = plan.header.period.start or timezone.localdate()
    value = value_on(plan, parameter.id, day)
    if value is None:
        return ""
    if parameter.type == "money" and isinstance(value, int):
        return format_yuan(value)
    return "、".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _parameters(plan: Plan) -> list[Parameter]:
    """Parameters that a rule names and a person can write: no tables, and not the days of the workflow."""
    rules = " ".join(scheme.model_dump_json() for scheme in plan.schemes.values())
    facts = " ".join(f"{fact.records} {fact.derive}" for fact in plan.facts.values())
    return [one for one in plan.parameters.values() if one.type != "table" and f"'{one.id}'" in rules + facts]


def _plan_of(name: str) -> tuple[Plan | None, str]:
    """A pack of the folder by its name; no path comes from an address."""
    if not name:
        return None, ""
    if name not in list_plans():
        return None, _("没有这个方案包")
    try:
        return plan_to_try(Path(name)), ""
    except (PlanInvalid, PlanNotFound) as error:
        return None, str(error)
