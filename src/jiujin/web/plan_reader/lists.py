"""The lists of the plan reader: columns, filters and rows of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Cell, Choice, Column, Filter, Row
from jiujin.plan.models import Plan, Reading, Scheme
from jiujin.web.plan_reader.words import limit_words, parameters_named, values_words

STATUS: dict[str, str | Promise] = {
    "stated": gettext_lazy("文件写明"),
    "external": gettext_lazy("另有规定"),
    "reading": gettext_lazy("按解读"),
    "unset": gettext_lazy("待定"),
}
LEVELS: dict[str, str | Promise] = {
    "district": gettext_lazy("区"),
    "township": gettext_lazy("乡镇街道"),
    "community": gettext_lazy("村、社区"),
}

SCHEMES = (
    Column("name", gettext_lazy("补贴项目"), sortable=True, can_hide=False),
    Column("clause", gettext_lazy("条款"), kind="short"),
    Column("payee", gettext_lazy("付给")),
    Column("amount", gettext_lazy("标准"), kind="soft"),
    Column("limit", gettext_lazy("次数"), kind="soft"),
    Column("state", gettext_lazy("状态"), kind="chip"),
)
PARAMETERS = (
    Column("name", gettext_lazy("参数"), sortable=True, can_hide=False),
    Column("value", gettext_lazy("取值"), kind="short"),
    Column("status", gettext_lazy("状态"), kind="chip", sortable=True),
    Column("source", gettext_lazy("出处，或按什么规定设定"), kind="soft"),
    Column("clause", gettext_lazy("条款"), kind="short", sortable=True),
)
TARGETS = (
    Column("name", gettext_lazy("目标"), sortable=True, can_hide=False),
    Column("figure", gettext_lazy("要求"), kind="short", sortable=True),
    Column("deadline", gettext_lazy("期限"), kind="short", sortable=True),
    Column("counts", gettext_lazy("怎样算一个"), kind="soft"),
    Column("measured", gettext_lazy("计量"), kind="chip"),
    Column("clause", gettext_lazy("条款"), kind="short"),
)
READINGS = (
    Column("question", gettext_lazy("文件没有写明的"), can_hide=False),
    Column("used", gettext_lazy("现在这样用")),
    Column("otherwise", gettext_lazy("也可以是"), kind="soft"),
    Column("status", gettext_lazy("状态"), kind="chip"),
    Column("clause", gettext_lazy("条款"), kind="short", sortable=True),
)
AREAS = (
    Column("name", gettext_lazy("名称"), sortable=True, can_hide=False),
    Column("level", gettext_lazy("级别"), sortable=True),
    Column("parent", gettext_lazy("上级"), sortable=True),
    Column("code", gettext_lazy("区划代码"), kind="short", sortable=True),
)
CASES = (
    Column("name", gettext_lazy("用例"), can_hide=False),
    Column("differs", gettext_lazy("和基本情况不同之处"), kind="soft"),
    Column("verdict", gettext_lazy("应得结论"), kind="chip"),
    Column("unmet", gettext_lazy("不满足"), kind="soft"),
    Column("amount", gettext_lazy("金额（元）"), kind="money"),
)


def counted(key: str, values: Iterable[str], labels: Mapping[str, str | Promise]) -> Filter:
    """A filter whose choices say how many rows each has; choices without rows are left out."""
    counts = Counter(values)
    choices = [Choice("", gettext_lazy("全部"), counts.total())]
    return Filter(key, choices + [Choice(v, label, counts[v]) for v, label in labels.items() if counts[v]])


def clause_cell(plan: Plan, clause_id: str) -> Cell:
    """A clause by its place in the document, leading to it; sorted in the document's order."""
    clause = plan.clauses[clause_id]
    url = f"{reverse('plan:clauses')}#{clause_id}"
    return Cell(clause.place, href=url, order=list(plan.clauses).index(clause_id))


def unset_names(plan: Plan, scheme: Scheme) -> list[str]:
    """Names of the parameters of a scheme that are still to be set."""
    named = [plan.parameters[name] for name in parameters_named(plan, scheme)]
    return [parameter.name for parameter in named if parameter.status == "unset"]


def amount_words(plan: Plan, scheme: Scheme) -> str:
    """What the amount comes from: `1,400.00 元/人月`, or the name of the standard that is still to be set."""
    named = [p for name, p in plan.parameters.items() if scheme.amount and f"'{name}'" in scheme.amount]
    return "；".join(values_words(plan, p) or _("%(name)s待定") % {"name": p.name} for p in named)


