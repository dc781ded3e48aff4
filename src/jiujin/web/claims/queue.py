"""The officers' queue: what waits at each step, a line opened beside it, one decided or a selection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused, LineChanged
from jiujin.claims.models import ClaimLine, Risk
from jiujin.claims.queries import explained_lines, lines_seen_by, states_awaiting
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.states import OPEN, LineState
from jiujin.claims.steps import may_take, require_fit_for_many
from jiujin.core.listing import (
    Ask,
    Cell,
    Choice,
    Column,
    Empty,
    Filter,
    Row,
    Tab,
    Table,
    page_within,
    read_ask,
    rows_span,
)
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.errors import FundsRefused
from jiujin.funds.services.approve_lines import approve_lines
from jiujin.plan import Plan
from jiujin.registry.models import Area
from jiujin.web.claims.claim_list import list_file
from jiujin.web.claims.opened_line import evidence_of, open_line, way_of
from jiujin.web.claims.scope import own_line
from jiujin.web.claims.words import (
    STEPS,
    VERDICTS,
    age_words,
    amount_words,
    clause_order,
    due_words,
    reason_lines,
    scheme_name,
    state_tone,
    subject_name,
    subject_number,
)

CONFLICT, UNPROCESSABLE = 409, 422
EXPORT_ROWS_MAX = 20_000
MANY_MAX = 500
STAGES = ("acceptance", "first_review", "second_review", "public_notice", "approval")
COLUMNS = (
    Column("subject", gettext_lazy("对象"), kind="short", sortable=True, can_hide=False),
    Column("verdict", gettext_lazy("结论"), kind="chip"),
    Column("risk", gettext_lazy("疑点"), kind="chip"),
    Column("scheme", gettext_lazy("项目和单位"), kind="soft", sortable=True),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("due", gettext_lazy("期限"), kind="short", sortable=True),
    Column("age", gettext_lazy("已等"), kind="short", sortable=True),
)
FILE_COLUMNS = (
    Column("claim", gettext_lazy("申报编号")),
    *COLUMNS,
    Column("reasons", gettext_lazy("原因")),
)
ORDERS = {
    "subject": "person__name",
    "scheme": "scheme",
    "amount": "amount_fen",
    "due": "due_on",
    "age": "state_at",
}
DONE = {
    "accept": gettext_lazy("已受理 %(count)s 行。"),
    "pass": gettext_lazy("已通过 %(count)s 行。"),
    "notice": gettext_lazy("已公示 %(count)s 行。"),
    "approve": gettext_lazy("已批准 %(count)s 行。"),
    "return": gettext_lazy("已退回 %(count)s 行，理由已告诉申报单位。"),
    "reject": gettext_lazy("已不予批准 %(count)s 行，理由和申诉的办法已告诉申报单位。"),
}
FORWARD = {
    "acceptance": "accept",
    "first_review": "pass",
    "second_review": "pass",
    "public_notice": "notice",
    "approval": "approve",
}


# --- what waits where -----------------------------------------------------------------------------------------------------


def stages_by_state(plan: Plan) -> dict[tuple[str, str], str]:
    """The step that lines wait for, by scheme and state; only the steps of these pages."""
    return {
        (scheme, state): stage
        for stage in STAGES
        for scheme in plan.schemes
        for state in states_awaiting(plan, scheme, stage)
    }


def stage_of(plan: Plan, line: ClaimLine) -> str:
    """The step that a line waits for; nothing where it is none of these pages' or the plan has lost the scheme."""
    return stages_by_state(plan).get((line.scheme, line.state), "")


def awaiting(plan: Plan, stage: str) -> Q:
    """The lines that wait for a step, whichever way their schemes go."""
    found = Q(pk__in=[])
    for (scheme, state), waits_for in stages_by_state(plan).items():
        if waits_for == stage:
            found |= Q(scheme=scheme, state=state)
    return found


def stage_counts(seen: QuerySet[ClaimLine], plan: Plan) -> dict[str, int]:
    """How many lines wait at each step (one statement)."""
    counts, stages = dict.fromkeys(STAGES, 0), stages_by_state(plan)
    rows = seen.filter(state__in=OPEN).order_by().values_list("scheme", "state").annotate(n=Count("pk"))
    for scheme, state, count in rows:
        stage = stages.get((scheme, state))
        if stage:
            counts[stage] += count
    return counts


