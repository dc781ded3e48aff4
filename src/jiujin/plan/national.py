"""What every plan shares: the national classification of occupations, in `plans/national/`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jiujin.plan.errors import PlanInvalid, Problem
from jiujin.plan.load import plans_dir

FOLDER: Final = "national"
OCCUPATIONS: Final = "occupations.csv"
COLUMNS: Final = ("code", "name", "seen_in")
SEEN_IN: Final = ("both", "published", "draft")
_CODE = re.compile(r"[1-8](?:-\d\d){0,3}")


@dataclass(frozen=True, slots=True)
class OccupationRow:
    """One row: the code without hyphens (1, 3, 5 or 7 digits), its name, and which transcriptions have it."""

    code: str
    name: str
    seen_in: str

    @property
    def parent_code(self) -> str | None:
        """The code one level up; None for a 大类."""
        return self.code[:-2] if len(self.code) > 1 else None


def read_occupations(folder: Path | None = None) -> list[OccupationRow]:
    """Every occupation, parents before children; none where the plans have no such file.

    Raises PlanInvalid with file and line for a row that cannot be.
    """
    path = (folder or plans_dir() / FOLDER) / OCCUPATIONS
    if not path.is_file():
        return []
    rows: dict[str, OccupationRow] = {}
    problems: list[Problem] = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise PlanInvalid(FOLDER, [Problem(OCCUPATIONS, 1, "首行不对", f"首行应为 {','.join(COLUMNS)}")])
        for row in reader:
            fault = _fault(row, rows)
            if fault:
                problems.append(Problem(OCCUPATIONS, reader.line_num, *fault))
                continue
            code = row["code"].replace("-", "")
            rows[code] = OccupationRow(code, row["name"].strip(), row["seen_in"])
    problems += [
        Problem(OCCUPATIONS, 1, f"{row.code} 的上级 {row.parent_code} 不在表里", "补上上级，或改正编码")
        for row in rows.values()
        if row.parent_code is not None and row.parent_code not in rows
    ]
    if problems:
        raise PlanInvalid(FOLDER, problems)
    return sorted(rows.values(), key=lambda row: (len(row.code), row.code))


def _fault(row: dict[str, str | None], seen: dict[str, OccupationRow]) -> tuple[str, str] | None:
    """What is wrong with a row, and the mend."""
    code, name = row["code"] or "", (row["name"] or "").strip()
    if not _CODE.fullmatch(code):
        return f"编码“{code}”的写法不对", "按大典的写法，如 4-01-02-04"
    if code.replace("-", "") in seen:
        return f"编码 {code} 重复", "删去重复的行"
    if not name:
        return f"{code} 没有名称", "补上名称"
    if row["seen_in"] not in SEEN_IN:
        return f"{code} 的 seen_in 不对", f"改为 {'、'.join(SEEN_IN)} 之一"
    return None
