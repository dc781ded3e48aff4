"""What the circles refuse; the text of an error is the sentence that a person reads."""

from __future__ import annotations


class CircleError(Exception):
    """Something about a circle that cannot be done; nothing was saved."""


class RadiusUnset(CircleError):
    """The plan gives no radius."""

    def __init__(self) -> None:
        super().__init__("方案没有写明就业圈的半径，没有保存。请先在方案包里设定参数 circle_radius。")


class BaseUnknown(CircleError):
    """A circle whose base has no point."""

    def __init__(self) -> None:
        super().__init__(
            "这个就业圈还没有基点：所属社区没有中心点，也没有选服务站点，没有保存。请先给服务站点选好位置。"
        )


class NameTaken(CircleError):
    """A name that another circle or point of service has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”这个名称已经用过，没有保存。请换一个名称。")


class NotSpecialist(CircleError):
    """Someone who is no specialist."""

    def __init__(self) -> None:
        super().__init__("只能指派人社服务专员，没有保存。请从名单里选。")


class RadiusInvalid(CircleError):
    """A radius that is no length between one metre and the bound."""

    def __init__(self, most_m: int) -> None:
        super().__init__(f"半径要填 1 到 {most_m} 米的整数，没有保存。")


class DayInvalid(CircleError):
    """A day before the circle began, or on which a later one is already recorded."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}，没有保存。请改日期。")


class MatchingUnderWay(CircleError):
    """A batch while another one runs."""

    def __init__(self) -> None:
        super().__init__("匹配正在另一个进程里进行，没有再开始一次。等它完成，或在“就业圈”页面看进度。")