def own_stages(user: User, plan: Plan) -> set[str]:
    """The steps that the plan's workflows give to the person's role."""
    return {
        step.name
        for workflow in plan.workflows.values()
        for step in workflow.steps
        if user.role in step.by and step.name in STAGES
    }


def filters_of(plan: Plan) -> list[Filter]:
    """By scheme, township, risk and verdict; the payee is found by its name."""
    townships = Area.objects.filter(level="township").order_by("code").values_list("code", "name")
    return [
        Filter("scheme", [Choice("", _("全部项目")), *(Choice(s.id, s.name) for s in clause_order(plan))]),
        Filter("town", [Choice("", _("全部乡镇")), *(Choice(code, name) for code, name in townships)]),
        Filter("risk", [Choice("", _("全部风险")), Choice("clear", _("无疑点")), Choice("marked", _("有疑点"))]),
        Filter("verdict", [Choice("", _("全部结论")), *(Choice(key, words) for key, words in VERDICTS.items())]),
    ]


def narrowed(seen: QuerySet[ClaimLine], ask: Ask, plan: Plan, stage: str) -> QuerySet[ClaimLine]:
    """The lines asked for, in the order asked for; those due first where nothing else is asked."""
    seen = seen.filter(awaiting(plan, stage))
    for key in ("scheme", "risk", "verdict"):
        if ask.chosen[key]:
            seen = seen.filter(**{key: ask.chosen[key]})
    if ask.chosen["town"]:
        seen = seen.filter(area_code__startswith=ask.chosen["town"])
    if ask.search:
        named = Q(person__name__icontains=ask.search) | Q(payee__name__icontains=ask.search)
        seen = seen.filter(named | Q(claim__number__icontains=ask.search))
    order = F(ORDERS[ask.sort])
    return seen.order_by(order.desc(nulls_last=True) if ask.descending else order.asc(nulls_last=True), "pk")


def row_of(
    line: ClaimLine, plan: Plan, why: Iterable[str] = (), *, selected: bool = False, may_decide: bool = False
) -> Row:
    """One line of the queue; it can be ticked by whoever may decide on it."""
    today = timezone.localdate()
    risk = (_("有疑点"), "late") if line.risk == Risk.MARKED or line.is_stopped else (_("无疑点"), "plain")
    cells = {
        "claim": Cell(line.claim.number),
        "subject": Cell(subject_name(line), note=subject_number(line)),
        "verdict": Cell(VERDICTS[line.verdict], line.verdict),
        "risk": Cell(*risk),
        "scheme": Cell(scheme_name(plan, line.scheme), note=line.payee.name if line.payee else ""),
        "amount": Cell(amount_words(line)),
        "due": Cell(line.due_on.isoformat() if line.due_on else "", note=due_words(line, today)),
        "age": Cell(age_words(line, today)),
        "reasons": Cell("；".join(why)),
    }
    return Row(
        str(line.pk),
        cells,
        href=reverse("claims:queue-line", args=[line.pk]),
        panel=reverse("claims:queue-panel", args=[line.pk]),
        selected=selected,
        tick=f"{line.pk}:{line.version}" if may_decide else "",
    )


# --- pages ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What the address asks of the queue: the step, with how many lines wait at each, and the rest."""

    plan: Plan
    seen: QuerySet[ClaimLine]
    mine: set[str]
    counts: dict[str, int]
    stage: str
    filters: list[Filter]
    ask: Ask

    @property
    def is_narrowed(self) -> bool:
        """Whether less is asked for than all that waits at the step."""
        return bool(self.ask.search) or any(self.ask.chosen.values())

    @property
    def tabs(self) -> list[Tab]:
        """The steps as links."""
        return [
            Tab(STEPS[stage], self.counts[stage], self.ask.url(stage=stage), stage == self.stage) for stage in STAGES
        ]


