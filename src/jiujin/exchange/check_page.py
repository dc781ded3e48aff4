"""What the page of a finished check shows: its lines, the panel of one line, its bad cells, what to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.current_plan import plan_by_id
from jiujin.core.listing import (
    PAGE_ROWS,
    Ask,
    Cell,
    Choice,
    Column,
    Empty,
    Filter,
    Row,
    Table,
    page_within,
)
from jiujin.exchange.lines import BadCells, JudgedLines, Line, LinesAsked
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.services.judge_check import proof_level, typed_parameters
from jiujin.exchange.storage import CheckFiles
from jiujin.plan import Plan, Scheme
from jiujin.plan.check import leaves, walk
from jiujin.rosters.result import LineDetail, detail_of
from jiujin.rules import Program, compile_scheme
from jiujin.rules.explain import ConditionAnswer
from jiujin.sheets import CellError
from jiujin.values import mask_credit_code, mask_id_number, mask_name

WORDS = {"met": gettext_lazy("符合"), "unmet": gettext_lazy("不符合"), "unknown": gettext_lazy("待补充")}
LONGEST_NUMBER_SHOWN = 8
REMINDER = "提醒："
REASON_COLUMNS = (
    Column("row", gettext_lazy("行号"), kind="number", sortable=True, can_hide=False),
    Column("name", gettext_lazy("姓名"), kind="short", sortable=True),
    Column("verdict", gettext_lazy("结论"), kind="chip", sortable=True),
    Column("reasons", gettext_lazy("原因"), kind="reason"),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
)
BAD_CELL_COLUMNS = (
    Column("place", gettext_lazy("单元格"), can_hide=False),
    Column("column", gettext_lazy("列名"), kind="short"),
    Column("value", gettext_lazy("填的内容")),
    Column("message", gettext_lazy("问题和改法"), kind="soft"),
)


@dataclass(frozen=True)
class CheckView:
    """A finished check with its plan, scheme and lines at hand."""

    check: RosterCheck
    plan: Plan
    scheme: Scheme
    lines: JudgedLines
    bad_cells: BadCells

    @property
    def plan_changed(self) -> bool:
        """Whether the plan is another now than the one the check was judged by."""
        return self.plan.digest != self.check.plan_digest


def open_check(check: RosterCheck) -> CheckView:
    """Open a finished check. Raises KeyError where the plan has lost the scheme."""
    plan = plan_by_id(check.plan)
    scheme, files = plan.schemes[check.scheme], CheckFiles.of(check)
    return CheckView(check, plan, scheme, JudgedLines(files.lines, plan, scheme), BadCells(files.bad_cells))


def verdict_filter(check: RosterCheck) -> Filter:
    """All, and each verdict with its count; what needs work stands first."""
    counts = {"unmet": check.unmet, "unknown": check.unknown, "met": check.met}
    choices = [Choice(verdict, WORDS[verdict], count) for verdict, count in counts.items()]
    return Filter("verdict", [Choice("", gettext_lazy("全部"), check.rows), *choices])


def lines_table(view: CheckView, ask: Ask, its_filter: Filter, chosen: tuple[str, int] | None) -> Table:
    """One page of the lines; `chosen` is the sheet and row the panel shows, None for the first line of the page."""
    asked = LinesAsked(ask.chosen["verdict"], ask.search, ask.sort, ask.descending, 0, PAGE_ROWS)
    narrowed = bool(ask.search)
    total = view.lines.count(asked) if narrowed else _count(view.check, asked.verdict)
    ask = page_within(ask, total)
    found = view.lines.page(
        LinesAsked(asked.verdict, asked.search, asked.sort, asked.descending, (ask.page - 1) * PAGE_ROWS, PAGE_ROWS)
    )
    shown = chosen or (found and (found[0].sheet, found[0].row)) or None
    several = len(view.lines.sheets()) > 1
    return Table(
        id="lines",
        caption=_("判断结果"),
        columns=REASON_COLUMNS,
        ask=ask,
        rows=[_line_row(view, ask, line, several, shown) for line in found],
        total=total,
        empty=Empty(_("这份名单没有可判断的行")),
        filters=[its_filter],
        search_label=_("姓名、证件尾号、原因"),
        export_url=reverse("rosters:lines-csv", args=[view.check.id]),
    )


def _count(check: RosterCheck, verdict: str) -> int:
    return {"": check.rows, "met": check.met, "unmet": check.unmet, "unknown": check.unknown}[verdict]


def _line_row(view: CheckView, ask: Ask, line: Line, several: bool, shown: tuple[str, int] | None) -> Row:
    cells = {
        "row": Cell(f"{line.row:,}", note=line.sheet if several else ""),
        "name": Cell(mask_name(line.name), note=masked_number(view.plan, view.scheme, line.number)),
        "verdict": Cell(WORDS[line.verdict], line.verdict),
        "reasons": Cell("；".join(line.reasons)),
        "amount": Cell(amount_words(line)),
    }
    place = urlencode({"sheet": line.sheet, "row": line.row})
    return Row(
        key=f"{line.sheet}:{line.row}",
        cells=cells,
        href=ask.url(sheet=line.sheet, row=line.row, page=ask.page),
        panel=f"{reverse('rosters:line', args=[view.check.id])}?{place}",
        selected=shown == (line.sheet, line.row),
    )


def masked_number(plan: Plan, scheme: Scheme, number: str) -> str:
    """The subject's number as it may be shown."""
    mask = mask_credit_code if plan.facts[scheme.identity].type == "credit_code" else mask_id_number
    return mask(number) if number else "—"


