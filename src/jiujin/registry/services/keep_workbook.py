"""Keeps a workbook that records were made from, as evidence of what was handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.core.files import File
from django.db import models

from jiujin.accounts.models import User
from jiujin.registry.models import EvidenceFile
from jiujin.registry.services.keep_evidence import keep_content, plain_name

MEDIA_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".xls": "application/vnd.ms-excel",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
}


def keep_workbook(*, subject: models.Model, path: Path, name: str, kind: str, actor: User) -> EvidenceFile:
    """Keep the workbook at `path`, which was read, about `subject`; the same content about the same subject once.

    `name` is what its owner calls it; it is as large as whoever took the upload allowed.
    """
    with path.open("rb") as file:
        return keep_content(
            subject=subject,
            content=File(file),
            name=plain_name(name) or path.name,
            media_type=MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream"),
            kind=kind,
            actor=actor,
        )