def _asked(request: SignedInRequest) -> Asked:
    """The step asked for; else the first of the person's own steps at which something waits."""
    plan = plan_in_force()
    seen = lines_seen_by(request.user).select_related("person", "payee", "claim")
    mine, counts = own_stages(request.user, plan), stage_counts(seen, plan)
    stage = request.GET.get("stage", "")
    if stage not in STAGES:
        first = next((each for each in STAGES if each in mine), STAGES[0])
        stage = next((each for each in STAGES if each in mine and counts[each]), first)
    filters = filters_of(plan)
    return Asked(plan, seen, mine, counts, stage, filters, read_ask(request, COLUMNS, filters, sort="due"))


@in_room(Room.CLAIM_QUEUE)
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits at one step, the first line open beside it."""
    asked = _asked(request)
    found = narrowed(asked.seen, asked.ask, asked.plan, asked.stage)
    total = found.count() if asked.is_narrowed else asked.counts[asked.stage]
    ask = page_within(asked.ask, total)
    rows = list(found[rows_span(ask)])
    context = {
        "table": _table(request.user, rows, total, ask, asked),
        "tabs": asked.tabs,
        "choices": [_select(each, ask) for each in asked.filters],
        "stage": asked.stage,
        "stage_label": STEPS[asked.stage],
        "forward": FORWARD[asked.stage],
        "may_act": asked.stage in asked.mine,
        "here": request.get_full_path(),
    }
    beside = panel_context(request, rows[0]) | {"back": request.get_full_path()} if rows else {}
    return render(request, "claims/queue.html", context | beside)


def _select(its_filter: Filter, ask: Ask) -> dict[str, Any]:
    """A filter as a field of the form above the table: these have too many values for tabs."""
    return {"key": its_filter.key, "choices": its_filter.choices, "chosen": ask.chosen[its_filter.key]}


def _table(user: User, rows: Sequence[ClaimLine], total: int, ask: Ask, asked: Asked) -> Table:
    def row(line: ClaimLine) -> Row:
        own = may_take(user, line, [asked.stage], asked.plan)
        return row_of(line, asked.plan, selected=line.pk == rows[0].pk, may_decide=own)

    return Table(
        id="queue",
        caption=_("等着办的明细"),
        columns=COLUMNS,
        ask=ask,
        rows=[row(line) for line in rows],
        total=total,
        empty=Empty(
            _("这一步没有等着办的"),
            _("别的步骤也许有：点上面的步骤看。申报单位提交以后，会排在“受理”里。"),
            _("看申诉和异议"),
            reverse("claims:matters"),
        ),
        search_label=_("姓名、单位、编号"),
        export_url=reverse("claims:queue-xlsx") + ask.url(page=1, stage=asked.stage),
        tick_form="many",
    )


@in_room(Room.CLAIM_QUEUE)
@require_safe
def queue_xlsx(request: SignedInRequest) -> HttpResponse:
    """The same lines as a workbook, with their reasons."""
    asked = _asked(request)
    lines = list(narrowed(asked.seen, asked.ask, asked.plan, asked.stage)[:EXPORT_ROWS_MAX])
    why = explained_lines(lines)
    rows = [row_of(line, asked.plan, why.get(line.pk, ())) for line in lines]
    return list_file(_("等着办的明细"), "xlsx", FILE_COLUMNS, rows)


def panel_context(request: SignedInRequest, line: ClaimLine) -> dict[str, Any]:
    """What an officer sees of a line before deciding."""
    opened = open_line(line)
    plan = plan_in_force()
    stage = stage_of(plan, line)
    return {
        "opened": opened,
        "line": line,
        "tone": state_tone(line.state),
        "subject": subject_name(line),
        "number": subject_number(line),
        "amount": amount_words(line),
        "step": stage,
        "step_label": STEPS.get(stage, ""),
        "step_forward": FORWARD.get(stage, ""),
        "can_step": bool(stage) and may_take(request.user, line, [stage], plan),
        "can_refuse": _may_refuse(request.user, line, plan),
        "suggested": suggested_reasons(opened),
        "back": request.GET.get("back") or request.headers.get("HX-Current-URL", ""),
    }


def _may_refuse(user: User, line: ClaimLine, plan: Plan) -> bool:
    """Whether the line is this person's to return: whoever decides next, and the second reviewer while it is published."""
    if line.state in (LineState.SECOND_PASSED, LineState.IN_NOTICE):
        return may_take(user, line, ["second_review"], plan)
    stage = stage_of(plan, line)
    return bool(stage) and may_take(user, line, [stage], plan)