def amount_words(line: Line) -> str:
    """The amount of a line: yuan, *to be set* where a met line waits for a parameter, a dash where it is not known."""
    if line.amount_fen is not None:
        return f"{line.amount_fen / 100:,.2f}"
    return _("待定") if line.verdict == "met" else "–"


@dataclass(frozen=True)
class Panel:
    """One line opened."""

    line: Line
    name: str
    number: str
    amount: str
    detail: LineDetail | None
    errors: list[CellError]
    headings: dict[str, str]
    beside_the_point: frozenset[str]

    @property
    def said_besides(self) -> list[str]:
        """What the conditions do not say: warnings and bad cells, as the reasons end with them."""
        if self.detail is None:
            return []
        return [words for words in self.line.reasons if words.startswith(REMINDER)] + [
            f"{error.column}：{error.message}" for error in self.errors
        ]

    @property
    def conditions(self) -> list[dict[str, Any]]:
        """The conditions of the line, each with where in the roster its facts stand."""
        if self.detail is None:
            return []
        return [self._placed(answer) for answer in self.detail.conditions if answer.id not in self.beside_the_point]

    @property
    def other_conditions(self) -> list[dict[str, Any]]:
        """The conditions of a way that this line does not go (an agreement where there is a contract)."""
        if self.detail is None:
            return []
        return [self._placed(answer) for answer in self.detail.conditions if answer.id in self.beside_the_point]

    def _placed(self, answer: ConditionAnswer) -> dict[str, Any]:
        return {
            "answer": answer,
            "place": "、".join(self.headings[name] for name in answer.facts if name in self.headings),
        }


