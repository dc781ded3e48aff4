"""A claim as one PDF in order: application, summary, roster with columns for signatures, evidence; contents and page numbers.

The font is one that every PDF reader knows by name (STSong-Light), so that no font is kept here; see docs/decisions.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from pypdf import PageObject
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from jiujin.claims.models import ClaimLine
from jiujin.claims.services.keep_roster import ROSTER
from jiujin.core.proof import Proof
from jiujin.plan import Plan, Scheme
from jiujin.values import format_yuan
from jiujin.web.claims.fact_fields import sheet_facts
from jiujin.web.claims.opened_line import fact_text
from jiujin.web.claims.paper.evidence_pages import Box, PicturePage, Piece, Placed, lay_pages
from jiujin.web.claims.words import VERDICTS, subject_name, subject_number

FONT = "STSong-Light"
MARGIN = 20 * mm
A4_FACTS = 4  # how many facts a roster on A4 has room for; A3 shows them all
GRID = colors.Color(0.35, 0.35, 0.35)
OF_THE_PERSON = frozenset({"name", "id_number"})


@dataclass(frozen=True)
class ClaimPaper:
    """All that a claim's paper says; read before, so that writing it asks nothing."""

    plan: Plan
    scheme: Scheme
    number: str
    payee: str
    account: str
    note: str
    printed_on: date
    lines: Sequence[ClaimLine]
    reasons: dict[int, list[str]]
    pieces: Sequence[Piece]
    townships: dict[str, str]


def claim_pdf(paper: ClaimPaper, *, a3: bool = False) -> bytes:
    """The PDF's bytes; the roster lies across, on A4 or A3."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    document = _Document(out, paper, landscape(A3) if a3 else landscape(A4))
    document.multiBuild(
        _story(paper, a3), canvasmaker=partial(_NumberedCanvas, head=f"{paper.scheme.name}　{paper.number}")
    )
    return lay_pages(out.getvalue(), document.placed)


class _Document(BaseDocTemplate):
    """Upright pages, and pages across for the roster and for wide evidence; headings of sections and of evidence go into the
    contents. `placed` are the PDF pages that are to be laid onto the finished ones.
    """

    def __init__(self, out: io.BytesIO, paper: ClaimPaper, roster_size: tuple[float, float]) -> None:
        super().__init__(
            out, pagesize=A4, title=f"{paper.scheme.name} {paper.number}", author=paper.payee, lang="zh-CN"
        )
        self.addPageTemplates(
            [
                PageTemplate("upright", [_frame(A4)], pagesize=A4),
                PageTemplate("across", [_frame(roster_size)], pagesize=roster_size),
                PageTemplate("wide", [_frame(landscape(A4))], pagesize=landscape(A4)),
            ]
        )
        self.placed: list[Placed] = []

    def beforeDocument(self) -> None:
        """Begin anew: the pages are made more than once, until the contents know their numbers."""
        self.placed.clear()

    def afterFlowable(self, flowable: Flowable) -> None:
        """Put a heading into the contents with its page, and note where a PDF page goes."""
        style = getattr(flowable, "style", None)
        if style is not None and style.name in CONTENTS:
            self.notify("TOCEntry", (CONTENTS.index(style.name), flowable.getPlainText(), self.page))
        if isinstance(flowable, _Sheet) and isinstance(flowable.page, PageObject):
            self.placed.append(Placed(self.page - 1, flowable.page, flowable.box))


def _frame(size: tuple[float, float]) -> Frame:
    return Frame(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN, id="body")


class _NumberedCanvas(Canvas):
    """A canvas that knows at the end how many pages there are."""

    def __init__(self, *args: Any, head: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head, self._pages = head, []  # type: ignore[var-annotated]

    def showPage(self) -> None:
        """Keep the page until the number of all is known."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its number."""
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            width, _height = self._pagesize
            self.setFont(FONT, 9)
            self.drawString(MARGIN, 11 * mm, self._head)
            self.drawRightString(width - MARGIN, 11 * mm, f"第 {number} 页 共 {len(self._pages)} 页")
            super().showPage()
        super().save()


class _Sheet(Flowable):
    """One page of evidence, as large as the rest of its page allows; a PDF page is laid into its box afterwards."""

    def __init__(self, page: PicturePage | PageObject) -> None:
        super().__init__()
        self.page, self.box = page, Box(0, 0, 0, 0)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """All that is left."""
        self.width, self.height = width, height
        return width, height

    def draw(self) -> None:
        """Draw a picture; of a PDF page keep where it goes."""
        left, bottom = self.canv.absolutePosition(0, 0)
        self.box = Box(left, bottom, self.width, self.height)
        if isinstance(self.page, PicturePage):
            scale = self.box.scale_of(self.page.width, self.page.height)
            width, height = scale * self.page.width, scale * self.page.height
            picture = ImageReader(io.BytesIO(self.page.jpeg))
            self.canv.drawImage(picture, (self.width - width) / 2, self.height - height, width, height)


