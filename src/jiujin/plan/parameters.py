"""Parameter values: from the pack's writing to the units of the rules, and by date and area."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jiujin.plan.models import Parameter, ParameterValue, Period, Plan

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2100, 12, 31)
MAX_FEN = 10**14
AREA_DIGITS = (12, 9, 6)  # of a community, a township, a district
Value = int | date | tuple[str, ...] | tuple[tuple[str | int, ...], ...]


def typed_value(parameter: Parameter, raw: Any) -> Value:
    """A raw value in the rules' unit: money integer fen, months/days/years/count/metres int, date, choices names, table rows.

    Raises ValueError with a Chinese sentence.
    """
    kind = parameter.type
    if kind == "money":
        return _fen(raw)
    if kind == "date":
        return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
    if kind == "choices":
        names = raw if isinstance(raw, list | tuple) else str(raw).replace("，", ",").replace("、", ",").split(",")
        kept = tuple(str(name).strip() for name in names if str(name).strip())
        if not kept:
            raise ValueError("名单是空的")
        return kept
    if kind == "table":
        return _rows(parameter, raw)
    return _whole(raw)


def _fen(raw: Any) -> int:
    """Yuan with at most two decimals to fen."""
    try:
        fen = Decimal(str(raw).strip()) * 100
    except InvalidOperation as error:
        raise ValueError(f"{raw} 不是金额（元，最多两位小数）") from error
    if not fen.is_finite() or fen != fen.to_integral_value() or fen < 0 or fen > MAX_FEN:
        raise ValueError(f"{raw} 不是金额（元，不小于 0，最多两位小数）")
    return int(fen)


def _whole(raw: Any) -> int:
    """A non-negative whole number; true and false are not numbers."""
    text = str(raw).strip()
    if isinstance(raw, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(f"{raw} 不是不小于 0 的整数")
    return int(text)


def _rows(parameter: Parameter, raw: Any) -> tuple[tuple[str | int, ...], ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("表是空的")
    width = len(parameter.columns)
    for row in raw:
        if not isinstance(row, list) or len(row) != width:
            raise ValueError(f"表的每一行要有 {width} 列：{'、'.join(parameter.columns)}")
    kinds = list(parameter.columns.values())
    return tuple(
        tuple(str(cell) if kind == "choice" else _whole(cell) for kind, cell in zip(kinds, row, strict=True))
        for row in raw
    )


def parse_setting(plan: Plan, text: str) -> tuple[str, Value]:
    """`minimum_wage=1500` to the parameter's id and value in the rules' unit (yuan in, fen out).

    Raises ValueError with a Chinese sentence where the name or the value is wrong.
    """
    name, equals, raw = text.partition("=")
    name = name.strip()
    if not equals:
        raise ValueError(f"“{text}”的写法不对，应为 参数=取值，例如 minimum_wage=1500")
    return name, parse_value(plan, name, raw.strip())


def parse_value(plan: Plan, name: str, raw: str) -> Value:
    """A parameter's trial value from what a person wrote; raises ValueError with a Chinese sentence."""
    parameter = plan.parameters.get(name)
    if parameter is None:
        raise ValueError(f"方案里没有参数 {name}。用 jiujin plan show {plan.id} 看有哪些参数")
    if parameter.type == "table":
        raise ValueError(f"参数 {name} 是一张表，不能这样设定，请改方案包")
    try:
        return typed_value(parameter, raw)
    except ValueError as error:
        raise ValueError(f"参数 {name}（{parameter.name}）的取值不对：{error}") from error


def span(value: ParameterValue) -> tuple[date, date]:
    """The first and last day of a value; open ends are the first and last day that any rule knows."""
    return value.start or FIRST_DAY, value.end or LAST_DAY


def value_on(plan: Plan, name: str, day: date, area: str | None = None) -> Value | None:
    """A parameter's value on a day: that of the narrowest area that holds `area`, else the one for everywhere; None for none.

    Raises KeyError where the plan has no such parameter.
    """
    parameter = plan.parameters[name]
    valid = [value for value in parameter.values if span(value)[0] <= day <= span(value)[1]]
    holding = [area[:digits] for digits in AREA_DIGITS if len(area) >= digits] if area else []
    for wanted in (*holding, None):
        for value in valid:
            if value.area == wanted:
                return typed_value(parameter, value.value)
    return None


def overlapping(parameter: Parameter) -> Iterator[tuple[int, int]]:
    """Pairs of positions in `values` that give one area two values on one day."""
    for later, value in enumerate(parameter.values):
        for earlier, other in enumerate(parameter.values[:later]):
            (start, end), (other_start, other_end) = span(value), span(other)
            if value.area == other.area and start <= other_end and other_start <= end:
                yield earlier, later


def months_without_value(parameter: Parameter, period: Period) -> list[date]:
    """First days of months within the period on which no district-wide value applies."""
    if parameter.status == "unset" or period.start is None or period.end is None:
        return []
    missing, month = [], period.start.replace(day=1)
    while month <= period.end:
        day = max(month, period.start)
        if not any(span(value)[0] <= day <= span(value)[1] for value in parameter.values):
            missing.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return missing
