"""One running server: started, waited for, given its role and database, and stopped in order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from jiujin.core.launch import Account, launch_command
from jiujin.core.postgres import cluster, programs, runtime
from jiujin.core.postgres.account import server_account
from jiujin.core.postgres.errors import ServerUnstartable, unstartable

__all__ = ["EmbeddedServer", "ServerUnstartable", "start_server"]

READY_SECONDS_MAX = 300.0  # after a power cut the server first replays its log
POLL_SECONDS = 0.03
STOP_SECONDS_MAX = 20.0
FAST_BUT_NOT_DURABLE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


@dataclass
class EmbeddedServer:
    """A running PostgreSQL; as a context manager it stops at the end."""

    process: subprocess.Popen[bytes]
    runtime_folder: Path
    runtime_note: Path

    def url(self, database: str = runtime.ROLE, *, role: str = runtime.ROLE) -> str:
        """Where the server answers, for the account that started it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.runtime_folder), safe='/')}"

    def stop(self) -> None:
        """Stop in order (open transactions are rolled back), and at last by force; nothing of the run is left."""
        for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(request)
            try:
                self.process.wait(STOP_SECONDS_MAX)
                break
            except subprocess.TimeoutExpired:
                continue
        runtime.remove_runtime_folder(self.runtime_note)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_server(
    folder: Path, *, log: Path, durable: bool = True, say: Callable[[str], None] = lambda sentence: None
) -> EmbeddedServer:
    """Start the server on `folder`, made on first use, with the role and the database `jiujin`.

    The caller holds the folder's lock: two servers never share one.

    Args:
        folder: where the data live; kept between runs.
        log: file that the server's own messages are added to.
        durable: False for a throw-away server that may lose everything in a power cut.
        say: told in Chinese what takes time.

    Raises ServerUnstartable.
    """
    data = folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    account = server_account(data)
    if data.exists():
        cluster.check_version(data)
        cluster.free_from_earlier_run(data)
    note = folder / "runtime-folder"
    runtime.remove_runtime_folder(note)
    runtime_folder = runtime.make_runtime_folder(account)
    note.write_text(str(runtime_folder), encoding="utf-8")
    try:
        bin_folder = _runnable_programs(runtime_folder, account)
        if not data.exists():
            say("正在建立数据库……")
            cluster.make_cluster(data, programs=bin_folder, account=account, log=log, durable=durable)
        server = EmbeddedServer(
            process=_start_process(data, bin_folder, runtime_folder, account, log, durable),
            runtime_folder=runtime_folder,
            runtime_note=note,
        )
    except BaseException:
        runtime.remove_runtime_folder(note)
        raise
    try:
        _wait_until_ready(server, log)
        _make_role_and_database(server)
    except BaseException:
        server.stop()
        raise
    return server


def _runnable_programs(runtime_folder: Path, account: Account | None) -> Path:
    """The programs where the server's account can run them."""
    bin_folder = programs.installed_programs()
    if account is None or programs.is_open_to_all(bin_folder):
        return bin_folder
    return programs.copy_programs(bin_folder, runtime_folder / "programs")


def _start_process(
    data: Path, bin_folder: Path, runtime_folder: Path, account: Account | None, log: Path, durable: bool
) -> subprocess.Popen[bytes]:
    settings = [
        "listen_addresses=",
        f"unix_socket_directories={runtime_folder}",
        f"hba_file={runtime_folder / 'pg_hba.conf'}",
        f"ident_file={runtime_folder / 'pg_ident.conf'}",
        "timezone=Asia/Shanghai",
        "log_timezone=Asia/Shanghai",
        *(() if durable else FAST_BUT_NOT_DURABLE),
    ]
    program = [str(bin_folder / "postgres"), "-D", cluster.data_argument(data, account)]
    program += [part for setting in settings for part in ("-c", setting)]
    with log.open("ab") as output:
        return subprocess.Popen(
            launch_command(program, end_signal=signal.SIGINT, account=account),
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches the starter alone, which stops the server last
        )


def _wait_until_ready(server: EmbeddedServer, log: Path) -> None:
    """Raises ServerUnstartable when the server ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while True:
        if server.process.poll() is not None:
            raise unstartable("自带的 PostgreSQL 没有启动成功", log)
        try:
            psycopg.connect(server.url(runtime.SUPERUSER, role=runtime.SUPERUSER)).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise unstartable("自带的 PostgreSQL 迟迟没有就绪", log) from None
            time.sleep(POLL_SECONDS)


def _make_role_and_database(server: EmbeddedServer) -> None:
    """The role that the application uses, no superuser, and its database; on later starts both are there."""
    role = sql.Identifier(runtime.ROLE)
    with psycopg.connect(server.url(runtime.SUPERUSER, role=runtime.SUPERUSER), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [runtime.ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [runtime.ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
