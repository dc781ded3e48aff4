"""What the programme of the circles refuses: engagements, help, posts; each text is one sentence for a person."""

from __future__ import annotations

from datetime import date

from jiujin.circles.errors import CircleError


class FieldWrong(CircleError):
    """A field that cannot be what was given; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"{reason}，没有保存。")


class ModeUndecided(CircleError):
    """An engagement that would start before the street decided how its circle is run."""

    def __init__(self, start_on: date) -> None:
        super().__init__(
            f"{start_on:%Y-%m-%d} 以前街道还没有确定就业圈的模式，合同不能开始，没有保存。请先登记街道的决定。"
        )


class TermsOverlap(CircleError):
    """Two terms that share days where only one may run."""

    def __init__(self, what: str, start_on: date, end_on: date | None) -> None:
        until = f"{end_on:%Y-%m-%d}" if end_on else "没有写明的那天"
        super().__init__(f"{what}从 {start_on:%Y-%m-%d} 到 {until} 已经有一份，时间重叠，没有保存。请核对起止日期。")


class AlreadyRecorded(CircleError):
    """A second record of the same thing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}已经登记过，没有再保存一次。")


class CountsGranted(CircleError):
    """A fee that would be paid by people for whom a grant is given already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"指标“{name}”数的是已经按人数给补助的人，有服务费的合同不能再按它考核，没有保存。请换一个指标，或不设服务费。"
        )


class NotCertified(CircleError):
    """Somebody who was not certified as in difficulty on the day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"这个人在 {day:%Y-%m-%d} 没有认定为就业困难人员，没有保存。请先登记认定。")


class PostFull(CircleError):
    """More holders than a post has places."""

    def __init__(self, headcount: int) -> None:
        super().__init__(f"这个岗位设 {headcount} 人，这段时间已经满了，没有保存。")


class TermTooLong(CircleError):
    """A term longer than the district set, or without an end where it set one."""

    def __init__(self, months: int) -> None:
        super().__init__(f"公益性岗位最长 {months} 个月，要写明到期日并在期限之内，没有保存。")


class MonthOutside(CircleError):
    """A month in which the holding does not run, or that is not over."""

    def __init__(self, month: date) -> None:
        super().__init__(f"{month:%Y-%m} 不在这次上岗的起止日期之内，或还没有到，没有保存。请核对月份。")
