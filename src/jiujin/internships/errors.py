"""What can stand in the way of an internship's records; each text is one sentence for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from jiujin.values import format_yuan


class InternshipRefused(ValueError):
    """The base of them; nothing was changed."""


class StepImpossible(InternshipRefused):
    """The event cannot happen in the record's state."""

    def __init__(self, state: str, event: str) -> None:
        self.event = event
        super().__init__(_("现在是“%(state)s”，不能这样做，没有改动。请刷新页面再看。") % {"state": state})


class FieldInvalid(InternshipRefused):
    """A field that cannot be what was given; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(_("%(reason)s，没有保存。") % {"reason": reason})


class ReasonMissing(FieldInvalid):
    """A refusal, an interruption or a withdrawal without a reason."""

    def __init__(self) -> None:
        super().__init__("reasons", _("要写明原因"))


class BaseNotRecognised(InternshipRefused):
    """A unit that may take no interns on that day."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s”现在不是已认定的见习基地，没有保存。请先办认定。") % {"name": name})


class StipendTooLow(FieldInvalid):
    """A post that offers less a month than the plan asks for."""

    def __init__(self, offered_fen: int, floor_fen: int) -> None:
        self.offered_fen, self.floor_fen = offered_fen, floor_fen
        reason = _("每月生活补助 %(offered)s 元，方案要求不低于 %(floor)s 元")
        words = {"offered": format_yuan(offered_fen), "floor": format_yuan(floor_fen)}
        super().__init__("stipend_fen", reason % words)


class TermOutsidePlan(FieldInvalid):
    """A term shorter or longer than the plan allows."""

    def __init__(self, low: int, high: int, field: str = "end_on") -> None:
        reason = _("见习期要在 %(low)s 到 %(high)s 个月之间，多一天也不行")
        super().__init__(field, reason % {"low": low, "high": high})


class ChannelUnknown(FieldInvalid):
    """A channel that the plan does not name."""

    def __init__(self, channels: Sequence[str]) -> None:
        super().__init__("channel", _("发布渠道要是方案写的：%(listed)s") % {"listed": "、".join(channels)})


class NotEligible(InternshipRefused):
    """Somebody who is in none of the three groups on the first day; `reasons` are the rules' own."""

    def __init__(self, day: date, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        text = _("%(day)s 开始见习，不符合条件：%(reasons)s。没有保存。")
        super().__init__(text % {"day": day, "reasons": "；".join(reasons)})


class OwnStaff(InternshipRefused):
    """A unit that takes its own staff as interns."""

    def __init__(self) -> None:
        super().__init__(_("这个人是见习单位自己的职工，不能在本单位见习，没有保存。"))


class TermTaken(InternshipRefused):
    """Days on which the person is an intern, or at work, elsewhere."""

    def __init__(self, what: str, start_on: date, end_on: date | None) -> None:
        until = end_on.isoformat() if end_on else _("今后")
        text = _("这段时间已有%(what)s（%(start)s 至 %(end)s），没有保存。请核对起止日期。")
        super().__init__(text % {"what": what, "start": start_on, "end": until})


class MonthTaken(InternshipRefused):
    """A month that is paid already, here or at another unit."""

    def __init__(self, month: date, unit: str) -> None:
        text = _("%(month)s 的生活补助已在“%(unit)s”记过，一个月不能付两次，没有保存。")
        super().__init__(text % {"month": f"{month:%Y-%m}", "unit": unit})


class MonthOutsideTerm(FieldInvalid):
    """A month in which the internship does not run."""

    def __init__(self, month: date) -> None:
        super().__init__("month", _("%(month)s 不在见习的起止日期之内") % {"month": f"{month:%Y-%m}"})


class NoPlaceLeft(InternshipRefused):
    """A post with more people than places."""

    def __init__(self, title: str, headcount: int) -> None:
        text = _("“%(title)s”只收 %(count)s 人，名额已满，没有推荐。请换一个见习岗位。")
        super().__init__(text % {"title": title, "count": headcount})


class PostClosed(InternshipRefused):
    """A post that takes nobody now."""

    def __init__(self, title: str) -> None:
        super().__init__(_("“%(title)s”现在不收人，没有推荐。请换一个见习岗位。") % {"title": title})


class AlreadyApplied(InternshipRefused):
    """A second open application of one person; `pk` is the one that stands."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        super().__init__(_("已经有一份见习申请在办，没有再交一份。要改，请先撤回原来的申请。"))


class ReviewedAlready(InternshipRefused):
    """A second review of one base in one year."""

    def __init__(self, year: int) -> None:
        super().__init__(_("%(year)s 年已经复核过，没有再记一次。") % {"year": year})


class NumberTaken(FieldInvalid):
    """A certificate number of another internship."""

    def __init__(self) -> None:
        super().__init__("certificate_number", _("这个证书编号已用于另一次见习"))
