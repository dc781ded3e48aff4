"""What can be wrong with a plan pack, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault of a pack: the file (relative to the pack), its line from 1, what is wrong, and the mend (Chinese)."""

    file: str
    line: int
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}：{self.message}。改法：{self.mend}"


class PlanInvalid(Exception):
    """A pack that cannot be used; `problems` says every fault found."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        more = f"（另有 {len(problems) - 1} 处）" if len(problems) > 1 else ""
        super().__init__(f"方案包 {path} 有 {len(problems)} 处问题，没有载入。{problems[0]}{more}")


class PlanNotFound(Exception):
    """No pack of that name or path."""

    def __init__(self, wanted: str, known: list[str]) -> None:
        self.wanted = wanted
        have = "、".join(known) if known else "没有"
        super().__init__(f"找不到方案“{wanted}”。现有方案：{have}。请写方案编号，或方案包文件夹的路径。")
