"""Rosters uploaded and judged, for tests."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from jiujin.accounts.models import User
from jiujin.core.current_plan import current_plan
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.services.judge_check import judge_check
from jiujin.exchange.services.start_check import start_check
from tests.rosters.workbooks import STABLE, stable, write

SCHEME = "stable-employment"
THREE_VERDICTS = (stable(1), stable(2, 社会保险缴纳月数=5), stable(3, 社会保险缴纳月数=None))


def workbook_bytes(rows: Sequence[Sequence[Any]], sheet: str = "名单") -> bytes:
    """A stable-employment roster as an .xlsx file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder) / "roster.xlsx", STABLE, rows, sheet).read_bytes()


def upload(content: bytes | None = None, name: str = "名单.xlsx") -> SimpleUploadedFile:
    """An upload; by default one line of each verdict."""
    return SimpleUploadedFile(name, workbook_bytes(THREE_VERDICTS) if content is None else content)


def content_of(answer: Any) -> bytes:
    """The whole body of an answer; a streamed one is closed by the test client once it has been read."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def queued_check(owner: User, file: SimpleUploadedFile | None = None, **changes: Any) -> RosterCheck:
    """A check that waits."""
    plan = current_plan()
    given: dict[str, Any] = {
        "check_id": uuid4(),
        "owner": owner,
        "plan": plan,
        "scheme": plan.schemes[SCHEME],
        "upload": file or upload(),
        "parameters": {},
        "proof": "",
    }
    return start_check(**{**given, **changes})


def finished_check(owner: User, file: SimpleUploadedFile | None = None, **changes: Any) -> RosterCheck:
    """A check with its verdicts."""
    return judged(queued_check(owner, file, **changes).id)


def judged(check_id: UUID) -> RosterCheck:
    """Let the worker's part run here and now."""
    judge_check(check_id=check_id)
    return RosterCheck.objects.get(id=check_id)
