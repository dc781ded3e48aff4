"""Runs a pack's worked cases through the engine, and says whether they cover every condition and boundary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from jiujin.plan.models import CaseBook, CaseRow, Fact, Plan, ProofLevel, Scheme
from jiujin.plan.parameters import Value, typed_value
from jiujin.rules.expressions import Fragment, Writer
from jiujin.rules.judge import ARROW_TYPES, judge_duckdb
from jiujin.rules.language import COMPARISONS, QUANTITIES, Scope, Typer, parse
from jiujin.rules.overlaps import overlaps
from jiujin.rules.program import Program, compile_scheme
from jiujin.rules.tree import all_leaves

OVERLAP = "overlap"


@dataclass(frozen=True)
class CaseFault:
    """A case that does not hold, or a condition that no case shows; `index` is the case's place, None for the book."""

    index: int | None
    message: str
    mend: str


@dataclass
class _Batch:
    """Cases judged together: the same parameters and proof."""

    settings: dict[str, Value]
    proof: ProofLevel | None
    rows: list[tuple[int, CaseRow, dict[str, Any]]] = field(default_factory=list)


def run_cases(plan: Plan, book: CaseBook) -> list[CaseFault]:
    """Every fault of one scheme's cases. Raises ConditionWrong where the scheme itself does not compile."""
    scheme = plan.schemes[book.scheme]
    faults: list[CaseFault] = []
    seen: dict[str, set[bool | None]] = defaultdict(set)
    edges: dict[str, set[int]] = defaultdict(set)
    try:
        batches = _batches(plan, scheme, book)
    except ValueError as error:
        return [CaseFault(None, f"用例里的取值不对：{error}", "改正取值")]
    for batch in batches:
        program = compile_scheme(plan, scheme, settings=batch.settings, proof=batch.proof, batched=True)
        judged, facts = _judge(program, batch)
        faults += _compare(plan, scheme, book, batch, judged)
        if batch.proof is None:
            for leaf in program.leaves:
                seen[leaf.id] |= set(judged[f"c_{leaf.id}"].to_pylist())
            for name, sides in _boundaries(plan, scheme, batch, facts).items():
                edges[name] |= sides
    return faults + list(_not_shown(scheme, program, seen)) + list(_edges_missing(edges))


# --- judging -------------------------------------------------------------------------------------------------------------


def _batches(plan: Plan, scheme: Scheme, book: CaseBook) -> list[_Batch]:
    found: dict[Any, _Batch] = {}
    for index, case in enumerate(book.cases):
        raw = {k: v for k, v in {**book.set, **case.set}.items() if k not in case.unset}
        settings = {name: typed_value(plan.parameters[name], value) for name, value in raw.items()}
        key = (tuple(sorted(settings.items(), key=lambda item: item[0])), case.proof)
        batch = found.setdefault(key, _Batch(settings, case.proof))
        for row in case.as_rows():
            facts = {**book.base, **case.facts, **row.facts} if case.rows else {**book.base, **row.facts}
            batch.rows.append((index, row, {k: fact_value(plan.facts[k], v) for k, v in facts.items()}))
    return list(found.values())


def fact_value(fact: Fact, raw: Any) -> Any:
    """A fact's value as a pack writes it, in the rules' unit (yuan to fen); None is not known. Raises ValueError."""
    if raw is None:
        return None
    kind = fact.type
    if kind == "money":
        fen = _decimal(raw) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{fact.id}：{raw} 多于两位小数")
        return int(fen)
    if kind in {"months", "days", "years", "count"}:
        if isinstance(raw, bool) or int(str(raw)) != int(float(str(raw))):
            raise ValueError(f"{fact.id}：{raw} 不是整数")
        return int(str(raw))
    if kind == "yes_no":
        if not isinstance(raw, bool):
            raise ValueError(f"{fact.id}：{raw} 应为 true 或 false")
        return raw
    if kind == "date":
        return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
    if kind == "choice" and str(raw) not in fact.choices:
        raise ValueError(f"{fact.id} 没有选项 {raw}")
    return str(raw)


def _decimal(raw: Any) -> Decimal:
    try:
        return Decimal(str(raw))
    except InvalidOperation as error:
        raise ValueError(f"{raw} 不是金额") from error


def _judge(program: Program, batch: _Batch) -> tuple[pa.Table, pa.Table]:
    """The judgement of a batch, and its facts; a case is a `batch` of its own, so limits do not cross cases."""
    names = list(dict.fromkeys(name for _, _, facts in batch.rows for name in facts))
    arrays: dict[str, Any] = {
        name: pa.array([facts.get(name) for _, _, facts in batch.rows], type=ARROW_TYPES[program.plan.facts[name].type])
        for name in names
    }
    arrays["ord"] = pa.array(range(len(batch.rows)), type=pa.int64())
    arrays["batch"] = pa.array([index for index, _, _ in batch.rows], type=pa.int64())
    with duckdb.connect() as connection:
        connection.register("case_facts", pa.table(arrays))
        judged = judge_duckdb(connection, program, "case_facts")
        met = overlaps(connection, program, judged)
    flags = pa.array([ord_ in met for ord_ in range(len(batch.rows))], type=pa.bool_())
    return judged.append_column(OVERLAP, flags), judged