TITLE = ParagraphStyle(
    "title", fontName=FONT, fontSize=22, leading=32, alignment=TA_CENTER, wordWrap="CJK", spaceAfter=8 * mm
)
SECTION = ParagraphStyle(
    "section", fontName=FONT, fontSize=15, leading=24, wordWrap="CJK", spaceBefore=2 * mm, spaceAfter=4 * mm
)
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=21, wordWrap="CJK", firstLineIndent=24)
PLAIN = ParagraphStyle("plain", parent=BODY, firstLineIndent=0)
RIGHT = ParagraphStyle("right", parent=PLAIN, alignment=TA_RIGHT)
PIECE = ParagraphStyle("piece", fontName=FONT, fontSize=10, leading=15, wordWrap="CJK", spaceAfter=2 * mm)
MORE = ParagraphStyle("more", parent=PIECE)
CONTENTS = ("section", "piece")  # the styles whose paragraphs are headings, by their order
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=12, wordWrap="CJK")
CELL_RIGHT = ParagraphStyle("cell-right", parent=CELL, alignment=TA_RIGHT)
HEADING = ParagraphStyle("heading", parent=CELL, alignment=TA_CENTER)


def _story(paper: ClaimPaper, a3: bool) -> list[Flowable]:
    contents = TableOfContents()
    contents.levelStyles = [
        ParagraphStyle("entry", fontName=FONT, fontSize=12, leading=22, wordWrap="CJK"),
        ParagraphStyle("entry-of-piece", fontName=FONT, fontSize=10, leading=16, leftIndent=18, wordWrap="CJK"),
    ]
    return [
        Paragraph(f"{paper.scheme.name}申报材料", TITLE),
        Paragraph(f"申报编号：{paper.number}", PLAIN),
        Paragraph(f"申报单位：{_safe(paper.payee)}", PLAIN),
        Spacer(0, 8 * mm),
        Paragraph("目　录", PLAIN),
        contents,
        PageBreak(),
        *_application(paper),
        PageBreak(),
        *_summary(paper),
        NextPageTemplate("across"),
        PageBreak(),
        *_roster(paper, a3),
        NextPageTemplate("upright"),
        PageBreak(),
        *_evidence(paper),
        *(flowable for piece in paper.pieces for flowable in _piece(paper, piece)),
    ]


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _met(paper: ClaimPaper) -> list[ClaimLine]:
    return [line for line in paper.lines if line.verdict == "met"]


def _application(paper: ClaimPaper) -> list[Flowable]:
    clause, met = paper.plan.clauses[paper.scheme.clause], _met(paper)
    unpriced = sum(line.amount_fen is None for line in met)
    money = f"金额待定（{unpriced} 人次的标准还没有设定）" if unpriced else f"金额 {format_yuan(_fen(met))} 元"
    body = (
        f"根据《{paper.plan.header.title}》（{paper.plan.header.document_number}）{clause.place}，现申报{paper.scheme.name}，"
        f"共 {len(paper.lines)} 人次，其中系统判断符合 {len(met)} 人次，{money}。名单和佐证附后。"
    )
    return [
        Paragraph("一、申请", SECTION),
        Paragraph(_safe(f"{paper.plan.header.issuer}："), PLAIN),
        Paragraph(_safe(body), BODY),
        Paragraph("本单位承诺所报内容真实，佐证与原件一致，没有重复申报；如有不实，愿意退回资金并承担责任。", BODY),
        *([Paragraph(_safe(f"说明：{paper.note}"), BODY)] if paper.note else []),
        Paragraph(_safe(f"收款账户：{paper.account}"), BODY),
        Spacer(0, 20 * mm),
        Paragraph("申报单位（盖章）：　　　　　　　　　　　", RIGHT),
        Paragraph("负责人（签字）：　　　　　　　　　　　", RIGHT),
        Paragraph("　　　　年　　月　　日", RIGHT),
    ]


def _fen(lines: Sequence[ClaimLine]) -> int:
    return sum(line.amount_fen or 0 for line in lines)


def _summary(paper: ClaimPaper) -> list[Flowable]:
    groups: dict[str, list[ClaimLine]] = {}
    for line in paper.lines:
        groups.setdefault(paper.townships.get(line.area_code[:9], "其他"), []).append(line)
    head = ["乡镇街道", "人次", *(str(word) for word in VERDICTS.values()), "符合的金额（元）"]
    rows = [_summary_row(name, lines) for name, lines in sorted(groups.items())]
    return [
        Paragraph("二、汇总", SECTION),
        _grid([head, *rows, _summary_row("合计", paper.lines)], [150, 60, 60, 60, 60, 90], right_from=1),
    ]


def _summary_row(name: str, lines: Sequence[ClaimLine]) -> list[str]:
    counts = [str(sum(line.verdict == verdict for line in lines)) for verdict in VERDICTS]
    return [name, str(len(lines)), *counts, format_yuan(_fen([line for line in lines if line.verdict == "met"]))]


