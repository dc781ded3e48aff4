"""`facts.yaml`: what a rule may ask, and what proves it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import field_validator, model_validator

from jiujin.plan.models.base import FactType, Identifier, ProofLevel, Record


class SheetColumn(Record):
    """How a fact stands in a roster: heading synonyms, a note for the template, words that mean another fact.

    `of` makes this fact a second reading of another fact's column: it is yes where the cell is one of `words`,
    no where the cell holds a good value of that other fact, and not known where it is empty or bad.
    """

    synonyms: list[str] = []
    note: str = ""
    example: str = ""
    of: Identifier | None = None
    words: list[str] = []

    @field_validator("example", mode="before")
    @classmethod
    def _as_text(cls, example: Any) -> Any:
        return str(example) if isinstance(example, date | int | Decimal) else example


BySubject = str | dict[Identifier, str] | None


class Fact(Record):
    """One thing a rule may ask of a subject: its type carries its unit, null always means *not known*.

    A fact is read from a sheet's `column`, from `records` (SQL), or derived from other facts by `derive` (an expression
    of the condition language). `records` wins over `derive` where records are judged; `records_proof` (SQL: 1 declared,
    2 documented, 3 verified) says how far the record proves it, declared where it is not written. Either is one text for
    all subjects, or one a subject where their records differ. `unit` is the measure word on screens where the type's own
    does not read well (岁 for an age in years).
    """

    id: Identifier
    label: str
    subjects: list[Identifier]
    type: FactType
    unit: str | None = None
    choices: dict[str, str] = {}
    choice_synonyms: dict[str, list[str]] = {}
    column: SheetColumn | None = None
    derive: str | None = None
    records: BySubject = None
    records_proof: BySubject = None
    officer: bool = False

    @model_validator(mode="after")
    def _readable(self) -> Fact:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("type 是 choice 时（且仅在此时）要写 choices")
        if not (self.column or self.derive or self.records or self.officer):
            raise ValueError("没有写这个事实从哪里来：要有 column、derive、records 或 officer 之一")
        unknown = set(self.choice_synonyms) - set(self.choices)
        if unknown:
            raise ValueError(f"choice_synonyms 里有 choices 没有的值：{', '.join(sorted(unknown))}")
        for key, texts in (("records", self.records), ("records_proof", self.records_proof)):
            strangers = set(texts) - set(self.subjects) if isinstance(texts, dict) else set()
            if strangers:
                raise ValueError(f"{key} 里有 subjects 没有的对象：{', '.join(sorted(strangers))}")
        return self

    def records_of(self, subject: str) -> str | None:
        """The SQL that reads it from a subject's record; None where it is not read from those."""
        return self.records.get(subject) if isinstance(self.records, dict) else self.records

    def records_proof_of(self, subject: str) -> str | None:
        """The SQL of how far a subject's record proves it; None where that is not written (declared)."""
        return self.records_proof.get(subject) if isinstance(self.records_proof, dict) else self.records_proof


class Evidence(Record):
    """A document or look-up that proves facts, and how far."""

    id: Identifier
    label: str
    proves: list[Identifier]
    level: ProofLevel


class FactBook(Record):
    """`facts.yaml`: the fact dictionary and what proves each fact."""

    facts: list[Fact]
    evidence: list[Evidence] = []
