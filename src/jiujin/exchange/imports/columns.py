"""The columns of the workbooks: one list a kind, whose keys are the fields of the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jiujin.core.current_plan import current_plan
from jiujin.exchange.imports.models import ImportKind
from jiujin.registry.models import OrganisationKind, Sex
from jiujin.registry.services.record_priority_status import CATEGORY_FACT
from jiujin.sheets import Column, write_template
from jiujin.work.models import Schooling, Shift, WagePeriod
from jiujin.work.vacancy_fields import FORM_FACT

DATUMS: Final = {"wgs84": "WGS84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）"}
DATUM_SYNONYMS: Final = {
    "wgs84": ("GPS", "WGS-84"),
    "cgcs2000": ("国家2000", "2000 国家大地坐标系"),
    "gcj02": ("GCJ-02", "GCJ02", "高德", "腾讯", "火星坐标"),
    "bd09": ("BD-09", "BD09", "百度"),
}
HOW: Final = "先核对，看清新增几行、更改几行、哪些格有问题，确认后才写入。"
TWICE: Final = "同一份表再导一次，不会重复；空着的格不改动原来的内容。"


def columns_for(kind: str) -> list[Column]:
    """The columns of a kind's workbook; what can be chosen is the plan's own."""
    return {
        ImportKind.PERSON: person_columns,
        ImportKind.ORGANISATION: organisation_columns,
        ImportKind.VACANCY: vacancy_columns,
    }[ImportKind(kind)]()


def write_import_template(kind: str, out: Path) -> None:
    """The workbook to fill in."""
    title = f"导入{ImportKind(kind).label}"
    write_template(out, title=title, columns=columns_for(kind), notes=(("怎样用", HOW), ("不重复", TWICE)))


def person_columns() -> list[Column]:
    """People."""
    groups = current_plan().facts[CATEGORY_FACT]
    return [
        Column("name", "姓名", "text", note="必填", example="张三", identity=True),
        Column("id_number", "身份证号", "id_number", ("证件号码", "公民身份号码"), note="没有可空着，有了以后再补"),
        Column("born_on", "出生日期", "date", note="有身份证号时不用填"),
        Column("sex", "性别", "choice", choices=_labels(Sex), note="有身份证号时不用填"),
        Column("phone", "电话", "text", ("联系电话", "手机", "手机号", "手机号码"), example="13800000000"),
        *_place_columns("住址", "住在"),
        Column("category", "人员类别", "choice", choices=groups.choices, choice_synonyms=_synonyms(groups)),
        Column("category_since", "类别开始日期", "date", ("起始日期",), note="填了人员类别就要填"),
        Column("certified_by", "认定机构", "text"),
        Column("certified_on", "认定日期", "date"),
    ]


def organisation_columns() -> list[Column]:
    """Organisations, a row a place of work."""
    return [
        Column("name", "单位名称", "text", ("企业名称", "名称"), note="必填", identity=True),
        Column("credit_code", "统一社会信用代码", "credit_code", ("信用代码",), note="有就填，按它认单位"),
        Column("kind", "单位类型", "choice", choices=_labels(OrganisationKind), note="空着是用人单位"),
        Column("industry", "行业代码", "text", note="国民经济行业分类，如 C1819"),
        Column("headcount", "从业人数", "count", ("职工人数",)),
        Column("revenue_yuan", "年营业收入", "money", ("营业收入",), note="元"),
        Column("declared_small", "小微企业", "yes_no", note="单位自己怎么说"),
        Column("contact_name", "联系人", "text"),
        Column("contact_phone", "联系电话", "text", ("电话",)),
        Column("workplace", "工作地点", "text", ("地点名称", "门店"), note="有几个地点就写几行", example="人民路店"),
        *_place_columns("地址", "所在"),
    ]


def vacancy_columns() -> list[Column]:
    """Vacancies."""
    form = current_plan().facts[FORM_FACT]
    return [
        Column("number", "编号", "text", ("岗位编号",), note="您自己的编号，可空着；有编号就能再导一次来更改"),
        Column("employer", "单位", "text", ("单位名称", "统一社会信用代码"), note="必填，信用代码或名称"),
        Column("workplace", "工作地点", "text", ("地点", "门店"), note="必填，和登记的地点名称一致"),
        Column("title", "岗位名称", "text", ("岗位", "职位", "工种"), note="必填", example="收银员", identity=True),
        Column("form", "用工形式", "choice", choices=form.choices, choice_synonyms=_synonyms(form), note="必填"),
        Column("headcount", "招聘人数", "count", ("人数",), note="空着是 1"),
        Column("wage_min_yuan", "工资下限", "money", ("最低工资",), note="元"),
        Column("wage_max_yuan", "工资上限", "money", ("最高工资",), note="元"),
        Column("wage_period", "计薪", "choice", choices=_labels(WagePeriod), note="空着是每月"),
        Column("hours_a_week", "每周工时", "text", ("工时",), note="小时", example="40"),
        Column("shift", "班次", "choice", choices=_labels(Shift)),
        Column("schooling_min", "最低学历", "choice", ("学历要求",), choices=_labels(Schooling)),
        Column("licences", "证书", "text", note="几项用顿号分开"),
        Column("skills", "技能", "text", note="几项用顿号分开"),
        Column("occupation", "职业", "text", note="国家职业分类里的名称或代码，可空着"),
        Column("description", "岗位说明", "text", ("工作内容",), note="不写性别、年龄、婚育要求"),
        Column("open_until", "截止日期", "date", ("有效期", "截止"), note="必填"),
        Column("welcomes_priority_groups", "欢迎重点群体", "yes_no"),
        Column("contact_name", "联系人", "text"),
        Column("contact_phone", "联系电话", "text", ("电话",)),
    ]


def _place_columns(address: str, area: str) -> list[Column]:
    return [
        Column("area", f"{area}社区村", "text", ("社区", "村", "社区村", "区划代码"), note="写“乡镇 社区村”，或填区划代码"),
        Column("address", address, "text", ("详细地址",)),
        Column("lat", "纬度", "text", note="十进制度，如 31.75；没有就空着，用社区的中心点"),
        Column("lon", "经度", "text", note="十进制度，如 116.52"),
        Column("datum", "坐标系", "choice", choices=DATUMS, choice_synonyms=DATUM_SYNONYMS, note="空着是 WGS84"),
    ]  # fmt: skip


def _labels(choices: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def _synonyms(fact: Any) -> dict[str, tuple[str, ...]]:
    return {code: tuple(words) for code, words in fact.choice_synonyms.items()}
