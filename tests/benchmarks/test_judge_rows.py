"""The benchmark of judging, in small: bare and full verdicts agree but for the limit, and every subject's rows can be judged."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks.judge_rows import SCHEMES, judge_two
from benchmarks.people import generate, generate_placements
from jiujin.rules import compile_screening, open_plan, screen

ROWS = 3_000
PLAN = open_plan("jinan-2022")


def test_bare_and_full_verdicts_agree_but_for_the_limit(tmp_path: Path) -> None:
    people = tmp_path / "people.parquet"
    generate_placements(PLAN, people, ROWS)
    for part in ("bare", "full"):
        judge_two(PLAN, people, tmp_path / f"{part}.parquet", part)
    bare, full = (
        {line["ord"]: line for line in pq.read_table(tmp_path / f"{part}.parquet").to_pylist()}
        for part in ("bare", "full")
    )
    assert set(bare) == set(full) == set(range(ROWS))
    for scheme in SCHEMES:
        assert set(Counter(line[scheme] for line in bare.values())) == {"met", "unmet", "unknown"}
        for ord_, line in full.items():
            verdict = line[f"{scheme}.verdict"]
            assert bare[ord_][scheme] == ("met" if line[f"{scheme}.unmet"] == "limit" else verdict)
            assert (line[f"{scheme}.limit_used"] is not None) == (verdict == "met")


@pytest.mark.parametrize("subject", sorted({scheme.subject for scheme in PLAN.schemes.values()}))
def test_rows_of_every_subject_are_met_unmet_and_unknown(subject: str, tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.parquet", tmp_path / "out.parquet"
    generate(PLAN, subject, rows, 2 * ROWS)
    screening = compile_screening(PLAN, subject)
    with duckdb.connect() as connection:
        screen(connection, screening, f"read_parquet('{rows}')", out)
    table = pq.read_table(out)
    assert table.num_rows == 2 * ROWS
    for scheme in screening.schemes:
        verdicts = Counter(table[f"{scheme.program.scheme.id}.verdict"].to_pylist())
        assert {"unmet", "unknown"} <= set(verdicts), scheme.program.scheme.id
