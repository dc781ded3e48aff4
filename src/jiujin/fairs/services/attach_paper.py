"""Keeps a paper about a fair's cost, a signature, or what a grant is asked for; from then on the record is documented."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.fairs.models import FairCost, MatchingService, NetworkProject, PublicEvent, TripartiteSignature
from jiujin.registry.models import EvidenceFile
from jiujin.registry.services.keep_evidence import keep_evidence

Documented = FairCost | TripartiteSignature | NetworkProject | MatchingService | PublicEvent


@transaction.atomic
def attach_paper(*, record: Documented, upload: UploadedFile, kind: str, actor: User) -> EvidenceFile:
    """Keep a paper about the record: what was only declared is documented, and a cost has its scan.

    Raises EvidenceRefused in one of its kinds, and then nothing is kept.
    """
    kept = keep_evidence(subject=record, upload=upload, kind=kind, actor=actor)
    if isinstance(record, FairCost):
        FairCost.objects.filter(pk=record.pk, scan=None).update(scan=kept)
    else:
        type(record).objects.filter(pk=record.pk, proof__lt=Proof.DOCUMENTED).update(proof=Proof.DOCUMENTED)
    return kept
