"""The public notice as it is printed and put up."""

from __future__ import annotations

from collections.abc import Sequence

from jiujin.claims.models import Notice, NoticeLine
from jiujin.plan import Plan
from jiujin.values import format_yuan
from jiujin.web.claims.paper import official
from jiujin.web.claims.words import scheme_name


def notice_document(plan: Plan, notice: Notice, lines: Sequence[NoticeLine]) -> bytes:
    """The .docx: what is published and until when, how to object, and the table as it was published."""
    name = scheme_name(plan, notice.scheme)
    document = official.new_document()
    official.title(document, f"关于{name}拟拨付名单的公示")
    official.number_line(document, f"公示编号：{notice.number}")
    clause = plan.clauses[plan.schemes[notice.scheme].clause] if notice.scheme in plan.schemes else None
    basis = f"根据《{plan.header.title}》（{plan.header.document_number}）{clause.place if clause else ''}"
    total = sum(line.amount_fen for line in lines)
    official.body(
        document,
        f"{basis}，经审核，拟对以下 {len(lines)} 项{name}予以拨付，共计 {format_yuan(total)} 元。现予公示，"
        f"公示期自{official.chinese_date(notice.opens_on)}至{official.chinese_date(notice.closes_on)}。",
    )
    official.body(
        document,
        "对公示内容有异议的，请在公示期内通过公示网页或者书面提出，并尽量写明情况和联系方式。异议处理完以前，相关款项不予拨付。",
    )
    rows = [
        [str(at), line.name, line.number, line.payee, format_yuan(line.amount_fen)]
        for at, line in enumerate(lines, start=1)
    ]
    official.table(
        document, ["序号", "姓名（名称）", "证件号码", "申报单位", "金额（元）"], rows, widths_mm=(14, 30, 52, 40, 24)
    )
    official.signature(document, plan.header.issuer, notice.opens_on)
    return official.saved(document)
