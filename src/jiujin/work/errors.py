"""What can go wrong with records of work; each text is one sentence for a person."""

from __future__ import annotations

from datetime import date


class WorkError(Exception):
    """Base of the errors of records of work."""


class TermImpossible(WorkError):
    """An end before its start, or an end of an open-ended term."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}，没有保存。请核对起止日期。")


class WrongOrganisation(WorkError):
    """An organisation in a part that it does not play."""

    def __init__(self, name: str, part: str) -> None:
        super().__init__(f"“{name}”没有登记为{part}，没有保存。请另选一个单位，或先把它登记为{part}。")


class MonthOutsideTerm(WorkError):
    """A month in which the placement does not run."""

    def __init__(self, month: date) -> None:
        self.month = month
        super().__init__(f"{month:%Y-%m} 不在这次就业的起止日期之内，没有保存。请核对月份。")


class AmountNegative(WorkError):
    """An income under zero."""

    def __init__(self) -> None:
        super().__init__("收入不能是负数，没有保存。不知道收入的，请留空。")


class ReferenceMissing(WorkError):
    """A verified registration without its number."""

    def __init__(self) -> None:
        super().__init__("已核验的登记要有平台上的编号，没有保存。请补上编号，或把佐证程度改为“有材料”。")
