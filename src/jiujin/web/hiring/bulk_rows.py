"""A workbook of vacancies: its columns, its template, and its rows read with every fault by its cell."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jiujin.registry.models import Organisation, Workplace
from jiujin.sheets import CellError, Column, Roster, SheetUnreadable, read_roster, write_template
from jiujin.web.hiring.occupations import find_occupations
from jiujin.web.hiring.vacancy_form import open_workplaces
from jiujin.web.hiring.words import form_choices
from jiujin.work.errors import FieldInvalid
from jiujin.work.models import Occupation, Schooling, Shift, Vacancy, WagePeriod
from jiujin.work.vacancy_fields import HEADCOUNT_MAX, HOURS_A_WEEK_MAX, checked_fields

ROWS_MAX: Final = 300
FILE_BYTES_MAX: Final = 5 * 1024 * 1024
SUFFIXES: Final = (".xlsx", ".xls", ".csv")
KEY_PREFIX: Final = "sheet:"
Values = dict[str, Any]


@dataclass(frozen=True)
class BulkRow:
    """One row that can be posted: where it stood, and what it says, as plain values."""

    row: int
    source_key: str
    workplace_id: int
    values: Values


@dataclass(frozen=True)
class BulkSheet:
    """A workbook as it was read: rows that can be posted, faults by cell, and which rows were posted before."""

    rows: list[BulkRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    @property
    def fresh(self) -> list[BulkRow]:
        """The rows that were not posted before."""
        return [row for row in self.rows if row.source_key not in self.known]

    @property
    def bad_rows(self) -> int:
        """How many rows have a fault."""
        return len({error.row for error in self.errors})


def sheet_columns(organisation: Organisation) -> list[Column]:
    """The columns; what can be chosen is the plan's forms and the organisation's own places."""
    places = {str(place.pk): place.name for place in open_workplaces(organisation)}
    return [
        Column("title", "岗位名称", "text", ("岗位", "职位", "招聘岗位", "工种"), note="必填", example="收银员"),
        Column("workplace", "工作地点", "choice", ("地点", "工作地址"), choices=places, note="必填，从下拉中选"),
        Column("form", "用工形式", "choice", ("形式",), choices=dict(form_choices()), note="必填，从下拉中选"),
        Column("headcount", "招聘人数", "count", ("人数", "需求人数"), note="必填", example="2"),
        Column("wage_min_fen", "工资下限", "money", ("最低工资", "月薪下限"), note="元", example="3000"),
        Column("wage_max_fen", "工资上限", "money", ("最高工资", "月薪上限"), note="元", example="4000"),
        Column("wage_period", "计薪", "choice", ("计薪周期",), choices=dict(_labels(WagePeriod)), note="空着是每月"),
        Column("hours_a_week", "每周工时", "text", ("工时",), note="小时", example="40"),
        Column("shift", "班次", "choice", choices=dict(_labels(Shift)), note="空着是面谈"),
        Column("schooling_min", "最低学历", "choice", ("学历", "学历要求"), choices=_schooling(), note="空着是不限"),
        Column("licences", "证书", "text", ("要求证书",), note="几项用顿号分开", example="健康证"),
        Column("skills", "技能", "text", ("要求技能",), note="几项用顿号分开", example="收银、电脑录入"),
        Column("occupation", "职业", "text", ("职业名称",), note="国家职业分类里的名称或代码，可空着", example="收银员"),
        Column("description", "岗位说明", "text", ("说明", "工作内容", "待遇"), note="不写性别、年龄、婚育要求"),
        Column("open_until", "截止日期", "date", ("截止", "有效期", "招到"), note="必填"),
        Column("welcomes_priority_groups", "欢迎重点群体", "yes_no", note="是 或 否"),
        Column("contact_name", "联系人", "text"),
        Column("contact_phone", "联系电话", "text", ("电话",), note="5 到 15 位数字"),
        Column("number", "编号", "text", ("岗位编号", "序号编号"), note="您自己的编号，可空着；同一编号只建一次"),
    ]  # fmt: skip


def _labels(choices: Any) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices.choices]


def _schooling() -> dict[str, str]:
    return dict(_labels(Schooling))


def write_empty_sheet(organisation: Organisation, out: Path) -> None:
    """The workbook to fill in."""
    notes = (
        ("怎样用", "一行一个岗位，填好后在“批量发布”上传。先预览，确认后才建岗位。"),
        ("不重复", "同一份表传两次，不会建两遍。"),
        ("检查", "每个岗位发布前都检查：工资不低于最低工资，不写性别、年龄、婚育等要求，不收费用。"),
    )
    write_template(out, title="批量发布岗位", columns=sheet_columns(organisation), notes=notes)


def read_sheet(organisation: Organisation, upload: UploadedFile, today: date) -> BulkSheet:
    """Read a workbook of at most ROWS_MAX rows; nothing is written. Raises SheetUnreadable."""
    suffix = Path(upload.name or "").suffix.lower()
    if suffix not in SUFFIXES:
        raise SheetUnreadable(_("只读 .xlsx、.xls、.csv。请另存成其中一种再传。"))
    if (upload.size or 0) > FILE_BYTES_MAX:
        raise SheetUnreadable(_("文件超过 %(most)s MiB。请只留下岗位这张表。") % {"most": FILE_BYTES_MAX >> 20})
    columns = sheet_columns(organisation)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"vacancies{suffix}"
        with path.open("wb") as out:
            out.writelines(upload.chunks())
        roster = _read(path, columns)
    if roster.table.num_rows > ROWS_MAX:
        most = {"most": ROWS_MAX, "rows": roster.table.num_rows}
        raise SheetUnreadable(_("一次最多 %(most)s 行，这份有 %(rows)s 行。请分成几份。") % most)
    return _Checker(organisation, {column.key: column for column in columns}, roster, today).sheet()


def _read(path: Path, columns: Sequence[Column]) -> Roster:
    """The roster's reader speaks of people; here each row is a vacancy."""
    try:
        return read_roster(path, columns)
    except SheetUnreadable as error:
        raise SheetUnreadable(str(error).replace("人员", "岗位").replace("名单", "表格")) from error


