"""Help pages and usage errors in Chinese; typer's own are English."""

from __future__ import annotations

import inspect
import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

HELP_WORDS = [
    (re.compile(pattern, re.MULTILINE), chinese)
    for pattern, chinese in (
        (r"^Usage: ", "用法："),
        (r"\[OPTIONS\]", "[选项]"),
        (r"COMMAND \[ARGS\]\.\.\.", "命令 …"),
        (r"^Arguments:", "参数："),
        (r"^Options:", "选项："),
        (r"^Commands:", "命令："),
        (r"Show this message and exit\.", "显示这份说明。"),
        (r"\[default: ([^\]]*)\]", r"[默认：\1]"),
        (r"(?<=\[)required(?=\])", "必填"),
        (r"; required\]", "；必填]"),
        (r"^(  .*)\bINTEGER( RANGE)?\b", r"\1整数"),
        (r"^(  .*)\bTEXT\b", r"\1文字"),
        (r"^(  .*)\b(PATH|FILE|DIRECTORY)\b", r"\1路径"),
    )
]
USAGE_ERRORS = [
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"No such command '?(?P<name>[^'.]*)'?", "没有“{name}”这个命令"),
        (r"No such option: (?P<name>\S+)", "没有“{name}”这个选项"),
        (r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.*)\)", "多出了“{name}”"),
        (r"Missing command", "没有写要运行的命令"),
        (r"Missing (?:argument|option|parameter) '(?P<name>.*?)'", "缺少“{name}”"),
        (r"Option '(?P<name>.*?)' (?:requires|does not take)", "选项“{name}”的写法不对"),
        (r"Invalid value for '(?P<name>.*?)'", "“{name}”的值不能用"),
    )
]


def help_in_chinese(text: str) -> str:
    """A help page with typer's own words in Chinese."""
    for pattern, chinese in HELP_WORDS:
        text = pattern.sub(chinese, text)
    return text


def usage_error_in_chinese(error: TyperException) -> str:
    """One sentence for a command line that cannot be understood, with where the usage stands."""
    english = error.format_message() if hasattr(error, "format_message") else str(error)
    what = next((f.format(**m.groupdict()) for pattern, f in USAGE_ERRORS if (m := pattern.search(english))), english)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "jiujin"
    return f"{what}，没有运行。用法见 {path} --help。"


class ChineseCommand(TyperCommand):
    """A command whose help page is Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return help_in_chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """A group of commands whose help page is Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return help_in_chinese(super().get_help(ctx))


def speak_chinese(app: typer.Typer) -> typer.Typer:
    """Have every command of `app` answer `--help` in Chinese, its examples kept line by line."""
    app.info.cls = ChineseGroup
    for command in app.registered_commands:
        command.cls = ChineseCommand
        command.help = lines_kept(str(command.help or inspect.getdoc(command.callback) or ""))
    for group in app.registered_groups:
        group.cls = ChineseGroup
        if group.typer_instance:
            speak_chinese(group.typer_instance)
    return app


def lines_kept(text: str) -> str:
    """Text whose paragraphs keep their own line breaks on a help page."""
    return "\n\n".join(f"\b\n{paragraph}" for paragraph in inspect.cleandoc(text).split("\n\n"))
