"""Judges one queued roster: reads the upload, keeps the lines and bad cells, then writes the result workbook."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from jiujin import rosters
from jiujin.core.current_plan import plan_by_id
from jiujin.exchange.errors import CheckCancelled, PlanChanged
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.states import CheckState, target_of
from jiujin.exchange.storage import CheckFiles
from jiujin.plan import Plan, PlanNotFound, parse_value
from jiujin.plan.models import ProofLevel
from jiujin.plan.parameters import Value
from jiujin.sheets import CellError, SheetUnreadable

log = logging.getLogger(__name__)

TELL_EVERY_SECONDS = 0.4
LINES_IN_A_GROUP = 50_000
BAD_CELL_COLUMNS = ("sheet", "row", "column", "cell", "value", "message", "code")
FAILED = gettext_noop("核对时程序出错，没有得出结论；上传的文件还在。请再核对一次；仍然出错，请把时间告诉系统管理员。")
TOO_LARGE = gettext_noop(
    "文件太大，这台机器的内存不够，没有得出结论；上传的文件还在。请按乡镇分成几份，或存成 .parquet 再核对。"
)
PLAN_CHANGED = gettext_noop("方案里已没有这个补贴项目或参数，没有得出结论；上传的文件还在。请按现在的方案重新上传。")
NO_WORKBOOK = gettext_noop("结论都在，但结果工作簿没有写成。可以下载判断明细（.csv）。")


def judge_check(*, check_id: UUID) -> None:
    """Judge a queued check to its end; every outcome is told on the check itself, so that nothing is raised.

    A check that is not queued any more (cancelled, deleted, begun by another worker) is left alone.
    """
    check = _begin(check_id)
    if check is not None:
        _judge(check)


def _begin(check_id: UUID) -> RosterCheck | None:
    now = timezone.now()
    begun = RosterCheck.objects.filter(id=check_id, state=CheckState.QUEUED).update(
        state=target_of(CheckState.QUEUED, "begun"), started_at=now, stage_at=now, heard_at=now, cancel_asked=False
    )
    return RosterCheck.objects.get(id=check_id) if begun else None


def _judge(check: RosterCheck) -> None:
    files = CheckFiles.of(check)
    try:
        judged = _check_roster(check, files)
        _keep(files, judged)
        _finish(check, judged)
    except CheckCancelled:
        _end(check, "cancelled", "")
    except SheetUnreadable as error:
        _end(check, "refused", str(error))
    except PlanChanged:
        log.exception("roster check %s: the plan has changed", check.id)
        _end(check, "failed", PLAN_CHANGED)
    except MemoryError:
        _end(check, "failed", TOO_LARGE)
    except Exception:
        log.exception("roster check %s failed", check.id)
        _end(check, "failed", FAILED)
    else:
        _write_workbook(check, files, judged)


def _check_roster(check: RosterCheck, files: CheckFiles) -> rosters.RosterCheck:
    try:
        plan = plan_by_id(check.plan)
        scheme = plan.schemes[check.scheme]
        parameters = typed_parameters(plan, check)
    except (KeyError, PlanNotFound) as error:
        raise PlanChanged from error
    return rosters.check_roster(
        files.source,
        plan=plan,
        scheme=scheme,
        settings=parameters,
        proof=proof_level(check.proof),
        demo_ids=settings.DEMO,
        progress=progress_teller(check, monotonic),
    )


def proof_level(proof: str) -> ProofLevel | None:
    """The level at which a roster's facts are held; nothing means that the roster is taken as proven."""
    return "declared" if proof == "declared" else None


def typed_parameters(plan: Plan, check: RosterCheck) -> dict[str, Value]:
    """The check's trial values in the rules' units. Raises KeyError where the plan has lost a parameter."""
    return {name: parse_value(plan, plan.parameters[name].id, text) for name, text in check.parameters.items()}


def progress_teller(check: RosterCheck, clock: Callable[[], float]) -> Callable[[str, int, int], None]:
    """A function that writes how far the check is, at most every TELL_EVERY_SECONDS and at each new stage.

    It raises CheckCancelled where the owner asked to stop or deleted the check.
    """
    told_at, told_stage = float("-inf"), ""

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal told_at, told_stage
        now = clock()
        if stage == told_stage and now - told_at < TELL_EVERY_SECONDS:
            return
        moment = timezone.now()
        changes = {"stage": stage, "done_count": min(done, total), "total_count": total, "heard_at": moment}
        if stage != told_stage:
            changes["stage_at"] = moment
        told_at, told_stage = now, stage
        running = RosterCheck.objects.filter(id=check.id, state=CheckState.RUNNING, cancel_asked=False)
        if not running.update(**changes):
            raise CheckCancelled

    return tell


def _keep(files: CheckFiles, judged: rosters.RosterCheck) -> None:
    """Keep lines and bad cells as Parquet; a file appears under its name only when it is whole."""
    _write_whole(judged.lines, files.lines)
    _write_whole(bad_cell_table(judged.errors), files.bad_cells)


def bad_cell_table(errors: list[CellError]) -> pa.Table:
    """Bad cells as a table; `row` is the workbook's row number."""
    types = {"row": pa.int64()}
    return pa.table(
        {n: pa.array([getattr(e, n) for e in errors], type=types.get(n, pa.string())) for n in BAD_CELL_COLUMNS}
    )


def _write_whole(table: pa.Table, path: Path) -> None:
    part = path.with_suffix(".part")
    pq.write_table(table, part, row_group_size=LINES_IN_A_GROUP, compression="zstd")
    part.replace(path)


def _finish(check: RosterCheck, judged: rosters.RosterCheck) -> None:
    finished = RosterCheck.objects.filter(id=check.id, state=CheckState.RUNNING).update(
        state=target_of(CheckState.RUNNING, "finished"),
        finished_at=timezone.now(),
        plan_digest=judged.plan.digest,
        rows=judged.rows,
        met=judged.met,
        unmet=judged.unmet,
        unknown=judged.unknown,
        amount_fen=judged.amount_fen,
        amount_unknown=judged.amount_unknown,
        error_count=len(judged.errors),
        notices=judged.notices,
    )
    if not finished:
        raise CheckCancelled


def _end(check: RosterCheck, event: str, message: str) -> None:
    """Leave the running state without verdicts; a check deleted meanwhile takes its files along."""
    ended = RosterCheck.objects.filter(id=check.id, state=CheckState.RUNNING).update(
        state=target_of(CheckState.RUNNING, event), message=message, finished_at=timezone.now()
    )
    if not ended and not RosterCheck.objects.filter(id=check.id).exists():
        CheckFiles.of(check).remove()


def _write_workbook(check: RosterCheck, files: CheckFiles, judged: rosters.RosterCheck) -> None:
    """Write the person's own workbook with the verdicts; the check stands without it, and says so."""
    part = files.folder / "result.part.xlsx"
    try:
        rosters.write_result(judged, files.source, part)
        part.replace(files.workbook)
    except Exception:
        log.exception("roster check %s: result workbook not written", check.id)
        RosterCheck.objects.filter(id=check.id).update(message=NO_WORKBOOK)
        return
    if not RosterCheck.objects.filter(id=check.id).update(workbook_at=timezone.now()):
        files.remove()
