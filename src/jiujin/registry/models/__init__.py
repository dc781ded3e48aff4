"""The records of the registry. A null always means *not known*."""

from jiujin.registry.models.areas import AREA_CODES, Address, Area, AreaLevel, PointSource
from jiujin.registry.models.evidence import EvidenceFile
from jiujin.registry.models.identity import CorrectionState, IdentityCorrection
from jiujin.registry.models.merging import MergeProposal, MergeSearch, MergeState, SearchState
from jiujin.registry.models.organisations import CREDIT_CODE, Membership, Organisation, OrganisationKind, Workplace
from jiujin.registry.models.people import (
    PACK_CODE,
    Consent,
    ConsentChannel,
    Person,
    PriorityStatus,
    Purpose,
    Sex,
)

__all__ = [
    "AREA_CODES",
    "CREDIT_CODE",
    "PACK_CODE",
    "Address",
    "Area",
    "AreaLevel",
    "Consent",
    "ConsentChannel",
    "CorrectionState",
    "EvidenceFile",
    "IdentityCorrection",
    "Membership",
    "MergeProposal",
    "MergeSearch",
    "MergeState",
    "Organisation",
    "OrganisationKind",
    "Person",
    "PointSource",
    "PriorityStatus",
    "Purpose",
    "SearchState",
    "Sex",
    "Workplace",
]
