"""`jiujin check FILE --scheme SCHEME`: judge a roster."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from jiujin.cli.errors import Refused
from jiujin.cli.plan import DEFAULT_PLAN
from jiujin.cli.progress import Tell, progress_bar
from jiujin.cli.sheet import plan_of, scheme_of
from jiujin.plan.models import Plan
from jiujin.plan.parameters import Value, parse_setting
from jiujin.rosters import RosterCheck, check_roster, write_result
from jiujin.sheets import SheetUnreadable

SHOWN = 20


def check(
    file: Annotated[Path, typer.Argument(metavar="名单", help=".xlsx、.xls、.csv 或 .parquet")],
    scheme: Annotated[str, typer.Option("--scheme", metavar="补贴项目", help="编号，如 stable-employment")],
    plan: Annotated[str, typer.Option("--plan", help="方案编号或文件夹")] = DEFAULT_PLAN,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="参数=取值", help="试算用的参数，金额以元计，可写多次")
    ] = None,
    proof: Annotated[
        str | None, typer.Option("--proof", metavar="declared", help="按佐证程度判断：名单上的都算自报")
    ] = None,
    sheet: Annotated[
        list[str] | None, typer.Option("--sheet", metavar="工作表", help="只判断这张工作表，可写多次")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="结果：.xlsx 或 .parquet")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="文件", help="结果存为 JSON")] = None,
) -> None:
    """逐行核对一份名单：符合、不符合、待补充，写明原因和金额。能判断时退出码 0，不能判断时 2。

    例：jiujin check 名单.xlsx --scheme stable-employment --out 结果.xlsx
        jiujin check 名单.xlsx --scheme flexible-employment --set minimum_wage=1500 --set flexible_grant=600
    """
    pack = plan_of(plan)
    wanted = scheme_of(pack, scheme)
    settings = _settings(pack, set_ or [])
    if proof not in (None, "declared", "documented", "verified"):
        raise Refused(f"--proof 只能是 declared、documented 或 verified，写的是 {proof}。", 2)
    if out and out.suffix.lower() not in (".xlsx", ".parquet"):
        raise Refused(f"结果只能写成 .xlsx 或 .parquet，没有判断。请改 --out {out} 的结尾。", 2)
    if out and out.exists() and file.exists() and out.samefile(file):
        raise Refused("--out 与名单是同一个文件，没有判断，名单没有动。请换一个文件名。", 2)
    if not file.is_file():
        raise Refused(f"没有找到 {file}，没有判断。请检查路径。", 2)
    started = time.monotonic()
    try:
        with progress_bar() as tell:
            result = check_roster(
                file,
                plan=pack,
                scheme=wanted,
                settings=settings,
                proof=proof,
                sheets=sheet,  # type: ignore[arg-type]
                demo_ids=os.environ.get("JIUJIN_DEMO") == "1",
                progress=tell,
            )
            _write(result, file, out, json_file, tell)
    except SheetUnreadable as error:
        raise Refused(str(error), 2) from error
    except OSError as error:
        raise Refused(f"读不了 {file}（{error.strerror}），没有判断。请检查权限，或关掉正打开它的程序。", 2) from error
    _report(result, time.monotonic() - started)
    for path in (out, json_file):
        if path:
            typer.echo(f"已写出 {path}")


def _settings(plan: Plan, texts: list[str]) -> dict[str, Value]:
    try:
        return dict(parse_setting(plan, text) for text in texts)
    except ValueError as error:
        raise Refused(f"{error}。没有判断。", 2) from error


def _write(result: RosterCheck, file: Path, out: Path | None, json_file: Path | None, tell: Tell) -> None:
    try:
        if out:
            tell("写出结果", 0, result.rows)
            write_result(result, file, out)
            tell("写出结果", result.rows, result.rows)
        if json_file:
            with json_file.open("w", encoding="utf-8") as file_:
                result.write_json(file_)
    except OSError as error:
        raise Refused(f"判断完了，但写不了结果（{error.strerror}：{error.filename}）。请换一个文件夹。", 2) from error


def _report(result: RosterCheck, seconds: float) -> None:
    """The summary, and the first lines that are not met."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(
        f"{result.scheme.name}：{result.rows} 行，符合 {result.met}，不符合 {result.unmet}，待补充 {result.unknown}。用时 {seconds:.1f} 秒。"
    )
    amount = f"{result.amount_fen / 100:,.2f} 元"
    console.print(
        f"金额 {amount}" + (f"，另有 {result.amount_unknown} 行金额待定" if result.amount_unknown else "") + "。"
    )
    for notice in result.notices:
        console.print(f"提示：{notice}", markup=False)
    for error in result.errors[:SHOWN]:
        console.print(f"{error.sheet} {error.cell} {error.column}“{error.value}”：{error.message}", markup=False)
    if len(result.errors) > SHOWN:
        console.print(f"另有 {len(result.errors) - SHOWN} 个单元格有问题，见结果文件。")