def line_warnings(
    plan: Plan, scheme: Scheme, settings: dict[str, Value], row: dict[str, Any], overlap: bool
) -> list[str]:
    """Warning codes of one judged row: parameters unset, days that meet another row's, dates out of order."""
    codes = [
        warn.code
        for warn in scheme.warnings
        if row["verdict"] == "met" and warn.while_unset not in settings and not plan.parameters[warn.while_unset].values
    ]
    codes += [OVERLAP] if overlap else []
    return codes + [rule.id for rule in scheme.consistency if rule.clears is None and row[f"k_{rule.id}"]]


def _compare(plan: Plan, scheme: Scheme, book: CaseBook, batch: _Batch, judged: pa.Table) -> Iterator[CaseFault]:
    for (index, row, _), got in zip(batch.rows, judged.to_pylist(), strict=True):
        name = book.cases[index].name
        warned = line_warnings(plan, scheme, batch.settings, got, got[OVERLAP])
        checks: list[tuple[str, Any, Any]] = [("结论", row.expect, got["verdict"])]
        if row.unmet is not None:
            checks.append(("unmet", sorted(row.unmet), sorted(got["unmet"])))
        if row.missing is not None:
            checks.append(("missing", sorted(row.missing), sorted(got["missing"])))
        if row.amount is not None:
            checks.append(("金额（分）", int(row.amount * 100), got["amount_fen"]))
        if row.limit_used is not None:
            checks.append(("limit_used", row.limit_used, got["limit_used"]))
        if row.warnings is not None:
            checks.append(("warnings", sorted(row.warnings), sorted(warned)))
        for what, wanted, actual in checks:
            if wanted != actual:
                yield CaseFault(
                    index,
                    f"用例“{name}”不成立：{what} 应为 {wanted}，判得 {actual}（unmet {got['unmet']}，missing {got['missing']}）",
                    "改正条件，或改正用例",
                )


# --- coverage ------------------------------------------------------------------------------------------------------------


def _not_shown(scheme: Scheme, program: Program, seen: dict[str, set[bool | None]]) -> Iterator[CaseFault]:
    words = {True: "成立", False: "不成立", None: "不知道"}
    for leaf in all_leaves(program.root):
        absent = [words[answer] for answer in (True, False, None) if answer not in seen[leaf.id]]
        if absent:
            yield CaseFault(None, f"条件 {leaf.id} 没有用例显示它{'、'.join(absent)}", "补上用例")


def _boundaries(plan: Plan, scheme: Scheme, batch: _Batch, judged: pa.Table) -> dict[str, set[int]]:
    """For each comparison of a quantity with a known bound, on which sides of it the cases stand.

    0 is exactly at the bound; -1 and 1 one smallest step (a month, a year, a fen, a day) below and above it.
    """
    scope = Scope.of(plan, scheme.subject)
    program = compile_scheme(plan, scheme, settings=batch.settings, batched=True)
    found: dict[str, set[int]] = {}
    columns: list[tuple[str, str]] = []
    for leaf in all_leaves(program.root):
        if leaf.condition is None or not leaf.condition.when:
            continue
        for node in _comparisons(leaf.condition.when, scope):
            columns.append(
                (f"{leaf.id}：{node.sql(dialect='postgres')}", _difference(plan, scope, scheme, batch, node))
            )
    if not columns:
        return {}
    with duckdb.connect() as connection:
        connection.register("judged", judged)
        query = ", ".join(f"list(DISTINCT {sql})" for _, sql in columns)
        answer = connection.execute(f"SELECT {query} FROM judged").fetchone() or ()
    for (name, _), values in zip(columns, answer, strict=True):
        found[name] = {int(value) for value in values or [] if value is not None and abs(value) <= 1}
    return found


def _comparisons(text: str, scope: Scope) -> list[exp.Expression]:
    """The comparisons of an expression that hold a quantity against a bound."""
    typer = Typer(scope)
    ordered = [kind for kind in COMPARISONS if kind not in (exp.EQ, exp.NEQ)]
    return [node for node in parse(text, scope).tree.find_all(*ordered) if typer.kind(node.this) in QUANTITIES]


def _difference(plan: Plan, scope: Scope, scheme: Scheme, batch: _Batch, node: exp.Expression) -> str:
    """SQL of left minus right in the smallest step, over judged columns."""
    writer = Writer(plan, scope, batch.settings, lambda name: Fragment(name, scope.facts[name].type))
    writer.day = writer.write(scheme.dates[scheme.in_force.by])
    left, right = writer.node(node.this), writer.node(node.expression)
    return f"({left.sql} - {right.sql})"


def _edges_missing(edges: dict[str, set[int]]) -> Iterator[CaseFault]:
    for name, sides in edges.items():
        if 0 not in sides or not sides & {-1, 1}:
            yield CaseFault(None, f"{name} 的界线两侧没有用例（要有正好在界线上的，和差一步的）", "补上用例")
