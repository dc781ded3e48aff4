"""`workflows.yaml` and `exclusions.yaml`: how a claim goes its way, and which lines stand against each other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from jiujin.plan.models.base import Identifier, Record, Slug

StepName = Literal[
    "acceptance",
    "first_review",
    "second_review",
    "public_notice",
    "approval",
    "scheduling",
    "payment",
    "reconciliation",
]
DayOfYear = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Step(Record):
    """One step: who takes it, within how many working days (a parameter), and what silence means.

    A step that the document does not name cites its `source` or its `reading`.
    """

    name: StepName
    by: list[Identifier] = []
    days: Identifier | None = None
    silence: Literal["reminder", "escalation", "deemed"] = "reminder"
    clause: Slug | None = None
    source: str | None = None
    reading: Slug | None = None

    @model_validator(mode="after")
    def _rests_on_something(self) -> Step:
        if not (self.clause or self.source or self.reading):
            raise ValueError("每一步都要写依据：clause、source 或 reading 之一")
        return self


class Window(Record):
    """Days of each year in which a payee may submit, both included, as `05-01`."""

    start: DayOfYear = Field(alias="from")
    end: DayOfYear = Field(alias="to")


class Workflow(Record):
    """The way of the claims of some schemes; each scheme has one. Who decides is the scheme's `decided_by`."""

    id: Slug
    name: str
    clause: str
    schemes: list[Slug]
    windows: list[Window] = []
    appeal_days: Identifier | None = None
    steps: list[Step]

    @model_validator(mode="after")
    def _steps_in_order(self) -> Workflow:
        order = list(StepName.__args__)  # type: ignore[attr-defined]
        names = [step.name for step in self.steps]
        if names != sorted(set(names), key=order.index):
            raise ValueError(f"steps 要按次序写，每步一次：{'、'.join(order)}")
        return self

    def step(self, name: StepName) -> Step | None:
        """The step of that name; None where this workflow has none."""
        return next((step for step in self.steps if step.name == name), None)


class Exclusion(Record):
    """Two kinds of line of one person that stand against each other: `stop` keeps the later from being sent, `mark` marks it."""

    id: Slug
    clause: str
    between: tuple[Slug, Slug]
    when: Literal["days_overlap", "same_start", "same_year"]
    effect: Literal["stop", "mark"]
    message: str
    reading: Slug | None = None
    source: str | None = None
