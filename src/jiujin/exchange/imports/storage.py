"""Where an import keeps its workbook and findings: a folder of its own, readable by the program's user only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from jiujin.exchange.imports.models import DataImport
from jiujin.sheets import CellError

FOLDER_MODE = 0o700
SUFFIXES = (".xlsx", ".xls", ".csv")
FINDINGS_MAX = 2000


class ImportFiles:
    """The files of one import."""

    def __init__(self, data_import: DataImport) -> None:
        self.folder = Path(settings.MEDIA_ROOT) / "imports" / data_import.pk.hex
        self.source = self.folder / f"source{Path(data_import.file_name).suffix.lower()}"
        self.findings = self.folder / "findings.json"

    def keep_upload(self, chunks: Iterable[bytes]) -> str:
        """Write the upload, and give its SM3 as 64 hexadecimal digits."""
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        digest = hashes.Hash(hashes.SM3())
        with self.source.open("wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
        return digest.finalize().hex()

    def keep_findings(self, faults: Sequence[CellError]) -> None:
        """Write what is wrong, the first FINDINGS_MAX of it."""
        said = [asdict(fault) for fault in sorted(faults, key=lambda f: (f.sheet, f.row, f.cell))[:FINDINGS_MAX]]
        self.findings.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    def read_findings(self) -> list[dict[str, Any]]:
        """What is wrong; nothing where none was written, or it is gone."""
        try:
            found: list[dict[str, Any]] = json.loads(self.findings.read_text(encoding="utf-8"))
        except OSError:
            return []
        return found

    def remove(self) -> None:
        """Delete all of it; what is already gone is no fault."""
        shutil.rmtree(self.folder, ignore_errors=True)
