"""What can stand in the way of a claim. Each error's text is the sentence for the person: what happened, what was kept, the mend."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class ClaimRefused(ValueError):
    """The base of them; nothing was changed."""


class StepImpossible(ClaimRefused):
    """The event cannot happen in the line's state."""

    def __init__(self, line_id: int, state: str, event: str) -> None:
        self.line_id, self.state, self.event = line_id, state, event
        super().__init__(_("第 %(line)s 号明细现在的状态办不了这一步，没有改动。请刷新页面再看。") % {"line": line_id})


class StepDone(StepImpossible):
    """The step was taken before; nothing is done twice."""

    def __init__(self, line_id: int, state: str, event: str) -> None:
        super().__init__(line_id, state, event)
        self.args = (_("第 %(line)s 号明细这一步已经办过了，没有再办一次。") % {"line": line_id},)


class LineChanged(ClaimRefused):
    """Somebody else changed the line in the meantime; `changes` says what, newest last."""

    def __init__(self, line_id: int, changes: Sequence[str]) -> None:
        self.line_id, self.changes = line_id, list(changes)
        told = "；".join(self.changes) or _("内容有改动")
        super().__init__(
            _("第 %(line)s 号明细刚才被别人处理过：%(told)s。您的决定没有保存，请看过再定。")
            % {"line": line_id, "told": told}
        )


class OwnWork(ClaimRefused):
    """Nobody decides on what they made, or decided before."""

    def __init__(self, line_id: int) -> None:
        self.line_id = line_id
        super().__init__(_("第 %(line)s 号明细是您报的或审过的，要由别人来审，没有保存。") % {"line": line_id})


class VerdictNotMet(ClaimRefused):
    """The line is not met on the facts of this moment."""

    def __init__(self, line_id: int, verdict: str) -> None:
        self.line_id, self.verdict = line_id, verdict
        super().__init__(_("第 %(line)s 号明细按现在的事实不符合或还缺材料，不能通过，没有保存。") % {"line": line_id})


class LineStopped(ClaimRefused):
    """An objection is open."""

    def __init__(self, line_id: int) -> None:
        self.line_id = line_id
        super().__init__(_("第 %(line)s 号明细有异议还没有处理完，不能往下走，没有保存。") % {"line": line_id})


class NotForMany(ClaimRefused):
    """Lines that are looked at one by one: not met, lacking something, or in doubt."""

    def __init__(self, count: int) -> None:
        words = _("有 %(count)s 行不符合、待补充或有疑点，不能批量办，没有改动。请逐行看。")
        super().__init__(words % {"count": count})


class NotAllowed(ClaimRefused):
    """The workflow gives this step to somebody else."""

    def __init__(self) -> None:
        super().__init__(_("这一步不由您的角色来办，没有保存。"))


class ReasonMissing(ClaimRefused):
    """A refusal says why."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由，没有保存。"))


# --- filing --------------------------------------------------------------------------------------------------------------


class SchemeUnknown(ClaimRefused):
    """The plan has no such scheme."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme
        super().__init__(_("方案里没有补贴项目 %(scheme)s，没有保存。") % {"scheme": scheme})


class ClaimOfAnother(ClaimRefused):
    """The id is another claim's."""

    def __init__(self) -> None:
        super().__init__(_("这个申报编号已经用在另一份申报上，没有保存。请重新打开页面再报。"))


class PayeeUnfit(ClaimRefused):
    """An organisation that this scheme does not pay."""

    def __init__(self, payee: str, wanted: str) -> None:
        super().__init__(
            _("“%(payee)s”不是%(wanted)s，不能申报这项补贴，没有保存。请核对单位的登记类型。")
            % {"payee": payee, "wanted": wanted}
        )


class PayeeMissing(ClaimRefused):
    """A claim that names nobody to be paid."""

    def __init__(self) -> None:
        super().__init__(_("没有写明付给哪个单位，没有保存。"))


class PayeeDiffers(ClaimRefused):
    """A line that names another payee than the claim's."""

    def __init__(self, label: str, named: str, payee: str) -> None:
        super().__init__(
            _("%(label)s写的是“%(named)s”，这份申报是“%(payee)s”的，没有保存。请只报本单位的明细。")
            % {"label": label, "named": named, "payee": payee}
        )


class PersonMissing(ClaimRefused):
    """A line of a person's scheme without the person."""

    def __init__(self, position: int) -> None:
        super().__init__(_("第 %(position)s 条没有写是谁，没有保存。请补上身份证号。") % {"position": position})


class FactWrong(ClaimRefused):
    """A declared or verified fact that cannot be kept; `fact` is whose."""

    def __init__(self, fact: str, label: str, why: str) -> None:
        self.fact = fact
        super().__init__(_("“%(label)s”填得不对：%(why)s。没有保存。") % {"label": label, "why": why})


