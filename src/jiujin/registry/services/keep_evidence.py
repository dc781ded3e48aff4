"""Keeps a file that proves something."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import BinaryIO, cast

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.errors import EvidenceEmpty, EvidenceTooLarge
from jiujin.registry.evidence_types import evidence_type
from jiujin.registry.field_checks import CONTROL
from jiujin.registry.models import EvidenceFile
from jiujin.registry.storage import delete_sealed, new_content_key, write_sealed

MIB = 1024 * 1024
NAME_CHARACTERS_MAX = 255


def keep_evidence(*, subject: models.Model, upload: UploadedFile, kind: str, actor: User) -> EvidenceFile:
    """Keep the file about `subject`; the same content about the same subject is kept once.

    Args:
        kind: an evidence id of the plan, or blank.

    Raises EvidenceRefused in one of its kinds, and then nothing is kept.
    """
    size = upload.size or 0
    if not size:
        raise EvidenceEmpty
    if size > settings.EVIDENCE_MAX_BYTES:
        raise EvidenceTooLarge(settings.EVIDENCE_MAX_BYTES // MIB)
    name = plain_name(upload.name)
    found = evidence_type(cast(BinaryIO, upload), name=name)
    return keep_content(
        subject=subject,
        content=upload,
        name=name or found.suffixes[0],
        media_type=found.media_type,
        kind=kind,
        actor=actor,
    )


def plain_name(written: str | None) -> str:
    """A file's own name, without folders and control characters."""
    return CONTROL.sub("", PurePath((written or "").replace("\\", "/")).name)[-NAME_CHARACTERS_MAX:]


def keep_content(
    *, subject: models.Model, content: File, name: str, media_type: str, kind: str, actor: User
) -> EvidenceFile:
    """Keep content whose type the caller has made sure of: sealed, and once for each subject."""
    evidence = EvidenceFile(
        id=uuid.uuid4(),
        kind=kind,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        name=name,
        media_type=media_type,
        size_bytes=content.size,
        sm3=_sm3(content),
        content_key=new_content_key(),
        uploaded_by=actor,
    )
    held = _held_already(evidence)
    if held is not None:
        return held
    write_sealed(evidence.id, content.chunks(), key=evidence.content_key)
    try:
        return _record(evidence, subject, actor)
    except IntegrityError:  # the same content came twice at once: the other one is kept
        delete_sealed(evidence.id)
        held = _held_already(evidence)
        if held is None:
            raise
        return held
    except BaseException:
        delete_sealed(evidence.id)
        raise


@transaction.atomic
def _record(evidence: EvidenceFile, subject: models.Model, actor: User) -> EvidenceFile:
    evidence.save(force_insert=True)
    details = {"evidence": str(evidence.id), "kind": evidence.kind, "sm3": evidence.sm3}
    record_event(actor=actor, verb="evidence_kept", subject=subject, details=details)
    return evidence


def _held_already(evidence: EvidenceFile) -> EvidenceFile | None:
    return EvidenceFile.objects.filter(
        subject_kind=evidence.subject_kind, subject_id=evidence.subject_id, sm3=evidence.sm3, removed_at=None
    ).first()


def _sm3(content: File) -> str:
    digest = hashes.Hash(hashes.SM3())
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.finalize().hex()
