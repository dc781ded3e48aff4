"""What can stand in the way of money. Each error's text is the sentence for the person: what happened, what was kept, the mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _


class FundsRefused(ValueError):
    """The base of them; nothing was changed."""


class BudgetShort(FundsRefused):
    """An account would go below nothing."""

    def __init__(self, purses: Sequence[int]) -> None:
        self.purses = list(purses)
        super().__init__(_("预算余额不够，没有记账。请先追加预算，或减少这一批。"))


class PurseMissing(FundsRefused):
    """No budget was granted that a line could be committed from."""

    def __init__(self, line_id: int) -> None:
        self.line_id = line_id
        super().__init__(
            _("第 %(line)s 号明细的项目在这个区域、这个年度没有预算，没有保存。请先下达预算。") % {"line": line_id}
        )


class YearClosed(FundsRefused):
    """The purse's year was closed."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(_("%(year)s 年度的这笔预算已经年终结转，没有记账。请记到下一年度。") % {"year": year})


class AmountWrong(FundsRefused):
    """An amount that cannot be: nothing, less, or more than there is."""

    def __init__(self) -> None:
        super().__init__(_("金额不对，没有保存。请填大于 0、不超过可用数的金额。"))


class AmountUnknown(FundsRefused):
    """A line whose amount waits for something that the district must set."""

    def __init__(self, line_id: int, missing: Sequence[str]) -> None:
        self.line_id, self.missing = line_id, list(missing)
        super().__init__(
            _("第 %(line)s 号明细的标准还没有设定，金额未知，不能批准，没有保存。请先设定标准。") % {"line": line_id}
        )


class LineNotPayable(FundsRefused):
    """A line that is not waiting to be paid by the district, or stands in another batch."""

    def __init__(self, line_id: int) -> None:
        self.line_id = line_id
        super().__init__(_("第 %(line)s 号明细现在不在待拨付之列，没有保存。请刷新页面再看。") % {"line": line_id})


class RequestReused(FundsRefused):
    """An id that was used for another request."""

    def __init__(self) -> None:
        super().__init__(_("这个请求编号已经用过，内容却不一样，没有保存。请刷新页面再试。"))


class BatchImpossible(FundsRefused):
    """The step cannot be taken in the batch's state."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(_("这一批现在的状态办不了这一步，没有改动。请刷新页面再看。"))


class NothingToPay(FundsRefused):
    """Every payment of a batch is blocked."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        super().__init__(_("这一批里没有一笔能付，没有改动。请先按每一笔写明的原因处理。"))


class NeedsAnother(FundsRefused):
    """A second person must do it."""

    def __init__(self) -> None:
        super().__init__(_("这一步要由另一个人来办，没有保存。"))


class LayoutUnknown(FundsRefused):
    """No layout of that name, or one that cannot be used here."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(_("没有名为“%(name)s”的可用文件版式，没有保存。请检查版式文件夹。") % {"name": name})


class FileChanged(FundsRefused):
    """The batch's file, made again, is not the one that was released."""

    def __init__(self) -> None:
        super().__init__(_("重新生成的文件和放行时的不一致，没有给出。请检查版式文件是否改过。"))


class ReturnUnreadable(FundsRefused):
    """A file of the bank that cannot be read as its layout says."""

    def __init__(self, why: str) -> None:
        super().__init__(_("回盘文件读不出来：%(why)s。没有改动。请换成银行给的原文件再试。") % {"why": why})


class ReturnOfAnother(FundsRefused):
    """The file was imported for another batch."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(_("这份回盘文件已经导入过批次 %(number)s，没有改动。") % {"number": number})


class BroughtInBefore(FundsRefused):
    """A workbook of paid lines that is in already."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            _("这份名单已经带入过，编号 %(number)s，没有再带入一次。要改的，先撤销那一份。") % {"number": number}
        )


class AccountWrong(FundsRefused):
    """An account that cannot be one."""

    def __init__(self) -> None:
        super().__init__(_("账号要填 8 到 32 位数字，户名和开户行都要填，没有保存。"))


class AccountEnded(FundsRefused):
    """An account that was ended."""

    def __init__(self) -> None:
        super().__init__(_("这个账号已经停用，没有确认。请刷新页面再看。"))


class RecoveryImpossible(FundsRefused):
    """There is nothing to recover, or it was closed already."""

    def __init__(self) -> None:
        super().__init__(_("这笔钱现在不能追回或已经办结，没有保存。请刷新页面再看。"))


class ReasonMissing(FundsRefused):
    """Whoever moves money says why."""

    def __init__(self) -> None:
        super().__init__(_("请写明事由，没有保存。"))
