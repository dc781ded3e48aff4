"""The roster of interns: taken twice it is there once, and each bad row says why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jiujin.core.current_plan import current_plan
from jiujin.core.models import Event
from jiujin.internships.models import InternMonth, Internship
from jiujin.internships.pack import scheme_of_months
from jiujin.internships.services.import_interns import import_interns
from jiujin.sheets import columns_of
from jiujin.values import make_demo_id
from tests.internships.factories import ACTOR, make_base
from tests.registry.factories import make_organisation, make_person
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
TODAY = date(2023, 3, 1)


def book(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A workbook in the layout of the scheme's sheet."""
    columns = columns_of(current_plan(), scheme_of_months(current_plan()))
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as out:
        sheet = out.add_worksheet("名单")
        sheet.write_row(0, 0, [column.label for column in columns])
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row.get(column.key, "") for column in columns])
    return path


def line(number: int, unit: str, **given: Any) -> dict[str, Any]:
    return {
        "name": f"测试见习{number}", "id_number": make_demo_id(date(2000, 1, 1), number), "intern_unit": unit,
        "intern_group": "离校2年内未就业高校毕业生", "graduated_on": "2022-06-30",
        "internship_start_on": "2022-07-01", "internship_end_on": "2022-12-31", "monthly_stipend": "2000",
    } | given  # fmt: skip


def test_roster_imported_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    unit = make_base().unit
    path = book(tmp_path / "a.xlsx", [line(number, unit.name) for number in range(5)])
    first = import_interns(path=path, actor=ACTOR, today=TODAY)
    assert (first.made, first.changed, first.same, first.refused) == (5, 0, 0, [])
    assert (Internship.objects.count(), InternMonth.objects.count()) == (5, 30)
    events = Event.objects.count()
    second = import_interns(path=path, actor=ACTOR, today=TODAY)
    assert (second.made, second.changed, second.same, second.refused) == (0, 0, 5, [])
    assert Event.objects.count() == events, "what changes nothing leaves no event"


def test_corrected_stipend_changes_the_months_of_that_row_only(tmp_path: Path) -> None:
    unit = make_base().unit
    import_interns(path=book(tmp_path / "a.xlsx", [line(0, unit.name), line(1, unit.name)]), actor=ACTOR, today=TODAY)
    rows = [line(0, unit.name), line(1, unit.name, monthly_stipend="2500")]
    again = import_interns(path=book(tmp_path / "b.xlsx", rows), actor=ACTOR, today=TODAY)
    assert (again.made, again.changed, again.same) == (0, 1, 1)
    assert InternMonth.objects.filter(stipend_fen=250_000).count() == 6


def test_each_bad_row_says_why_and_leaves_the_others_alone(tmp_path: Path) -> None:
    unit, stranger = make_base().unit, make_organisation()
    staff = make_person(id_number=make_demo_id(date(2000, 1, 1), 7), name="测试见习7", born_on=date(2000, 1, 1))
    make_placement(date(2022, 1, 1), None, person=staff, employer=unit)
    rows = [
        line(1, unit.name),
        line(2, stranger.name),
        line(3, unit.name, internship_end_on="2022-09-29"),
        line(4, unit.name, internship_end_on="2023-07-01"),
        line(5, unit.name, graduated_on="2020-06-30"),
        line(
            6, unit.name, intern_group="16-24岁失业青年", id_number=make_demo_id(date(2006, 7, 2), 6), graduated_on=""
        ),
        line(7, unit.name),
        line(8, unit.name, intern_unit=""),
        line(1, make_base().unit.name),
        line(11, unit.name, graduated_on="2022-07-02"),
        line(
            12, unit.name, intern_group="16-24岁失业青年", id_number=make_demo_id(date(1997, 7, 1), 12), graduated_on=""
        ),
        line(13, unit.name, internship_end_on="2022-06-30"),
    ]
    done = import_interns(path=book(tmp_path / "a.xlsx", rows), actor=ACTOR, today=TODAY)
    assert done.made == 1
    told = {refused.row: refused.reasons[0] for refused in done.refused}
    assert set(told) == set(range(3, 14))
    for row, word in ((3, "不是登记的见习基地"), (4, "3 到 12"), (5, "3 到 12"), (6, "离校在 2 年内"), (7, "年龄"), (8, "自己的职工"), (9, "缺"), (10, "的见习"), (11, "已经毕业"), (12, "年龄"), (13, "早于")):  # fmt: skip
        assert word in told[row], told[row]


def test_rows_on_the_boundary_days_stand(tmp_path: Path) -> None:
    unit = make_base().unit
    youth = {"intern_group": "16-24岁失业青年", "graduated_on": ""}
    rows = [
        line(1, unit.name, id_number=make_demo_id(date(2006, 7, 1), 1), **youth),  # sixteen that day
        line(2, unit.name, id_number=make_demo_id(date(1997, 7, 2), 2), **youth),  # twenty-five the day after
        line(3, unit.name, graduated_on="2020-07-01"),  # two years ago to the day
        line(4, unit.name, graduated_on="2022-07-01"),  # that very day
        line(5, unit.name, internship_end_on="2022-09-30"),  # three whole months
        line(6, unit.name, internship_end_on="2023-06-30"),  # twelve
    ]
    done = import_interns(path=book(tmp_path / "a.xlsx", rows), actor=ACTOR, today=TODAY)
    assert (done.made, done.refused) == (6, [])
