"""The embedded server: its data survive, and what a broken-off run left is no obstacle."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from jiujin.core.postgres import EmbeddedServer, ServerUnstartable, programs, runtime, start_server


def start(folder: Path) -> EmbeddedServer:
    return start_server(folder / "postgres", log=folder / "log", durable=False)


def answer(server: EmbeddedServer, query: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def test_data_written_before_a_stop_are_there_after_the_next_start(tmp_path: Path) -> None:
    with start(tmp_path) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with start(tmp_path) as server:
        assert answer(server, "SELECT n FROM kept") == 7


def test_application_is_no_superuser_and_owns_its_database(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        assert answer(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert answer(server, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()") == (
            "jiujin"
        )


def test_server_listens_on_no_network_and_its_socket_is_private(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        connections = psutil.Process(server.process.pid).net_connections("inet")
        assert connections == []
        assert stat.S_IMODE(server.runtime_folder.stat().st_mode) == 0o700
        assert len(os.fsencode(server.runtime_folder / runtime.SOCKET_NAME)) <= runtime.SOCKET_PATH_BYTES_MAX
    assert not server.runtime_folder.exists()


def test_server_under_a_path_longer_than_a_socket_may_have(tmp_path: Path) -> None:
    deep = tmp_path / ("长" * 60) / ("d" * 120)
    deep.mkdir(parents=True)
    with start(deep) as server:
        assert answer(server, "SELECT 1") == 1


def test_data_folder_left_half_made_is_made_anew(tmp_path: Path) -> None:
    making = tmp_path / "postgres" / "data.making"
    making.mkdir(parents=True)
    (making / "PG_VERSION").write_text("18\n")
    with start(tmp_path) as server:
        assert answer(server, "SELECT 1") == 1
    assert not making.exists()


def test_process_id_file_that_names_another_program_is_removed(tmp_path: Path) -> None:
    start(tmp_path).stop()
    stale = tmp_path / "postgres" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n1\n5432\n\n\n")
    with start(tmp_path) as server:
        assert answer(server, "SELECT 1") == 1


def test_server_left_by_a_killed_run_is_ended_first(tmp_path: Path) -> None:
    left = start(tmp_path)
    with start(tmp_path) as server:
        assert left.process.wait(30) == 0
        assert answer(server, "SELECT 1") == 1
    assert not left.runtime_folder.exists()


def test_server_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from jiujin.core.postgres import start_server\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "server = start_server(folder / 'postgres', log=folder / 'log', durable=False)\n"
        "print(server.process.pid, flush=True); input()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdin and starter.stdout
    with starter.stdin, starter.stdout:
        server = psutil.Process(int(starter.stdout.readline()))
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        psutil.wait_procs([server], timeout=30)
    assert not server.is_running()
    start(tmp_path).stop()  # the next start clears what the killed one left in the temporary folder


def test_server_that_was_killed_at_work_starts_again_on_its_data(tmp_path: Path) -> None:
    killed = start_server(tmp_path / "postgres", log=tmp_path / "log")
    with psycopg.connect(killed.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with closing(psycopg.connect(killed.url(), autocommit=True)) as busy:
        busy.pgconn.send_query(
            b"SELECT count(*) FROM generate_series(1, 10000000000)"
        )  # outlives its server for a while
        first_line = (tmp_path / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
        os.kill(int(first_line), signal.SIGKILL)
        killed.process.wait()
        with start_server(tmp_path / "postgres", log=tmp_path / "log") as server:
            assert answer(server, "SELECT number FROM kept") == 7


def test_data_of_another_major_version_are_refused_untouched(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerUnstartable, match="PostgreSQL 16"):
        start(tmp_path)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_failed_start_says_so_with_the_log_and_leaves_nothing_running(tmp_path: Path) -> None:
    start(tmp_path).stop()
    (tmp_path / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(ServerUnstartable, match="没有启动成功"):
        start(tmp_path)
    assert not (tmp_path / "postgres" / "runtime-folder").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 才需要换成普通用户来运行 PostgreSQL")
def test_root_gives_the_server_an_account_without_rights_even_where_that_cannot_go(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with start(closed) as server:
        assert psutil.Process(server.process.pid).uids().real != 0
        assert answer(server, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 才需要换成普通用户来运行 PostgreSQL")
def test_programs_out_of_reach_are_copied_and_run_from_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "is_open_to_all", lambda folder: not str(folder).endswith("bin"))
    with start(tmp_path) as server:
        assert Path(psutil.Process(server.process.pid).exe()).is_relative_to(server.runtime_folder)
        assert answer(server, "SELECT 1") == 1
    assert not server.runtime_folder.exists()


def test_open_to_all_asks_every_folder_above(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a").chmod(0o700)
    assert not programs.is_open_to_all(inner)
    assert programs.is_open_to_all(Path("/"))


def test_cluster_keeps_chinese_and_orders_by_code_point(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        assert answer(server, "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['县', '区', 'a']) AS w") == "a区县"
