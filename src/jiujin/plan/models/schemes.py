"""`schemes/*.yaml`: one subsidy each."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from jiujin.plan.models.base import Comparison, DateBy, Identifier, ProofLevel, Record, Slug


class Condition(Record):
    """A node: a leaf (`id`, `when` or `judged_by`), or `all`, `any`, `not`; nodes nest.

    `given` on a branch of an `any` says when that branch is the one to speak of: a failing branch whose `given` is
    false is not held against the subject while another branch's `given` may hold.
    """

    id: Identifier | None = None
    when: str | None = None
    text: str | None = None
    clause: str | None = None
    wording: Comparison | None = None
    proof: ProofLevel | None = None
    judged_by: Literal["officer"] | None = None
    fact: Identifier | None = None
    readings: list[Slug] = []
    given: Condition | None = None
    all: list[Condition] | None = None
    any: list[Condition] | None = None
    negated: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_kind(self) -> Condition:
        kinds = [
            bool(self.when or self.judged_by),
            self.all is not None,
            self.any is not None,
            self.negated is not None,
        ]
        if sum(kinds) != 1:
            raise ValueError("一个条件只能是 when（或 judged_by）、all、any、not 之一")
        if kinds[0] and not self.id:
            raise ValueError("条件没有 id")
        if self.judged_by and not self.fact:
            raise ValueError("judged_by 的条件要用 fact 写明人员判断记在哪个事实")
        if self.given and self.all is None:
            raise ValueError("given 只能和 all 一起写")
        return self


class Payee(Record):
    """Who is paid: the role, and the fact that names it (null where the role alone settles it)."""

    role: Identifier
    fact: Identifier | None = None
    required: bool = False


class InForce(Record):
    """The days on which a subject must fall, and by which of its dates."""

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    by: DateBy = "start"
    reading: Slug | None = None


class Limit(Record):
    """At most `count` met lines for each combination of `per` (`person`, `year`, or a fact's id)."""

    per: list[Identifier]
    count: int = Field(ge=1)
    wording: Comparison | None = None
    year_of: DateBy = "start"
    readings: list[Slug] = []

    @field_validator("per")
    @classmethod
    def _has_subject(cls, per: list[str]) -> list[str]:
        if not [key for key in per if key != "year"]:
            raise ValueError("limit 没有写对谁计数：per 里要有 person 或一个事实")
        return per


class Consistency(Record):
    """A row that contradicts itself: where `when` is true, `clears` counts as not known and the error says `message`.

    Without `clears` the row is judged as it stands and carries the id as a warning.
    """

    id: Identifier
    when: str
    clears: Identifier | None = None
    message: str
    reading: Slug | None = None


class Overlap(Record):
    """Two rows of one person whose days `from`–`to` (fact ids) meet are warned of."""

    start: Identifier = Field(alias="from")
    end: Identifier = Field(alias="to")
    message: str


class Span(Record):
    """The days that a row takes up (fact ids); without `to` it goes on. Where there is an `overlap`, its days are those."""

    start: Identifier = Field(alias="from")
    end: Identifier | None = Field(default=None, alias="to")


class Warn(Record):
    """A warning code carried by a met line while a parameter is unset."""

    code: Identifier
    while_unset: Identifier
    message: str


class SheetField(Record):
    """One column of a scheme's roster: the fact it holds, its heading there, its choices there."""

    fact: Identifier
    label: str | None = None
    choices: list[str] = []


class Scheme(Record):
    """One subsidy: who, when, on which conditions, how much, how often, on what evidence.

    `dates` maps `start`, `term_full`, `claimed`, `approved` to expressions of type date.
    """

    id: Slug
    name: str
    clause: str
    subject: Identifier
    identity: Identifier = "id_number"
    payee: Payee
    fund_class: str
    decided_by: Literal["district", "city"] = "district"
    dates: dict[DateBy, str]
    in_force: InForce
    conditions: Condition
    amount: str | None = None
    limit: Limit | None = None
    sheet: list[SheetField]
    consistency: list[Consistency] = []
    overlap: Overlap | None = None
    span: Span | None = None
    warnings: list[Warn] = []
    evidence: list[Identifier] = []
    readings: list[Slug] = []

    @field_validator("sheet", mode="before")
    @classmethod
    def _short_form(cls, fields: Any) -> Any:
        return [{"fact": f} if isinstance(f, str) else f for f in fields] if isinstance(fields, list) else fields