def scheme_rows(plan: Plan) -> list[Row]:
    """One row a scheme, in the pack's order of clauses."""
    order = list(plan.clauses)
    return [_scheme_row(plan, s) for s in sorted(plan.schemes.values(), key=lambda s: order.index(s.clause))]


def _scheme_row(plan: Plan, scheme: Scheme) -> Row:
    unset = unset_names(plan, scheme)
    fact = plan.facts.get(scheme.payee.fact or "")
    state = Cell(_("%(count)s 项参数待定") % {"count": len(unset)}, "late") if unset else Cell("")
    cells = {
        "name": Cell(scheme.name),
        "clause": clause_cell(plan, scheme.clause),
        "payee": Cell(fact.label if fact else _("名单里不写")),
        "amount": Cell(amount_words(plan, scheme)),
        "limit": Cell(limit_words(plan, scheme.limit)),
        "state": state,
    }
    return Row(scheme.id, cells, href=reverse("plan:scheme", args=[scheme.id]))


def parameter_rows(plan: Plan, status: str) -> list[Row]:
    """One row a parameter, those of one status or all."""
    rows = []
    for parameter in plan.parameters.values():
        if status and parameter.status != status:
            continue
        unset = parameter.status == "unset"
        waits = unset or (parameter.status == "reading")
        source = "；".join(dict.fromkeys(value.source for value in parameter.values)) or parameter.refers_to or ""
        cells = {
            "name": Cell(parameter.name),
            "value": Cell(values_words(plan, parameter) or "—"),
            "status": Cell(STATUS[parameter.status], "late" if waits else "plain", order=parameter.status),
            "source": Cell(source),
            "clause": clause_cell(plan, parameter.clause),
        }
        rows.append(Row(parameter.id, cells, href=reverse("plan:parameter", args=[parameter.id])))
    return rows


def target_rows(plan: Plan) -> list[Row]:
    """One row a target."""
    rows = []
    for target in plan.targets.values():
        measured = Cell(_("有计量"), "plain") if target.measure else Cell(_("计量待建"), "late")
        cells = {
            "name": Cell(target.name),
            "figure": Cell(f"{target.wording or ''} {target.figure:,} {target.unit}".strip(), order=target.figure),
            "deadline": Cell(target.deadline.isoformat()),
            "counts": Cell(target.counts),
            "measured": measured,
            "clause": clause_cell(plan, target.clause),
        }
        rows.append(Row(target.id, cells))
    return rows


def reading_rows(plan: Plan, state: str) -> list[Row]:
    """One row a reading, of one state or all."""
    rows = []
    for reading in plan.readings.values():
        if state and reading_state(reading) != state:
            continue
        decided = f"{reading.decided_by} {reading.decided_on or ''}".strip() if reading.decided_by else ""
        cells = {
            "question": Cell(reading.question),
            "used": Cell(reading.used),
            "otherwise": Cell(reading.otherwise),
            "status": Cell(_("已确认"), "plain", note=decided) if decided else Cell(_("待确认"), "late"),
            "clause": clause_cell(plan, reading.clause),
        }
        rows.append(Row(reading.id, cells, href=reverse("plan:reading", args=[reading.id])))
    return rows


def reading_state(reading: Reading) -> str:
    """Whether somebody has confirmed it."""
    return "confirmed" if reading.decided_by else "unconfirmed"


def area_rows(plan: Plan, level: str) -> list[Row]:
    """One row an area, of one level or all, by code."""
    rows = []
    for area in sorted(plan.areas.values(), key=lambda area: area.code):
        if level and area.level != level:
            continue
        parent = plan.areas.get(area.parent_code)
        cells = {
            "name": Cell(area.name),
            "level": Cell(LEVELS[area.level], order=list(LEVELS).index(area.level)),
            "parent": Cell(parent.name if parent else "—"),
            "code": Cell(area.code),
        }
        rows.append(Row(area.code, cells))
    return rows


def export_lines(columns: Sequence[Column], rows: Iterable[Row]) -> list[list[str]]:
    """Headings and rows as text, all columns."""
    head = [str(column.label) for column in columns]
    return [head, *([str(row.cells.get(column.key, Cell("")).text) for column in columns] for row in rows)]
