"""`parameters/*.yaml`, and `local.yaml`, which sets some of them for one district."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from jiujin.plan.models.base import Identifier, ParameterType, Record


class ParameterValue(Record):
    """One dated value; without dates it holds for the plan's whole life, without an area everywhere."""

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    area: str | None = None
    value: Any
    source: str
    checked_on: date


class Parameter(Record):
    """A value, list or table the rules may name, with its clause, unit and status.

    status: `stated` the document gives it, `external` another rule gives it, `reading` an interpretation gives it,
    `unset` the district must set it. `runs_in` names modules that read it, where no rule of the pack does.
    """

    id: Identifier
    name: str
    type: ParameterType
    clause: str
    status: Literal["stated", "external", "reading", "unset"]
    reading: str | None = None
    refers_to: str | None = None
    per: str | None = None
    note: str | None = None
    values: list[ParameterValue] = []
    columns: dict[str, str] = {}
    runs_in: list[str] = []

    @model_validator(mode="after")
    def _status_agrees(self) -> Parameter:
        if self.status == "unset" and self.values:
            raise ValueError("status 是 unset，却给了 values：请改 status，或删去 values")
        if self.status != "unset" and not self.values:
            raise ValueError("没有 values：请填入取值，或把 status 改为 unset")
        if self.status == "unset" and not self.refers_to:
            raise ValueError("unset 的参数要用 refers_to 写明按什么规定设定")
        if self.status == "reading" and not self.reading:
            raise ValueError("status 是 reading，要用 reading 写明是哪一条解读")
        if (self.type == "table") != bool(self.columns):
            raise ValueError("type 是 table 时（且仅在此时）要写 columns")
        return self


class LocalSettings(Record):
    """`local.yaml`: values this district sets for parameters; not in version control."""

    parameters: dict[Identifier, list[ParameterValue]] = {}
