"""Memory stays bounded whatever is brought: each case runs in a process of its own with 6 GiB of address space."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from jiujin.sheets import limits
from tests.sheets.builders import LABELS, csv_file, demo_id, person, workbook

ADDRESS_SPACE_BYTES = 6 << 30
PROGRAM = """
import sys
from pathlib import Path
from jiujin.sheets import SheetUnreadable, read_roster, write_result
from tests.sheets.builders import COLUMNS
source, out = map(Path, sys.argv[1:])
try:
    roster = read_roster(source, COLUMNS, demo_ids=True)
except SheetUnreadable as error:
    print("refused", error)
else:
    if out.suffix:
        write_result(source, roster, {"结论": ["符合"] * roster.table.num_rows}, out)
    print("judged", roster.table.num_rows, len(roster.errors), roster.table["row"][-1])
"""


def run_bounded(source: Path, out: str = "") -> str:
    """What a process with little address space makes of a file: one line. With `out` the result is written too."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(source), str(source.with_name(out)) if out else "."],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES)),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def sheet_workbook(path: Path, sheet_data: list[tuple[bytes, int]]) -> Path:
    """A workbook whose sheet is made of pieces of XML, each so many times over."""
    good = workbook(path.with_name("good.xlsx"), [LABELS, person(1)])
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            if not name.startswith("xl/worksheets/"):
                target.writestr(name, source.read(name))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for piece, times in sheet_data:
                whole, rest = divmod(times, 1000)
                for _ in range(whole):
                    part.write(piece * 1000)
                part.write(piece * rest)
            part.write(b"</sheetData></worksheet>")
    return path


def row_xml(cells: list[object]) -> bytes:
    """A row whose cells follow one another without references."""
    written = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f"<row>{written}</row>".encode()


def test_a_sheet_with_every_row_a_sheet_can_have_is_judged(tmp_path: Path) -> None:
    labels, row = LABELS[:2] + LABELS[5:6], ["张三", demo_id(1), "6"]
    path = sheet_workbook(
        tmp_path / "a.xlsx", [(row_xml(list(labels)), 1), (row_xml(list(row)), limits.MAX_SHEET_ROWS - 1)]
    )
    assert run_bounded(path) == f"judged {limits.MAX_SHEET_ROWS - 1} 0 {limits.MAX_SHEET_ROWS}"


def test_a_large_result_is_written_within_bounds(tmp_path: Path) -> None:
    rows = [(row_xml(list(LABELS[:2])), 1), (row_xml(["=1+1", demo_id(1)]), 100_000)]
    assert run_bounded(sheet_workbook(tmp_path / "a.xlsx", rows), out="out.xlsx") == "judged 100000 0 100001"
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")


def test_more_cells_than_memory_holds_are_refused(tmp_path: Path) -> None:
    row = b'<row r="%d"><c r="A%d"><v>1</v></c><c r="XFD%d"><v>1</v></c></row>'
    rows = b"".join(row % (line, line, line) for line in range(2, 4000))
    said = run_bounded(sheet_workbook(tmp_path / "a.xlsx", [(row_xml(list(LABELS)), 1), (rows, 1)]))
    assert said.startswith("refused")
    assert "格子太多" in said


@pytest.mark.parametrize("filling", [b" ", b"<c/>"])
def test_a_bomb_is_refused(tmp_path: Path, filling: bytes) -> None:
    times = 140_000_000 // len(filling)
    said = run_bounded(sheet_workbook(tmp_path / "a.xlsx", [(filling * 1000, times // 1000)]))
    assert said.startswith("refused")


def test_a_csv_longer_than_a_sheet_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [LABELS[:2], *([["张三", demo_id(1)]] * limits.MAX_SHEET_ROWS)])
    said = run_bounded(path)
    assert said.startswith("refused")
    assert "超过 1,048,576 行" in said


def test_a_roster_in_which_every_cell_is_bad_lists_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.sheets.builders import read

    monkeypatch.setattr(limits, "MAX_ERRORS", 5)
    roster = read(csv_file(tmp_path / "a.csv", [LABELS, *([person(1, months="六", income="x")] * 4)]))
    assert len(roster.errors) == 5
    assert "另有 3 处有问题的单元格没有列出：请先改好已列出的，再核对一次" in roster.notices
    assert roster.table.num_rows == 4
