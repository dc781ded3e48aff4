"""`jiujin demo`: a demo district in the database, and demo rosters to try the roster check on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jiujin.cli.errors import Refused
from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say
from jiujin.cli.plan import DEFAULT_PLAN
from jiujin.cli.progress import progress_bar
from jiujin.cli.serve import bring_up_to_date

DEFAULT_SEED = 1
ROWS_MAX = 100_000
DAYS_MAX = 366

HAPPENED = {
    "claims": "申报批次",
    "claims_refused": "不予受理的批次",
    "lines_sent": "提交明细",
    "lines_withdrawn": "撤回",
    "lines_returned": "退回补正",
    "lines_rejected": "不予批准",
    "appeals": "申诉",
    "notices": "公示",
    "objections": "异议",
    "lines_approved": "批准",
    "grants": "预算安排",
    "batches": "拨付批次",
    "payments_failed": "退汇",
    "lines_paid": "已拨付并对账",
    "recoveries": "追回",
    "steps_refused": "被拒绝的步骤",
    "batches_refused": "不能放行的批次",
}

demo = typer.Typer(
    invoke_without_command=True,
    epilog="\b\n例：jiujin demo --people 20000\n    jiujin demo --people 5000 --seed 7 --replace\n"
    "    jiujin demo --people 20000 --days 365 --seed 7\n"
    "    jiujin demo roster stable-employment 名单.xlsx --rows 200",
)


@demo.callback()
def load(
    context: typer.Context,
    people: Annotated[int | None, typer.Option("--people", metavar="人数", help="多少人，默认取设置里的人数")] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="种子", help="同一个种子、同样人数，数据总是一样")
    ] = DEFAULT_SEED,
    days: Annotated[
        int,
        typer.Option(
            "--days", metavar="天数", help="再把这么多天的申报、审核、拨付演一遍；默认不演", min=0, max=DAYS_MAX
        ),
    ] = 0,
    replace: Annotated[bool, typer.Option("--replace", help="换掉已有的演示数据")] = False,
) -> None:
    """把演示数据装进数据库：人员、单位、就业记录，全部虚构；只在演示模式下可用。"""
    if context.invoked_subcommand:
        return
    with database_at_hand(say=say):
        bring_up_to_date()
        from django.conf import settings

        from jiujin.cli.demo_district import load_demo

        size = settings.DEMO_PEOPLE if people is None else people
        with progress_bar() as tell:
            loaded = load_demo(people=size, seed=seed, replace=replace, progress=tell)
        if days:
            play(days, seed)
    state = "已装入演示数据" if loaded.is_new else "演示数据已经在了，没有改动"
    typer.echo(f"{state}：{loaded.people} 人，种子 {loaded.seed}。")


def play(days: int, seed: int) -> None:
    """Play some days of claims and money, and say what happened. Raises Refused where it cannot be played."""
    from jiujin.funds.demo_year import YearRefused, play_year

    try:
        with progress_bar() as tell:
            happened = play_year(days=days, seed=seed, progress=tell)
    except YearRefused as error:
        raise Refused(str(error), 1) from None
    for name, label in HAPPENED.items():
        if happened[name]:
            typer.echo(f"{label}：{happened[name]}")


@demo.command()
def roster(
    scheme: Annotated[str, typer.Argument(metavar="补贴项目", help="编号，如 stable-employment")],
    out: Annotated[Path, typer.Argument(metavar="输出.xlsx", help="写到哪里")],
    rows: Annotated[int, typer.Option("--rows", metavar="行数", help="多少行", min=1, max=ROWS_MAX)] = 200,
    seed: Annotated[int, typer.Option("--seed", metavar="种子", help="同一个种子总是写出同样的名单")] = DEFAULT_SEED,
    plan: Annotated[str, typer.Option("--plan", help="方案编号或文件夹")] = DEFAULT_PLAN,
) -> None:
    """写出一份虚构的名单，可以拿去试名单核对；有符合的、不符合的，也有填错的。

    例：jiujin demo roster stable-employment 名单.xlsx
        jiujin demo roster flexible-employment 名单.xlsx --rows 1000 --seed 7
    """
    from jiujin.cli.sheet import scheme_of
    from jiujin.rosters.demo import write_demo_roster
    from jiujin.rules.lint import open_plan

    pack = open_plan(plan)
    wanted = scheme_of(pack, scheme)
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"名单只能写成 .xlsx，没有写 {out}。请把文件名改为 .xlsx 结尾。", 2)
    try:
        write_demo_roster(pack, wanted, out, rows=rows, seed=seed)
    except OSError as error:
        raise Refused(f"写不了 {out}（{error.strerror}）。请换一个文件夹，或关掉正打开它的程序。", 2) from error
    typer.echo(f"已写出 {wanted.name}的演示名单：{out}，{rows} 行。核对它：")
    typer.echo(f"JIUJIN_DEMO=1 jiujin check {out} --scheme {wanted.id}")
