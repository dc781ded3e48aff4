"""Previews an import, or writes it down once it is confirmed: the same work, and the preview takes all of it back."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from jiujin.accounts.models import User
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.exchange.imports.errors import ImportStateChanged
from jiujin.exchange.imports.models import DataImport
from jiujin.exchange.imports.rows import Row, Sheet, read_sheet
from jiujin.exchange.imports.scope import Outcome, Scope
from jiujin.exchange.imports.services.put_record import put_record
from jiujin.exchange.imports.services.take_import_step import take_import_step
from jiujin.exchange.imports.states import ImportState
from jiujin.exchange.imports.storage import ImportFiles
from jiujin.registry.errors import AreaUnknown, PointUnusable, RegistryError
from jiujin.sheets import SheetUnreadable
from jiujin.work.errors import WorkError

log = logging.getLogger(__name__)

SOURCE: Final = "sheet"
BATCH_ROWS: Final = 200
SYSTEM: Final = "system:imports"
FAILED: Final = gettext_noop(
    "程序出错，没有做完；写入的行都在，再导一次同一份文件就会接着做，不会重复。仍然出错，请把时间告诉系统管理员。"
)
ROW_ERRORS: Final = (RegistryError, WorkError, CodeNotInPlan)


class _TakeBack(Exception):
    """Ends a preview's transaction so that nothing of it stays."""


def run_import(*, import_id: UUID) -> None:
    """Do the next part of a queued import; every outcome is told on the import itself, so that nothing is raised.

    One that waits for nobody any more is left alone.
    """
    data_import = DataImport.objects.select_related("owner").get(pk=import_id)
    try:
        begun = take_import_step(data_import, "import_begun", actor=SYSTEM)
    except ImportStateChanged:
        return
    try:
        _work_through(begun)
    except SheetUnreadable as error:
        take_import_step(begun, "import_refused", actor=SYSTEM, message=str(error))
    except Exception:
        log.exception("import %s failed", begun.pk)
        take_import_step(begun, "import_failed", actor=SYSTEM, message=FAILED)


def _work_through(begun: DataImport) -> None:
    is_preview = begun.state == ImportState.READING
    files = ImportFiles(begun)
    sheet = read_sheet(files.source, begun.kind)
    _say(begun, 0, sheet.count)
    counts: Counter[str] = Counter()
    rows, seen = sheet.rows(), 0
    while batch := list(islice(rows, BATCH_ROWS)):
        counts.update(_batch(sheet, batch, begun.owner, is_preview=is_preview))
        seen = batch[-1].at + 1
        _say(begun, seen, sheet.count)
    files.keep_findings(sheet.faults)
    take_import_step(
        begun,
        "import_previewed" if is_preview else "import_done",
        actor=SYSTEM if is_preview else begun.owner,
        done_count=sheet.count,
        total_count=sheet.count,
        new_count=counts[Outcome.NEW],
        changed_count=counts[Outcome.CHANGED],
        unchanged_count=counts[Outcome.UNCHANGED],
        refused_count=len(sheet.bad),
    )


def _batch(sheet: Sheet, batch: list[Row], owner: User, *, is_preview: bool) -> Counter[str]:
    """Put some rows, in one transaction; a preview ends it by taking all of it back."""
    counts: Counter[str] = Counter()
    try:
        with transaction.atomic():
            counts.update(_outcomes(sheet, batch, owner))
            if is_preview:
                raise _TakeBack
    except _TakeBack:
        pass
    return counts


def _outcomes(sheet: Sheet, batch: Iterable[Row], owner: User) -> Iterator[Outcome]:
    scope = Scope(area_code=owner.area_code)
    for row in batch:
        outcome = _outcome(sheet, row, owner, scope)
        if outcome is not None:
            yield outcome


def _outcome(sheet: Sheet, row: Row, owner: User, scope: Scope) -> Outcome | None:
    """What the row did, all or nothing of it; None where it is refused, and the sheet has the fault."""
    try:
        with transaction.atomic():
            return put_record(kind=sheet.kind, record=row.record, source=SOURCE, key=row.key, scope=scope, actor=owner)
    except ROW_ERRORS as error:
        sheet.fault(row.at, _field_of(error), str(error))
    except DatabaseError:  # a constraint that no check foresaw: this row alone is left out
        log.exception("import row refused by the database")
        sheet.fault(row.at, "", gettext("这一行和已有的记录冲突，没有导入。请核对后再导一次。"))
    return None


def _field_of(error: Exception) -> str:
    """The column that an error is about, as far as it says."""
    if isinstance(error, PointUnusable):
        return "lat"
    if isinstance(error, AreaUnknown):
        return "area"
    return str(getattr(error, "field", "")).replace("_fen", "_yuan")


def _say(data_import: DataImport, done: int, total: int) -> None:
    """Show how far it is."""
    DataImport.objects.filter(pk=data_import.pk).update(done_count=done, total_count=total, heard_at=timezone.now())
