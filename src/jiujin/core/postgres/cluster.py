"""The server's data folder: made whole or not at all, and freed from what a broken-off run left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from jiujin.core.launch import Account, launch_command
from jiujin.core.postgres.errors import ServerUnstartable, unstartable
from jiujin.core.postgres.runtime import SUPERUSER

# The folder is reached as the current one: root's clone may lie where the server's account cannot go by name.
HERE = "/proc/self/cwd"
MAJOR_VERSION = "18"
ORPHAN_STOP_SECONDS_MAX = 30.0


def data_argument(data: Path, account: Account | None) -> str:
    """How the server is told of `data`, when started with `data` as its current folder."""
    return HERE if account else str(data)


def make_cluster(data: Path, *, programs: Path, account: Account | None, log: Path, durable: bool) -> None:
    """Make the data folder beside its place and move it there when it is whole (about a second).

    Raises ServerUnstartable.
    """
    making = data.with_name("data.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if account:
        os.chown(making, account.uid, account.gid)
    command = [
        str(programs / "initdb"),
        f"--pgdata={data_argument(making, account)}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth-local=peer",
        "--auth-host=reject",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    with log.open("ab") as output:
        made = run_in(making, launch_command(command, account=account), output)
    if made != 0:
        shutil.rmtree(making, ignore_errors=True)
        raise unstartable("数据库没有建成", log)
    making.rename(data)


def run_in(folder: Path, command: list[str], output: IO[bytes]) -> int:
    """Run a server program with `folder` as its current folder and give its exit status."""
    return subprocess.call(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


def check_version(data: Path) -> None:
    """Refuse data written by another major version. Raises ServerUnstartable."""
    version = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    if version != MAJOR_VERSION:
        raise ServerUnstartable(
            f"数据文件夹 {data} 是 PostgreSQL {version} 的，随程序安装的是 {MAJOR_VERSION}。数据没有改动。"
            "请先用原版本导出（pg_dump），或用 JIUJIN_VAR 另指定一个数据文件夹。"
        )


def free_from_earlier_run(data: Path) -> None:
    """End what a run that was killed left on `data`, and remove a process-id file that means somebody else.

    Call it only while holding the folder's own lock. Raises ServerUnstartable where it cannot be ended.
    """
    pid_file = data / "postmaster.pid"
    if pid_file.is_file():
        orphan = _server_on(data, pid_file)
        if orphan is None:
            pid_file.unlink()  # its number may by now belong to another program, which the server would take for itself
        else:
            _end([orphan], signal.SIGINT)  # roll back open transactions and stop in order
    _end(_processes_on(data), signal.SIGTERM)  # of a server that was killed: no other starts before they are gone


def _end(processes: list[psutil.Process], how: signal.Signals) -> None:
    """Raises ServerUnstartable where one does not end."""
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(how)
    for process in psutil.wait_procs(processes, ORPHAN_STOP_SECONDS_MAX)[1]:
        raise ServerUnstartable(
            f"上一次运行留下的 PostgreSQL（进程 {process.pid}）没有停下。数据没有改动。请结束这个进程，再运行一次。"
        )


def _processes_on(data: Path) -> list[psutil.Process]:
    """The server processes that work in the folder."""
    return [process for process in psutil.process_iter() if _is_server_in(process, data)]


def _is_server_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()).samefile(data)
    except (OSError, psutil.Error):
        return False  # gone meanwhile, or another account's


def _server_on(data: Path, pid_file: Path) -> psutil.Process | None:
    """The living server that wrote `pid_file`, if there is one."""
    try:
        process = psutil.Process(int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0]))
        same_folder = Path(process.cwd()).samefile(data)
        return process if same_folder and process.status() != psutil.STATUS_ZOMBIE else None
    except (ValueError, OSError, psutil.NoSuchProcess):
        return None
    except psutil.AccessDenied:
        return None  # another account's process: not a server on this person's data