def suggested_reasons(opened: Any) -> list[str]:
    """What the officer will likely want to write: the conditions that are not met, and what is missing."""
    if opened.line.verdict == "met":
        return []
    return reason_lines(opened.reasons)


@in_room(Room.CLAIM_QUEUE)
@require_safe
def panel(request: SignedInRequest, line_id: int) -> HttpResponse:
    """One line beside the queue."""
    line = own_line(request.user, line_id)
    return render(request, "claims/queue_panel.html", panel_context(request, line) | {"panel_open": True})


# --- deciding -------------------------------------------------------------------------------------------------------------


def versions_of(ticks: Iterable[str]) -> dict[int, int]:
    """Lines with the version that was on the screen, from `id:version`."""
    found: dict[int, int] = {}
    for tick in ticks:
        line, _colon, version = tick.partition(":")
        if line.isascii() and line.isdigit() and version.isascii() and version.isdigit() and len(line) < 16:
            found[int(line)] = int(version)
    return found


@in_room(Room.CLAIM_QUEUE)
@require_POST
def decide(request: SignedInRequest) -> HttpResponse:
    """Take one step with one line or a selection, and on to the next; who came second is shown what the first changed."""
    versions = versions_of(request.POST.getlist("line"))
    event = request.POST.get("event", "")
    back = _back(request)
    if not versions or event not in DONE:
        messages.warning(request, _("没有选中要办的行，没有改动。在行首勾选，或者在右边办一行。"))
        return redirect(back)
    if len(versions) > MANY_MAX:
        messages.warning(request, _("一次最多办 %(max)s 行，没有改动。") % {"max": MANY_MAX})
        return redirect(back)
    lines = list(lines_seen_by(request.user).filter(pk__in=versions).order_by("pk"))
    if event == "approve" and not request.POST.get("meeting", "").strip():
        messages.warning(request, _("批准要写会议名称、编号和日期，没有改动。"))
        return redirect(back)
    try:
        if request.POST.get("many"):
            require_fit_for_many(lines)
        _take(request, event, lines, versions)
    except LineChanged as error:
        return _conflict(request, error, back)
    except (ClaimRefused, FundsRefused) as error:
        messages.warning(request, str(error))
        return redirect(back)
    messages.success(request, DONE[event] % {"count": len(lines)})
    return redirect(back)


def _take(request: SignedInRequest, event: str, lines: Sequence[ClaimLine], versions: Mapping[int, int]) -> None:
    ids = [line.pk for line in lines]
    given: dict[str, Any] = {"ids": ids, "actor": request.user, "now": timezone.now()}
    reasons = written_reasons(request)
    if event == "accept":
        accept_lines(**given, versions=versions)
    elif event == "pass":
        plan = plan_in_force()
        for stage in ("first", "second"):
            some = [line.pk for line in lines if stage_of(plan, line) == f"{stage}_review"]
            if some:
                pass_lines(**given | {"ids": some}, stage=stage, versions=versions)
    elif event == "notice":
        publish_notice(**given)
    elif event == "approve":
        approve_lines(**given, meeting=request.POST.get("meeting", ""), versions=versions)
    elif event == "return":
        return_lines(**given, reasons=reasons, versions=versions)
    else:
        reject_lines(**given, reasons=reasons, versions=versions)


def written_reasons(request: HttpRequest) -> str:
    """The reasons that were ticked, and what was written besides."""
    return "；".join(reason_lines([*request.POST.getlist("reason"), request.POST.get("reasons", "").strip()]))


def _back(request: SignedInRequest) -> str:
    wanted = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("claims:queue")


def _conflict(request: SignedInRequest, error: LineChanged, back: str) -> HttpResponse:
    """Somebody was quicker: what they changed, and the line as it stands now, to decide again."""
    line = own_line(request.user, error.line_id)
    context = panel_context(request, line) | {
        "changes": error.changes,
        "error": str(error),
        "back": back,
        "wrote": written_reasons(request),
        "way": way_of(line),
        "evidence": evidence_of(line),
    }
    return render(request, "claims/conflict.html", context, status=CONFLICT)
