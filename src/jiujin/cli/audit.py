"""`jiujin audit …`: the event log as a file, and whether such a file is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from jiujin.audit import ChainBroken, verify_lines, write_lines
from jiujin.audit.export import LINE_CHARACTERS_MAX
from jiujin.cli.errors import Refused
from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say

app = typer.Typer(help="操作记录：导出，校验有没有被改过。", no_args_is_help=True)
Export = Annotated[Path, typer.Argument(metavar="文件.jsonl", help="每行一条记录的文件")]


@app.command()
def export(file: Export) -> None:
    """把全部操作记录按先后写成一个文件，每条接着上一条的哈希（SM3），末行写明条数和末尾哈希。

    例：jiujin audit export 记录.jsonl
    """
    from jiujin.cli.serve import set_up_django

    making = file.with_name(f"{file.name}.making")
    with database_at_hand(say=say):
        set_up_django()
        from django.db import connection

        from jiujin.core.linking import chain_entries
        from jiujin.core.one_moment import one_moment

        try:
            with one_moment(), making.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(write_lines(chain_entries(connection)))
            making.replace(file)
        except OSError as error:
            raise Refused(f"写不了 {file}（{error.strerror}）。请换一个文件夹。", 2) from error
        finally:
            making.unlink(missing_ok=True)
    typer.echo(f"已导出到 {file}。校验：jiujin audit verify {file}")


@app.command()
def verify(file: Export) -> None:
    """校验导出的操作记录：改过、缺了、多了、调换了都会说出是哪一行，退出码 1。不需要数据库。

    例：jiujin audit verify 记录.jsonl
    """
    with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        try:
            whole = verify_lines(_bounded(lines))
        except ChainBroken as error:
            say(f"记录不完整或被改过：{error}。")
            raise typer.Exit(1) from None
    typer.echo(f"记录完整，没有改动：{whole.entries} 条，末尾哈希 {whole.head}。")


def _bounded(lines: TextIO) -> Iterator[str]:
    """Lines, of which none is read beyond what an entry can have."""
    while line := lines.readline(LINE_CHARACTERS_MAX + 2):
        yield line
