"""`jiujin match` as typed: what it writes, says and ends with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiujin.cli.main import run_command
from tests.matching import oracle

DAY = "2022-03-01"
TODAY = date.fromisoformat(DAY).toordinal()
COLUMNS = [
    "person_id", "vacancy_id", "rank", "distance_m", "score",
    "part_distance", "part_occupation", "part_wage", "part_skills", "part_hours",
]  # fmt: skip
HOME = {"lat": [31.75], "lon": [116.52]}


def write(path: Path, columns: dict[str, Any]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


class Run:
    """Two files and a command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.out = folder / "out.parquet"
        self._capsys = capsys

    def __call__(self, people: dict[str, Any], vacancies: dict[str, Any], *more: str, radius: str = "3000") -> int:
        files = write(self.folder / "people.parquet", people), write(self.folder / "vacancies.parquet", vacancies)
        command = ["match", "--people", str(files[0]), "--vacancies", str(files[1]), "--out", str(self.out)]
        status = run_command([*command, "--radius", radius, "--day", DAY, *more])
        self.said = self._capsys.readouterr()
        return status

    def refuses(self, says: str, *arguments: Any, **options: Any) -> None:
        assert self(*arguments, **options) == 2
        assert says in self.said.err
        assert self.said.err.count("\n") == 1
        assert not list(self.folder.glob("*out*"))

    @property
    def lines(self) -> list[dict[str, Any]]:
        table = pq.read_table(self.out)
        assert table.column_names == COLUMNS
        return table.to_pylist()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(tmp_path, capsys)


def scattered(count: int, seed: int) -> dict[str, Any]:
    chance = np.random.default_rng(seed)
    return {
        "id": np.arange(count) * 7,
        "lat": 31.75 + chance.normal(0, 0.02, count),
        "lon": 116.52 + chance.normal(0, 0.02, count),
    }


def test_points_alone_give_the_nearest_first_exactly(run: Run) -> None:
    people, vacancies = scattered(30, 1), scattered(400, 2)
    assert run(people, vacancies, "--top", "7") == 0
    assert "30 人，400 个岗位" in run.said.out
    world = [oracle.Vacancy(int(number), lat, lon) for number, lat, lon in zip(*vacancies.values(), strict=True)]
    expected = []
    for number, lat, lon in zip(*(column.tolist() for column in people.values()), strict=True):
        found = oracle.search(world, lat, lon, 3000, seeker={}, filters={}, day=TODAY, key=number)[:7]
        assert [answer[1] for answer in found] == sorted(answer[1] for answer in found)
        expected += [(number, *answer[:1], rank, *answer[1:3]) for rank, answer in enumerate(found, 1)]
    assert [tuple(line[name] for name in COLUMNS[:5]) for line in run.lines] == expected


