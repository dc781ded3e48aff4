"""`jiujin run` as a person uses it: one command up, Ctrl-C down, and nothing lost or left whatever breaks it off."""

from __future__ import annotations

import http.client
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from jiujin.core.postgres import start_server
from jiujin.core.postgres.programs import is_open_to_all
from jiujin.rules.lint import open_plan

READY = "按 Ctrl-C 停止。"
STOP_SECONDS_MAX = 60
OTHER_ACCOUNT = "daemon"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


class Run:
    """One `jiujin run`, with what it printed so far and every process it started."""

    def __init__(
        self, var: Path, *, port: int | None = None, command: list[str] | None = None, **options: object
    ) -> None:
        self.port = port or free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JIUJIN_", "PYTHON"))}
        environment |= {"JIUJIN_VAR": str(var), "JIUJIN_PORT": str(self.port)}
        environment |= {"JIUJIN_WORKERS": "1", "JIUJIN_DEMO_PEOPLE": "20"}
        environment |= options.pop("environment", {})  # type: ignore[arg-type]
        self.printed: list[str] = []
        self.family: list[psutil.Process] = []
        self.process: subprocess.Popen[str] = subprocess.Popen(  # type: ignore[call-overload]
            command or [sys.executable, "-m", "jiujin", "run"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def until(self, text: str) -> None:
        """Read what it prints up to the line with `text`; fails when it ends before."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed.append(line)
            self.note_family()
            if text in line:
                return
        pytest.fail(f"ended before it printed {text}:\n{''.join(self.printed)}")

    def note_family(self) -> None:
        """Remember every process under this one."""
        with suppress(psutil.NoSuchProcess):
            known = psutil.Process(self.process.pid).children(recursive=True)
            self.family += [each for each in known if each not in self.family]

    def status(self) -> int:
        """The exit status at the end, the rest of what it prints noted."""
        output, _ = self.process.communicate(timeout=STOP_SECONDS_MAX)
        self.printed.append(output)
        return self.process.returncode

    def named(self, text: str) -> list[psutil.Process]:
        """Its processes whose command line has `text`."""
        self.note_family()
        found = []
        for each in self.family:
            with suppress(psutil.NoSuchProcess):
                found += [each] if text in each.cmdline() or each.name() == text else []
        return found

    def left(self) -> list[psutil.Process]:
        """The processes that it started and that do not end."""
        _, alive = psutil.wait_procs(self.family, timeout=STOP_SECONDS_MAX)
        return [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]

    def page(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    @property
    def text(self) -> str:
        return "".join(self.printed)


@pytest.fixture
def started() -> Iterator[list[Run]]:
    """Runs that are ended whatever becomes of the test."""
    runs: list[Run] = []
    yield runs
    for run in runs:
        run.note_family()
        for each in [psutil.Process(run.process.pid)] if run.process.poll() is None else []:
            each.kill()
        for each in run.family:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        run.process.communicate()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """An installation's folder with the note that the plan's worked cases hold: checking them is not the question here."""
    open_plan("jinan-2022")
    folder = tmp_path / "var"
    shutil.copytree(Path(os.environ["JIUJIN_VAR"]) / "checked-plans", folder / "checked-plans")
    return folder


def launch(started: list[Run], var: Path, **options: object) -> Run:
    started.append(Run(var, **options))  # type: ignore[arg-type]
    return started[-1]


def test_run_serves_refuses_a_second_stops_on_ctrl_c_and_keeps_its_data(var: Path, started: list[Run]) -> None:
    first = launch(started, var)
    first.until(READY)
    assert f"http://127.0.0.1:{first.port}/" in first.text and "密码" in first.text
    assert first.page("/healthz") == (200, "ok\n")
    assert first.page("/")[0] in (200, 302)

    second = launch(started, var)
    assert second.status() == 1
    assert "已经在运行" in second.text and second.text.count("\n") == 1

    first.process.send_signal(signal.SIGINT)
    assert first.status() == 0
    assert first.left() == []
    assert "已全部停止，数据保留。" in first.text
    assert stat.S_IMODE((var / "secret-key").stat().st_mode) == 0o600

    again = launch(started, var)
    again.until(READY)
    assert "正在建立数据库" not in again.text
    again.process.send_signal(signal.SIGTERM)
    assert (again.status(), again.left()) == (0, [])


def test_taken_port_is_named_with_the_cure_and_nothing_is_started(var: Path, started: list[Run]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = launch(started, var, port=port)
        assert run.status() == 1
    assert f"端口 {port} 不能用（已被别的程序占用）" in run.text and "JIUJIN_PORT=" in run.text
    assert run.text.count("\n") == 1
    assert not (var / "postgres").exists()


def test_start_broken_off_at_any_stage_leaves_no_process_and_is_taken_up_again(var: Path, started: list[Run]) -> None:
    for stage in ("正在建立数据库", "正在准备数据库", "方案："):
        run = launch(started, var)
        run.until(stage)
        run.note_family()
        run.process.kill()
        assert run.left() == [], stage
    run = launch(started, var)
    run.until(READY)
    assert run.page("/healthz") == (200, "ok\n")
    run.process.send_signal(signal.SIGINT)
    assert (run.status(), run.left()) == (0, [])


def test_request_to_stop_during_the_start_stops_in_order(var: Path, started: list[Run]) -> None:
    run = launch(started, var)
    run.until("正在准备数据库")
    run.process.send_signal(signal.SIGTERM)
    assert (run.status(), run.left()) == (0, [])
    assert "已全部停止" in run.text


def test_part_that_ends_by_itself_ends_the_rest_and_says_where_its_log_is(var: Path, started: list[Run]) -> None:
    run = launch(started, var)
    run.until(READY)
    run.named("serve")[0].kill()
    assert (run.status(), run.left()) == (1, [])
    assert "网页服务意外停止" in run.text and str(var / "log" / "serve.log") in run.text


def test_run_ends_with_whoever_started_it(var: Path, started: list[Run]) -> None:
    shell = launch(started, var, command=["/bin/sh", "-c", f"'{sys.executable}' -m jiujin run --stop-with-parent; :"])
    shell.until("正在准备数据库")
    shell.note_family()
    shell.process.kill()
    assert shell.left() == []


def test_own_database_is_used_and_gets_no_demo_sign_ins(tmp_path: Path, var: Path, started: list[Run]) -> None:
    with start_server(tmp_path / "own", log=tmp_path / "own.log", durable=False) as own:
        run = launch(started, var, environment={"JIUJIN_DATABASE_URL": own.url()})
        run.until(READY)
        assert run.named("serve") and not run.named("postgres")
        assert not (var / "postgres").exists()
        assert "密码" not in run.text and "createsuperuser" in run.text
        run.process.send_signal(signal.SIGINT)
        assert (run.status(), run.left()) == (0, [])


def python_for_anybody() -> str | None:
    """A Python of this very version that any account may run, or None."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(sys.executable).resolve(), *(Path(folder) / version for folder in ("/usr/bin", "/usr/local/bin"))]
    return next((str(each) for each in found if each.exists() and is_open_to_all(each.resolve().parent)), None)


@pytest.mark.skipif(os.geteuid() != 0, reason="已经是普通用户：其余测试就在检查这一点")
def test_ordinary_user_runs_it_after_root_did(var: Path, started: list[Run]) -> None:
    packages, source = Path(sysconfig.get_path("purelib")), Path(__file__).resolve().parents[2] / "src"
    python = python_for_anybody()
    if python is None or not is_open_to_all(packages) or not is_open_to_all(source):
        pytest.skip("普通用户进不了这个文件夹或用不了这个 Python，换个位置才能检查")
    account = pwd.getpwnam(OTHER_ACCOUNT)
    home = Path("/var/tmp") / f"jiujin-test-{os.getpid()}"
    home.mkdir(mode=0o700)
    try:
        shutil.copytree(var, home / "var")
        for path in (home, *home.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)
        run = launch(
            started,
            home / "var",
            command=[python, "-m", "jiujin", "run"],
            environment={"PYTHONPATH": f"{packages}:{source}", "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
        )
        run.until(READY)
        assert {each.uids().real for each in run.named("serve") + run.named("postgres")} == {account.pw_uid}
        run.process.send_signal(signal.SIGINT)
        assert (run.status(), run.left()) == (0, [])
    finally:
        shutil.rmtree(home)
