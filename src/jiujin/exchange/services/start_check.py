"""Takes an upload and puts its check in the queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.exchange.errors import FileNotAccepted
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.queue import put_in_queue
from jiujin.exchange.storage import ACCEPTED_SUFFIXES, CheckFiles
from jiujin.plan import Plan, Scheme

LONGEST_FILE_NAME = 120


class Upload(Protocol):
    """What is needed of an uploaded file."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def start_check(
    *,
    check_id: UUID,
    owner: User,
    plan: Plan,
    scheme: Scheme,
    upload: Upload,
    parameters: Mapping[str, str],
    proof: str,
) -> RosterCheck:
    """Keep the file and queue its check.

    `check_id` is made by the page: sent twice, the second finds the first and changes nothing. Raises FileNotAccepted.
    """
    already = RosterCheck.objects.filter(id=check_id, owner=owner).first()
    if already is not None:
        return already
    file_name = _checked_name(upload)
    files = CheckFiles(owner_id=owner.pk, check_id=check_id, suffix=Path(file_name).suffix.lower())
    sm3 = files.keep_upload(upload.chunks())
    try:
        with transaction.atomic():
            check = RosterCheck.objects.create(
                id=check_id,
                owner=owner,
                plan=plan.id,
                scheme=scheme.id,
                scheme_name=scheme.name,
                parameters=dict(parameters),
                proof=proof,
                file_name=file_name,
                file_bytes=upload.size or 0,
                file_sm3=sm3,
                created_at=timezone.now(),
            )
            put_in_queue(check.id)
    except BaseException:
        files.remove()
        raise
    return check


def _checked_name(upload: Upload) -> str:
    """The file's name without folders, cut to a bounded length before its suffix. Raises FileNotAccepted."""
    name = Path((upload.name or "").replace("\\", "/")).name
    suffix = Path(name).suffix
    if suffix.lower() not in ACCEPTED_SUFFIXES:
        raise FileNotAccepted(
            _("“%(name)s”不是能读的表格，没有上传。请用 .xlsx、.xls、.csv 或 .parquet 文件。") % {"name": name[:60]}
        )
    if not upload.size:
        raise FileNotAccepted(_("“%(name)s”是空文件，没有上传。请检查是否选错了文件。") % {"name": name[:60]})
    return name.removesuffix(suffix)[: LONGEST_FILE_NAME - len(suffix)] + suffix
