"""The internship agreement as a Word document, filled in from the records; it is signed on paper."""

from __future__ import annotations

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
    plan, document = plan_in_force(), Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _large(title.add_run("就业见习协议"))
    document.add_paragraph(f"依据：{plan.header.title}（{plan.header.document_number}）")
    for line in _parties(internship):
        document.add_paragraph(line)
    for number, line in enumerate(_terms(internship), start=1):
        document.add_paragraph(f"{number}. {line}")
    table = document.add_table(rows=2, cols=2)
    for at, party in enumerate(("见习单位（盖章）", "见习人员（签字）")):
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