class RecordClaimed(ClaimRefused):
    """Records that a living line of the scheme claims already."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self.numbers = list(numbers)
        super().__init__(
            _("其中 %(count)s 条记录已经在申报 %(numbers)s 里，没有保存。一条记录一项补贴只报一次。")
            % {"count": len(self.numbers), "numbers": "、".join(self.numbers[:5])}
        )


class RecordRefused(ClaimRefused):
    """Records for which whoever pays has said no already."""

    def __init__(self, count: int) -> None:
        super().__init__(
            _("其中 %(count)s 条记录市里批复过不予补贴，没有保存。请去掉这些记录；认为批复有误的，先请市里更正。")
            % {"count": count}
        )


class RecordsOfNobody(ClaimRefused):
    """Records that do not say whom the scheme pays, so that no payee may call them its own."""

    def __init__(self) -> None:
        super().__init__(_("登记的记录没有写这项补贴付给谁，不能一键生成，没有保存。请上传您单位的名单。"))


class NothingToClaim(ClaimRefused):
    """There is nothing to file."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or str(_("没有可以申报的明细，没有建立申报。")))


class NothingToSend(ClaimRefused):
    """No line could be sent; `reasons` says why, a line's id each."""

    def __init__(self, reasons: dict[int, str]) -> None:
        self.reasons = reasons
        told = "；".join(list(dict.fromkeys(reasons.values()))[:5])
        super().__init__(
            _("没有提交：%(told)s") % {"told": told} if told else _("没有可以提交的明细，没有改动。可能已经提交过。")
        )


class OutsideWindow(ClaimRefused):
    """The plan lets this scheme be submitted on other days."""

    def __init__(self, windows: Sequence[tuple[str, str]]) -> None:
        self.windows = list(windows)
        told = "、".join(f"{start} 至 {end}" for start, end in self.windows)
        super().__init__(_("现在不在申报期内，没有提交，内容还在草稿里。每年的申报期是 %(told)s。") % {"told": told})


class NotConfirmed(ClaimRefused):
    """What a screening found waits for the payee's confirmation."""

    def __init__(self) -> None:
        super().__init__(_("这份申报是系统主动找出来的，要先由单位确认，才能提交。"))


class LineExcluded(ClaimRefused):
    """The line stands against another one, which keeps it from going on."""

    def __init__(self, line_id: int, message: str) -> None:
        self.line_id = line_id
        super().__init__(
            _("第 %(line)s 号明细不能往下走：%(message)s。没有改动。") % {"line": line_id, "message": message}
        )


class AmountUnknown(ClaimRefused):
    """A line without an amount cannot be shown or paid."""

    def __init__(self, line_id: int, parameters: Sequence[str]) -> None:
        self.line_id = line_id
        told = "、".join(parameters)
        super().__init__(
            _("第 %(line)s 号明细的金额还定不下来，没有改动。请先设定：%(told)s。") % {"line": line_id, "told": told}
        )


# --- notices, objections, appeals ------------------------------------------------------------------------------------------


class NoticeDaysUnset(ClaimRefused):
    """The district has not said for how many working days a notice stands."""

    def __init__(self, name: str, parameter: str) -> None:
        self.parameter = parameter
        super().__init__(
            _("参数“%(name)s”（%(parameter)s）还没有设定，不能开始公示，没有改动。请先由区里设定公示几个工作日。")
            % {"name": name, "parameter": parameter}
        )


class NoticeMixed(ClaimRefused):
    """A notice shows one scheme."""

    def __init__(self) -> None:
        super().__init__(_("一份公示只放一项补贴的明细，没有改动。请按补贴分开公示。"))


class NoticeClosed(ClaimRefused):
    """An objection after the notice's last day."""

    def __init__(self) -> None:
        super().__init__(_("公示期已经过了，这里不再收异议。请直接联系区人社局。"))


class TextMissing(ClaimRefused):
    """An objection, an answer or an appeal that says nothing."""

    def __init__(self) -> None:
        super().__init__(_("请写明内容，没有保存。"))


class TextTooLong(ClaimRefused):
    """More text than is kept."""

    def __init__(self, longest: int) -> None:
        super().__init__(_("内容超过 %(longest)s 个字，没有保存。请写简短一些。") % {"longest": longest})


class MatterAnswered(ClaimRefused):
    """An objection or appeal that was answered before."""

    def __init__(self) -> None:
        super().__init__(_("这一条已经答复过了，没有再答复一次。"))


class AppealImpossible(ClaimRefused):
    """A line against which there is nothing to appeal, or no longer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


# --- corrections, carrying in ------------------------------------------------------------------------------------------------


class YearsMixed(ClaimRefused):
    """Lines paid in several years come in year by year: each counts against its own year's money."""

    def __init__(self, years: Sequence[int]) -> None:
        self.years = list(years)
        told = "、".join(str(year) for year in years)
        super().__init__(_("表里的拨付日期有 %(years)s 几个年度，没有带入。请按年度分成几份。") % {"years": told})


class NotCarriedIn(ClaimRefused):
    """Only what was carried in can be taken out again, and only while nothing else rests on it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class CorrectionImpossible(ClaimRefused):
    """A line that is mended, not corrected, or one that is being corrected."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
