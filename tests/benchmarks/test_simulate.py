"""The benchmark of trials, in small: its facts are judged in both ways, and what it changes makes a difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import simulate
from jiujin.rules import open_plan


def test_small_trial_reaches_people_on_both_sides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulate, "VAR", tmp_path)
    plan, facts = open_plan("jinan-2022"), tmp_path / "facts.parquet"
    simulate.write_facts(plan, facts, 3_000)
    capsys.readouterr()
    simulate._try(plan, facts)
    told = json.loads(capsys.readouterr().out)
    assert told["subjects"] == 3 * 6_000
    assert told["townships"] == simulate.TOWNSHIPS
    assert told["before"][1] > 0 and told["before"] != told["after"]
