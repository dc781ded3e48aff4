"""`vacancy_wording.yaml` and `firm_sizes.yaml`: what a vacancy may not say, and which firms are small or micro."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from jiujin.plan.models.base import Record, Slug

Ground = Literal["sex", "age", "origin", "health", "fee", "contact"]
INDUSTRY = re.compile(r"[A-T]|\d{2,4}|(\d{2,4})-(\d{2,4})")


def _fen(raw: Any) -> int:
    """Yuan as the pack writes them to fen; a whole number is fen already."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    try:
        fen = Decimal(str(raw)) * 100
    except InvalidOperation as error:
        raise ValueError(f"{raw} 不是金额") from error
    if fen != fen.to_integral_value():
        raise ValueError(f"{raw} 的小数多于两位")
    return int(fen)


class WordingRule(Record):
    """One kind of wording that a vacancy may not have (`stop`) or that a reviewer must see (`review`).

    `pattern` is searched in the plain text (see `jiujin.plan.wording`); a find that lies within a find of one of `unless` does
    not count; where one of `review_where` is found anywhere, a stop becomes a review. Lint holds `caught` and `passed` to it.
    """

    id: Slug
    ground: Ground
    severity: Literal["stop", "review"]
    pattern: str
    unless: list[str] = []
    review_where: list[str] = []
    why: str
    mend: str
    source: str
    caught: list[str] = Field(min_length=1)
    passed: list[str] = Field(min_length=1)

    @field_validator("pattern", "unless", "review_where")
    @classmethod
    def _compiles(cls, given: str | list[str]) -> str | list[str]:
        for text in [given] if isinstance(given, str) else given:
            try:
                re.compile(text)
            except re.error as error:
                raise ValueError(f"正则式 {text} 写得不对（{error}）") from error
        return given


class CountBounds(Record):
    """From how many people on a firm is small, and medium-sized."""

    small: int = Field(ge=1)
    medium: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> CountBounds:
        if self.small >= self.medium:
            raise ValueError("small 要小于 medium")
        return self


class MoneyBounds(Record):
    """From how much on a firm is small, and medium-sized: yuan in the file, fen here."""

    small: Annotated[int, BeforeValidator(_fen), Field(ge=1)]
    medium: Annotated[int, BeforeValidator(_fen), Field(ge=1)]

    @model_validator(mode="after")
    def _in_order(self) -> MoneyBounds:
        if self.small >= self.medium:
            raise ValueError("small 要小于 medium")
        return self


class FirmSize(Record):
    """One line of the standard: its industries, and the indicators that it looks at."""

    id: Slug
    name: str
    industries: list[str] = Field(min_length=1)
    headcount: CountBounds | None = None
    revenue: MoneyBounds | None = None
    assets: MoneyBounds | None = None
    source: str
    checked_on: date

    @field_validator("industries")
    @classmethod
    def _are_codes(cls, given: list[str]) -> list[str]:
        for code in given:
            match = INDUSTRY.fullmatch(code)
            if match is None or (match[1] and (len(match[1]) != len(match[2]) or match[1] >= match[2])):
                raise ValueError(f"{code} 不是行业代码：写门类字母、2 到 4 位数字，或同样长短的一段，如 06-46")
        return given

    @model_validator(mode="after")
    def _looks_at_something(self) -> FirmSize:
        if not (self.headcount or self.revenue or self.assets):
            raise ValueError("至少要有 headcount、revenue、assets 之一")
        return self

    def codes(self) -> list[str]:
        """Every code that the line names, ranges written out."""
        found = []
        for written in self.industries:
            first, dash, last = written.partition("-")
            found += [f"{n:0{len(first)}d}" for n in range(int(first), int(last) + 1)] if dash else [written]
        return found