def open_line(view: CheckView, sheet: str, row: int) -> Panel | None:
    """One line with each condition's answer, or None where there is no such line.

    Where the plan has changed since, its conditions are not those the line was judged by: only the reasons are shown.
    """
    kept = view.lines.line(sheet, row)
    if kept is None:
        return None
    errors = [_masked_error(view, error) for error in view.bad_cells.of_row(sheet, row)]
    line = Line(
        sheet=sheet,
        row=row,
        name=str(kept.get(view.lines.name_column) or ""),
        number=str(kept.get(view.scheme.identity) or ""),
        verdict=kept["verdict"],
        reasons=kept["reasons"],
        amount_fen=kept["amount_fen"],
        limit_used=kept["limit_used"],
        warnings=kept["warnings"],
    )
    detail = None if view.plan_changed else detail_of(_program(view), kept, errors)
    return Panel(
        line=line,
        name=mask_name(line.name),
        number=masked_number(view.plan, view.scheme, line.number),
        amount=amount_words(line),
        detail=detail,
        errors=errors,
        headings={field.fact: field.label or view.plan.facts[field.fact].label for field in view.scheme.sheet},
        beside_the_point=ways_not_taken(view.scheme, detail) if detail else frozenset(),
    )


def ways_not_taken(scheme: Scheme, detail: LineDetail) -> frozenset[str]:
    """Ids of the conditions in branches that do not speak of this line, where another branch does or may."""
    answers = {condition.id: condition.answer for condition in detail.conditions}
    found: set[str] = set()
    for node, _path in walk(scheme.conditions):
        ways = [branch for branch in node.any or [] if branch.given and branch.given.id]
        given = {id(branch): answers.get(branch.given.id or "") for branch in ways if branch.given}
        if any(answer is not False for answer in given.values()):
            shut = [branch for branch in ways if given[id(branch)] is False]
            found.update(leaf.id for branch in shut for leaf in leaves(branch) if leaf.id)
    return frozenset(found)


def _program(view: CheckView) -> Program:
    parameters = tuple(sorted(view.check.parameters.items()))
    return _compiled(view.check.plan, view.plan.digest, view.scheme.id, parameters, view.check.proof)


@lru_cache(maxsize=32)
def _compiled(
    plan_id: str, digest: str, scheme_id: str, parameters: tuple[tuple[str, str], ...], proof: str
) -> Program:
    """A scheme compiled once for each plan content, trial values and proof level; `digest` is there for the key."""
    plan = plan_by_id(plan_id)
    check = RosterCheck(parameters=dict(parameters))
    settings = typed_parameters(plan, check)
    return compile_scheme(plan, plan.schemes[scheme_id], settings=settings, proof=proof_level(proof))


def bad_cells_table(view: CheckView, ask: Ask) -> Table:
    """One page of the bad cells."""
    total = view.bad_cells.count(ask.search)
    ask = page_within(ask, total)
    found = view.bad_cells.page(ask.search, (ask.page - 1) * PAGE_ROWS, PAGE_ROWS)
    rows = [_bad_cell_row(_masked_error(view, error), at) for at, error in enumerate(found)]
    return Table(
        id="bad-cells",
        caption=_("问题单元格"),
        columns=BAD_CELL_COLUMNS,
        ask=ask,
        rows=rows,
        total=total,
        empty=Empty(_("没有问题单元格"), _("每一格都读懂了。")),
        search_label=_("列、问题"),
        export_url=reverse("rosters:bad-cells-csv", args=[view.check.id]),
    )


def _bad_cell_row(error: CellError, at: int) -> Row:
    place = error.cell or _("第 %(row)s 行") % {"row": error.row}
    cells = {
        "place": Cell(place, note=error.sheet),
        "column": Cell(error.column),
        "value": Cell(error.value or "—"),
        "message": Cell(error.message),
    }
    return Row(str(at), cells)


def _masked_error(view: CheckView, error: CellError) -> CellError:
    """A bad cell as it may be shown: of a long number only the end."""
    headings = {f.label or view.plan.facts[f.fact].label for f in view.scheme.sheet if _is_number(view, f.fact)}
    if error.column not in headings or len(error.value) <= LONGEST_NUMBER_SHOWN:
        return error
    return CellError(
        error.sheet, error.row, error.column, error.cell, mask_id_number(error.value), error.message, error.code
    )


def _is_number(view: CheckView, fact_id: str) -> bool:
    return view.plan.facts[fact_id].type in ("id_number", "credit_code")
