"""`jiujin check`, `jiujin sheet` and `jiujin plan …` as typed: what they print, write, and end with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from jiujin.cli.main import run_command
from jiujin.plan import find_plan
from tests.rosters import workbooks as w


@pytest.fixture(autouse=True)
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUJIN_DEMO", "1")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return w.write(
        tmp_path / "roster.xlsx", w.STABLE, [w.stable(1), w.stable(2, 社会保险缴纳月数=5), w.stable(3, 人员类别=None)]
    )


def test_a_roster_is_judged_and_written(roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, found = tmp_path / "result.xlsx", tmp_path / "result.json"
    command = [
        "check",
        str(roster),
        "--scheme",
        "stable-employment",
        "--set",
        "stable_grant=600",
        "--out",
        str(out),
        "--json",
        str(found),
    ]
    assert run_command(command) == 0
    assert "符合 1，不符合 1，待补充 1" in capsys.readouterr().out
    content = json.loads(found.read_text(encoding="utf-8"))
    assert {key: content[key] for key in ("plan", "scheme", "rows", "met", "unmet", "unknown", "amount_fen", "amount_unknown")} == {
        "plan": "jinan-2022", "scheme": "stable-employment", "rows": 3, "met": 1, "unmet": 1, "unknown": 1, "amount_fen": 60_000, "amount_unknown": 0,
    }  # fmt: skip
    assert len(content["digest"]) == 64
    assert content["errors"] == []
    assert set(content["lines"][0]) == {
        "sheet",
        "row",
        "verdict",
        "unmet",
        "missing",
        "amount_fen",
        "limit_used",
        "reasons",
        "warnings",
    }
    assert [line["row"] for line in content["lines"]] == [2, 3, 4]
    page = load_workbook(out).active
    assert page is not None
    lines = [[cell.value for cell in row] for row in page.iter_rows()]
    assert lines[0] == [*w.STABLE, "结论", "原因", "缺少", "金额(元)", "依据条款"]
    assert [line[len(w.STABLE)] for line in lines[1:]] == ["符合", "不符合", "待补充"]
    assert lines[1][len(w.STABLE) + 3] == 600


def test_a_result_can_be_parquet(roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.parquet"
    assert run_command(["check", str(roster), "--scheme", "stable-employment", "--out", str(out)]) == 0
    table = pq.read_table(out)
    assert table["verdict"].to_pylist() == ["met", "unmet", "unknown"]
    assert table["row"].to_pylist() == [2, 3, 4]


def test_a_result_goes_back_in_and_is_judged_the_same(roster: Path, tmp_path: Path) -> None:
    out, first, second = tmp_path / "result.xlsx", tmp_path / "1.json", tmp_path / "2.json"
    assert (
        run_command(["check", str(roster), "--scheme", "stable-employment", "--out", str(out), "--json", str(first)])
        == 0
    )
    assert run_command(["check", str(out), "--scheme", "stable-employment", "--json", str(second)]) == 0
    assert json.loads(first.read_text())["lines"] == json.loads(second.read_text())["lines"]


@pytest.mark.parametrize(
    "scheme", ["stable-employment", "flexible-employment", "internship-living-allowance", "technical-school-training"]
)
def test_a_template_has_the_agreed_headings(scheme: str, tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"
    assert run_command(["sheet", scheme, str(out)]) == 0
    book = load_workbook(out)
    headings = {
        "stable-employment": w.STABLE, "flexible-employment": w.FLEXIBLE,
        "internship-living-allowance": w.INTERN, "technical-school-training": w.SCHOOL,
    }[scheme]  # fmt: skip
    texts = [[cell.value for cell in row if cell.value] for row in book.worksheets[0].iter_rows(max_row=5)]
    assert headings in texts
    assert len(book.worksheets) == 2


REFUSED = {
    "an unknown plan": (["--scheme", "stable-employment", "--plan", "nowhere"], "找不到方案"),
    "an unknown scheme": (["--scheme", "nothing"], "没有补贴项目"),
    "an unknown parameter": (["--scheme", "stable-employment", "--set", "nothing=1"], "没有参数 nothing"),
    "a setting without a value": (["--scheme", "stable-employment", "--set", "stable_grant"], "写法不对"),
    "a negative rate": (["--scheme", "stable-employment", "--set", "stable_grant=-1"], "不是金额"),
    "an unknown proof": (["--scheme", "stable-employment", "--proof", "sworn"], "--proof"),
    "an unknown kind of result": (["--scheme", "stable-employment", "--out", "result.pdf"], ".xlsx 或 .parquet"),
    "an unknown sheet": (["--scheme", "stable-employment", "--sheet", "乙"], "乙"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_asked_wrongly_ends_with_2_and_one_line(
    name: str, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options, said = REFUSED[name]
    before = roster.read_bytes()
    assert run_command(["check", str(roster), *options]) == 2
    error = capsys.readouterr().err.strip()
    assert said in error
    assert "\n" not in error
    assert roster.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, b"PK\x03\x04 broken", b"hello\nworld\n"])
def test_what_is_not_a_roster_ends_with_2_and_one_line(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    assert run_command(["check", str(path), "--scheme", "stable-employment"]) == 2
    assert "\n" not in capsys.readouterr().err.strip()


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["check", str(tmp_path / "none.xlsx"), "--scheme", "stable-employment"]) == 2
    assert "none.xlsx" in capsys.readouterr().err


def test_a_result_never_overwrites_the_roster(roster: Path) -> None:
    before = roster.read_bytes()
    assert run_command(["check", str(roster), "--scheme", "stable-employment", "--out", str(roster)]) == 2
    assert roster.read_bytes() == before


def test_coverage_lists_every_clause_and_counts_what_is_data_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = tmp_path / "coverage.json"
    assert run_command(["plan", "coverage", "jinan-2022", "--json", str(found)]) == 0
    content = json.loads(found.read_text(encoding="utf-8"))
    data_only = sum(clause["data_only"] for clause in content["clauses"])
    assert f"仅数据 {data_only} 条" in capsys.readouterr().out
    assert all(clause["implemented_by"] and clause["tests"] and clause["place"] for clause in content["clauses"])
    assert {"三(一)3", "二(一)", "四(四)", "附件"} <= {clause["place"] for clause in content["clauses"]}


def test_lint_ends_with_1_and_names_file_line_and_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(find_plan("jinan-2022"), folder)
    path = folder / "schemes" / "flexible-employment.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("months_running >= param", "months_running > param"), encoding="utf-8"
    )
    assert run_command(["plan", "lint", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "flexible-employment.yaml:" in said
    assert "改法" in said


def test_diff_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(find_plan("jinan-2022"), folder)
    path = folder / "targets.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("figure: 255", "figure: 300"), encoding="utf-8")
    assert run_command(["plan", "diff", "jinan-2022", str(folder)]) == 0
    assert "figure：255 → 300" in capsys.readouterr().out
    assert run_command(["plan", "diff", "jinan-2022", "jinan-2022"]) == 0
    assert "相同" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["jinan-2022", "flexible-employment", "minimum_wage", "3.1.3-stable", "which-year"])
def test_show_prints_a_plan_and_its_parts(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["plan", "show", name]) == 0
    assert capsys.readouterr().out.strip()