class _Checker:
    """Holds every row against what a vacancy may be."""

    def __init__(self, organisation: Organisation, columns: Mapping[str, Column], roster: Roster, today: date) -> None:
        self.organisation, self.columns, self.roster, self.today = organisation, columns, roster, today
        self.places: dict[str, Workplace] = {str(place.pk): place for place in open_workplaces(organisation)}
        self.errors = list(roster.errors)
        self.bad = {error.row for error in roster.errors}
        self.keys: dict[str, int] = {}

    def sheet(self) -> BulkSheet:
        """Every row, posted or faulty, and which of them are there already."""
        rows = [
            row for at, record in enumerate(self.roster.table.to_pylist()) if (row := self._row(at, record)) is not None
        ]
        keys = [row.source_key for row in rows]
        known = Vacancy.objects.filter(employer=self.organisation, source_key__in=keys).order_by("pk")
        errors = sorted(self.errors, key=lambda error: (error.sheet, error.row))
        return BulkSheet(rows, errors, set(known.values_list("source_key", flat=True)))

    def _row(self, at: int, record: Mapping[str, Any]) -> BulkRow | None:
        """One row, or nothing where it has a fault."""
        if record["row"] in self.bad:
            return None
        found = len(self.errors)
        values = self._values(at, record)
        if len(self.errors) > found:
            return None
        place = self.places[record["workplace"]]
        return BulkRow(record["row"], self._key(record), place.pk, values)

    def _values(self, at: int, record: Mapping[str, Any]) -> Values:
        for key in ("title", "workplace", "form", "headcount", "open_until"):
            if record[key] in (None, ""):
                self._fault(at, key, "", _("没有填：这一列每行都要填"))
        if record["open_until"] and record["open_until"] < self.today:
            self._fault(at, "open_until", str(record["open_until"]), _("日期已经过去：请填今天或以后的日期"))
        low, high = record["wage_min_fen"], record["wage_max_fen"]
        if high is not None and (low is None or high < low):
            self._fault(at, "wage_max_fen", f"{high / 100:g}", _("上限比下限低，或没有下限：请核对两个数"))
        if record["headcount"] is not None and not 1 <= record["headcount"] <= HEADCOUNT_MAX:
            most = {"most": f"{HEADCOUNT_MAX:,}"}
            self._fault(at, "headcount", str(record["headcount"]), _("请填 1 到 %(most)s 的整数") % most)
        values = {
            "title": record["title"] or "",
            "form": record["form"] or "",
            "headcount": record["headcount"],
            "wage_min_fen": low,
            "wage_max_fen": high,
            "wage_period": record["wage_period"] or WagePeriod.MONTH.value,
            "hours_a_week": self._hours(at, record["hours_a_week"]),
            "shift": record["shift"] or "",
            "schooling_min": int(record["schooling_min"] or 0),
            "licences": _split(record["licences"]),
            "skills": _split(record["skills"]),
            "occupation": self._occupation(at, record["occupation"]),
            "description": record["description"] or "",
            "open_until": record["open_until"].isoformat() if record["open_until"] else "",
            "welcomes_priority_groups": bool(record["welcomes_priority_groups"]),
            "contact_name": record["contact_name"] or "",
            "contact_phone": (record["contact_phone"] or "").replace("-", "").replace(" ", ""),
        }
        for name in ("title", "description", "contact_name", "contact_phone", "licences", "skills"):
            self._checked(at, name, values[name])
        return values

    def _checked(self, at: int, name: str, value: Any) -> None:
        """What the vacancy itself says of a field."""
        if name == "title" and not value:
            return
        try:
            checked_fields({name: value})
        except FieldInvalid as error:
            shown = "、".join(value) if isinstance(value, list) else str(value)
            self._fault(at, name, shown[:60], str(error).removesuffix("，没有保存。"))

    def _hours(self, at: int, text: str | None) -> str | None:
        if not text:
            return None
        try:
            hours = Decimal(text.removesuffix("小时").strip())
            if hours.is_finite() and 0 < hours <= HOURS_A_WEEK_MAX:
                return str(hours.quantize(Decimal("0.1")))
        except InvalidOperation:
            pass
        most = {"most": HOURS_A_WEEK_MAX}
        self._fault(at, "hours_a_week", text, _("请填 0 到 %(most)s 之间的小时数，例如 40") % most)
        return None

    def _occupation(self, at: int, words: str | None) -> str:
        if not words:
            return ""
        code = words.replace("-", "").strip()
        if code.isdigit() and Occupation.objects.filter(code=code).exists():
            return code
        found = find_occupations(words)
        exact = [row for row in found if row.name == words]
        if exact or len(found) == 1:
            return (exact or found)[0].code
        named = "、".join(row.name for row in found[:5])
        said = (
            _("有几个职业：%(names)s。请写全名") % {"names": named}
            if found
            else _("职业分类里没有：请换个说法，或空着")
        )
        self._fault(at, "occupation", words, said)
        return ""

    def _fault(self, at: int, key: str, value: str, message: str) -> None:
        self.errors.append(self.roster.error_at(at, self.columns[key], value, message, "vacancy"))

    def _key(self, record: Mapping[str, Any]) -> str:
        """The row's own number, else a digest of what it says; equal rows are told apart by their order."""
        if record["number"]:
            text = f"number\n{record['number']}"
        else:
            said = [f"{key}={record[key]}" for key in sorted(self.columns) if record[key] not in (None, "")]
            text = "\n".join(said)
        self.keys[text] = self.keys.get(text, 0) + 1
        again = "" if self.keys[text] == 1 or record["number"] else f"\n#{self.keys[text]}"
        return KEY_PREFIX + sha256(f"{text}{again}".encode()).hexdigest()[:64]


def _split(text: str | None) -> list[str]:
    plain = (text or "").replace("，", "、").replace(",", "、").replace("；", "、").replace(";", "、")
    return [part.strip() for part in plain.split("、") if part.strip()]
