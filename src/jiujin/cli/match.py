"""`jiujin match --people FILE --vacancies FILE --out FILE`: everyone's vacancies within reach."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from rich.console import Console

from jiujin.cli.errors import Refused
from jiujin.cli.progress import progress_bar
from jiujin.matching import PARTS, BatchResult, Limits, MatchingError
from jiujin.matching.files import PeopleChunk, VacancyFile, read_people, read_vacancies
from jiujin.matching.question import TOP_MAX, checked_radius

PARTS_COLUMNS = [f"part_{part}" for part in PARTS]
ROWS_A_GROUP = 1 << 20


def match(
    people: Annotated[Path, typer.Option("--people", metavar="文件", help="求职者，.parquet")],
    vacancies: Annotated[Path, typer.Option("--vacancies", metavar="文件", help="岗位，.parquet")],
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="结果，.parquet")],
    radius: Annotated[str, typer.Option("--radius", metavar="米", help="半径，正好在半径上的也算")],
    top: Annotated[str, typer.Option("--top", metavar="个数", help=f"每人最多几个，1 到 {TOP_MAX}")] = "20",
    day: Annotated[
        str | None, typer.Option("--day", metavar="日期", help="按哪一天算，默认今天，如 2022-03-31")
    ] = None,
    working_age_min: Annotated[int | None, typer.Option("--working-age-min", help="法定最低工作年龄")] = None,
    working_age_max: Annotated[int | None, typer.Option("--working-age-max", help="法定最高工作年龄")] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="略过坐标不能用的行，并报出行数")] = False,
) -> None:
    """给每个人找半径以内最合适的岗位：先按硬条件筛，再按距离、职业、工资、技能、工时打分，每一项都写出来。

    两个文件都要有 id、lat、lon 三列（WGS84 或 CGCS2000 的度数）。有下面的列就用上，没有就不管：
      岗位  occupation（职业编码，如 4-02-01-03）、wage_yuan（月工资，可写 3000-5000）、wage_yuan_min、wage_yuan_max、
            schooling（要求学历）、shift（白班、夜班、倒班、弹性）、form、hours（每周）、headcount（还缺几人）、
            licences（必须有的证书）、skills（最好会的）、welcomes_priority（是、否）、open_until（截止日期）
      人    occupation（意向职业，可多个）、wage_yuan（希望月工资）、schooling、shift、form、hours、licences、skills、
            age（只与法定工作年龄比较）
    只有 id、lat、lon 时，近的在前。性别、民族、婚姻、年龄不进入打分。分数和距离都相同的，次序由日期决定，同一天每次一样。
    输出 person_id、vacancy_id、rank、distance_m、score 和各项 part_distance、part_occupation、part_wage、part_skills、part_hours。

    例：jiujin match --people 求职者.parquet --vacancies 岗位.parquet --radius 3000 --top 20 --out 匹配.parquet
    """
    started = time.monotonic()
    radius_m, count, on = _radius(radius), _top(top), _day(day)
    limits = Limits(working_age_min, working_age_max)
    _check_out(out, people, vacancies)
    try:
        with progress_bar() as tell:
            tell("读岗位", 0, 0)
            offered = read_vacancies(vacancies, skip_bad=skip_bad)
            tell("读岗位", len(offered.index), len(offered.index))
            seekers = read_people(people, offered.bits, skip_bad=skip_bad)
            done = pairs = answered = 0
            with _Result(out) as result_file:
                for chunk in seekers.chunks():
                    result = offered.index.batch(
                        chunk.lat, chunk.lon, radius_m, count, keys=chunk.keys, day=on, limits=limits,
                        progress=lambda some, _: tell("匹配", done + some, seekers.rows),  # noqa: B023 - called at once
                        **chunk.attributes,
                    )  # fmt: skip
                    result_file.write(_table(chunk, offered, result))
                    done += len(chunk.ids)
                    pairs += int(result.found.sum())
                    answered += int((result.found > 0).sum())
    except MatchingError as error:
        raise Refused(str(error), 2) from error
    except OSError as error:
        raise Refused(
            f"写不了 {out}（{error.strerror}），没有结果。请换一个文件夹，或关掉正打开它的程序。", 2
        ) from error
    console = Console(soft_wrap=True, highlight=False)
    for notice in [*offered.notices, *seekers.notices]:
        console.print(f"提示：{notice}", markup=False)
    console.print(
        f"{seekers.rows} 人，{len(offered.index)} 个岗位：{answered} 人在 {radius_m:g} 米内有合适的岗位，共 {pairs} 对。"
        f"按 {on.isoformat()} 算，用时 {time.monotonic() - started:.1f} 秒。"
    )
    typer.echo(f"已写出 {out}")


def _radius(text: str) -> float:
    try:
        return checked_radius(float(text))
    except ValueError as error:
        raise Refused(f"--radius 应是不小于 0 的米数，写的是 {text}。没有匹配。", 2) from error


def _top(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= TOP_MAX:
        return int(text)
    raise Refused(f"--top 应是 1 到 {TOP_MAX} 之间的整数，写的是 {text}。没有匹配。", 2)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"--day 应是日期，如 2022-03-31，写的是 {text}。没有匹配。", 2) from error


def _check_out(out: Path, *inputs: Path) -> None:
    if out.suffix.lower() != ".parquet":
        raise Refused(f"结果只能写成 .parquet，没有匹配。请改 --out {out} 的结尾。", 2)
    if out.exists() and any(given.exists() and out.samefile(given) for given in inputs):
        raise Refused("--out 与输入是同一个文件，没有匹配，输入没有动。请换一个文件名。", 2)


class _Result:
    """A Parquet file that takes its name only when it is whole."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._part = out.with_name(f".{out.name}.part")
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> _Result:
        return self

    def write(self, table: pa.Table) -> None:
        """Add lines; the first table brings the schema."""
        self._writer = self._writer or pq.ParquetWriter(self._part, table.schema, compression="zstd")
        self._writer.write_table(table, row_group_size=ROWS_A_GROUP)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._writer:
            self._writer.close()
            if kind is None:
                self._part.replace(self._out)
        self._part.unlink(missing_ok=True)


def _table(chunk: PeopleChunk, offered: VacancyFile, result: BatchResult) -> pa.Table:
    """A line a pair: people in the order of the file, each one's vacancies by rank."""
    shown = np.arange(result.ids.shape[1]) < result.found[:, None]
    person, rank = np.nonzero(shown)
    return pa.table(
        {
            "person_id": chunk.ids.take(pa.array(person)),
            "vacancy_id": offered.ids_of(result.ids[shown]),
            "rank": pa.array((rank + 1).astype(np.int32)),
            "distance_m": result.distances_m[shown],
            "score": result.scores[shown],
            **{name: result.parts[shown][:, nth] for nth, name in enumerate(PARTS_COLUMNS)},
        }
    )