def test_all_columns_are_read_and_every_part_is_shown(run: Run) -> None:
    people = {
        "id": ["张", "李"], "lat": [31.75, 31.75], "lon": [116.52, 116.52], "occupation": ["4-02-01-03;6-18", None],
        "wage_yuan": [4000, None], "schooling": ["大专", "初中"], "shift": ["白班、弹性", ""], "hours": [40.0, None],
        "licences": [["电工证"], None], "skills": ["焊接", ""], "form": ["全日制", "非全日制"], "age": [40, 17],
    }  # fmt: skip
    vacancies = {
        "id": ["甲", "乙", "丙", "丁", "戊", "己"], "lat": [31.75] * 6, "lon": [116.52] * 6,
        "occupation": ["4-02-01-03", "4-02-02-01", "", None, "4-02-01-03", "4-02"],
        "wage_yuan": ["4,000元", "3000-5000", "面议", None, "4000", "4000"],
        "schooling": ["大专", "不限", None, "高中", "本科", "不限"], "shift": ["白班", None, "", "弹性 夜班", "白班", "夜班"],
        "hours": [40, 60, None, 20, 40, 40], "headcount": [1, 2, None, 1, 1, 1],
        "licences": ["电工证", "", None, None, "", ""], "skills": ["焊接,钳工", None, "钳工", "", "", ""],
        "form": ["全日制", "全日制", None, "非全日制", "全日制", "全日制"], "welcomes_priority": ["是", "否", None, "是", "否", "是"],
        "open_until": [date(2022, 3, 1), date(2022, 4, 1), None, None, None, None],
    }  # fmt: skip
    assert run(people, vacancies, "--working-age-min", "18") == 0
    lines = {line["vacancy_id"]: line for line in run.lines}
    assert {line["person_id"] for line in run.lines} == {"张"}  # 李 is 17
    # 丁 is of another form, 戊 asks 本科, 己 is at night.
    assert [line["vacancy_id"] for line in run.lines] == ["甲", "乙", "丙"]
    parts = {key: [lines[key][name] for name in COLUMNS[5:]] for key in lines}
    assert parts["甲"] == [1, 1, 1, 0.5, 1]
    assert parts["乙"] == [1, 0.5, 0.875, 0.5, 0.5]
    assert parts["丙"] == [1, 0.5, 0.5, 0, 0.5]


def test_a_form_that_no_vacancy_has_is_not_read_as_any(run: Run) -> None:
    assert run({"id": [1], **HOME, "form": ["弹性"]}, {"id": [1], **HOME, "form": ["全日制"]}) == 0
    assert run.lines == []


def test_the_same_input_and_day_give_the_same_file_and_another_day_another_order(run: Run) -> None:
    people, crowd = (
        {"id": ["a"], **HOME},
        {"id": [f"v{n}" for n in range(300)], "lat": [31.75] * 300, "lon": [116.52] * 300},
    )
    assert run(people, crowd) == 0
    first, order = run.out.read_bytes(), [line["vacancy_id"] for line in run.lines]
    assert run(people, crowd) == 0
    assert run.out.read_bytes() == first
    backwards = {name: values[::-1] for name, values in crowd.items()}
    assert run(people, backwards) == 0
    assert [line["vacancy_id"] for line in run.lines] == order
    assert run(people, crowd, "--day", "2022-03-02") == 0
    assert [line["vacancy_id"] for line in run.lines] != order


def test_poles_and_the_antimeridian_are_matched_with_a_notice(run: Run) -> None:
    people = {"id": [1, 2], "lat": [90.0, 0.0], "lon": [5.0, 180.0]}
    vacancies = {"id": [1, 2], "lat": [89.999, 0.0], "lon": [-175.0, -179.999]}
    assert run(people, vacancies) == 0
    assert [(line["person_id"], line["vacancy_id"], round(line["distance_m"])) for line in run.lines] == [
        (1, 1, 111),
        (2, 2, 111),
    ]
    assert "不在中国境内，照常匹配" in run.said.out


