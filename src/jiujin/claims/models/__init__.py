"""The records of claims. Facts are kept as the rules hold them: money in fen, dates as ISO text; null always means *not known*."""

from jiujin.claims.models.claims import Basis, Claim, ClaimLine, Payer, RecordGap, Risk, Source
from jiujin.claims.models.decisions import Decision, VerifiedFact
from jiujin.claims.models.matters import Appeal, Notice, NoticeLine, Objection

__all__ = [
    "Appeal",
    "Basis",
    "Claim",
    "ClaimLine",
    "Decision",
    "Notice",
    "NoticeLine",
    "Objection",
    "Payer",
    "RecordGap",
    "Risk",
    "Source",
    "VerifiedFact",
]
