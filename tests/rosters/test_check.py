"""A roster in, a judged roster out: what each row says, with its reason, its amount and its warnings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jiujin.plan import parse_setting
from jiujin.rosters import RosterCheck, check_roster
from jiujin.rosters import check as check_module
from jiujin.rosters import result as result_module
from jiujin.rules import open_plan
from jiujin.sheets import SheetUnreadable
from tests.rosters import workbooks as w

PLAN = open_plan("jinan-2022")
SHEETS = {
    "stable-employment": w.STABLE, "flexible-employment": w.FLEXIBLE,
    "internship-living-allowance": w.INTERN, "technical-school-training": w.SCHOOL,
}  # fmt: skip


def check(folder: Path, scheme: str, rows: Sequence[Sequence[Any]], *settings: str, **options: Any) -> RosterCheck:
    path = w.write(folder / "roster.xlsx", SHEETS[scheme], rows)
    given = dict(parse_setting(PLAN, text) for text in settings)
    return check_roster(path, plan=PLAN, scheme=PLAN.schemes[scheme], settings=given, demo_ids=True, **options)


def line(result: RosterCheck, row: int) -> dict[str, Any]:
    return next(line for line in result.as_json()["lines"] if line["row"] == row)


def test_a_line_says_its_verdict_reason_and_place(tmp_path: Path) -> None:
    result = check(tmp_path, "stable-employment", [w.stable(1), w.stable(2, 社会保险缴纳月数=5)])
    assert (result.rows, result.met, result.unmet, result.unknown) == (2, 1, 1, 0)
    assert line(result, 3)["reasons"] == ["社会保险 5 个月，要求 6 个月以上"]
    assert line(result, 3)["unmet"] == ["social_insurance_is_long_enough"]


def test_what_is_told_does_not_depend_on_how_many_rows_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [date(2022, 1, 1), date(2022, 3, 1), date(2022, 11, 1)]
    rows = [w.intern(person, 见习开始日期=day) for person in (1, 2) for day in days]
    rows.insert(3, w.intern(3, 见习开始日期="2月30日"))
    whole = check(tmp_path, "internship-living-allowance", rows)
    monkeypatch.setattr(check_module, "SLICE_ROWS", 2)
    monkeypatch.setattr(result_module, "WRITE_ROWS", 2)
    sliced = check(tmp_path, "internship-living-allowance", rows)
    assert whole.as_json() == sliced.as_json()
    assert any("重叠" in reason for reason in line(sliced, 3)["reasons"])
    written = StringIO()
    sliced.write_json(written)
    assert json.loads(written.getvalue()) == whole.as_json()


def test_an_unset_rate_leaves_a_met_line_without_amount(tmp_path: Path) -> None:
    result = check(tmp_path, "stable-employment", [w.stable()])
    assert (line(result, 2)["verdict"], line(result, 2)["amount_fen"]) == ("met", None)
    assert line(result, 2)["missing"] == ["param:stable_grant"]
    assert (result.amount_fen, result.amount_unknown) == (0, 1)


def test_a_set_rate_gives_fen(tmp_path: Path) -> None:
    result = check(tmp_path, "stable-employment", [w.stable(1), w.stable(2)], "stable_grant=600.50")
    assert [entry["amount_fen"] for entry in result.as_json()["lines"]] == [60_050, 60_050]
    assert (result.amount_fen, result.amount_unknown) == (120_100, 0)


def test_a_met_line_warns_while_the_scope_is_unset(tmp_path: Path) -> None:
    assert line(check(tmp_path, "stable-employment", [w.stable()]), 2)["warnings"] == ["scope_unconfirmed"]
    confirmed = check(tmp_path, "stable-employment", [w.stable()], "stable_scope=全部")
    assert line(confirmed, 2)["warnings"] == []


def test_an_open_ended_contract_is_long_enough(tmp_path: Path) -> None:
    assert line(check(tmp_path, "stable-employment", [w.stable(结束日期="无固定期限")]), 2)["verdict"] == "met"


def test_a_second_line_in_a_year_names_the_row_that_took_the_place(tmp_path: Path) -> None:
    rows = [w.stable(1, 开始日期="2022-04-01", 结束日期="2022-12-31"), w.stable(1)]
    result = check(tmp_path, "stable-employment", rows)
    assert (line(result, 3)["verdict"], line(result, 3)["limit_used"]) == ("met", 1)
    assert line(result, 2)["unmet"] == ["limit"]
    assert any("第 3 行" in reason for reason in line(result, 2)["reasons"])


def test_an_empty_cell_is_unknown_and_never_no(tmp_path: Path) -> None:
    result = check(tmp_path, "stable-employment", [w.stable(就业登记或用工备案=None), w.stable(2, 运营机构=None)])
    assert (line(result, 2)["verdict"], line(result, 2)["missing"]) == ("unknown", ["registered_or_filed"])
    assert (line(result, 3)["verdict"], line(result, 3)["missing"]) == ("unknown", ["operator"])


def test_other_groups_wait_for_the_district_s_list(tmp_path: Path) -> None:
    rows = [w.stable(人员类别="其他重点群体")]
    assert line(check(tmp_path, "stable-employment", rows), 2)["missing"] == ["param:local_priority_groups"]
    named = check(tmp_path, "stable-employment", rows, "local_priority_groups=其他重点群体")
    assert line(named, 2)["verdict"] == "met"
    not_named = check(tmp_path, "stable-employment", rows, "local_priority_groups=退捕渔民")
    assert line(not_named, 2)["unmet"] == ["in_a_priority_group"]


def test_the_wage_floor_is_unknown_until_it_is_set(tmp_path: Path) -> None:
    rows = [w.flexible(1), w.flexible(2, 最低月收入=1499.99)]
    unset = check(tmp_path, "flexible-employment", rows)
    assert [entry["missing"] for entry in unset.as_json()["lines"]] == [["param:minimum_wage"]] * 2
    result = check(tmp_path, "flexible-employment", rows, "minimum_wage=1500", "flexible_grant=600")
    assert [entry["verdict"] for entry in result.as_json()["lines"]] == ["met", "unmet"]
    assert line(result, 3)["unmet"] == ["income_reaches_minimum_wage"]


def test_a_floor_set_for_trial_is_known_where_the_row_s_date_is_not(tmp_path: Path) -> None:
    result = check(tmp_path, "flexible-employment", [w.flexible(开始日期=None, 结束日期=None)], "minimum_wage=1500")
    assert (line(result, 2)["verdict"], line(result, 2)["missing"]) == ("unknown", ["start_on"])


def test_months_that_the_dates_cannot_hold_are_an_error_and_not_known(tmp_path: Path) -> None:
    result = check(tmp_path, "flexible-employment", [w.flexible(连续月数=5)], "minimum_wage=1500")
    assert (line(result, 2)["verdict"], line(result, 2)["missing"]) == ("unknown", ["months_running"])
    (error,) = result.errors
    assert (error.row, error.column, error.cell, error.value) == (2, "连续月数", "G2", "5")


def test_internships_pay_whole_months_and_warn_of_overlap(tmp_path: Path) -> None:
    rows = [w.intern(1), w.intern(1, 见习开始日期="2022-12-31", 见习结束日期="2023-04-15"), w.intern(2)]
    result = check(tmp_path, "internship-living-allowance", rows)
    assert [entry["amount_fen"] for entry in result.as_json()["lines"]] == [840_000, 420_000, 840_000]
    assert line(result, 2)["warnings"] == ["overlap"]
    assert any("第 3 行" in reason for reason in line(result, 2)["reasons"])
    assert any("第 2 行" in reason for reason in line(result, 3)["reasons"])
    assert line(result, 4)["warnings"] == []


def test_an_internship_that_names_no_unit_says_that_nobody_can_be_paid(tmp_path: Path) -> None:
    result = check(tmp_path, "internship-living-allowance", [w.intern(见习单位=None)])
    assert (line(result, 2)["verdict"], line(result, 2)["warnings"]) == ("met", ["payee_unknown"])


def test_an_upgrade_within_the_school_earns_nothing(tmp_path: Path) -> None:
    upgraded = w.student(1, 班级类型="高级技工班", 入学层次="对口中级", 学制年限=2, 转升来源="本校")
    other = w.student(2, 班级类型="高级技工班", 入学层次="对口中级", 学制年限=2, 转升来源="外校")
    result = check(tmp_path, "technical-school-training", [upgraded, other, w.student(3)])
    assert [entry["verdict"] for entry in result.as_json()["lines"]] == ["unmet", "met", "met"]
    assert result.amount_fen == 200_000


def test_a_demo_number_is_refused_outside_demo_mode(tmp_path: Path) -> None:
    path = w.write(tmp_path / "roster.xlsx", w.STABLE, [w.stable()])
    result = check_roster(path, plan=PLAN, scheme=PLAN.schemes["stable-employment"])
    assert (line(result, 2)["verdict"], line(result, 2)["missing"]) == ("unknown", ["id_number"])
    assert result.errors[0].column == "身份证号"


def test_proof_asks_for_more_than_a_roster_s_word(tmp_path: Path) -> None:
    result = check(tmp_path, "stable-employment", [w.stable()], proof="declared")
    assert line(result, 2)["verdict"] == "unknown"
    assert any(reason.startswith("待核实") for reason in line(result, 2)["reasons"])


def test_several_sheets_are_all_judged_and_rows_are_named_with_their_sheet(tmp_path: Path) -> None:
    path = w.write(tmp_path / "roster.xlsx", w.STABLE, [w.stable()], sheet="甲镇")
    workbook = load_workbook(path)
    page = workbook.create_sheet("乙镇")
    page.append(w.STABLE)
    page.append(w.stable())
    workbook.save(path)
    result = check_roster(path, plan=PLAN, scheme=PLAN.schemes["stable-employment"], demo_ids=True)
    assert result.rows == 2
    assert any("“甲镇”第 2 行" in reason for reason in result.as_json()["lines"][1]["reasons"])
    chosen = check_roster(path, plan=PLAN, scheme=PLAN.schemes["stable-employment"], demo_ids=True, sheets=["乙镇"])
    assert [entry["sheet"] for entry in chosen.as_json()["lines"]] == ["乙镇"]


def test_a_column_missing_is_named_and_counts_as_not_known(tmp_path: Path) -> None:
    headings = [heading for heading in w.STABLE if heading != "社会保险缴纳月数"]
    row = [cell for heading, cell in zip(w.STABLE, w.stable(), strict=True) if heading != "社会保险缴纳月数"]
    path = w.write(tmp_path / "roster.xlsx", headings, [row])
    result = check_roster(path, plan=PLAN, scheme=PLAN.schemes["stable-employment"], demo_ids=True)
    assert line(result, 2)["missing"] == ["social_insurance_months"]
    assert any("社会保险缴纳月数" in notice for notice in result.notices)


@pytest.mark.parametrize("headings", [[h for h in w.STABLE if h != "身份证号"], [*w.STABLE, "姓名"]])
def test_what_cannot_be_judged_at_all_is_refused(tmp_path: Path, headings: list[str]) -> None:
    path = w.write(tmp_path / "roster.xlsx", headings, [w.stable()[: len(headings)]])
    with pytest.raises(SheetUnreadable):
        check_roster(path, plan=PLAN, scheme=PLAN.schemes["stable-employment"], demo_ids=True)


def test_a_line_opens_to_its_conditions_and_the_next_step(tmp_path: Path) -> None:
    result = check(tmp_path, "stable-employment", [w.stable(社会保险缴纳月数=5)])
    detail = result.line_detail("名单", 2)
    answers = {condition.id: condition.answer for condition in detail.conditions}
    assert answers["social_insurance_is_long_enough"] is False
    assert answers["contract_is_long_enough"] is True
    assert detail.next_step == "社会保险还差 1 个月。"
