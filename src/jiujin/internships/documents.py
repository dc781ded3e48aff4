"""The agreement and the certificate of an internship as Word documents, filled in from the records; signed on paper."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run

from jiujin.core.plan_in_force import plan_in_force
from jiujin.internships import pack
from jiujin.internships.models import Internship
from jiujin.values import format_yuan, mask_id_number, whole_months

BLANK = "____________"
FONT = "仿宋"


def agreement_docx(internship: Internship) -> bytes:
    """The agreement between unit and intern: who, where, when, stipend, insurance, ends; the identity number masked."""
    terms = [f"{number}. {line}" for number, line in enumerate(_terms(internship), start=1)]
    return _document("就业见习协议", [*_parties(internship), *terms], ("见习单位（盖章）", "见习人员（签字）"))


def certificate_docx(internship: Internship) -> bytes:
    """The unit's certificate of a completed internship: who, where, from when to when, what was attended and paid."""
    months = list(internship.months.order_by("month"))
    attended = [month.attended_days for month in months if month.attended_days is not None]
    paid = [month.stipend_fen for month in months if month.stipend_fen is not None]
    post = internship.post
    last = internship.ended_on or internship.end_on
    lines = [
        f"证明编号：{internship.certificate_number or BLANK}",
        *_parties(internship),
        f"见习岗位：{post.title if post else BLANK}。",
        f"见习期：{internship.start_on} 至 {last}，共 {whole_months(internship.start_on, last)} 个整月，已经期满。",
        f"有出勤记录 {len(attended)} 个月，共 {sum(attended)} 天；有发放记录 {len(paid)} 个月，生活补助共 {format_yuan(sum(paid))} 元。",
        "以上内容由见习单位核对无误，特此证明。",
    ]
    return _document("就业见习证明", lines, ("见习单位（盖章）", "指导老师（签字）"))


def _document(heading: str, lines: Sequence[str], signatures: Sequence[str]) -> bytes:
    plan, document = plan_in_force(), Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _large(title.add_run(heading))
    document.add_paragraph(f"依据：{plan.header.title}（{plan.header.document_number}）")
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=len(signatures))
    for at, party in enumerate(signatures):
        table.cell(0, at).text = f"{party}：{BLANK}"
        table.cell(1, at).text = "日期：      年    月    日"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _large(run: Run) -> None:
    run.bold, run.font.size = True, Pt(18)


def _parties(internship: Internship) -> list[str]:
    person = internship.person
    number = mask_id_number(person.id_number) if person.id_number else BLANK
    unit = internship.unit
    return [
        f"见习单位：{unit.name}（统一社会信用代码 {unit.credit_code or BLANK}）",
        f"见习人员：{person.name}（身份证号 {number}）",
        f"人员类型：{pack.groups().get(internship.group, internship.group)}",
    ]


def _terms(internship: Internship) -> list[str]:
    post = internship.post
    floor_fen = pack.stipend_floor_fen(internship.start_on)
    stipend_fen = post.stipend_fen if post else floor_fen
    months = whole_months(internship.start_on, internship.end_on)
    paid = f"{format_yuan(stipend_fen)} 元" if stipend_fen is not None else BLANK
    floor = f"，不低于方案规定的 {format_yuan(floor_fen)} 元" if floor_fen is not None else ""
    return [
        f"见习岗位：{post.title if post else BLANK}。",
        f"见习期：{internship.start_on} 至 {internship.end_on}，首尾两天都算，共 {months} 个整月。",
        f"见习单位每月发给见习人员基本生活补助 {paid}{floor}，并留下发放凭证。",
        f"人身意外伤害保险：保险单号 {internship.insurance_number or BLANK}。",
        f"指导老师：{_mentor(internship) or BLANK}。见习单位按月记录出勤。",
        "中途离开的，双方写明最后一天和原因；期满的，见习单位出具见习证明。",
    ]


def _mentor(internship: Internship) -> str:
    base = getattr(internship.unit, "internship_base", None)
    return base.mentor if base else ""
