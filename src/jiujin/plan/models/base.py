"""The words that pack records share, and their base.

Units: money is yuan in the files and integer fen once loaded; terms are months; ages are years.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FactType = Literal[
    "money", "months", "days", "years", "date", "count", "yes_no", "choice", "text", "id_number", "credit_code"
]
ParameterType = Literal["money", "months", "days", "years", "count", "metres", "date", "choices", "table"]
ProofLevel = Literal["declared", "documented", "verified"]
Comparison = Literal["以上", "以内", "不低于", "不少于", "超过", "不超过", "少于", "低于"]
DateBy = Literal["start", "term_full", "claimed", "approved"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]


class Record(BaseModel):
    """Base of every pack record: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Record):
    """Days from `from` to `to`, both included; an open end is null."""

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.start and self.end and self.end < self.start:
            raise ValueError("结束日期早于开始日期")
        return self
