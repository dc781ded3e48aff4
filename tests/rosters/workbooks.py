"""Small roster workbooks, plainly synthetic, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from jiujin.values.identity import make_demo_id

STABLE = [
    "姓名",
    "身份证号",
    "人员类别",
    "就业形式",
    "开始日期",
    "结束日期",
    "社会保险缴纳月数",
    "人身意外保险月数",
    "就业登记或用工备案",
    "运营机构",
]
FLEXIBLE = [
    "姓名",
    "身份证号",
    "人员类别",
    "就业形式",
    "开始日期",
    "结束日期",
    "连续月数",
    "最低月收入",
    "就业登记",
    "运营机构",
]
INTERN = ["姓名", "身份证号", "见习单位", "人员类型", "毕业日期", "见习开始日期", "见习结束日期", "每月生活补助"]
SCHOOL = ["姓名", "身份证号", "学校", "入学日期", "学习形式", "入学层次", "班级类型", "学制年限", "转升来源"]


def person(number: int, born: date = date(1990, 1, 1)) -> str:
    """A demo ID number that no place has issued."""
    return make_demo_id(born, number)


def write(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]], sheet: str = "名单") -> Path:
    """One sheet: headings on its first line, then the rows (the first is the workbook's row 2)."""
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = sheet
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    workbook.save(path)
    return path


def stable(number: int = 1, **changes: Any) -> list[Any]:
    """A row of the stable-employment sheet that is met, with changes by heading."""
    row = dict(
        zip(
            STABLE,
            ["测试甲", person(number), "农民工", "劳动合同", "2022-03-01", "2022-08-31", 6, None, "是", "某运营机构"],
            strict=True,
        )
    )
    return list({**row, **changes}.values())


def flexible(number: int = 1, **changes: Any) -> list[Any]:
    """A row of the flexible-employment sheet that is met once the floor is set."""
    row = dict(
        zip(
            FLEXIBLE,
            ["测试乙", person(number), "农民工", "非全日制", "2022-03-01", "2022-05-31", 3, 1500, "是", "某运营机构"],
            strict=True,
        )
    )
    return list({**row, **changes}.values())


def intern(number: int = 1, **changes: Any) -> list[Any]:
    """A row of the internship sheet that is met."""
    values = [
        "测试丙",
        person(number, date(2000, 1, 1)),
        "某单位",
        "离校2年内未就业高校毕业生",
        "2022-06-30",
        "2022-07-01",
        "2022-12-31",
        2000,
    ]
    return list({**dict(zip(INTERN, values, strict=True)), **changes}.values())


def student(number: int = 1, **changes: Any) -> list[Any]:
    """A row of the technical-school sheet that is met."""
    values = [
        "测试丁",
        person(number, date(2006, 9, 1)),
        "某技工学校",
        "2022-09-01",
        "全日制",
        "初中",
        "中级技工班",
        3,
        "无",
    ]
    return list({**dict(zip(SCHOOL, values, strict=True)), **changes}.values())
