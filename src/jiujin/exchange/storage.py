"""Where a check keeps its files: a folder of its own, readable by the program's user only."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from jiujin.exchange.models import RosterCheck

FOLDER_MODE = 0o700
ACCEPTED_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".csv", ".parquet")


class CheckFiles:
    """The files of one check: the upload, the judged lines, the bad cells, the result workbook."""

    def __init__(self, *, owner_id: int, check_id: UUID, suffix: str) -> None:
        self.folder = Path(settings.MEDIA_ROOT) / "rosters" / str(owner_id) / str(check_id)
        self.source = self.folder / f"source{suffix}"
        self.lines = self.folder / "lines.parquet"
        self.bad_cells = self.folder / "bad_cells.parquet"
        self.workbook = self.folder / "result.xlsx"

    @classmethod
    def of(cls, check: RosterCheck) -> CheckFiles:
        """The files of a check that is kept."""
        return cls(owner_id=check.owner_id, check_id=check.id, suffix=Path(check.file_name).suffix.lower())

    def keep_upload(self, chunks: Iterable[bytes]) -> str:
        """Write the upload, and give its SM3 as 64 hexadecimal digits."""
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        digest = hashes.Hash(hashes.SM3())
        with self.source.open("wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
        return digest.finalize().hex()

    def remove(self) -> None:
        """Delete all of it; what is already gone is no fault."""
        shutil.rmtree(self.folder, ignore_errors=True)
