"""Keeps the workbook that a claim's lines came from, sealed as other evidence; reading it leaves an event."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.models import Claim
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import EvidenceFile
from jiujin.registry.services.keep_workbook import keep_workbook

ROSTER = "roster"  # the kind of evidence


@transaction.atomic
def keep_roster(*, claim: Claim, path: Path, name: str, actor: Actor) -> None:
    """The claim's workbook is this one from now on; one kept before stays among the evidence. A job's own file is not kept."""
    if not isinstance(actor, User):
        return
    claim.roster = keep_workbook(subject=claim, path=path, name=name or path.name, kind=ROSTER, actor=actor)
    claim.save(update_fields=["roster"])


@transaction.atomic
def hand_out_roster(*, claim: Claim, roster: EvidenceFile, actor: User) -> EvidenceFile:
    """The workbook, to be read by the actor: it names people in full, so that every reading leaves an event."""
    record_event(actor=actor, verb="roster_handed_out", subject=claim, details={"evidence": str(roster.pk)})
    return roster
