"""The shape of a plan pack: every file of `plans/<id>/` as a checked, frozen record.

Units: money is yuan in the files and integer fen once loaded; terms are months; ages are years.
The design's *The plan pack* part is the source of the shape.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FactType = Literal[
    "money", "months", "days", "years", "date", "count", "yes_no", "choice", "text", "id_number", "credit_code"
]
ParameterType = Literal["money", "months", "days", "years", "count", "date", "choices", "table"]
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


class ParentDocument(Record):
    """A document this plan carries out; `number` is null where the plan does not give it."""

    title: str
    number: str | None = None
    issuer: str | None = None


class PlanHeader(Record):
    """`plan.yaml`: who issued what, for which district and days."""

    id: Slug
    title: str
    short_title: str
    document_number: str
    issuer: str
    district: str
    district_name: str
    period: Period
    parents: list[ParentDocument] = []
    addressed_to: list[str] = []
    not_addressed: list[str] = []
    clauses: list[Slug] = []


class Clause(Record):
    """One clause of the document: where it stands, our own restatement, and what runs it.

    `runs_in` names modules (`jiujin.rosters`); `remaining` says which part is still data only.
    """

    id: Slug
    place: str
    title: str
    text: str
    owner: str | None = None
    runs_in: list[str] = []
    remaining: str | None = None


class Area(Record):
    """A row of `areas.csv`; statistical division code of 6, 9 or 12 digits."""

    code: str
    name: str
    level: Literal["district", "township", "community"]
    parent_code: str


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
    `unset` the district must set it.
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


class Fact(Record):
    """One thing a rule may ask of a subject: its type carries its unit, null always means *not known*.

    A fact is read from a sheet's `column`, from `records` (SQL), or derived from other facts by `derive` (an expression
    of the condition language). `records` wins over `derive` where records are judged; `records_proof` (SQL: 1 declared,
    2 documented, 3 verified) says how far the record proves it, declared where it is not written. `unit` is the measure
    word on screens where the type's own does not read well (岁 for an age in years).
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
    records: str | None = None
    records_proof: str | None = None
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
        return self


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
    warnings: list[Warn] = []
    evidence: list[Identifier] = []
    readings: list[Slug] = []

    @field_validator("sheet", mode="before")
    @classmethod
    def _short_form(cls, fields: Any) -> Any:
        return [{"fact": f} if isinstance(f, str) else f for f in fields] if isinstance(fields, list) else fields


class Target(Record):
    """A figure to reach: at least `figure` `unit` by `deadline`; `measure` is SQL over records, null until they exist."""

    id: Slug
    name: str
    clause: str
    figure: int = Field(ge=1)
    unit: str
    wording: Comparison | None = None
    deadline: date
    counts: str
    measure: str | None = None
    readings: list[Slug] = []


class Reading(Record):
    """Where the document is silent or can be read two ways: what is used, what else it could be, who confirmed it."""

    id: Slug
    clause: str
    question: str
    used: str
    otherwise: str
    decided_by: str | None = None
    decided_on: date | None = None


class Duty(Record):
    """What the document asks of a body: who, what, when or how often."""

    id: Slug
    clause: str
    who: str
    what: str
    when: str | None = None


class Audience(Record):
    """A group that policy is pushed to, and through which channels."""

    id: Slug
    clause: str
    name: str
    channels: list[str] = []
    note: str | None = None


class Risk(Record):
    """A kind of misuse to look for; `finds` is SQL over records, null until they exist."""

    id: Slug
    clause: str
    name: str
    sign: str
    finds: str | None = None


class ScoreItem(Record):
    """A line of the evaluation; `weight` is null while the document gives none."""

    id: Slug
    clause: str
    name: str
    counted_from: str
    weight: int | None = None


class Survey(Record):
    """A survey or callback the document asks for, and its questions."""

    id: Slug
    clause: str
    name: str
    asked_of: str
    questions: list[str]


class Share(Record):
    """A row of `decomposition.csv`: one township's share of a target."""

    target: Slug
    area: str
    figure: int = Field(ge=0)


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


class LocalSettings(Record):
    """`local.yaml`: values this district sets for parameters; not in version control."""

    parameters: dict[Identifier, list[ParameterValue]] = {}


class Plan(Record):
    """A whole pack, loaded and cross-checked; `digest` is the SM3 of its canonical content."""

    header: PlanHeader
    clauses: dict[str, Clause]
    areas: dict[str, Area]
    parameters: dict[str, Parameter]
    facts: dict[str, Fact]
    evidence: dict[str, Evidence]
    schemes: dict[str, Scheme]
    targets: dict[str, Target]
    readings: dict[str, Reading]
    duties: dict[str, Duty]
    audiences: dict[str, Audience]
    risks: dict[str, Risk]
    scorecard: dict[str, ScoreItem]
    surveys: dict[str, Survey]
    shares: list[Share]
    cases: dict[str, CaseBook]
    digest: str

    @property
    def id(self) -> str:
        """The pack's id, also its folder's name."""
        return self.header.id

    def scheme(self, scheme_id: str) -> Scheme:
        """The scheme of that id; `KeyError` where there is none."""
        return self.schemes[scheme_id]
