"""What a record may say, whichever way it comes. None is not known, and leaves what is known as it is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
Short = Annotated[str, Field(max_length=60)]
Named = Annotated[str, Field(min_length=1, max_length=120)]
Yuan = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=2)]
Words = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]
DatumName = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]


class Record(BaseModel):
    """A record without characters that no text has; a field that is none is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def without_controls(cls, value: Any) -> Any:
        """Text without control characters and halves of characters; blank is not known."""
        if isinstance(value, str):
            return UNUSABLE.sub("", value).strip() or None
        return value


class Place(Record):
    """Where something is."""

    area: Annotated[str, Field(max_length=80)] | None = Field(None, description="区划代码，或“乡镇 社区村”")
    address: Annotated[str, Field(max_length=200)] | None = Field(None, description="地址")
    lat: float | None = Field(None, description="纬度，十进制度")
    lon: float | None = Field(None, description="经度，十进制度")
    datum: DatumName | None = Field(None, description="坐标系，默认 wgs84")


class PersonRecord(Place):
    """A person."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = Field(description="姓名")
    id_number: Annotated[str, Field(max_length=40)] | None = Field(None, description="18 位身份证号")
    born_on: date | None = Field(None, description="出生日期；有身份证号时不用填")
    sex: Literal["male", "female"] | None = Field(None, description="性别；有身份证号时不用填")
    phone: Annotated[str, Field(max_length=30)] | None = Field(None, description="电话")
    category: Annotated[str, Field(max_length=40)] | None = Field(None, description="人员类别，方案里的代码")
    category_since: date | None = Field(None, description="从哪天起属于这一类别")
    certified_by: Annotated[str, Field(max_length=120)] | None = Field(None, description="认定机构")
    certified_on: date | None = Field(None, description="认定日期")


class OrganisationRecord(Place):
    """An organisation, and one of its places of work where `workplace` is given; the place is then the workplace's."""

    name: Named = Field(description="单位名称")
    credit_code: Annotated[str, Field(max_length=40)] | None = Field(None, description="统一社会信用代码")
    kind: (
        Literal[
            "employer",
            "operator",
            "internship_base",
            "technical_school",
            "university",
            "hr_agency",
            "public_service_agency",
            "insurer",
        ]
        | None
    ) = Field(None, description="类型，默认 employer（用人单位）")
    industry: Annotated[str, Field(max_length=5)] | None = Field(None, description="行业代码，GB/T 4754")
    headcount: Annotated[int, Field(ge=0, le=10**7)] | None = Field(None, description="从业人数")
    revenue_yuan: Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2)] | None = Field(
        None, description="年营业收入，元"
    )
    declared_small: bool | None = Field(None, description="单位自报是否小微企业")
    contact_name: Short | None = Field(None, description="联系人")
    contact_phone: Annotated[str, Field(max_length=30)] | None = Field(None, description="联系电话")
    workplace: Named | None = Field(None, description="工作地点的名称")


class VacancyRecord(Record):
    """A vacancy of an organisation at one of its places of work."""

    employer: Named = Field(description="单位：统一社会信用代码或名称")
    workplace: Named = Field(description="工作地点的名称")
    title: Annotated[str, Field(min_length=1, max_length=80)] = Field(description="岗位名称")
    form: Annotated[str, Field(min_length=1, max_length=40)] = Field(description="用工形式，方案里的代码")
    open_until: date = Field(description="截止日期")
    headcount: Annotated[int, Field(ge=1, le=10_000)] = Field(1, description="招聘人数")
    wage_min_yuan: Yuan | None = Field(None, description="工资下限，元")
    wage_max_yuan: Yuan | None = Field(None, description="工资上限，元")
    wage_period: Literal["month", "day", "hour"] | None = Field(None, description="计薪周期，默认 month")
    hours_a_week: Annotated[Decimal, Field(gt=0, le=168)] | None = Field(None, description="每周工时")
    shift: Literal["day", "night", "rotating", "flexible"] | None = Field(None, description="班次")
    schooling_min: Annotated[int, Field(ge=0, le=6)] | None = Field(None, description="最低学历")
    licences: Words | None = Field(None, description="证书")
    skills: Words | None = Field(None, description="技能")
    occupation: Annotated[str, Field(max_length=80)] | None = Field(None, description="职业：分类代码或名称")
    description: Annotated[str, Field(max_length=2000)] | None = Field(None, description="岗位说明")
    welcomes_priority_groups: bool | None = Field(None, description="是否欢迎重点群体")
    contact_name: Short | None = Field(None, description="联系人")
    contact_phone: Annotated[str, Field(max_length=30)] | None = Field(None, description="联系电话")
