"""The `jiujin` command: finds a command's module only when it is called, and ends every error in one Chinese sentence."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from jiujin import __name__ as package
from jiujin.cli.chinese import ChineseCommand, ChineseGroup, lines_kept, speak_chinese, usage_error_in_chinese
from jiujin.core import environment

INTERRUPTED = 130  # 128 + SIGINT, as shells say it


@dataclass(frozen=True)
class Command:
    """Where a command is (`module:typer app or function`) and its line on the help page."""

    target: str
    help: str
    hidden: bool = False
    passes_on: bool = False  # its arguments go on to another program as they are


COMMANDS = {
    "run": Command("jiujin.cli.run:run", "启动整套系统：数据库、网页、后台任务。"),
    "plan": Command("jiujin.cli.plan:app", "方案包：查看、检查、对比。"),
    "sheet": Command("jiujin.cli.sheet:sheet", "写出一个补贴项目的名单模板。"),
    "match": Command("jiujin.cli.match:match", "给每个人找半径以内最合适的岗位。"),
    "check": Command("jiujin.cli.check:check", "逐行核对一份名单，写明原因和金额。"),
    "near": Command("jiujin.cli.near:near", "就业圈：更新成员，给圈内每个人配岗位。"),
    "simulate": Command("jiujin.cli.simulate:simulate", "测算改一个标准、门槛、次数或预算的影响，什么都不改动。"),
    "ledger": Command("jiujin.cli.ledger:app", "账本：核对总账、明细和批次。"),
    "audit": Command("jiujin.cli.audit:app", "操作记录：导出，校验有没有被改过。"),
    "replay": Command("jiujin.cli.replay:replay", "从一笔钱追到条款，再判一遍。"),
    "demo": Command("jiujin.cli.demo:demo", "生成演示数据（全部虚构）。"),
    "migrate": Command("jiujin.cli.serve:migrate", "建立或升级数据库，整理静态文件。"),
    "serve": Command("jiujin.cli.serve:serve", "只启动网页服务（正式环境）。"),
    "work": Command("jiujin.cli.serve:work", "只启动后台任务（正式环境）。"),
    "manage": Command("jiujin.cli.serve:manage", "运行 Django 的管理命令，如建立第一个管理员。", passes_on=True),
    "prepare": Command("jiujin.cli.prepare:prepare", "为 run 准备数据库和演示数据。", hidden=True),
}
# What Python and other libraries raise, told in our own words with an exit status. The names are compared, so that nothing is
# imported for it.
FOREIGN_ERRORS = {
    "UndefinedTable": (1, "数据库还没有建好，或还是旧的，什么都没有做。请先运行 make run，或 jiujin migrate。"),
    "OperationalError": (
        1,
        "数据库连不上或中途断开，没有完成的改动都没有保存。请检查 JIUJIN_DATABASE_URL 和数据库是否在运行，再试一次。",
    ),
    "ImproperlyConfigured": (1, "设置不对：{error}"),
    "MemoryError": (1, "内存不够，没有完成。请关掉别的程序或把文件拆小，再试一次。"),
    "PermissionError": (2, "没有权限读写 {error.filename}，没有完成。请检查这个文件或文件夹的主人和权限。"),
    "FileNotFoundError": (2, "没有找到 {error.filename}，没有完成。请检查路径。"),
}


def main() -> None:
    """Run the command line of this process and end it with the right exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that has no Chinese still gets the rest
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status; whatever goes wrong is said in one sentence on stderr."""
    try:
        result = application(arguments)(list(arguments) or ["--help"], prog_name="jiujin", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        say("已中断。")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing more to say to it
        return 1
    except TyperException as error:
        say(usage_error_in_chinese(error))
        return 2
    except Exception as error:
        return explain(error)
    return result if isinstance(result, int) else 0


def application(arguments: Sequence[str]) -> typer.Typer:
    """The typer application, in which only the command that is called has been imported."""
    app = typer.Typer(
        cls=ChineseGroup,
        help="就近：让一个区县的就业方案跑起来。",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    called = next((word for word in arguments if not word.startswith("-")), None)
    for name, command in COMMANDS.items():
        if name == called:
            add(app, name, command)
        else:
            app.command(name, help=command.help, hidden=command.hidden, cls=ChineseCommand)(lambda: None)
    return app


def add(app: typer.Typer, name: str, command: Command) -> None:
    """Import a command and put it under its name."""
    module, _, attribute = command.target.partition(":")
    target = getattr(import_module(module), attribute)
    if isinstance(target, typer.Typer):
        app.add_typer(speak_chinese(target), name=name, help=command.help, cls=ChineseGroup)
        return
    context: dict[str, Any] = {}
    if command.passes_on:
        context = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    app.command(
        name,
        help=lines_kept(target.__doc__ or command.help),
        hidden=command.hidden,
        cls=ChineseCommand,
        context_settings=context,
    )(target)


def explain(error: Exception) -> int:
    """Say what went wrong and give the exit status: the domain's own words, or that the program failed."""
    kind = type(error)
    record(error)
    if kind.__module__.split(".")[0] == package:
        say(str(error))
        return int(getattr(error, "status", 1))
    names = [base.__name__ for base in (*type(error.__cause__).__mro__, *kind.__mro__)]  # the driver's own word first
    known = next((FOREIGN_ERRORS[name] for name in names if name in FOREIGN_ERRORS), None)
    if known:
        status, sentence = known
        say(sentence.format(error=error))
        return status
    say(f"程序出错，没有完成（{kind.__name__}：{error}）。设 JIUJIN_DEBUG=1 再运行一次，详情会写进 {_log_file()}。")
    return 1


def record(error: Exception) -> None:
    """Add an error with its traceback to the log, where `JIUJIN_DEBUG` asks for it."""
    if environment.text("JIUJIN_DEBUG") in environment.ON:
        environment.log_dir().mkdir(parents=True, exist_ok=True)
        with _log_file().open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {' '.join(sys.argv)}\n")
            traceback.print_exception(error, file=log)


def say(sentence: str) -> None:
    """One line for the person, on stderr."""
    print(sentence, file=sys.stderr, flush=True)


def _log_file() -> Path:
    return environment.log_dir() / "command.log"
