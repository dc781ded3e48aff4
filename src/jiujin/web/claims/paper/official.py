"""The layout of official documents (GB/T 9704-2012): margins, fonts, sizes, title, body, attachment, signature, tables.

Fonts are named, not kept: the office's own machine has them, and shows another where it has not.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE_FONT, BODY_FONT, HEADING_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
TITLE_PT, BODY_PT, TABLE_PT, LINE_PT = 22, 16, 12, 28  # 二号, 三号, 小四; 22 lines a page


def new_document(*, across: bool = False) -> Any:
    """An empty A4 page with the margins of GB/T 9704 and a page number at its foot."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if across:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(25), Mm(25)
    style = document.styles["Normal"]
    style.font.size = Pt(BODY_PT)
    _set_font(style.element.get_or_add_rPr(), BODY_FONT)
    _page_number(section.footer.paragraphs[0])
    return document


def _set_font(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(name), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)


def _run(paragraph: Any, text: str, *, font: str = BODY_FONT, size: int = BODY_PT, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    _set_font(run._element.get_or_add_rPr(), font)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", size=14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)
        run.font.size = Pt(14)
    _run(paragraph, " —", size=14)


def title(document: Any, text: str) -> None:
    """The document's title, in the middle."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(LINE_PT)
    _run(paragraph, text, font=TITLE_FONT, size=TITLE_PT)


def number_line(document: Any, text: str) -> None:
    """The document's number, in the middle under the title."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text)


def addressee(document: Any, text: str) -> None:
    """To whom, flush left."""
    _run(_line(document), f"{text}：")


def body(document: Any, text: str) -> None:
    """A paragraph of the text, its first line set in by two characters."""
    paragraph = _line(document)
    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
    _run(paragraph, text)


def heading(document: Any, text: str) -> None:
    """A heading of the first order."""
    paragraph = _line(document)
    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
    _run(paragraph, text, font=HEADING_FONT)


def signature(document: Any, office: str, on: date | None) -> None:
    """The office and the day at the right, with room for the seal."""
    for text in ("", office, chinese_date(on) if on else "　　年　　月　　日"):
        paragraph = _line(document)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(4 * BODY_PT)
        _run(paragraph, text)


def _line(document: Any) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(LINE_PT)
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def table(document: Any, head: Sequence[str], rows: Sequence[Sequence[str]], *, widths_mm: Sequence[float] = ()) -> Any:
    """A ruled table whose heading repeats on each page."""
    made = document.add_table(rows=1, cols=len(head))
    made.style, made.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    _fill(made.rows[0], head, HEADING_FONT)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        _fill(made.add_row(), row, BODY_FONT)
    for row in made.rows:
        for cell, width in zip(row.cells, widths_mm, strict=False):
            cell.width = Mm(width)
    return made


def _fill(row: Any, cells: Sequence[str], font: str) -> None:
    for cell, text in zip(row.cells, cells, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, font=font, size=TABLE_PT)


def chinese_date(day: date) -> str:
    """`2022年7月1日`, as official documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def saved(document: Any) -> bytes:
    """The document's bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
