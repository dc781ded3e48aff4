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


class StepImpossible(WorkError):
    """A step that the record's state does not allow."""

    NAMES = {"work.vacancy": "岗位", "work.application": "申请", "work.introduction": "推荐"}

    def __init__(self, kind: str, state: str, event: str) -> None:
        self.event = event
        super().__init__(
            f"这条{self.NAMES[kind]}现在是“{state}”，不能这样做，没有改动。可能别人刚刚改过，请刷新页面再看。"
        )


class FieldInvalid(WorkError):
    """A field that cannot be what was given; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"{reason}，没有保存。")


class WorkplaceUnusable(WorkError):
    """A place of work of another employer, or a closed one."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不是这个单位正在使用的工作地点，没有保存。请另选一个地点，或先登记它。")


class NotTakingApplications(WorkError):
    """A vacancy that nobody can apply for, or be recommended for, now."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}，没有投递。请看看附近的其他岗位。")


class AlreadyApplied(WorkError):
    """A second open application of one person for one vacancy; `pk` is the one that stands."""

    def __init__(self, pk: object) -> None:
        self.pk = pk
        super().__init__("已经申请过这个岗位，没有再投一次，原来的申请没有变。可在“我的申请”里查看。")


class AlreadyIntroduced(WorkError):
    """A second open introduction of one person to one vacancy; `pk` is the one that stands."""

    def __init__(self, pk: object) -> None:
        self.pk = pk
        super().__init__("这个岗位已经推荐给这位劳动者，还没有答复，没有再推荐一次。")


class IdTaken(WorkError):
    """An id made by a client that already stands for something else."""

    def __init__(self) -> None:
        super().__init__("这个编号已经用于另一条记录，没有保存。请刷新页面后再填一次。")


class NoPlaceLeft(WorkError):
    """More people than a vacancy asks for."""

    def __init__(self, headcount: int) -> None:
        super().__init__(f"这个岗位招 {headcount} 人，已经招满，没有改动。还要招人的，请先修改招聘人数。")


class VacancyUnpublished(WorkError):
    """A hire from a vacancy that is being changed or checked."""

    def __init__(self) -> None:
        super().__init__("这个岗位正在修改或审核，没有办理录用。请等岗位发布后再办。")


class OpenUntilPast(WorkError):
    """A vacancy whose last day is over."""

    def __init__(self, day: date) -> None:
        super().__init__(f"岗位的截止日期 {day:%Y-%m-%d} 已经过去，没有发布。请先改截止日期。")


class OwnVacancy(WorkError):
    """A reviewer's decision on what they posted."""

    def __init__(self) -> None:
        super().__init__("不能审核自己发布的岗位，没有改动。请交给另一位审核人。")


class ReasonMissing(WorkError):
    """A refusal without a reason."""

    def __init__(self) -> None:
        super().__init__("不通过要写明原因，没有保存。请写一句对方看得懂的话。")


class DayInFuture(WorkError):
    """Something recorded as done that has not come yet."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%Y-%m-%d} 还没有到，没有保存。请核对日期。")


class CorrectedAlready(WorkError):
    """A second correction of one record; the correction that stands can be corrected itself."""

    def __init__(self) -> None:
        super().__init__("这条服务记录已经更正或撤销过，没有再改。请打开更正后的那一条再改。")


class NotYourRecord(WorkError):
    """A correction of what somebody else recorded."""

    def __init__(self) -> None:
        super().__init__("这条服务不是您记的，没有改动。请由记录的人更正，或请区里经办更正。")


class NobodyNamed(WorkError):
    """A session without people, or with too many."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"一次活动要有 1 到 {most} 人，这里是 {count} 人，没有保存。")


class MonthsTooMany(WorkError):
    """A run of months that is empty or too long to be meant."""

    def __init__(self, most: int) -> None:
        super().__init__(f"一次最多记 {most} 个月，结束月份要不早于开始月份，没有保存。请核对月份。")


class MonthsAfterLeaving(WorkError):
    """A last day before months that are recorded."""

    def __init__(self, day: date, count: int) -> None:
        super().__init__(f"{day:%Y-%m-%d} 之后还记着 {count} 个月的保险或收入，没有保存。请先核对，删去记错的月份。")
