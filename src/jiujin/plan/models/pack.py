"""The whole pack."""

from __future__ import annotations

from jiujin.plan.models.base import Record
from jiujin.plan.models.cases import CaseBook
from jiujin.plan.models.facts import Evidence, Fact
from jiujin.plan.models.header import Area, Clause, PlanHeader
from jiujin.plan.models.hiring import FirmSize, WordingRule
from jiujin.plan.models.parameters import Parameter
from jiujin.plan.models.programme import Audience, Duty, Reading, Risk, ScoreItem, Share, Survey, Target
from jiujin.plan.models.schemes import Scheme
from jiujin.plan.models.workflows import Exclusion, Workflow


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
    vacancy_wording: dict[str, WordingRule] = {}
    firm_sizes: dict[str, FirmSize] = {}
    workflows: dict[str, Workflow] = {}
    exclusions: dict[str, Exclusion] = {}
    digest: str

    @property
    def id(self) -> str:
        """The pack's id, also its folder's name."""
        return self.header.id

    def scheme(self, scheme_id: str) -> Scheme:
        """The scheme of that id; `KeyError` where there is none."""
        return self.schemes[scheme_id]

    def scheme_about(self, subject: str, fact: str = "") -> Scheme:
        """The scheme of a subject, of several the one whose sheet asks for `fact`; `KeyError` where there is none."""
        for scheme in self.schemes.values():
            if scheme.subject == subject and (not fact or any(field.fact == fact for field in scheme.sheet)):
                return scheme
        raise KeyError(subject)

    def workflow_of(self, scheme_id: str) -> Workflow:
        """The workflow of a scheme's claims; `KeyError` where the pack has none for it."""
        for workflow in self.workflows.values():
            if scheme_id in workflow.schemes:
                return workflow
        raise KeyError(scheme_id)
