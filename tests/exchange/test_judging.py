"""From an upload to verdicts: what is kept, every way it can end, and what happens the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from jiujin import rosters
from jiujin.exchange.errors import CheckCancelled, CheckStateChanged, FileNotAccepted
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.queries import pace_of, same_file_before, waiting_before
from jiujin.exchange.services import judge_check as judging
from jiujin.exchange.services.cancel_check import cancel_check
from jiujin.exchange.services.delete_check import delete_check, delete_expired_checks
from jiujin.exchange.services.judge_check import progress_teller
from jiujin.exchange.services.recover_checks import SILENCE_MAX, recover_checks
from jiujin.exchange.services.retry_check import retry_check
from jiujin.exchange.states import TRANSITIONS, CheckState, target_of
from jiujin.exchange.storage import CheckFiles
from tests.accounts.people import someone
from tests.exchange.uploads import finished_check, judged, queued_check, upload, workbook_bytes
from tests.rosters.workbooks import stable

NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_judged_check_keeps_counts_lines_bad_cells_and_the_workbook() -> None:
    rows = [stable(1), stable(2, 社会保险缴纳月数=5), stable(3, 身份证号="990000199001010010")]
    check = finished_check(someone(), upload(workbook_bytes(rows)))
    assert (check.state, check.rows, check.met, check.unmet, check.unknown) == ("finished", 3, 1, 1, 1)
    assert (check.amount_fen, check.amount_unknown, check.error_count) == (0, 1, 1)
    files = CheckFiles.of(check)
    assert files.lines.is_file() and files.bad_cells.is_file()
    headings = [cell.value for cell in openpyxl.load_workbook(files.workbook).active[1]]  # type: ignore[index]
    assert headings[-5:] == ["结论", "原因", "缺少", "金额(元)", "依据条款"]
    assert check.workbook_at is not None and len(check.plan_digest) == 64


def test_files_can_be_read_by_the_program_s_own_user_only() -> None:
    files = CheckFiles.of(queued_check(someone()))
    assert files.folder.stat().st_mode & 0o077 == 0


def test_trial_values_in_yuan_reach_the_verdicts() -> None:
    check = finished_check(someone(), parameters={"stable_grant": "600"})
    assert (check.amount_fen, check.amount_unknown) == (600_00, 0)


def test_asking_for_proof_turns_what_is_only_declared_to_unknown() -> None:
    assert finished_check(someone()).met == 1
    strict = finished_check(someone(), proof="declared")
    assert (strict.met, strict.unknown) == (0, 3)


def test_same_request_sent_twice_starts_one_check() -> None:
    owner, check_id = someone(), uuid4()
    first = queued_check(owner, check_id=check_id)
    second = queued_check(owner, check_id=check_id)
    assert first == second
    assert RosterCheck.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="rosters.judge").count() == 1


def test_check_id_of_another_person_s_check_is_not_theirs_to_use() -> None:
    check = queued_check(someone())
    before = CheckFiles.of(check).source.read_bytes()
    with pytest.raises(IntegrityError), transaction.atomic():
        queued_check(someone(), upload(workbook_bytes([stable(9)])), check_id=check.id)
    assert CheckFiles.of(check).source.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("照片.png", b"x", "不是能读的表格"), ("空.xlsx", b"", "是空文件"), ("没有后缀", b"x", "不是能读的表格")],
)
def test_file_that_is_no_table_is_refused_before_anything_is_kept(
    name: str, content: bytes, words: str, media: Path
) -> None:
    with pytest.raises(FileNotAccepted, match=words):
        queued_check(someone(), upload(content, name))
    assert not RosterCheck.objects.exists()
    assert not list(media.rglob("*.*"))


def test_file_name_keeps_no_folder_and_a_bounded_length() -> None:
    check = queued_check(someone(), upload(name="..\\..\\etc\\" + "长" * 200 + ".XLSX"))
    assert check.file_name == "长" * 115 + ".XLSX"
    assert CheckFiles.of(check).source.name == "source.xlsx"


def test_upload_that_cannot_be_queued_leaves_no_file(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(check_id: Any) -> None:
        raise RuntimeError("queue is down")

    monkeypatch.setattr("jiujin.exchange.services.start_check.put_in_queue", refuse)
    with pytest.raises(RuntimeError):
        queued_check(someone())
    assert not RosterCheck.objects.exists()
    assert not list(media.rglob("*.xlsx"))


def test_unreadable_roster_is_refused_with_the_reader_s_one_sentence() -> None:
    check = finished_check(someone(), upload(b"not a workbook at all", "名单.xlsx"))
    assert check.state == "refused"
    assert check.message.endswith("。") or "请" in check.message
    assert (check.rows, check.workbook_at) == (0, None)


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (RuntimeError("bug"), "failed", "程序出错"),
        (MemoryError(), "failed", "内存不够"),
        (KeyError("bug"), "failed", "程序出错"),
    ],
)
def test_whatever_breaks_is_told_on_the_check_and_the_file_is_kept(
    error: Exception, state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(rosters, "check_roster", fail)
    check = finished_check(someone())
    assert check.state == state and words in check.message and "上传的文件还在" in check.message
    assert CheckFiles.of(check).source.is_file()


@pytest.mark.parametrize(
    "lost", [{"scheme": "no-such-scheme"}, {"plan": "no-such-plan"}, {"parameters": {"gone": "1"}}]
)
def test_check_of_what_the_plan_has_lost_says_so_and_keeps_the_file(lost: dict[str, Any]) -> None:
    check = queued_check(someone())
    RosterCheck.objects.filter(id=check.id).update(**lost)
    check = judged(check.id)
    assert check.state == "failed" and "已没有这个补贴项目" in check.message and "上传的文件还在" in check.message
    assert CheckFiles.of(check).source.is_file()


def test_workbook_that_cannot_be_written_leaves_the_verdicts_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(rosters, "write_result", fail)
    check = finished_check(someone())
    assert (check.state, check.met, check.workbook_at) == ("finished", 1, None)
    assert "结果工作簿没有写成" in check.message


def test_cancelled_in_the_queue_is_never_begun() -> None:
    check = queued_check(someone())
    cancel_check(check=check)
    assert judged(check.id).state == "cancelled"


def test_cancelled_while_it_runs_stops_at_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    check = queued_check(someone())
    real: Callable[..., rosters.RosterCheck] = rosters.check_roster

    def cancelled_in_the_middle(*args: Any, **kwargs: Any) -> rosters.RosterCheck:
        cancel_check(check=check)
        return real(*args, **kwargs)

    monkeypatch.setattr(rosters, "check_roster", cancelled_in_the_middle)
    ended = judged(check.id)
    assert (ended.state, ended.rows) == ("cancelled", 0)
    assert CheckFiles.of(check).source.is_file()


def test_deleted_while_it_runs_takes_its_files_along(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    check = queued_check(someone())
    real: Callable[..., rosters.RosterCheck] = rosters.check_roster

    def deleted_at_the_end(*args: Any, **kwargs: Any) -> rosters.RosterCheck:
        judged_lines = real(*args, **kwargs)
        delete_check(check=check)
        return judged_lines

    monkeypatch.setattr(rosters, "check_roster", deleted_at_the_end)
    judging.judge_check(check_id=check.id)
    assert not RosterCheck.objects.exists()
    assert not CheckFiles.of(check).folder.exists()


def test_finished_check_can_be_neither_cancelled_nor_run_again() -> None:
    check = finished_check(someone())
    for change in (cancel_check, retry_check):
        with pytest.raises(CheckStateChanged, match="完成"):
            change(check=check)
    judging.judge_check(check_id=check.id)
    assert RosterCheck.objects.get(id=check.id).finished_at == check.finished_at, "judged once"


def test_broken_off_check_runs_again_on_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(rosters, "check_roster", lambda *args, **kwargs: 1 / 0)
        check = finished_check(someone())
    retry_check(check=check)
    again = judged(check.id)
    assert (again.state, again.rows, again.message) == ("finished", 3, "")


def test_running_check_not_heard_of_is_told_as_broken_off() -> None:
    silent, alive = queued_check(someone()), queued_check(someone())
    RosterCheck.objects.filter(id=silent.id).update(state="running", heard_at=NOON)
    RosterCheck.objects.filter(id=alive.id).update(state="running", heard_at=NOON + timedelta(seconds=1))
    assert recover_checks(now=NOON + SILENCE_MAX + timedelta(seconds=1)) == 1
    silent.refresh_from_db()
    assert silent.state == "failed" and "再核对一次" in silent.message


def test_progress_is_written_at_each_stage_and_then_at_most_now_and_then() -> None:
    check = queued_check(someone())
    RosterCheck.objects.filter(id=check.id).update(state="running")
    clock = iter([0.0, 0.1, 0.5, 0.6])
    tell = progress_teller(check, lambda: next(clock))
    seen = []
    for stage, done in (("读取", 10), ("读取", 20), ("读取", 30), ("判断", 0)):
        tell(stage, done, 40)
        check.refresh_from_db()
        seen.append((check.stage, check.done_count, check.total_count))
    assert seen == [("读取", 10, 40), ("读取", 10, 40), ("读取", 30, 40), ("判断", 0, 40)]


def test_progress_of_a_deleted_check_stops_the_worker() -> None:
    check = queued_check(someone())
    tell = progress_teller(check, lambda: 0.0)
    RosterCheck.objects.all().delete()
    with pytest.raises(CheckCancelled):
        tell("读取", 0, 1)


def test_pace_is_rows_a_second_of_the_stage_and_the_time_left() -> None:
    check = RosterCheck(stage_at=NOON, done_count=200, total_count=1000)
    pace = pace_of(check, NOON + timedelta(seconds=4))
    assert (pace.rows_per_second, pace.seconds_left) == (50, 16)
    assert pace_of(RosterCheck(), NOON).rows_per_second is None


def test_same_file_is_recognised_for_its_owner_only() -> None:
    owner, content = someone(), workbook_bytes([stable(1)])
    first = finished_check(owner, upload(content, "甲.xlsx"))
    finished_check(someone(), upload(content))
    second = finished_check(owner, upload(content, "乙.xlsx"))
    other = finished_check(owner, upload(workbook_bytes([stable(2)])))
    assert same_file_before(second) == first
    assert same_file_before(first) is None and same_file_before(other) is None


def test_queue_counts_everyone_before_me() -> None:
    queued_check(someone())
    finished_check(someone())
    assert waiting_before(queued_check(someone())) == 1


def test_delete_removes_the_files_once_it_is_kept(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    check = finished_check(someone())
    with django_capture_on_commit_callbacks(execute=True):
        delete_check(check=check)
        assert CheckFiles.of(check).source.is_file()
    assert not CheckFiles.of(check).folder.exists()


def test_checks_past_their_days_go_with_their_files_and_open_ones_stay(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.ROSTER_DAYS_KEPT = 30
    owner = someone()
    old, young, waiting = finished_check(owner), finished_check(owner), queued_check(owner)
    moment = now()
    RosterCheck.objects.filter(id__in=[old.id, waiting.id]).update(created_at=moment - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired_checks(now=moment) == 1
    assert set(RosterCheck.objects.values_list("id", flat=True)) == {young.id, waiting.id}
    assert not CheckFiles.of(old).folder.exists()


def test_worker_s_task_judges_the_check() -> None:
    check = queued_check(someone())
    with app.replace_connector(InMemoryConnector()) as offline:
        offline.tasks["rosters.judge"].func(check_id=str(check.id))
    check.refresh_from_db()
    assert check.state == "finished"


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "lost"}, "check_state_is_known"),
        ({"met": 5}, "check_counts_add_up"),
        ({"done_count": 2, "total_count": 1}, "check_done_within_total"),
        ({"state": "finished", "finished_at": None}, "check_finished_says_when_and_by_what"),
        ({"state": "refused", "message": ""}, "check_refused_says_why"),
        ({"amount_fen": -1}, "check_amount_is_not_negative"),
    ],
)
def test_database_refuses_a_check_that_contradicts_itself(changes: dict[str, Any], constraint: str) -> None:
    check = queued_check(someone())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RosterCheck.objects.filter(id=check.id).update(**changes)


def test_every_state_is_reached_and_no_event_leads_two_ways() -> None:
    reached = {transition.target for transition in TRANSITIONS}
    assert reached == set(CheckState)
    assert len({(t.source, t.event) for t in TRANSITIONS}) == len(TRANSITIONS)
    with pytest.raises(KeyError):
        target_of(CheckState.FINISHED, "cancelled")
