"""The benchmark of judging, in small: bare and full verdicts agree but for the limit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.judge_rows import SCHEMES, generate, judge_one
from jiujin.rules import open_plan

ROWS = 3_000


@pytest.mark.parametrize("scheme_id", SCHEMES)
def test_bare_and_full_verdicts_agree_but_for_the_limit(scheme_id: str, tmp_path: Path) -> None:
    people = tmp_path / "people.parquet"
    generate(people, ROWS)
    plan = open_plan("jinan-2022")
    for part in ("bare", "full"):
        judge_one(plan, scheme_id, people, tmp_path / f"{part}.parquet", part)
    bare = dict(
        zip(*(pq.read_table(tmp_path / "bare.parquet")[name].to_pylist() for name in ("ord", "verdict")), strict=True)
    )
    full = {line["ord"]: line for line in pq.read_table(tmp_path / "full.parquet").to_pylist()}
    assert set(bare) == set(full) == set(range(ROWS))
    assert set(Counter(bare.values())) == {"met", "unmet", "unknown"}
    for ord_, line in full.items():
        expected = "met" if line["unmet"] == ["limit"] else line["verdict"]
        assert bare[ord_] == expected
        assert (line["limit_used"] is not None) == (line["verdict"] == "met")
