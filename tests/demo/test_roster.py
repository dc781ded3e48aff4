"""Demo rosters: something of every scheme to drop into the roster check."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiujin.cli.main import run_command
from jiujin.plan import parse_setting
from jiujin.rosters import check_roster
from jiujin.rosters.check import RosterCheck
from jiujin.rosters.demo import demo_lines, write_demo_roster
from jiujin.rules import open_plan
from jiujin.sheets import columns_of

PLAN = open_plan("jinan-2022")
ROWS = 150


def checked(path: Path, scheme: str) -> RosterCheck:
    """The roster judged with the parameters that its worked cases set."""
    book = PLAN.cases[scheme].set
    raw = {name: ",".join(value) if isinstance(value, list) else value for name, value in book.items()}
    settings = dict(parse_setting(PLAN, f"{name}={value}") for name, value in raw.items())
    return check_roster(path, plan=PLAN, scheme=PLAN.schemes[scheme], settings=settings, demo_ids=True)


@pytest.mark.parametrize("scheme", sorted(PLAN.schemes))
def test_roster_of_every_scheme_is_read_without_a_missing_column_and_has_all_three_verdicts(
    scheme: str, tmp_path: Path
) -> None:
    out = tmp_path / "roster.xlsx"
    write_demo_roster(PLAN, PLAN.schemes[scheme], out, rows=ROWS, seed=1)
    check = checked(out, scheme)
    assert check.rows == ROWS
    assert check.roster.missing_columns == []
    assert min(check.met, check.unmet, check.unknown) > 0
    assert check.met > ROWS / 3
    asked = PLAN.schemes[scheme]
    wrong_on_purpose = {asked.identity, *(rule.clears for rule in asked.consistency if rule.clears)}
    assert {error.column for error in check.errors} <= {PLAN.facts[name].label for name in wrong_on_purpose}


def test_cells_hold_what_the_facts_say(tmp_path: Path) -> None:
    scheme, out = PLAN.schemes["stable-employment"], tmp_path / "roster.xlsx"
    write_demo_roster(PLAN, scheme, out, rows=ROWS, seed=1)
    read = checked(out, scheme.id).roster.table.to_pylist()
    told = demo_lines(PLAN, scheme, seed=1)
    keys = [column.key for column in columns_of(PLAN, scheme) if column.key != scheme.identity]
    assert any(line["open_ended"] for line in read)
    for line, facts in zip(read, told, strict=False):
        assert {key: line[key] for key in keys} == {key: facts.get(key) for key in keys}


def test_same_seed_writes_the_same_file_and_another_another(tmp_path: Path) -> None:
    scheme = PLAN.schemes["flexible-employment"]
    written = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_demo_roster(PLAN, scheme, tmp_path / name, rows=20, seed=seed)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1] != written[2]


def test_different_people_have_different_numbers() -> None:
    scheme = PLAN.schemes["technical-school-training"]
    lines = [line for line, _ in zip(demo_lines(PLAN, scheme, seed=1), range(5000), strict=False)]
    people = {(line["id_number"], line["name"]) for line in lines}
    assert len({number for number, _ in people}) > len(people) * 0.99
    assert len(people) < len(lines)  # some have rows that are judged together


def test_command_writes_a_roster_and_names_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "名单.xlsx"
    assert run_command(["demo", "roster", "stable-employment", str(out), "--rows", "10"]) == 0
    assert "10 行" in capsys.readouterr().out
    assert checked(out, "stable-employment").rows == 10
    for words, said in (
        (["nonsense", str(out)], "没有补贴项目“nonsense”"),
        (["stable-employment", str(tmp_path / "a.csv")], "只能写成 .xlsx"),
        (["stable-employment", str(tmp_path / "no-such-folder" / "a.xlsx")], "写不了"),
    ):
        assert run_command(["demo", "roster", *words]) == 2
        assert said in capsys.readouterr().err
