"""A roster that came up, as a file on the disk for as long as it is read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jiujin.claims.errors import ClaimRefused
from jiujin.exchange.storage import ACCEPTED_SUFFIXES

MIB = 1024 * 1024


class FileRefused(ClaimRefused):
    """A file that is not read."""


@contextmanager
def on_disk(upload: UploadedFile | None) -> Iterator[Path]:
    """The upload's path while it is read. Raises FileRefused where there is none, or none that can be read."""
    if upload is None:
        raise FileRefused(_("没有选文件，没有改动。请选一份名单。"))
    suffix = Path((upload.name or "").replace("\\", "/")).suffix.lower()
    if suffix not in ACCEPTED_SUFFIXES:
        raise FileRefused(_("这个文件不是能读的表格，没有改动。请用 .xlsx、.xls、.csv 或 .parquet 文件。"))
    if not upload.size:
        raise FileRefused(_("这是空文件，没有改动。请检查是否选错了文件。"))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        words = _("文件太大，没有改动。最大 %(mib)s MiB，请分成几份。")
        raise FileRefused(words % {"mib": settings.UPLOAD_MAX_BYTES // MIB})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{suffix}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield path
