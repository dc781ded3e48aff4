"""What the fairs refuse; the text of an error is the sentence that a person reads."""

from __future__ import annotations

from datetime import date


class FairError(Exception):
    """Something about a fair that cannot be done; nothing was saved."""


class FairInPast(FairError):
    """A fair to be planned on a day that is over."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%Y-%m-%d} 已经过去，不能再计划招聘会，没有保存。请改日期。")


class FairTwice(FairError):
    """A fair that is there already; `pk` is the one that stands."""

    def __init__(self, name: str, day: date, pk: int) -> None:
        self.pk = pk
        super().__init__(
            f"{day:%Y-%m-%d} 的“{name}”已经登记过，没有再登记一次。联合举办的只登记一场，在那一场里加上主办单位。"
        )


class FieldWrong(FairError):
    """A field that cannot be what was given; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"{reason}，没有保存。")


class StepImpossible(FairError):
    """A step that the fair's state does not allow."""

    def __init__(self, state: str) -> None:
        super().__init__(f"这场招聘会现在是“{state}”，不能这样做，没有改动。可能别人刚刚改过，请刷新页面再看。")


class OwnFair(FairError):
    """An approval of what oneself planned."""

    def __init__(self) -> None:
        super().__init__("不能批准自己计划的招聘会，没有改动。请交给另一位工作人员。")


class NobodyCame(FairError):
    """A fair closed as held at which no employer signed in."""

    def __init__(self) -> None:
        super().__init__("还没有一家单位签到，不能算已举办，没有改动。请先让到场的单位签到。")


class NotItsDay(FairError):
    """A sign-in or an intent on a day on which the fair is not held."""

    def __init__(self, first: date, last: date) -> None:
        days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}"
        super().__init__(f"这场招聘会在 {days} 举办，这个时间不能签到或登记意向，没有保存。")


class NotAtFair(FairError):
    """An employer that does not take part."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”没有参加这场招聘会，没有保存。请先把它加进参会单位。")


class NoBoothLeft(FairError):
    """More employers than booths."""

    def __init__(self, booths: int) -> None:
        super().__init__(f"这场招聘会有 {booths} 个展位，已经排满，没有保存。请先增加展位数。")


class KeyTaken(FairError):
    """A key made by a phone that already stands for something else."""

    def __init__(self) -> None:
        super().__init__("这个编号已经用于另一条记录，没有保存。请刷新页面后再记一次。")


class VisitorUnknown(FairError):
    """A code of a fair that is none, or an organisation that nobody registered."""

    def __init__(self) -> None:
        super().__init__("没有找到这家单位，没有签到。请核对统一社会信用代码，或到服务台登记。")


class CostForbidden(FairError):
    """A kind of cost that may not be paid, or that the plan does not know."""

    def __init__(self, label: str, source: str) -> None:
        super().__init__(f"“{label}”不能列入活动成本，没有保存。依据：{source}")


class AlreadyThere(FairError):
    """A second record of the same thing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}已经登记过，只算一次，没有再保存。")


class NothingToInvite(FairError):
    """A choice by the matcher that has no vacancy, or finds nobody."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}，没有邀请任何人。")
