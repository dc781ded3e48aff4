"""The three papers of an approval: the request, the form that leaders sign, and the letter that asks for payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jiujin.plan import Plan
from jiujin.values import format_yuan
from jiujin.web.claims.paper import official


@dataclass(frozen=True)
class PayeeSum:
    """What one payee is to be paid for one scheme."""

    scheme: str
    payee: str
    lines: int
    amount_fen: int


@dataclass(frozen=True)
class Approval:
    """Lines that are approved together: by scheme and payee, the meeting (its number and date), and the notice they stood in."""

    plan: Plan
    sums: Sequence[PayeeSum]
    meeting: str
    notices: Sequence[str]
    on: date

    @property
    def lines(self) -> int:
        """How many lines."""
        return sum(each.lines for each in self.sums)

    @property
    def amount(self) -> str:
        """Yuan of all of them."""
        return format_yuan(sum(each.amount_fen for each in self.sums))

    @property
    def schemes(self) -> str:
        """The schemes' names."""
        return "、".join(dict.fromkeys(each.scheme for each in self.sums))


HEAD = ["序号", "补贴项目", "申报单位", "人次", "金额（元）"]
WIDTHS_MM = (14, 46, 56, 16, 28)


def request_letter(approval: Approval) -> bytes:
    """请示: the department asks the meeting to approve."""
    document = official.new_document()
    official.title(document, f"关于拨付{approval.schemes}的请示")
    official.addressee(document, "局党组")
    _what(document, approval)
    official.body(document, "当否，请批示。")
    official.heading(document, "附件：拟拨付资金明细表")
    _table(document, approval)
    official.signature(document, approval.plan.header.issuer, approval.on)
    return official.saved(document)


def approval_form(approval: Approval) -> bytes:
    """呈批表: one page with a box for each who signs."""
    document = official.new_document()
    official.title(document, "就业补助资金拨付呈批表")
    rows = [
        ["事　由", f"拨付{approval.schemes}"],
        ["依　据", f"《{approval.plan.header.title}》（{approval.plan.header.document_number}）"],
        ["人次和金额", f"{approval.lines} 人次，{approval.amount} 元"],
        ["公示情况", "、".join(approval.notices) or "无"],
        ["会议名称、编号和日期", approval.meeting or "　"],
        ["经办人意见", "\n\n　　　　　　　签字：　　　　　年　月　日"],
        ["科室负责人意见", "\n\n　　　　　　　签字：　　　　　年　月　日"],
        ["财务意见", "\n\n　　　　　　　签字：　　　　　年　月　日"],
        ["分管负责人意见", "\n\n　　　　　　　签字：　　　　　年　月　日"],
        ["主要负责人意见", "\n\n　　　　　　　签字：　　　　　年　月　日"],
    ]
    official.table(document, ["项　目", "内　容"], rows, widths_mm=(40, 116))
    official.heading(document, "附：明细")
    _table(document, approval)
    return official.saved(document)


def payment_letter(approval: Approval) -> bytes:
    """拨付函: asks the finance bureau to pay what was approved."""
    document = official.new_document()
    official.title(document, f"关于申请拨付{approval.schemes}的函")
    official.addressee(document, "区财政局")
    _what(document, approval)
    official.body(document, f"上述资金已经{approval.meeting}审议同意。请按附表拨付到各收款单位。")
    official.body(document, "特此致函。")
    official.heading(document, "附件：拨付资金明细表")
    _table(document, approval)
    official.signature(document, approval.plan.header.issuer, approval.on)
    return official.saved(document)


def _what(document: object, approval: Approval) -> None:
    notices = f"已按规定公示（公示编号 {'、'.join(approval.notices)}），" if approval.notices else ""
    official.body(
        document,
        f"根据《{approval.plan.header.title}》（{approval.plan.header.document_number}），有关单位申报的{approval.schemes}"
        f"经受理、审核，{notices}符合条件的共 {approval.lines} 人次，金额 {approval.amount} 元。",
    )


def _table(document: object, approval: Approval) -> None:
    rows = [
        [str(at), each.scheme, each.payee, str(each.lines), format_yuan(each.amount_fen)]
        for at, each in enumerate(approval.sums, start=1)
    ]
    official.table(document, HEAD, [*rows, ["", "合计", "", str(approval.lines), approval.amount]], widths_mm=WIDTHS_MM)
