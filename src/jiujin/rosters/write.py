"""Roster workbooks out: the template of a scheme, and the person's own workbook with the verdicts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from jiujin import sheets
from jiujin.plan.models import Plan, Scheme
from jiujin.rosters.result import RosterCheck
from jiujin.rules.explain import Explainer

VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待补充"}
TONES: dict[str, sheets.Tone] = {"符合": "good", "不符合": "bad", "待补充": "open"}


def write_template(plan: Plan, scheme: Scheme, out: Path) -> None:
    """The empty roster of a scheme: headings, drop-downs, and a sheet that explains each column."""
    clause = plan.clauses[scheme.clause]
    notes = [
        ("补贴项目", scheme.name),
        ("依据", f"{plan.header.title}（{plan.header.document_number}）{clause.place}"),
        ("条款大意", clause.text),
        ("怎样填", "一人一行；空着表示不知道；不改列名；日期写到日。"),
    ]
    sheets.write_template(out, title=scheme.name, columns=sheets.columns_of(plan, scheme), notes=notes)


def write_result(check: RosterCheck, source: Path, out: Path) -> None:
    """The checked roster: an .xlsx is the person's own workbook with five columns added; a .parquet the judged lines."""
    if out.suffix.lower() == ".parquet":
        pq.write_table(check.lines, out)
        return
    sheets.write_result(source, check.roster, added_columns(check), out, tones=TONES)


def added_columns(check: RosterCheck) -> dict[str, Sequence[str | float | None]]:
    """结论, 原因, 缺少, 金额(元), 依据条款 of every judged line."""
    clause = check.plan.clauses[check.scheme.clause]
    explainer, lines = Explainer(check.program), check.lines
    label = {name: _missing_label(check.plan, explainer, name) for name in check.program.missing_names}
    missing = ["、".join(label[name] for name in names) for names in lines["missing"].to_pylist()]
    amounts = [None if fen is None else fen / 100 for fen in lines["amount_fen"].to_pylist()]
    return {
        "结论": [VERDICTS[verdict] for verdict in lines["verdict"].to_pylist()],
        "原因": ["；".join(reasons) for reasons in lines["reasons"].to_pylist()],
        "缺少": missing,
        "金额(元)": amounts,
        "依据条款": [f"{clause.place} {clause.title}"] * check.rows,
    }


def _missing_label(plan: Plan, explainer: Explainer, name: str) -> str:
    if name.startswith("param:"):
        return f"参数：{plan.parameters[name.removeprefix('param:')].name}"
    return explainer.label(name)
