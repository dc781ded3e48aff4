"""`.venv/` is made whole or made anew, and nothing is installed twice."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "environment.py"
LOCK = "requirements.lock"


class Workshop:
    """The script in a folder of its own, with a venv and a pip that only note what they are asked."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        spec = importlib.util.spec_from_file_location("environment_script", SCRIPT)
        assert spec and spec.loader
        self.script: ModuleType = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)
        self.root, self.venv, self.calls = root, root / ".venv", [""][:0]
        (root / LOCK).write_text("a==1\n")
        for name, value in (("ROOT", root), ("VENV", self.venv), ("UNFINISHED", self.venv / "unfinished")):
            monkeypatch.setattr(self.script, name, str(value))
        monkeypatch.setattr(self.script, "make_venv", self.make_venv)
        monkeypatch.setattr(self.script, "install_packages", self.calls.append)
        monkeypatch.setattr(self.script, "venv_python", lambda: sys.executable)

    def make_venv(self) -> None:
        shutil.rmtree(self.venv, ignore_errors=True)
        (self.venv / "bin").mkdir(parents=True)
        (self.venv / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
        (self.venv / "made-in").write_text(self.script.place())
        self.calls.append("venv")

    def run(self) -> list[str]:
        """What one run of the script does."""
        self.calls.clear()
        self.script.main(LOCK)
        return list(self.calls)

    @property
    def everything(self) -> list[str]:
        return ["venv", LOCK]


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    return Workshop(tmp_path, monkeypatch)


def test_second_run_does_nothing(workshop: Workshop) -> None:
    assert workshop.run() == workshop.everything
    assert workshop.run() == []


def test_changed_lock_is_installed_into_what_is_there(workshop: Workshop) -> None:
    workshop.run()
    (workshop.root / LOCK).write_text("a==2\n")
    assert workshop.run() == workshop.everything[1:]
    assert workshop.run() == []


def test_project_is_found_by_a_path_that_any_encoding_can_write(workshop: Workshop) -> None:
    workshop.run()
    packages = workshop.venv / "lib" / "python3.11" / "site-packages"
    line = (packages / "jiujin.pth").read_bytes().decode("ascii").strip()
    assert (packages / line).resolve() == (workshop.root / "src").resolve()


def test_command_runs_from_any_folder_and_through_a_link(workshop: Workshop, tmp_path: Path) -> None:
    workshop.run()
    python = workshop.venv / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    link = tmp_path / "linked"
    link.symlink_to(workshop.venv / "bin" / "jiujin")
    said = subprocess.run([str(link), "plan", "a b"], cwd="/", capture_output=True, text=True)
    assert said.stdout == "-P -m jiujin plan a b\n"


def test_environment_whose_installation_broke_off_is_made_anew(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*arguments: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(workshop.script, "install_packages", break_off)
        with pytest.raises(KeyboardInterrupt):
            workshop.script.main(LOCK)
    assert workshop.run() == workshop.everything


def test_environment_of_a_folder_that_was_moved_is_made_anew(workshop: Workshop) -> None:
    workshop.run()
    (workshop.venv / "made-in").write_text("elsewhere")
    assert workshop.run() == workshop.everything


def test_environment_whose_python_is_gone_is_made_anew(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.run()
    monkeypatch.setattr(workshop.script, "venv_python", lambda: str(workshop.root / "gone"))
    assert workshop.run() == workshop.everything


def test_too_old_python_is_said_in_one_sentence(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(workshop.script.EnvironmentUnmade, match=r"需要 Python 3\.11 .* 是 3\.8。"):
        workshop.run()


def test_missing_venv_module_names_the_package_to_install(workshop: Workshop) -> None:
    said = workshop.script.venv_failure("The virtual environment was not created successfully because ensurepip is not")
    assert f"apt-get install python3.{sys.version_info.minor}-venv" in said


def test_old_python_can_parse_the_script() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))
