"""From money to clause and back to the same verdict; the log as a file that tells when it was touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from jiujin.cli.main import run_command
from jiujin.core.services.set_parameter import set_parameter
from jiujin.funds.models import PaymentItem
from jiujin.funds.replay import NothingToReplay, find_lines, replayed
from tests.claims.factories import SOURCE
from tests.funds.factories import LINE_FEN, granted, paid, write_past_every_trigger

pytestmark = pytest.mark.django_db


def a_payment() -> PaymentItem:
    granted(5 * LINE_FEN)
    paid(2)
    connection.check_constraints()
    return PaymentItem.objects.select_related("line__claim").order_by("position")[0]


def test_a_payment_tells_its_path_and_its_verdict_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    item = a_payment()
    for wanted in (str(item.pk), str(item.line_id), item.line.claim.number, str(item.line.claim_id)):
        assert run_command(["replay", wanted]) == 0
    told = capsys.readouterr().out
    for piece in (
        "payment_settled",
        "已批准 line_approved",
        "人员类别：就业困难人员",
        "局党组会〔2022〕3号",
        "重判：一样",
        "劳动合同",
        "已核验",
        item.batch.file_digest,
    ):
        assert piece in told
    assert item.account is not None and item.account.number not in told
    assert item.line.person is not None and item.line.person.id_number not in told


def test_the_verdict_stays_after_the_plan_has_changed(capsys: pytest.CaptureFixture[str]) -> None:
    item = a_payment()
    set_parameter(parameter="stable_grant", value=7, source=SOURCE, actor="system:test")
    assert run_command(["replay", str(item.line_id)]) == 0
    assert all(not each.differences for each in replayed(item.line))
    assert "1,000.00 元" in capsys.readouterr().out


def test_a_decision_that_was_made_otherwise_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    item = a_payment()
    write_past_every_trigger(
        "UPDATE claims_decision SET facts = facts - 'employment_form'"
        f" WHERE event = 'line_approved' AND line_id = {item.line_id}"
    )
    assert run_command(["replay", str(item.pk)]) == 1
    assert "重判不一样：verdict 当时 met，现在 unknown" in capsys.readouterr().out


def test_what_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for wanted in ("nonsense", "99999999999999999999", "123456", "6f3c1c56-2b0f-4f0e-9a5e-0d6f6a3d2f11"):
        with pytest.raises(NothingToReplay):
            find_lines(wanted)
    assert run_command(["replay", "nonsense"]) == 1
    assert "没有编号为“nonsense”" in capsys.readouterr().err


def swapped(lines: list[str]) -> list[str]:
    return [lines[1], lines[0], *lines[2:]]


def edited(lines: list[str]) -> list[str]:
    entry = json.loads(lines[2])
    return [*lines[:2], json.dumps(entry | {"actor": "user:7"}, ensure_ascii=False) + "\n", *lines[3:]]


@pytest.mark.parametrize(
    ("touch", "line"),
    [
        (lambda lines: lines[:3] + lines[4:], 4),
        (swapped, 1),
        (edited, 3),
        (lambda lines: lines[:-1], None),
        (lambda lines: [*lines, lines[0]], None),
        (lambda lines: [*lines[:2], "{\n", *lines[2:]], 3),
    ],
)
def test_an_export_verifies_until_it_is_touched(
    tmp_path: Path, touch: object, line: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    granted(500)
    granted(600)
    granted(700)
    connection.check_constraints()
    file = tmp_path / "log.jsonl"
    assert run_command(["audit", "export", str(file)]) == 0
    assert run_command(["audit", "verify", str(file)]) == 0
    assert "记录完整" in capsys.readouterr().out
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(touch(lines)), encoding="utf-8")  # type: ignore[operator]
    assert run_command(["audit", "verify", str(file)]) == 1
    said = capsys.readouterr().err
    assert "不完整或被改过" in said
    if line is not None:
        assert f"第 {line} 行" in said
