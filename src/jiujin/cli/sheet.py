"""`jiujin sheet SCHEME OUT.xlsx`: the template workbook of a scheme."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jiujin.cli.errors import Refused
from jiujin.cli.plan import DEFAULT_PLAN
from jiujin.plan.errors import PlanInvalid, PlanNotFound
from jiujin.plan.models import Plan, Scheme
from jiujin.rosters import write_template
from jiujin.rules.lint import open_plan


def plan_of(name: str) -> Plan:
    """The pack by id or folder. Raises Refused (exit 2)."""
    try:
        return open_plan(name)
    except (PlanInvalid, PlanNotFound) as error:
        raise Refused(str(error), 2) from error


def scheme_of(plan: Plan, name: str) -> Scheme:
    """The scheme by id or by its Chinese name. Raises Refused (exit 2)."""
    for scheme in plan.schemes.values():
        if name in (scheme.id, scheme.name):
            return scheme
    raise Refused(f"方案 {plan.id} 里没有补贴项目“{name}”。可用：{'、'.join(plan.schemes)}", 2)


def sheet(
    scheme: Annotated[str, typer.Argument(metavar="补贴项目", help="编号，如 stable-employment")],
    out: Annotated[Path, typer.Argument(metavar="输出.xlsx", help="写到哪里")],
    plan: Annotated[str, typer.Option("--plan", help="方案编号或文件夹")] = DEFAULT_PLAN,
) -> None:
    """写出一个补贴项目的名单模板。

    例：jiujin sheet stable-employment 稳定就业名单.xlsx
    """
    pack = plan_of(plan)
    wanted = scheme_of(pack, scheme)
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"模板只能写成 .xlsx，没有写 {out}。请把文件名改为 .xlsx 结尾。", 2)
    try:
        write_template(pack, wanted, out)
    except OSError as error:
        raise Refused(f"写不了 {out}（{error.strerror}）。请换一个文件夹，或关掉正打开它的程序。", 2) from error
    typer.echo(f"已写出 {wanted.name} 的模板：{out}")
