"""`cases/*.yaml`: worked cases of each scheme."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import model_validator

from jiujin.plan.models.base import Identifier, ProofLevel, Record, Slug


class CaseRow(Record):
    """Facts that differ from the base: fact id → value as in the pack (yuan, dates, codes), null for not known."""

    facts: dict[Identifier, Any] = {}
    expect: Literal["met", "unmet", "unknown"]
    unmet: list[str] | None = None
    missing: list[str] | None = None
    amount: Decimal | None = None
    limit_used: int | None = None
    warnings: list[str] | None = None


class Case(Record):
    """A worked case: one row, or several judged together (limits, overlaps)."""

    name: str
    facts: dict[Identifier, Any] = {}
    expect: Literal["met", "unmet", "unknown"] | None = None
    unmet: list[str] | None = None
    missing: list[str] | None = None
    amount: Decimal | None = None
    limit_used: int | None = None
    warnings: list[str] | None = None
    rows: list[CaseRow] = []
    set: dict[Identifier, Any] = {}
    unset: list[Identifier] = []
    proof: ProofLevel | None = None

    @model_validator(mode="after")
    def _row_or_rows(self) -> Case:
        if bool(self.rows) == (self.expect is not None):
            raise ValueError("写 expect（一行），或写 rows（几行一起判断）")
        return self

    def as_rows(self) -> list[CaseRow]:
        """The rows to judge, one or many."""
        if self.rows:
            return self.rows
        keys = ("facts", "expect", "unmet", "missing", "amount", "limit_used", "warnings")
        return [CaseRow(**{key: getattr(self, key) for key in keys})]


class CaseBook(Record):
    """`cases/<scheme>.yaml`: a base that is met, parameters set for trial, and the cases that differ from it."""

    scheme: Slug
    base: dict[Identifier, Any]
    set: dict[Identifier, Any] = {}
    cases: list[Case]
