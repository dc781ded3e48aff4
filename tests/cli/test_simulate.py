"""`jiujin simulate` as typed: what it prints, writes and refuses; it needs no more than a database at hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jiujin.cli import simulate as command
from jiujin.cli.main import run_command
from jiujin.core.models import Event
from tests.claims.factories import set_rates, stable_placement
from tests.registry.factories import make_area, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own database is the one at hand, and Django is set up already. What reads it must do so while it is there."""
    is_there = False

    @contextmanager
    def database(**_given: Any) -> Iterator[None]:
        nonlocal is_there
        is_there = True
        yield
        is_there = False

    def while_there(does: Callable[..., None]) -> Callable[..., None]:
        def checked(*given: Any) -> None:
            assert is_there
            does(*given)

        return checked

    for name in ("_print", "_write"):
        monkeypatch.setattr(command, name, while_there(getattr(command, name)))
    monkeypatch.setattr(command, "database_at_hand", database)
    monkeypatch.setattr(command, "set_up_django", lambda: None)
    monkeypatch.setenv("COLUMNS", "300")


@pytest.fixture
def placements() -> None:
    set_rates()
    for _ in range(2):
        stable_placement(person=make_person(home_area=make_area("341502001001")))


@pytest.mark.usefixtures("placements")
def test_a_change_is_printed_and_written_and_nothing_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    events = Event.objects.count()
    asked = ["simulate", "--set", "stable_grant=1200", "--budget", "stable-employment=1300"]
    assert run_command([*asked, "--out", str(tmp_path / "a.xlsx")]) == 0
    said = capsys.readouterr().out
    for words in ("稳定就业服务补助", "2,000.00", "2,400.00", "400.00", "2022-07-01", "什么都没有改动"):
        assert words in said
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["按补贴项目", "按乡镇街道", "预算够付到哪天"]
    assert run_command([*asked, "--out", str(tmp_path / "a.json"), "--by", "township"]) == 0
    assert "区域341502001" in capsys.readouterr().out
    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    [budget] = told["预算够付到哪天"]
    assert (budget["预算"], budget["够付人次"], budget["用完日期"]) == ("1300.00", 1, "2022-07-01")
    assert run_command([*asked, "--out", str(tmp_path / "a.csv")]) == 0
    assert "稳定就业服务补助,2,2,0,0,2000.00,2400.00,400.00" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert Event.objects.count() == events


@pytest.mark.usefixtures("placements")
def test_another_pack_is_tried_beside_the_one_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["simulate", "--plan", "jinan-2022", "--set", "stable_grant=1000"]) == 0
    assert "2,000.00" in capsys.readouterr().out
    assert run_command(["simulate", "--plan", "no-such-plan"]) != 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "nothing=1"], "没有参数"),
        (["--set", "stable_grant=x"], "不是金额"),
        (["--limit", "flexible-employment=x"], "不是整数"),
        (["--limit", "flexible-employment=0"], "1 到"),
        (["--limit", "employment-assistance=1"], "没有次数上限"),
        (["--budget", "nothing=1"], "写法不对"),
        (["--budget", "stable-employment=-1"], "负数"),
        (["--by", "month"], "--by"),
        (["--out", "a.txt"], "没有测算"),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_sentence(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["simulate", *options]) == 2
    assert words in capsys.readouterr().err
