"""The plan to read; nothing here changes it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room, may_enter
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import (
    Ask,
    Cell,
    Column,
    Empty,
    Filter,
    Row,
    Table,
    page_within,
    read_ask,
    rows_span,
    searched_and_sorted,
)
from jiujin.core.listing_csv import csv_response
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.rosters import write_template
from jiujin.web.plan_reader import lists
from jiujin.web.plan_reader.rules_shown import cases_shown, columns_shown, readings_of, rule_tree
from jiujin.web.plan_reader.words import (
    expression_words,
    limit_words,
    parameters_named,
    period_words,
    table_words,
    value_words,
)
from jiujin.web.plan_reader.works import chapters_of, parameter_work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _list_page(
    request: HttpRequest,
    template_name: str,
    *,
    name: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    ask: Ask,
    filters: Sequence[Filter] = (),
    search_label: str = "",
    **context: Any,
) -> HttpResponse:
    """A page with one list of rows held in memory; `?export=csv` gives all of its rows instead."""
    kept = searched_and_sorted(rows, ask)
    if request.GET.get("export") == "csv":
        return csv_response(f"{caption}.csv", lists.export_lines(columns, kept))
    ask = page_within(ask, len(kept))
    table = Table(
        id=name,
        caption=caption,
        columns=columns,
        ask=ask,
        rows=kept[rows_span(ask)],
        total=len(kept),
        empty=Empty(_("方案里没有这一类内容")),
        filters=filters,
        search_label=search_label,
        export_url=ask.url(export="csv"),
    )
    return render(request, template_name, {"table": table, **context})


@in_room(Room.PLAN)
@require_safe
def clauses(request: HttpRequest) -> HttpResponse:
    """The document's clauses in order, each beside what carries it out."""
    plan = current_plan()
    chapters = chapters_of(plan)
    stages = [beside.stage for chapter in chapters for beside in chapter.clauses]
    context = {
        "plan": plan,
        "period": period_words(plan.header.period.start, plan.header.period.end),
        "chapters": chapters,
        "counts": {stage: stages.count(stage) for stage in ("running", "partly", "data_only")},
        "unset": sum(p.status == "unset" for p in plan.parameters.values()),
        "unconfirmed": sum(r.decided_by is None for r in plan.readings.values()),
    }
    return render(request, "plan/clauses.html", context)


@in_room(Room.PLAN)
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """Every scheme: who is paid, how much, how often, what is still to be set."""
    return _list_page(
        request,
        "plan/schemes.html",
        name="schemes",
        caption=_("补贴项目"),
        columns=lists.SCHEMES,
        rows=lists.scheme_rows(current_plan()),
        ask=read_ask(request, lists.SCHEMES),
        search_label=_("项目、付给谁"),
    )


@in_room(Room.PLAN)
@require_safe
def scheme(request: HttpRequest, scheme_id: str) -> HttpResponse:
    """One scheme: clause, conditions, amount, limit, readings, columns, worked cases."""
    plan = current_plan()
    shown = _scheme_or_404(plan, scheme_id)
    ask = read_ask(request, lists.CASES)
    rows = searched_and_sorted(_case_rows(plan, shown), ask)
    ask = page_within(ask, len(rows))
    table = Table(
        id="cases",
        caption=_("用例"),
        columns=lists.CASES,
        ask=ask,
        rows=rows[rows_span(ask)],
        total=len(rows),
        empty=Empty(_("这个项目还没有用例")),
        search_label=_("用例"),
    )
    payee = plan.facts.get(shown.payee.fact or "")
    context = {
        "plan": plan,
        "scheme": shown,
        "clause": plan.clauses[shown.clause],
        "tree": rule_tree(plan, shown),
        "amount": expression_words(plan, shown.amount) if shown.amount else "",
        "limit": limit_words(plan, shown.limit),
        "in_force": period_words(shown.in_force.start, shown.in_force.end),
        "payee": payee.label if payee else "",
        "parameters": [parameter_work(plan, plan.parameters[name]) for name in parameters_named(plan, shown)],
        "readings": readings_of(plan, shown),
        "evidence": [plan.evidence[name] for name in shown.evidence],
        "columns": columns_shown(plan, shown),
        "may_check": may_enter(request.user, Room.ROSTERS),
        "table": table,
    }
    return render(request, "plan/scheme.html", context)


def _scheme_or_404(plan: Plan, scheme_id: str) -> Scheme:
    if scheme_id not in plan.schemes:
        raise Http404
    return plan.schemes[scheme_id]


def _case_rows(plan: Plan, shown: Scheme) -> list[Row]:
    words = {"met": _("符合"), "unmet": _("不符合"), "unknown": _("待补充")}
    return [
        Row(
            str(place),
            {
                "name": Cell(case.name),
                "differs": Cell(case.differs),
                "verdict": Cell(words[case.verdict], case.verdict),
                "unmet": Cell(case.unmet),
                "amount": Cell(case.amount),
            },
        )
        for place, case in enumerate(cases_shown(plan, shown))
    ]


