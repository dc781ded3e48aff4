"""Targets and their shares, readings, duties, audiences, risks, the scorecard and surveys."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from jiujin.plan.models.base import Comparison, Record, Slug


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


class Share(Record):
    """A row of `decomposition.csv`: one township's share of a target."""

    target: Slug
    area: str
    figure: int = Field(ge=0)


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
