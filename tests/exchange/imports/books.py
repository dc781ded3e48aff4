"""Workbooks and imports for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from jiujin.accounts.models import User
from jiujin.exchange.imports.columns import columns_for
from jiujin.exchange.imports.models import DataImport
from jiujin.exchange.imports.services.confirm_import import confirm_import
from jiujin.exchange.imports.services.run_import import run_import
from jiujin.exchange.imports.services.start_import import start_import
from jiujin.exchange.imports.storage import ImportFiles


def book(kind: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A workbook with the template's headings and these rows, by column key."""
    columns = columns_for(kind)
    workbook = Workbook()
    sheet = workbook.active
    sheet.append([column.label for column in columns])
    for row in rows:
        assert row.keys() <= {column.key for column in columns}
        sheet.append([row.get(column.key) for column in columns])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def started(owner: User, kind: str, content: bytes, name: str = "表.xlsx") -> DataImport:
    """An import in the queue."""
    return start_import(import_id=uuid4(), owner=owner, kind=kind, upload=SimpleUploadedFile(name, content))


def previewed(owner: User, kind: str, rows: Sequence[Mapping[str, Any]]) -> DataImport:
    """An import that the worker has previewed."""
    begun = started(owner, kind, book(kind, rows))
    run_import(import_id=begun.pk)
    begun.refresh_from_db()
    return begun


def imported(owner: User, kind: str, rows: Sequence[Mapping[str, Any]]) -> DataImport:
    """An import that was confirmed and written down."""
    shown = previewed(owner, kind, rows)
    confirm_import(data_import=shown, actor=owner)
    run_import(import_id=shown.pk)
    shown.refresh_from_db()
    return shown


def counts(data_import: DataImport) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    return (
        data_import.new_count,
        data_import.changed_count,
        data_import.unchanged_count,
        data_import.refused_count,
    )


def findings(data_import: DataImport) -> list[tuple[str, str, str]]:
    """Cell, value and message of each fault."""
    return [(f["cell"], f["value"], f["message"]) for f in ImportFiles(data_import).read_findings()]


def an_import(owner: User) -> DataImport:
    """An import of nothing in particular, past the services."""
    return DataImport.objects.create(owner=owner, kind="person", file_name="表.xlsx", file_bytes=1, file_sm3="0" * 64)
