"""The plan in force survives a fault in its files while the program runs."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from jiujin.core import current_plan as room
from jiujin.core.current_plan import current_plan
from jiujin.plan import PlanInvalid, plans_dir


@pytest.fixture
def pack(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / settings.PLAN
    shutil.copytree(plans_dir() / settings.PLAN, folder)
    settings.PLAN = str(folder)
    monkeypatch.setattr(room, "_in_force", {})
    return folder


def break_it(pack: Path) -> None:
    (pack / "targets.yaml").write_text("targets: [", encoding="utf-8")


def test_faulty_files_leave_the_opened_plan_in_force_and_are_logged(
    pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened = current_plan()
    break_it(pack)
    with caplog.at_level(logging.ERROR):
        assert current_plan() is opened
    assert "targets.yaml" in caplog.text


def test_mended_files_are_read_again(pack: Path) -> None:
    opened = current_plan()
    whole = (pack / "targets.yaml").read_text(encoding="utf-8")
    break_it(pack)
    current_plan()
    (pack / "targets.yaml").write_text(whole + "\n# mended\n", encoding="utf-8")
    assert current_plan().digest == opened.digest
    assert current_plan() is not opened


def test_faulty_files_at_the_start_are_refused(pack: Path) -> None:
    break_it(pack)
    with pytest.raises(PlanInvalid):
        current_plan()