def _roster(paper: ClaimPaper, a3: bool) -> list[Flowable]:
    facts = [pair for pair in sheet_facts(paper.plan, paper.scheme) if pair[0].id not in OF_THE_PERSON]
    facts = facts if a3 else facts[:A4_FACTS]
    head = ["序号", "姓名", "证件号码", *(label for _fact, label in facts), "结论", "金额（元）", "本人签字", "备注"]
    rows = [_roster_row(paper, line, facts) for line in paper.lines]
    width = (landscape(A3) if a3 else landscape(A4))[0] - 2 * MARGIN
    fixed = [30.0, 52.0, 112.0, *([0.0] * len(facts)), 44.0, 62.0, 70.0, 90.0]
    share = (width - sum(fixed)) / max(1, len(facts))
    widths = [each or share for each in fixed]
    total = ["合计", "", "", *([""] * len(facts)), "", format_yuan(_fen(_met(paper))), "", ""]
    return [
        Paragraph("三、名单", SECTION),
        _grid([head, *rows, total], widths, right_from=len(head) - 3, right_to=len(head) - 3),
        Spacer(0, 8 * mm),
        Paragraph(
            "制表人（签字）：　　　　　　　审核人（签字）：　　　　　　　申报单位（盖章）：　　　　　　　", PLAIN
        ),
    ]


def _roster_row(paper: ClaimPaper, line: ClaimLine, facts: Sequence[tuple[Any, str]]) -> list[str]:
    values = [fact_text(fact, line.facts.get(fact.id, line.declared.get(fact.id))) for fact, _label in facts]
    money = format_yuan(line.amount_fen) if line.amount_fen is not None and line.verdict == "met" else ""
    why = "" if line.verdict == "met" else "；".join(paper.reasons.get(line.pk, ()))
    return [
        str(line.position),
        subject_name(line),
        subject_number(line),
        *values,
        str(VERDICTS[line.verdict]),
        money,
        "",
        why,
    ]


def _evidence(paper: ClaimPaper) -> list[Flowable]:
    rows = [
        [
            str(piece.number),
            _kind_name(paper, piece),
            piece.file.name,
            f"{piece.file.uploaded_at:%Y-%m-%d}",
            _attached(piece),
            piece.file.sm3,
        ]
        for piece in paper.pieces
    ]
    labels = paper.plan.evidence
    wanted = "、".join(labels[kind].label for kind in paper.scheme.evidence if kind in labels)
    verified = sum(level == Proof.VERIFIED for line in paper.lines for level in line.proofs.values())
    listed: list[Flowable] = (
        [_grid([["序号", "材料", "文件", "收到", "怎样附", "指纹（SM3）"], *rows], [30, 80, 110, 58, 70, 132])]
        if rows
        else [Paragraph("系统里没有佐证文件，纸质佐证附后。", BODY)]
    )
    return [
        Paragraph("四、佐证清单", SECTION),
        Paragraph(_safe(f"这个项目可用的佐证：{wanted}。"), BODY),
        Paragraph(f"名单里已核验的事实共 {verified} 项。", BODY),
        Spacer(0, 4 * mm),
        *listed,
    ]


def _kind_name(paper: ClaimPaper, piece: Piece) -> str:
    kind = piece.file.kind
    if kind == ROSTER:
        return "报送的名单"
    return paper.plan.evidence[kind].label if kind in paper.plan.evidence else "其他"


def _attached(piece: Piece) -> str:
    """How a file comes with the paper."""
    if not piece.pages:
        return piece.note
    return piece.note or f"附后，{len(piece.pages)} 页"


def _piece(paper: ClaimPaper, piece: Piece) -> list[Flowable]:
    """The pages of one evidence file, each under its heading."""
    held: list[Flowable] = []
    count = len(piece.pages)
    for at, page in enumerate(piece.pages, start=1):
        name = f"佐证 {piece.number}　{_kind_name(paper, piece)}：{piece.file.name}"
        part = f"（第 {at} 页，共 {count} 页）" if count > 1 else ""
        held += [
            NextPageTemplate("wide" if _is_wide(page) else "upright"),
            PageBreak(),
            Paragraph(_safe(name if at == 1 else f"{name}{part}"), PIECE if at == 1 else MORE),
            _Sheet(page),
        ]
    return held


def _is_wide(page: PicturePage | PageObject) -> bool:
    size = page if isinstance(page, PicturePage) else page.mediabox
    return float(size.width) > float(size.height)


def _grid(rows: list[list[str]], widths: Sequence[float], *, right_from: int = 99, right_to: int = 99) -> Table:
    """A ruled table with its heading on each page; the columns from one to the other are set to the right."""
    held = [[Paragraph(_safe(cell), HEADING) for cell in rows[0]]]
    for row in rows[1:]:
        held.append(
            [
                Paragraph(_safe(cell), CELL_RIGHT if right_from <= at <= right_to else CELL)
                for at, cell in enumerate(row)
            ]
        )
    table = Table(held, colWidths=list(widths), repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, GRID),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.94, 0.94, 0.92)),
                ("TOPPADDING", (0, 1), (-1, -1), 5),
                ("BOTTOMPADDING", (0, 1), (-1, -1), 5),
            ]
        )
    )
    return table
