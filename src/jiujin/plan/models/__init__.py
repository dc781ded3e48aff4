"""The shape of a plan pack: every file of `plans/<id>/` as a checked, frozen record.

The design's *The plan pack* part is the source of the shape.
"""

from jiujin.plan.models.base import (
    Comparison,
    DateBy,
    FactType,
    Identifier,
    ParameterType,
    Period,
    ProofLevel,
    Record,
    Slug,
)
from jiujin.plan.models.cases import Case, CaseBook, CaseRow
from jiujin.plan.models.facts import Evidence, Fact, FactBook, SheetColumn
from jiujin.plan.models.header import Area, Clause, ParentDocument, PlanHeader
from jiujin.plan.models.hiring import CountBounds, FirmSize, MoneyBounds, WordingRule
from jiujin.plan.models.pack import Plan
from jiujin.plan.models.parameters import LocalSettings, Parameter, ParameterValue
from jiujin.plan.models.programme import Audience, Duty, Reading, Risk, ScoreItem, Share, Survey, Target
from jiujin.plan.models.schemes import (
    Condition,
    Consistency,
    InForce,
    Limit,
    Overlap,
    Payee,
    Scheme,
    SheetField,
    Span,
    Warn,
)
from jiujin.plan.models.workflows import Exclusion, Step, Window, Workflow

__all__ = [
    "Area",
    "Audience",
    "Case",
    "CaseBook",
    "CaseRow",
    "Clause",
    "Comparison",
    "Condition",
    "Consistency",
    "CountBounds",
    "DateBy",
    "Duty",
    "Evidence",
    "Exclusion",
    "Fact",
    "FactBook",
    "FactType",
    "FirmSize",
    "Identifier",
    "InForce",
    "Limit",
    "LocalSettings",
    "MoneyBounds",
    "Overlap",
    "Parameter",
    "ParameterType",
    "ParameterValue",
    "ParentDocument",
    "Payee",
    "Period",
    "Plan",
    "PlanHeader",
    "ProofLevel",
    "Reading",
    "Record",
    "Risk",
    "Scheme",
    "ScoreItem",
    "Share",
    "SheetColumn",
    "SheetField",
    "Slug",
    "Span",
    "Step",
    "Survey",
    "Target",
    "Warn",
    "Window",
    "WordingRule",
    "Workflow",
]
