"""The command line speaks Chinese, loads little, and ends every error in one sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import ProgrammingError
from psycopg.errors import UndefinedTable

from jiujin.cli import main as command_line
from jiujin.cli.errors import Refused
from jiujin.cli.main import COMMANDS, run_command


def give(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Have any command line end in `error`."""

    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(command_line, "application", lambda arguments: fail)


def test_help_lists_every_command_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--help"]) == 0
    page = capsys.readouterr().out
    shown = {name for name, command in COMMANDS.items() if not command.hidden}
    assert shown == set(re.findall(r"^  ([a-z]+)  ", page, re.MULTILINE))
    assert not re.search(r"Usage|Options|Commands|Show this|OPTIONS|ARGS", page)


@pytest.mark.parametrize("name", ["run", "serve", "work", "migrate", "plan"])
def test_help_of_a_command_is_chinese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([name, "--help"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"用法：jiujin {name} [选项]")
    assert not re.search(r"Usage|Options:|Commands:|Arguments:|Show this|required|default:", page)


def test_no_argument_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([]) == 0
    assert capsys.readouterr().out.startswith("用法：jiujin")


def test_help_and_roster_check_load_no_django() -> None:
    script = (
        "import sys; from jiujin.cli.main import run_command\n"
        "for words in (['--help'], ['check', '--help'], ['run', '--help']): assert run_command(words) == 0\n"
        "sys.exit(sorted(name for name in sys.modules if name.split('.')[0] in ('django', 'procrastinate')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "没有“nonsense”这个命令，没有运行。用法见 jiujin --help。\n"),
        (["plan", "nonsense"], "没有“nonsense”这个命令，没有运行。用法见 jiujin plan --help。\n"),
        (["run", "--nonsense"], "没有“--nonsense”这个选项，没有运行。用法见 jiujin run --help。\n"),
        (["run", "more"], "多出了“more”，没有运行。用法见 jiujin run --help。\n"),
        (["plan", "lint"], "缺少“路径”，没有运行。用法见 jiujin plan lint --help。\n"),
    ],
)
def test_usage_error_is_one_chinese_sentence(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(words) == 2
    assert capsys.readouterr() == ("", said)


def test_error_of_the_domain_is_shown_as_it_stands_with_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, Refused("名单不能判断。", 2))
    assert run_command(["check"]) == 2
    assert capsys.readouterr().err == "名单不能判断。\n"


def caused_by(cause: Exception) -> Exception:
    """An error as Django raises it from the driver's."""
    error = ProgrammingError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (PermissionError(13, "denied", "/somewhere"), 2, "没有权限读写 /somewhere"),
        (FileNotFoundError(2, "missing", "/nowhere"), 2, "没有找到 /nowhere"),
        (MemoryError(), 1, "内存不够"),
        (caused_by(UndefinedTable("relation")), 1, "数据库还没有建好"),
        (ZeroDivisionError("by zero"), 1, "程序出错，没有完成（ZeroDivisionError：by zero）"),
    ],
)
def test_any_other_error_is_one_chinese_sentence_and_no_traceback(
    error: Exception, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, error)
    assert run_command(["check"]) == status
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(said) and err.count("\n") == 1


def test_interruption_is_said_and_gives_the_shells_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, KeyboardInterrupt())
    assert run_command(["check"]) == 130
    assert capsys.readouterr().err == "已中断。\n"


def test_details_go_to_the_log_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIUJIN_VAR", str(tmp_path))
    give(monkeypatch, ZeroDivisionError("by zero"))
    run_command(["check"])
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("JIUJIN_DEBUG", "1")
    run_command(["check"])
    assert "ZeroDivisionError: by zero" in (tmp_path / "log" / "command.log").read_text(encoding="utf-8")
    assert "Traceback" not in capsys.readouterr().err


def test_wrong_setting_names_itself_and_the_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIUJIN_PORT", "eighty")
    assert run_command(["serve"]) == 1
    assert capsys.readouterr().err == (
        "设置 JIUJIN_PORT 的值“eighty”不能用：应当是 1 到 65535 之间的整数。请改正后再运行，例如 JIUJIN_PORT=8000。\n"
    )
