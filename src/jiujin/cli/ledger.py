"""`jiujin ledger …`: whether the book holds."""

from __future__ import annotations

import typer

from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say
from jiujin.cli.serve import set_up_django

app = typer.Typer(help="账本：核对总账、明细和批次。", no_args_is_help=True)
SHOWN_MAX = 50


@app.callback()
def about() -> None:
    """账本：核对总账、明细和批次。"""


@app.command()
def check() -> None:
    """核对整本账：每笔分录平衡、余额等于分录之和、每条明细的状态和账上一致、批次和回盘对得上、每一步都有记录。

    有对不上的，逐条写出，退出码 1。只读，不改动任何数据。

    例：jiujin ledger check
    """
    with database_at_hand(say=say):
        set_up_django()
        from jiujin.funds.invariants import CHECKS, breaches
        from jiujin.funds.models import LedgerEntry
        from jiujin.ledger import CHECKS as BOOK_CHECKS

        found = breaches()
        entries = LedgerEntry.objects.count()
    for breach in found[:SHOWN_MAX]:
        typer.echo(f"{breach.check}：{breach.entry_id}：{breach.facts}")
    if found:
        say(f"账对不上：{len(found)} 处，上面写出前 {min(len(found), SHOWN_MAX)} 处。数据没有改动，请停止拨付并查明。")
        raise typer.Exit(1)
    typer.echo(f"账是对的：{entries} 笔分录，{len(BOOK_CHECKS) + len(CHECKS)} 项核对全部通过。")
