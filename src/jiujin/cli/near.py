"""`jiujin near`: the nightly batch by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say
from jiujin.cli.progress import progress_bar
from jiujin.cli.serve import set_up_django

near = typer.Typer(no_args_is_help=True, epilog="\b\n例：jiujin near refresh")


@near.callback()
def about() -> None:
    """附近岗位和就业圈：每晚的成员更新与匹配。"""


@near.command()
def refresh(
    day: Annotated[
        datetime | None, typer.Option("--day", metavar="日期", formats=["%Y-%m-%d"], help="算哪一天的，默认今天")
    ] = None,
) -> None:
    """更新各就业圈的成员，再给圈内每个人配好岗位名单；同一天再运行一次，名单整份换新。

    例：jiujin near refresh
        jiujin near refresh --day 2026-11-24
    """
    with database_at_hand(say=say):
        set_up_django()
        from django.utils import timezone

        from jiujin.circles.services.match_everyone import match_everyone

        with progress_bar() as tell:
            run = match_everyone(
                day=day.date() if day else timezone.localdate(),
                progress=lambda done, total: tell("匹配岗位", done, total),
            )
    typer.echo(f"{run.day} 的名单已做好：{run.people_done} 人，对 {run.vacancies_total} 个岗位。")
