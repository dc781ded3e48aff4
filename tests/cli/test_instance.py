"""What one installation keeps in its folder: who holds it, its secrets, what commands beside it are told."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from jiujin.cli import instance
from jiujin.cli.errors import Refused

URL = "postgresql://someone@db/jiujin"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[None]:
    with mock.patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("JIUJIN_")]:
            del os.environ[name]
        os.environ["JIUJIN_VAR"] = str(tmp_path)
        yield


def test_embedded_database_means_demo_mode_and_an_own_database_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert instance.own_variables(tmp_path)["JIUJIN_DEMO"] == "1"
    monkeypatch.setenv("JIUJIN_DATABASE_URL", URL)
    assert instance.own_variables(tmp_path)["JIUJIN_DEMO"] == "0"
    monkeypatch.setenv("JIUJIN_DEMO", "1")
    assert instance.own_variables(tmp_path)["JIUJIN_DEMO"] == "1"


def test_empty_database_setting_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUJIN_DATABASE_URL", " ")
    assert "JIUJIN_DATABASE_URL" not in instance.own_variables(tmp_path)


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUJIN_DEMO", "0")
    first, second = instance.own_variables(tmp_path), instance.own_variables(tmp_path)
    for name, file in (
        ("JIUJIN_SECRET_KEY", "secret-key"),
        ("JIUJIN_DATA_KEYS", "data-keys"),
        ("JIUJIN_INDEX_KEY", "index-key"),
    ):
        assert first[name] == second[name] == (tmp_path / file).read_text()
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    assert len(first["JIUJIN_SECRET_KEY"]) >= 50


def test_secret_that_the_person_set_is_used_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUJIN_SECRET_KEY", "their-own")
    assert instance.own_variables(tmp_path)["JIUJIN_SECRET_KEY"] == "their-own"
    assert not (tmp_path / "secret-key").exists()


def test_folder_is_closed_to_other_accounts(tmp_path: Path) -> None:
    instance.make_var_dir()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_second_holder_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with (
        instance.only_one(tmp_path),
        pytest.raises(instance.AlreadyRunning, match=f"进程 {os.getpid()}"),
        instance.only_one(tmp_path),
    ):
        pass


def test_command_beside_a_running_system_gets_its_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUJIN_DATABASE_URL", URL)
    with instance.only_one(tmp_path), instance.database(tmp_path, say=print) as running:
        monkeypatch.delenv("JIUJIN_DATABASE_URL")
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600
        with instance.database_at_hand(say=print):
            assert os.environ["JIUJIN_DATABASE_URL"] == URL
            assert os.environ["JIUJIN_SECRET_KEY"] == running["JIUJIN_SECRET_KEY"]
    assert not (tmp_path / "running.json").exists()


def test_command_beside_a_system_that_is_still_starting_is_refused(tmp_path: Path) -> None:
    with (
        instance.only_one(tmp_path),
        pytest.raises(Refused, match="正在启动或停止"),
        instance.database_at_hand(say=print),
    ):
        pass


def test_command_without_a_running_system_starts_the_database_for_itself(tmp_path: Path) -> None:
    said: list[str] = []
    with instance.database_at_hand(say=said.append):
        assert os.environ["JIUJIN_DATABASE_URL"].startswith("postgresql://jiujin@/jiujin?host=")
        assert (tmp_path / "postgres" / "runtime-folder").exists()
    assert said == ["正在启动自带的 PostgreSQL……", "正在建立数据库……"]
    assert not (tmp_path / "postgres" / "runtime-folder").exists()
