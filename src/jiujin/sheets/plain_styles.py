"""The few cell styles of a plain workbook, as `styles.xml`."""

from __future__ import annotations

from enum import Enum

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FONT = "等线"


class Style(Enum):
    """A style's place in the list of formats."""

    PLAIN = 0
    TEXT = 1
    QUOTED = 2
    HEADING = 3
    ADDED_HEADING = 4
    ADDED = 5
    MONEY = 6
    DAY = 7
    MOMENT = 8
    TIME = 9
    SPAN = 10


_FONTS = (
    f'<font><sz val="11"/><name val="{FONT}"/></font>',
    f'<font><b/><sz val="11"/><name val="{FONT}"/></font>',
    f'<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="{FONT}"/></font>',
)
_FILLS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8F0EC"/></patternFill></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1F6F5C"/></patternFill></fill>',
)
_LINE = "".join(f'<{side} style="thin"><color rgb="FFBFC8C4"/></{side}>' for side in ("left", "right", "top", "bottom"))
_BORDERS = ("<border/>", f"<border>{_LINE}</border>")
_FORMATS = {164: "yyyy-mm-dd", 165: "yyyy-mm-dd hh:mm:ss", 166: "hh:mm:ss", 167: "[h]:mm:ss", 168: "#,##0.00"}
_CENTRE = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_TOP = '<alignment vertical="top" wrapText="1"/>'


def _format(
    number: int = 0, font: int = 0, fill: int = 0, border: int = 0, more: str = "", quoted: bool = False
) -> str:
    prefix = ' quotePrefix="1"' if quoted else ""
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyNumberFormat="1" '
        f'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"{prefix}>{more}</xf>'
    )


_XFS = (
    _format(),
    _format(number=49),
    _format(number=49, quoted=True),
    _format(font=1, fill=2, border=1, more=_CENTRE),
    _format(font=2, fill=3, border=1, more=_CENTRE),
    _format(border=1, more=_TOP),
    _format(number=168, border=1, more='<alignment vertical="top"/>'),
    _format(number=164),
    _format(number=165),
    _format(number=166),
    _format(number=167),
)
STYLES_XML = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(_FORMATS)}">'
    + "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in _FORMATS.items())
    + f'</numFmts><fonts count="{len(_FONTS)}">{"".join(_FONTS)}</fonts>'
    f'<fills count="{len(_FILLS)}">{"".join(_FILLS)}</fills>'
    f'<borders count="{len(_BORDERS)}">{"".join(_BORDERS)}</borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_XFS)}">{"".join(_XFS)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
