"""A pack with a fault does not open, and the fault is told with its file, its line and its mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jiujin.plan import PlanInvalid, Problem, find_plan
from jiujin.rules import lint, open_plan

FLEXIBLE, STABLE = "schemes/flexible-employment.yaml", "schemes/stable-employment.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "jinan-2022"
    shutil.copytree(find_plan("jinan-2022"), folder, ignore=shutil.ignore_patterns("local.yaml"))
    return folder


@pytest.fixture
def change(pack: Path) -> Callable[[str, str, str], int]:
    """Replace one text in a file of the pack; gives the line (from 1) where the new text stands."""

    def replace(name: str, old: str, new: str) -> int:
        path = pack / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old} is not in {name}"
        at = text.index(old)
        path.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
        return text[:at].count("\n") + 1

    return replace


def only(pack: Path, file: str) -> Problem:
    """The first fault, which must stand in that file and say its mend."""
    problems = lint(pack)
    assert problems, "the pack passed"
    assert problems[0].file == file, [str(problem) for problem in problems]
    assert problems[0].message and problems[0].mend
    return problems[0]


CHANGES = {
    "an unknown fact": (FLEXIBLE, "months_running >= param", "months_walking >= param", "没有事实 months_walking"),
    "an unknown parameter": (FLEXIBLE, "param('flexible_months')\", wording", "param('flexible_weeks')\", wording", "没有参数 flexible_weeks"),
    "a type error": (FLEXIBLE, "when: employment_registered", "when: lowest_monthly_income", "不是“是否”"),
    "money against months": (
        FLEXIBLE, "months_running >= param('flexible_months')", "lowest_monthly_income >= param('flexible_months')", "金额不能和月数"
    ),
    "以上 with >": (FLEXIBLE, "months_running >= param", "months_running > param", "以上"),
    "IS NULL": (FLEXIBLE, "when: employment_registered", 'when: "employment_registered is not null"', "IS NULL"),
    "a number in a condition": (FLEXIBLE, "param('flexible_months')\", wording", "3\", wording", "数字 3"),
    "a limit without a subject": (FLEXIBLE, "per: [person, year]", "per: [year]", "对谁计数"),
    "a broken reading": (FLEXIBLE, "one-long-spell]", "one-long-walk]", "one-long-walk"),
    "a broken clause": (FLEXIBLE, "clause: 3.1.3-flexible", "clause: 3.9.9", "3.9.9"),
    "an unknown choice": (FLEXIBLE, "'temporary', 'flexible')", "'temporary', 'nightly')", "nightly"),
    "an unknown key": (FLEXIBLE, "fund_class:", "fund_clas:", "fund_clas"),
    "an uncited parameter": ("parameters/flexible_months.yaml", "clause:", "clauses_:", "clause"),
    "a parameter nothing uses": ("parameters/flexible_months.yaml", "id: flexible_months", "id: flexible_weeks", "flexible_months"),
    "records of a stranger": ("facts.yaml", "    records:\n      placement: >-", "    records:\n      lodging: >-", "lodging"),
    "records that do not parse": ("facts.yaml", "      placement: >-\n        (SELECT nullif(", "      placement: >-\n        (SELEC nullif((", "records placement 读不通"),
    "a wrong money": ("parameters/internship_allowance.yaml", "1400.00", "1400.005", "不是金额"),
    "a date that is none": ("plan.yaml", "2022-12-31", "2022-12-99", "没有 2022-12-99 这一天"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_fault_is_told_with_its_file_and_mend(name: str, pack: Path, change: Callable[[str, str, str], int]) -> None:
    file, old, new, said = CHANGES[name]
    line = change(file, old, new)
    problems = lint(pack)
    assert any(said in problem.message for problem in problems), [str(problem) for problem in problems]
    assert all(problem.mend for problem in problems)
    told = [problem for problem in problems if problem.file == file]
    assert not told or any(abs(problem.line - line) <= 12 for problem in told)


def test_yaml_that_does_not_parse_is_told_with_its_line(pack: Path, change: Callable[[str, str, str], int]) -> None:
    line = change(FLEXIBLE, "subject: placement", "subject: [placement")
    problem = only(pack, FLEXIBLE)
    assert "YAML" in problem.message
    assert abs(problem.line - line) <= 1


def test_a_key_given_twice_is_told(pack: Path, change: Callable[[str, str, str], int]) -> None:
    line = change(FLEXIBLE, "subject: placement", "subject: placement\nsubject: internship")
    assert only(pack, FLEXIBLE).line == line + 1


def test_overlapping_dates_are_told(pack: Path) -> None:
    path = pack / "parameters/flexible_grant.yaml"
    value = "- {from: %s, to: %s, value: 1.00, source: s, checked_on: 2022-01-01}\n"
    text = path.read_text(encoding="utf-8").replace("status: unset", "status: external").replace("values: []\n", "")
    path.write_text(
        text + "\nvalues:\n" + value % ("2022-01-01", "2022-06-30") + value % ("2022-06-30", "2022-12-31"),
        encoding="utf-8",
    )
    assert "重叠" in only(pack, "parameters/flexible_grant.yaml").message


def test_a_month_without_a_value_is_told(pack: Path) -> None:
    path = pack / "parameters/flexible_grant.yaml"
    text = path.read_text(encoding="utf-8").replace("status: unset", "status: external").replace("values: []\n", "")
    value = "\nvalues:\n- {from: 2022-02-01, to: 2022-12-31, value: 1.00, source: s, checked_on: 2022-01-01}\n"
    path.write_text(text + value, encoding="utf-8")
    assert "2022-01" in only(pack, "parameters/flexible_grant.yaml").message


def test_a_failing_case_is_told_at_its_line(pack: Path, change: Callable[[str, str, str], int]) -> None:
    line = change("cases/flexible-employment.yaml", "expect: met", "expect: unmet")
    problem = only(pack, "cases/flexible-employment.yaml")
    assert "不成立" in problem.message
    assert abs(problem.line - line) <= 3


def test_a_condition_that_no_case_shows_is_told(pack: Path) -> None:
    path = pack / "cases/flexible-employment.yaml"
    text = path.read_text(encoding="utf-8")
    kept = text.split("cases:\n")[0] + "cases:\n  - {name: base, expect: met}\n"
    path.write_text(kept, encoding="utf-8")
    assert any("没有用例显示" in problem.message for problem in lint(pack))


def test_a_clause_that_nothing_cites_is_told(pack: Path) -> None:
    with (pack / "clauses.yaml").open("a", encoding="utf-8") as file:
        file.write("\n- {id: 9.9-idle, place: 九, title: 空条, text: 没有人管的一条。}\n")
    assert "9.9-idle" in only(pack, "clauses.yaml").message


def test_every_fault_is_told_at_once(pack: Path, change: Callable[[str, str, str], int]) -> None:
    change(FLEXIBLE, "months_running >= param", "months_walking >= param")
    change(STABLE, "social_insurance_months >= param", "social_insurance_weeks >= param")
    told = {problem.file for problem in lint(pack)}
    assert {FLEXIBLE, STABLE} <= told


def test_a_faulty_pack_does_not_open(pack: Path, change: Callable[[str, str, str], int]) -> None:
    change(FLEXIBLE, "months_running >= param", "months_walking >= param")
    with pytest.raises(PlanInvalid) as refused:
        open_plan(pack)
    assert "flexible-employment.yaml" in str(refused.value)


def test_the_district_s_own_values_are_read_from_local_yaml(pack: Path) -> None:
    (pack / "local.yaml").write_text(
        "parameters:\n  flexible_grant:\n    - {value: 600.00, source: 区人社局, checked_on: 2022-03-01}\n",
        encoding="utf-8",
    )
    assert lint(pack) == []
    plan = open_plan(pack)
    assert plan.parameters["flexible_grant"].values[0].source == "区人社局"
    assert plan.digest != open_plan("jinan-2022").digest
