"""Checks a workbook with the `jiujin check` command, result workbook included, beside openpyxl only reading it.

python -m benchmarks.check_workbook --rows 100000
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from benchmarks.measure import ROOT, VAR, keep, run
from jiujin.rules import open_plan
from jiujin.sheets import columns_of
from jiujin.values.identity import make_demo_id

SCHEME = "stable-employment"
READ_ONLY = (
    "import openpyxl, sys; book = openpyxl.load_workbook(sys.argv[1], read_only=True); "
    "print(sum(1 for page in book.worksheets for _ in page.iter_rows(values_only=True)))"
)


def main() -> None:
    """Write the roster once, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    VAR.mkdir(parents=True, exist_ok=True)
    roster, out = VAR / f"roster-{rows}.xlsx", VAR / "result.xlsx"
    if not roster.is_file():
        write_roster(roster, rows)
    os.environ["JIUJIN_DEMO"] = "1"
    jiujin = str(ROOT / ".venv" / "bin" / "jiujin")
    check = run([jiujin, "check", str(roster), "--scheme", SCHEME])
    whole = run([jiujin, "check", str(roster), "--scheme", SCHEME, "--out", str(out)])
    peer = run([sys.executable, "-c", READ_ONLY, str(roster)])
    keep(
        "check_workbook",
        [
            f"{rows:,} rows × {len(columns_of(open_plan('jinan-2022'), open_plan('jinan-2022').schemes[SCHEME]))} columns, whole process:",
            "",
            "| what | seconds | peak memory, GiB |",
            "| --- | --- | --- |",
            f"| read, check every cell, judge, explain | {check.seconds:.1f} | {check.peak_gib:.2f} |",
            f"| the same, and the result workbook written | {whole.seconds:.1f} | {whole.peak_gib:.2f} |",
            f"| openpyxl, read only, nothing checked | {peer.seconds:.1f} | {peer.peak_gib:.2f} |",
            "",
            f"Ratio openpyxl's reading / our whole check: {peer.seconds / check.seconds:.1f}.",
        ],
    )


def write_roster(path: Path, rows: int) -> None:
    """Plainly synthetic people, a third of them with something wrong."""
    plan = open_plan("jinan-2022")
    headings = [column.label for column in columns_of(plan, plan.schemes[SCHEME])]
    groups = list(plan.facts["priority_group"].choices.values())
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("名单")
        sheet.write_row(0, 0, headings)
        for at in range(1, rows + 1):
            start = date(2022, 1, 1) + timedelta(days=at % 400)
            months = at % 9
            number = make_demo_id(date(1960, 1, 1) + timedelta(days=at % 15_000), at // 15_000 + 1)
            sheet.write_row(
                at, 0,
                [f"测试{at}", number if at % 97 else number[:17], groups[at % len(groups)], "劳动合同" if at % 3 else "劳务协议",
                 start.isoformat(), (start + timedelta(days=30 * months)).isoformat(), months, months if at % 5 else None,
                 "是" if at % 11 else "", f"机构{at % 40}"],
            )  # fmt: skip


if __name__ == "__main__":
    main()