def test_empty_files_give_an_empty_result(run: Run) -> None:
    empty = {"id": pa.array([], pa.string()), "lat": pa.array([], pa.float64()), "lon": pa.array([], pa.float64())}
    assert run(empty, {"id": [1], **HOME}) == 0
    assert run.lines == []
    assert pq.read_schema(run.out).field("person_id").type == pa.string()
    assert run({"id": [1], **HOME}, empty) == 0
    assert run.lines == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"id": [1], "lat": [31.75]}, "缺少 lon 列"),
        ({"id": [1], "lat": [float("nan")], "lon": [116.5]}, "1 行没有坐标（第 1 行）"),
        ({"id": [1], "lat": [None], "lon": [116.5]}, "没有坐标"),
        ({"id": [1], "lat": [116.52], "lon": [31.75]}, "写反"),
        ({"id": [1, 2], "lat": [76.0, 31.75], "lon": [39.47, 116.52]}, "1 行纬度和经度像是写反了（第 1 行）"),
        ({"id": [1], "lat": [0.0], "lon": [0.0]}, "(0, 0)"),
        ({"id": [1], "lat": [31.0], "lon": [1165.0]}, "超出范围"),
        ({"id": [1], "lat": ["31.75"], "lon": ["116.52"]}, "lat 列是 string"),
        ({"id": [1, 1], "lat": [31.7, 31.8], "lon": [116.5, 116.5]}, "重复"),
        ({"id": [1, None], "lat": [31.7, 31.8], "lon": [116.5, 116.5]}, "1 行没有 id"),
        ({"id": [1.5], **HOME}, "id 列是 double"),
        ({"id": [1], **HOME, "wage_yuan": ["三千"]}, "第 1 行的 wage_yuan"),
        ({"id": [1, 2], "lat": [31.7] * 2, "lon": [116.5] * 2, "occupation": [None, "电工"]}, "第 2 行的 occupation"),
        ({"id": [1], **HOME, "schooling": ["很高"]}, "可写：不限"),
        ({"id": [1], **HOME, "hours": [200]}, "168"),
    ],
)  # fmt: skip
def test_bad_files_of_either_kind_are_refused_in_one_line(run: Run, columns: dict[str, Any], says: str) -> None:
    good = {"id": [1], **HOME}
    run.refuses(says, good, columns)
    run.refuses(says, columns, good)


def test_bad_rows_may_be_left_out_and_are_counted(run: Run) -> None:
    mixed = {"id": [1, 2, 3], "lat": [0.0, 31.75, 116.5], "lon": [0.0, 116.52, 31.7], "wage_yuan": ["?", "3000", "?"]}
    assert run(mixed, mixed, "--skip-bad") == 0
    assert [(line["person_id"], line["vacancy_id"]) for line in run.lines] == [(2, 2)]
    assert run.said.out.count("略过 2 行") == 2


@pytest.mark.parametrize("radius", ["-1", "nan", "inf", "三公里"])
def test_a_radius_that_is_no_length_is_refused(run: Run, radius: str) -> None:
    run.refuses("--radius", {"id": [1], **HOME}, {"id": [1], **HOME}, radius=radius)


def test_radius_zero_and_a_huge_one_are_answered(run: Run) -> None:
    people, vacancies = {"id": [1], **HOME}, {"id": [1, 2], "lat": [31.75, -31.75], "lon": [116.52, -63.48]}
    assert run(people, vacancies, radius="0") == 0
    assert len(run.lines) == 1
    assert run(people, vacancies, radius="1e12") == 0
    assert len(run.lines) == 2


@pytest.mark.parametrize("more", [("--top", "0"), ("--top", "x"), ("--top", "10001"), ("--day", "昨天")])
def test_wrong_options_are_refused(run: Run, more: tuple[str, str]) -> None:
    run.refuses(more[0], {"id": [1], **HOME}, {"id": [1], **HOME}, *more)


def test_what_is_no_parquet_or_not_there_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.parquet", {"id": [1], **HOME})
    (tmp_path / "text.parquet").write_text("id,lat,lon", encoding="utf-8")
    for name, says in (("text.parquet", "不是能读的 Parquet"), ("none.parquet", "没有找到")):
        capsys.readouterr()
        command = [
            "match",
            "--people",
            str(tmp_path / name),
            "--vacancies",
            str(good),
            "--radius",
            "3000",
            "--out",
            str(run.out),
        ]
        assert run_command(command) == 2
        assert says in capsys.readouterr().err
    command = ["match", "--people", str(good), "--vacancies", str(good), "--radius", "3000", "--out", str(good)]
    assert run_command(command) == 2
    assert pq.read_table(good).num_rows == 1


def test_more_words_than_bits_are_refused(run: Run) -> None:
    many = {"id": range(65), "lat": [31.7] * 65, "lon": [116.5] * 65, "skills": [f"技能{n}" for n in range(65)]}
    run.refuses("skills 有 65 种写法，最多 64 种", {"id": [1], **HOME}, many)
