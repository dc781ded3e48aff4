"""`plan.yaml`, `clauses.yaml` and `areas.csv`."""

from __future__ import annotations

from typing import Literal

from jiujin.plan.models.base import Period, Record, Slug


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

    `runs_in` names modules (`jiujin.rosters`); `remaining` says which part is still data only. `readings` are those that its
    running depends on, beside those that schemes, parameters and targets name.
    """

    id: Slug
    place: str
    title: str
    text: str
    owner: str | None = None
    runs_in: list[str] = []
    readings: list[Slug] = []
    remaining: str | None = None


class Area(Record):
    """A row of `areas.csv`; statistical division code of 6, 9 or 12 digits."""

    code: str
    name: str
    level: Literal["district", "township", "community"]
    parent_code: str
