"""`jiujin simulate`: what a change of the plan would cost, and whom it would reach."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from jiujin.cli.errors import Refused
from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say
from jiujin.cli.progress import progress_bar
from jiujin.cli.serve import set_up_django
from jiujin.cli.tables import print_whole
from jiujin.plan.parameters import parse_setting
from jiujin.sheets import figures_csv, figures_records, heading_of, write_figures_xlsx
from jiujin.values import parse_yuan

if TYPE_CHECKING:
    from jiujin.funds.simulation import Change, Tried
    from jiujin.plan.models import Plan

KINDS = (".xlsx", ".csv", ".json")


def simulate(
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="参数=取值", help="改一个参数，金额以元计，可写多次")
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option("--limit", metavar="补贴项目=次数", help="改一个次数上限，可写多次")
    ] = None,
    budget: Annotated[
        list[str] | None, typer.Option("--budget", metavar="补贴项目=金额", help="这笔预算（元）够付到哪天，可写多次")
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", metavar="方案", help="和现行方案对比的另一个方案包：编号或文件夹")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="scheme|township", help="按补贴项目或按乡镇街道列出")] = "scheme",
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="结果：.xlsx、.csv 或 .json")] = None,
    kept: Annotated[bool, typer.Option("--kept", help="用当天已取好的记录，不重新读取")] = False,
) -> None:
    """测算：改一个标准、门槛、次数或预算，要多花多少钱，多惠及多少人。什么都不改动，只算。

    例：jiujin simulate --set flexible_grant=800 --budget flexible-employment=500000
        jiujin simulate --limit flexible-employment=2 --by township --out 测算.xlsx
        jiujin simulate --plan ../jinan-2023
    """
    if by not in ("scheme", "township"):
        raise Refused(f"--by 只能是 scheme 或 township，写的是 {by}。没有测算。", 2)
    if out and out.suffix.lower() not in KINDS:
        raise Refused(f"结果只能写成 .xlsx、.csv 或 .json，没有测算。请改 --out {out} 的结尾。", 2)
    with database_at_hand(say=say):
        set_up_django()
        from jiujin.funds.simulation import try_change

        change = _change(set_ or [], limit or [], budget or [], plan)
        try:
            with progress_bar() as tell:
                tried = try_change(change, tell=tell, kept=kept)
        except ValueError as error:
            raise Refused(f"{error}。没有测算。", 2) from error
        _print(tried, by)  # the townships' names come from the database too
        if out:
            _write(tried, out)
            typer.echo(f"已写出 {out}")


def _change(values: Sequence[str], limits: Sequence[str], budgets: Sequence[str], plan: str | None) -> Change:
    from jiujin.core.plan_in_force import plan_in_force
    from jiujin.funds.simulation import Change, plan_to_try

    pack = plan_to_try(plan) if plan else None
    tried = pack or plan_in_force()
    try:
        return Change(
            plan=pack,
            values=dict(parse_setting(tried, text) for text in values),
            limits={name: _count(text) for name, text in (_pair(tried, text) for text in limits)},
            budgets={name: parse_yuan(text) for name, text in (_pair(tried, text) for text in budgets)},
        )
    except ValueError as error:
        raise Refused(f"{error}。没有测算。", 2) from error


def _pair(plan: Plan, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name.strip() not in plan.schemes:
        raise ValueError(f"“{text}”的写法不对，应为 补贴项目=数，例如 {next(iter(plan.schemes))}=3")
    return name.strip(), value.strip()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValueError(f"次数“{text}”不是整数")
    return int(text)


def _print(tried: Tried, by: str) -> None:
    from jiujin.funds.simulation_tables import budget_table, scheme_table, township_names, township_table

    console = Console(soft_wrap=True, highlight=False)
    chosen = scheme_table(tried) if by == "scheme" else township_table(tried, township_names())
    budgets = budget_table(tried)
    for figures in (chosen, *([budgets] if budgets.rows else [])):
        table = Table(*(heading_of(column) for column in figures.columns), title=figures.title)
        for line in figures.shown():
            table.add_row(*line)
        print_whole(table)
    if tried.without_records:
        names = "、".join(tried.changed.schemes[name].name for name in tried.without_records)
        console.print(f"系统里还没有这些项目的记录，没有测算：{names}。", markup=False)
    console.print(f"用时 {tried.seconds:.1f} 秒。只是测算，什么都没有改动。")


def _write(tried: Tried, out: Path) -> None:
    from jiujin.funds.simulation_tables import figure_tables, township_names

    tables = figure_tables(tried, township_names())
    try:
        if out.suffix.lower() == ".xlsx":
            with out.open("wb") as file:
                write_figures_xlsx(file, tables)
        elif out.suffix.lower() == ".csv":
            out.write_text(figures_csv(tables), encoding="utf-8-sig", newline="")
        else:
            content = {table.title: figures_records(table) for table in tables}
            out.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    except OSError as error:
        raise Refused(f"算完了，但写不了 {out}（{error.strerror}）。请换一个文件夹。", 2) from error
