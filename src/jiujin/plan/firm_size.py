"""Whether a firm is small or micro, by the standard in the pack (统计上大中小微型企业划分办法（2017）)."""

from __future__ import annotations

from jiujin.plan.models import FirmSize, Plan


def firm_size_line(plan: Plan, industry: str) -> FirmSize | None:
    """The line for an industry of GB/T 4754 (`F`, `52`, `F5211` or `5211`): the longest code that begins it wins."""
    code = industry.strip().upper()
    if len(code) > 1 and code[0].isalpha():
        code = code[1:]
    lines = {named: line for line in plan.firm_sizes.values() for named in line.codes()}
    for length in range(len(code), 0, -1):
        if code[:length] in lines:
            return lines[code[:length]]
    return None


def is_small_firm(
    plan: Plan, *, industry: str, headcount: int | None, revenue_fen: int | None, assets_fen: int | None = None
) -> bool | None:
    """Whether a firm is small or micro; None where what is known does not say, or the standard has no line for its industry.

    A firm is medium-sized or large only where every indicator of its line reaches the bound; one below is enough for small.
    """
    line = firm_size_line(plan, industry) if industry.strip() else None
    if line is None:
        return None
    known = [
        None if value is None else value < bounds.medium
        for bounds, value in (
            (line.headcount, headcount),
            (line.revenue, revenue_fen),
            (line.assets, assets_fen),
        )
        if bounds is not None
    ]
    if any(known):
        return True
    return None if None in known else False
