"""Tables of figures as a document in official layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from jiujin.sheets.figures import FigureTable, heading_of
from jiujin.sheets.safe import cell_text

FONT, HEADING_FONT = "仿宋", "黑体"
DOCX_ROWS_MAX = 2_000


def write_figures_docx(
    file: IO[bytes], title: str, tables: Sequence[FigureTable], *, notes: Sequence[str] = ()
) -> None:
    """The tables one after another on A4 paper laid on its side, with page numbers; long ones stop at DOCX_ROWS_MAX lines."""
    paper = docx.Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    _line(paper, title, 18, HEADING_FONT, centred=True)
    for note in notes:
        _line(paper, note, 10.5, FONT)
    for table in tables:
        _line(paper, table.title, 14, HEADING_FONT)
        _add_table(paper, table)
    _number_pages(section)
    paper.save(file)


def _line(paper: Any, text: str, size: float, font: str, *, centred: bool = False) -> None:
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(cell_text(text))
    run.font.size, run.font.name = Pt(size), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_table(paper: Any, table: FigureTable) -> None:
    lines = list(table.shown())
    kept = lines[:DOCX_ROWS_MAX]
    grid = paper.add_table(rows=1 + len(kept), cols=len(table.columns), style="Table Grid")
    cells = grid._cells  # one look at the XML; asking row by row is quadratic
    width = len(table.columns)
    for at, column in enumerate(table.columns):
        cells[at].text = heading_of(column)
        cells[at].paragraphs[0].runs[0].bold = True
    for nth, line in enumerate(kept, start=1):
        for at, text in enumerate(line):
            cell = cells[nth * width + at]
            cell.text = cell_text(text)
            if table.columns[at].kind in ("count", "money", "written"):
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    header = grid.rows[0]._tr.get_or_add_trPr()
    header.append(header.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    if len(lines) > len(kept):
        _line(paper, f"另有 {len(lines) - len(kept)} 行，见同名的表格文件。", 10.5, FONT)


def _number_pages(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = run._element.makeelement(qn("w:fldChar" if kind else "w:instrText"), {})
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)
