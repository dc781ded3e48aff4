"""The records of fairs, visits, campus agreements and supported services."""

from jiujin.fairs.models.fairs import (
    Fair,
    FairCost,
    FairEmployer,
    FairHost,
    FairIntent,
    FairKind,
    FairState,
    FairVacancy,
    FairVisitor,
    Invitation,
)
from jiujin.fairs.models.grants import MatchingService, NetworkProject, PublicEvent, TripartiteSignature
from jiujin.fairs.models.visits import EnterpriseVisit

__all__ = [
    "EnterpriseVisit",
    "Fair",
    "FairCost",
    "FairEmployer",
    "FairHost",
    "FairIntent",
    "FairKind",
    "FairState",
    "FairVacancy",
    "FairVisitor",
    "Invitation",
    "MatchingService",
    "NetworkProject",
    "PublicEvent",
    "TripartiteSignature",
]
