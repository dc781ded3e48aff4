"""How lines, sheets and columns are spoken of in notices."""

from __future__ import annotations

from collections.abc import Sequence

RANGES_SHOWN = 20


def place(sheet: str) -> str:
    """`“甲镇”` before what is said of a sheet; nothing where the file has no sheets."""
    return f"“{sheet}”" if sheet else ""


def ranges(lines: Sequence[int]) -> str:
    """Line numbers in order, runs drawn together: 3、7—9."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = "、".join(str(first) if first == last else f"{first}—{last}" for first, last in runs[:RANGES_SHOWN])
    return shown if len(runs) <= RANGES_SHOWN else f"{shown} 等 {len(set(lines))}"


def missing_column(label: str, *, sheets: Sequence[str] = ()) -> str:
    """A column that is not there."""
    where = "工作表" + "、".join(f"“{name}”" for name in sheets) if sheets else ""
    return f"{where}没有“{label}”这一列，这一项按不知道处理"
