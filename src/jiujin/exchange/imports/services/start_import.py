"""Takes a workbook and puts its preview in the queue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.exchange.imports.errors import FileRefused
from jiujin.exchange.imports.models import DataImport
from jiujin.exchange.imports.queue import queue_import
from jiujin.exchange.imports.storage import SUFFIXES, ImportFiles

FILE_BYTES_MAX: Final = 20 * 1024 * 1024
NAME_MAX: Final = 120


class Upload(Protocol):
    """What is needed of an uploaded file."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def start_import(*, import_id: UUID, owner: User, kind: str, upload: Upload) -> DataImport:
    """Keep the workbook and queue its preview; nothing of it is written down before somebody confirms.

    `import_id` is made by the page: sent twice, the second finds the first. Raises FileRefused.
    """
    already = DataImport.objects.filter(pk=import_id, owner=owner).first()
    if already is not None:
        return already
    name = Path((upload.name or "").replace("\\", "/")).name
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise FileRefused(_("只读 .xlsx、.xls、.csv，没有导入。请另存成其中一种再传。"))
    if (upload.size or 0) > FILE_BYTES_MAX:
        most = {"most": FILE_BYTES_MAX >> 20}
        raise FileRefused(_("文件超过 %(most)s MiB，没有导入。请只留下要导入的这张表，或分成几份。") % most)
    if not upload.size:
        raise FileRefused(_("文件是空的，没有导入。请重新选文件。"))
    name = f"{Path(name).stem[:NAME_MAX]}{suffix}"
    data_import = DataImport(pk=import_id, owner=owner, kind=kind, file_name=name, file_bytes=upload.size)
    files = ImportFiles(data_import)
    data_import.file_sm3 = files.keep_upload(upload.chunks())
    try:
        with transaction.atomic():
            data_import.save(force_insert=True)
            record_event(actor=owner, verb="import_started", subject=data_import, details={"kind": kind})
            queue_import(data_import.pk)
    except BaseException:
        files.remove()
        raise
    return data_import