@in_room(Room.PLAN)
@require_safe
def template(request: HttpRequest, scheme_id: str) -> HttpResponse:
    """The empty roster of a scheme, to be filled in."""
    plan = current_plan()
    shown = _scheme_or_404(plan, scheme_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(plan, shown, path)
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    name = content_disposition_header(as_attachment=True, filename=f"{shown.name}.xlsx")
    response["Content-Disposition"] = name or ""
    return response


@in_room(Room.PLAN)
@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter with value, source and status; `?status=unset` shows what is still to be set."""
    plan = current_plan()
    status_filter = lists.counted("status", (p.status for p in plan.parameters.values()), lists.STATUS)
    ask = read_ask(request, lists.PARAMETERS, [status_filter])
    return _list_page(
        request,
        "plan/parameters.html",
        name="parameters",
        caption=_("参数"),
        columns=lists.PARAMETERS,
        rows=lists.parameter_rows(plan, ask.chosen["status"]),
        ask=ask,
        filters=[status_filter],
        search_label=_("参数、取值、出处"),
        unset=sum(p.status == "unset" for p in plan.parameters.values()),
    )


@in_room(Room.PLAN)
@require_safe
def parameter(request: HttpRequest, parameter_id: str) -> HttpResponse:
    """One parameter: its values by date and area, where each comes from, and what it decides."""
    plan = current_plan()
    shown = plan.parameters.get(parameter_id)
    if shown is None:
        raise Http404
    values = [
        {
            "words": value_words(plan, shown, value),
            "period": period_words(value.start, value.end) if value.start or value.end else _("方案全期"),
            "area": plan.areas[value.area].name if value.area else _("全区"),
            "source": value.source,
            "checked_on": value.checked_on,
            "table": _headed(*table_words(plan, shown, value)) if shown.type == "table" else None,
        }
        for value in shown.values
    ]
    context = {
        "parameter": shown,
        "status": lists.STATUS[shown.status],
        "clause": plan.clauses[shown.clause],
        "values": values,
        "reading": plan.readings.get(shown.reading or ""),
        "used_by": [s for s in plan.schemes.values() if shown.id in parameters_named(plan, s)],
    }
    return render(request, "plan/parameter.html", context)


@in_room(Room.PLAN)
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """The targets and each township's share of them."""
    plan = current_plan()
    return _list_page(
        request,
        "plan/targets.html",
        name="targets",
        caption=_("目标任务"),
        columns=lists.TARGETS,
        rows=lists.target_rows(plan),
        ask=read_ask(request, lists.TARGETS),
        shares=_shares(plan),
    )


def _headed(headings: list[str], lines: list[list[str]]) -> tuple[list[str], list[list[tuple[str, str]]]]:
    """A table whose cells know their headings: on a narrow page a line becomes a card."""
    return headings, [list(zip(headings, line, strict=True)) for line in lines]


def _shares(plan: Plan) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each area with its share of each target (and the target's name), in the order of the targets; nothing while no share is
    known.
    """
    figures = {(share.area, share.target): share.figure for share in plan.shares}
    areas = dict.fromkeys(share.area for share in plan.shares)
    return [
        (
            plan.areas[area].name,
            [(t.name, f"{figures[area, key]:,}" if (area, key) in figures else "—") for key, t in plan.targets.items()],
        )
        for area in areas
    ]


@in_room(Room.PLAN)
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Where the document is silent or can be read two ways, and what is used."""
    plan = current_plan()
    labels = {"unconfirmed": _("待确认"), "confirmed": _("已确认")}
    states = (lists.reading_state(reading) for reading in plan.readings.values())
    state_filter = lists.counted("state", states, labels)
    ask = read_ask(request, lists.READINGS, [state_filter])
    return _list_page(
        request,
        "plan/readings.html",
        name="readings",
        caption=_("解读"),
        columns=lists.READINGS,
        rows=lists.reading_rows(plan, ask.chosen["state"]),
        ask=ask,
        filters=[state_filter],
        search_label=_("问题、取法"),
        unconfirmed=sum(r.decided_by is None for r in plan.readings.values()),
    )


@in_room(Room.PLAN)
@require_safe
def reading(request: HttpRequest, reading_id: str) -> HttpResponse:
    """One reading: what the document leaves open, what is used, what else it could be, and what depends on it."""
    plan = current_plan()
    shown = plan.readings.get(reading_id)
    if shown is None:
        raise Http404
    context = {
        "reading": shown,
        "clause": plan.clauses[shown.clause],
        "schemes": [s for s in plan.schemes.values() if shown in readings_of(plan, s)],
        "targets": [t for t in plan.targets.values() if shown.id in t.readings],
        "parameters": [p for p in plan.parameters.values() if p.reading == shown.id],
    }
    return render(request, "plan/reading.html", context)


@in_room(Room.PLAN)
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The district's townships, villages and communities with their codes."""
    plan = current_plan()
    level_filter = lists.counted("level", (area.level for area in plan.areas.values()), lists.LEVELS)
    ask = read_ask(request, lists.AREAS, [level_filter])
    return _list_page(
        request,
        "plan/areas.html",
        name="areas",
        caption=_("区划"),
        columns=lists.AREAS,
        rows=lists.area_rows(plan, ask.chosen["level"]),
        ask=ask,
        filters=[level_filter],
        search_label=_("名称、代码"),
        plan=plan,
    )
