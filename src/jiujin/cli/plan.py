"""`jiujin plan …`: look at, check, compare plan packs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from jiujin.cli.errors import Refused
from jiujin.cli.tables import print_whole
from jiujin.plan.check import leaves
from jiujin.plan.compare import compare
from jiujin.plan.coverage import coverage as cover_clauses
from jiujin.plan.load import find_plan, list_plans
from jiujin.plan.models import Condition, Parameter, Plan, Scheme
from jiujin.plan.parameters import typed_value
from jiujin.rules.lint import lint as lint_pack
from jiujin.rules.lint import open_plan

app = typer.Typer(help="方案包：查看、检查、对比。", no_args_is_help=True)
console = Console(soft_wrap=True, highlight=False)
STATUS = {"stated": "文件写明", "external": "另有规定", "reading": "解读", "unset": "待定"}
DEFAULT_PLAN = "jinan-2022"


@app.command("list")
def list_() -> None:
    """列出手头的方案包。

    例：jiujin plan list
    """
    names = list_plans()
    if not names:
        console.print("还没有方案包。把方案包文件夹放进 plans/，或用 JIUJIN_PLANS 指出所在文件夹。")
        return
    table = Table("编号", "名称", "文号", "补贴项目", "待定参数", "摘要")
    for name in names:
        plan = open_plan(name)
        unset = sum(parameter.status == "unset" for parameter in plan.parameters.values())
        header = plan.header
        table.add_row(
            plan.id, header.title, header.document_number, str(len(plan.schemes)), str(unset), plan.digest[:12]
        )
    print_whole(table)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="编号", help="方案、补贴项目、参数、条款或解读的编号")],
    plan: Annotated[str, typer.Option("--plan", help="方案编号或文件夹")] = DEFAULT_PLAN,
) -> None:
    """显示一个方案，或其中一个补贴项目（条款、条件、用例放在一起）、参数、条款、解读。

    例：jiujin plan show jinan-2022
        jiujin plan show flexible-employment
        jiujin plan show minimum_wage
    """
    pack = open_plan(name if name in list_plans() or (Path(name) / "plan.yaml").is_file() else plan)
    if name in pack.schemes:
        _show_scheme(pack, pack.schemes[name])
    elif name in pack.parameters:
        _show_parameter(pack, pack.parameters[name])
    elif name in pack.clauses:
        _show_clause(pack, name)
    elif name in pack.readings:
        reading = pack.readings[name]
        _lines(
            [
                ("问题", reading.question),
                ("采用", reading.used),
                ("另一种", reading.otherwise),
                ("确认", reading.decided_by or "未确认"),
            ]
        )
    elif name == pack.id or Path(name).is_dir():
        _show_plan(pack)
    else:
        raise Refused(
            f"方案 {pack.id} 里没有“{name}”。可写补贴项目、参数、条款或解读的编号，例如 {next(iter(pack.schemes))}。", 2
        )


@app.command()
def lint(path: Annotated[Path, typer.Argument(metavar="路径", help="方案包的文件夹，或方案编号")]) -> None:
    """检查方案包：写法、引用、条件、用例。有问题时逐条说出文件、行和改法，退出码 1。

    例：jiujin plan lint plans/jinan-2022
    """
    folder = path if path.is_dir() else find_plan(path)
    problems = lint_pack(folder)
    for problem in problems:
        console.print(f"{folder / problem.file}:{problem.line}：{problem.message}\n    改法：{problem.mend}")
    if problems:
        console.print(f"共 {len(problems)} 处问题，方案包没有通过检查。")
        raise typer.Exit(1)
    plan = open_plan(folder)
    cases = sum(len(book.cases) for book in plan.cases.values())
    console.print(
        f"{plan.id} 通过：{len(plan.clauses)} 条条款，{len(plan.schemes)} 个补贴项目，{len(plan.parameters)} 个参数，{cases} 个用例。"
    )


@app.command()
def coverage(
    plan: Annotated[str, typer.Argument(metavar="方案", help="方案编号或文件夹")] = DEFAULT_PLAN,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="文件", help="另存为 JSON")] = None,
) -> None:
    """逐条列出文件的条款由什么落实、由什么测试。有条款两者缺一时退出码 1。

    例：jiujin plan coverage jinan-2022 --json coverage.json
    """
    pack = open_plan(plan)
    covers = cover_clauses(pack)
    if json_file:
        content = {"plan": pack.id, "digest": pack.digest, "clauses": [cover.as_json() for cover in covers]}
        json_file.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    for cover in covers:
        state = "缺" if cover.bare else "仅数据" if cover.data_only else "部分运行" if cover.remaining else "运行"
        console.print(f"[bold]{cover.place}[/] {cover.id}（{cover.title}）：{state}")
        console.print(f"    落实：{'、'.join(cover.implemented_by) or '没有'}")
        console.print(f"    测试：{'、'.join(cover.tests) or '没有'}")
        if cover.remaining:
            console.print(f"    尚为数据：{cover.remaining}")
    data_only = sum(cover.data_only for cover in covers)
    partly = sum(not cover.data_only and cover.remaining is not None for cover in covers)
    bare = [cover.id for cover in covers if cover.bare]
    console.print(
        f"共 {len(covers)} 条：仅数据 {data_only} 条，部分运行 {partly} 条，已运行 {len(covers) - data_only - partly} 条。"
    )
    if bare:
        console.print(f"没有落实或没有测试的 {len(bare)} 条：{'、'.join(bare)}")
        raise typer.Exit(1)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="甲", help="方案编号或文件夹")],
    new: Annotated[str, typer.Argument(metavar="乙", help="方案编号或文件夹")],
) -> None:
    """对比两个方案包，逐项列出增、删、改。

    例：jiujin plan diff plans/jinan-2022 ../jinan-2023
    """
    before, after = open_plan(old), open_plan(new)
    changes = compare(before, after)
    words = {"added": "增", "removed": "删", "changed": "改"}
    for change in changes:
        values = f" {change.key}：{_plain(change.before)} → {_plain(change.after)}" if change.what == "changed" else ""
        console.print(f"{words[change.what]} {change.kind} {change.id}{values}", markup=False)
    console.print(
        f"共 {len(changes)} 处不同（{before.digest[:12]} → {after.digest[:12]}）。"
        if changes
        else "两个方案包内容相同。"
    )


# --- printing ------------------------------------------------------------------------------------------------------------


def _plain(value: Any) -> str:
    return (
        "无"
        if value is None
        else json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, dict | list)
        else str(value)
    )


def _lines(pairs: Iterable[tuple[str, str | None]]) -> None:
    for label, text in pairs:
        if text:
            console.print(f"[bold]{label}[/]：", end="")
            console.print(text, markup=False)


def _show_plan(plan: Plan) -> None:
    header = plan.header
    _lines(
        [
            ("方案", f"{header.title}（{header.document_number}）"),
            ("印发", header.issuer),
            ("期限", f"{header.period.start} 至 {header.period.end}"),
            ("摘要", plan.digest),
        ]
    )
    schemes = Table("补贴项目", "名称", "条款", "付给", "金额")
    for scheme in plan.schemes.values():
        schemes.add_row(
            scheme.id, scheme.name, plan.clauses[scheme.clause].place, scheme.payee.role, scheme.amount or "由人员核定"
        )
    print_whole(schemes)
    parameters = Table("参数", "名称", "取值", "状态", "依据")
    for parameter in plan.parameters.values():
        source = parameter.refers_to or plan.clauses[parameter.clause].place
        parameters.add_row(parameter.id, parameter.name, parameter_text(parameter), STATUS[parameter.status], source)
    print_whole(parameters)
    for target in plan.targets.values():
        console.print(
            f"目标 {target.name}：{target.wording or ''} {target.figure} {target.unit}，{target.deadline} 前",
            markup=False,
        )
    if not plan.shares:
        console.print("任务分解表（附件）尚未提供：decomposition.csv 是空的。")
    unconfirmed = sum(reading.decided_by is None for reading in plan.readings.values())
    console.print(f"解读 {len(plan.readings)} 条，其中 {unconfirmed} 条未确认。")


def _show_scheme(plan: Plan, scheme: Scheme) -> None:
    clause = plan.clauses[scheme.clause]
    limit = scheme.limit
    _lines(
        [
            (scheme.name, scheme.id),
            ("条款", f"{clause.place} {clause.text}"),
            ("付给", scheme.payee.role),
            ("资金", scheme.fund_class),
            ("金额", scheme.amount),
            (
                "次数",
                f"每{'每'.join(_per(plan, key) for key in limit.per)}{limit.wording or '不超过'} {limit.count} 次"
                if limit
                else None,
            ),
        ]
    )
    console.print("[bold]条件[/]：")
    _print_conditions(scheme.conditions, 1)
    _lines([("佐证", "、".join(plan.evidence[name].label for name in scheme.evidence))])
    cited = {name for leaf in leaves(scheme.conditions) for name in leaf.readings} | set(scheme.readings)
    cited |= set(limit.readings if limit else []) | {scheme.in_force.reading or ""}
    for name in sorted(cited - {""}):
        reading = plan.readings[name]
        state = f"{reading.decided_by} 确认" if reading.decided_by else "未确认"
        console.print(f"解读 {name}（{state}）：{reading.question} 采用：{reading.used}", markup=False)
    for case in plan.cases[scheme.id].cases:
        console.print(f"用例 {case.name}：{'、'.join(row.expect for row in case.as_rows())}", markup=False)


def _per(plan: Plan, key: str) -> str:
    return {"person": "人", "year": "年"}.get(key) or plan.facts[key].label


def _print_conditions(condition: Condition, depth: int) -> None:
    pad = "  " * depth
    if condition.when or condition.judged_by:
        word = f"（{condition.wording}）" if condition.wording else ""
        rule = condition.when or f"由人员判断：{condition.fact}"
        console.print(f"{pad}{condition.id}  {condition.text or ''}{word}  {rule}", markup=False)
        return
    if condition.given:
        _print_conditions(condition.given, depth)
    children = condition.all or condition.any or [condition.negated]
    console.print(f"{pad}{'都要' if condition.all else '任一' if condition.any else '不能'}：")
    for child in children:
        if child:
            _print_conditions(child, depth + 1)


def _show_parameter(plan: Plan, parameter: Parameter) -> None:
    _lines(
        [
            (parameter.name, parameter.id),
            ("条款", f"{plan.clauses[parameter.clause].place} {plan.clauses[parameter.clause].text}"),
            ("状态", STATUS[parameter.status]),
            ("按", parameter.refers_to),
            ("取值", parameter_text(parameter)),
            ("说明", parameter.note),
        ]
    )


def _show_clause(plan: Plan, clause_id: str) -> None:
    clause = plan.clauses[clause_id]
    cover = next(cover for cover in cover_clauses(plan) if cover.id == clause_id)
    _lines(
        [
            (clause.title, f"{clause.place}（{clause.id}）"),
            ("大意", clause.text),
            ("责任", clause.owner),
            ("落实", "、".join(cover.implemented_by)),
            ("测试", "、".join(cover.tests)),
            ("尚为数据", clause.remaining),
        ]
    )


def parameter_text(parameter: Parameter) -> str:
    """A parameter's values as a person reads them."""
    units = {"money": "元", "months": "个月", "days": "天", "years": "年", "count": "个", "metres": "米"}
    if not parameter.values:
        return "待定"
    parts = []
    for value in parameter.values:
        when = f"（{value.start or '起'} 至 {value.end or '今'}）" if value.start or value.end else ""
        typed = typed_value(parameter, value.value)
        if parameter.type == "money" and isinstance(typed, int):
            text = f"{typed / 100:,.2f}"
        elif isinstance(typed, tuple):
            text = f"{len(typed)} 行" if parameter.type == "table" else "、".join(str(name) for name in typed)
        else:
            text = str(typed)
        per = f"/{parameter.per}" if parameter.per else ""
        parts.append(f"{text} {units.get(parameter.type, '')}{per}{when}".strip())
    return "；".join(parts)
