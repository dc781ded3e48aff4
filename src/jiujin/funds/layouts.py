"""Layouts of the files that go to a bank or the treasury and come back: data, in `plans/layouts/*.yaml`.

A layout names the columns of the payment file in order, its encoding, its first and last line, and how the answer is read. What
can stand in a column is in `COLUMNS`; the first and last line are texts with gaps (`HEADER_GAPS`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from jiujin.funds.errors import LayoutUnknown
from jiujin.plan.load import plans_dir
from jiujin.plan.source import YamlBroken, read_yaml

COLUMNS = (
    "position", "reference", "batch_number", "holder", "number", "bank", "amount_yuan", "amount_fen", "claim_number",
    "scheme_name", "remark",
)  # fmt: skip
HEADER_GAPS = ("batch_number", "count", "total_yuan", "total_fen", "released_on", "digest")
GAP = re.compile(r"\{(\w+)\}")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class Part(BaseModel):
    """A record of a layout file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PaymentColumn(Part):
    """One column of the payment file: what stands in it, and its heading."""

    key: Literal[*COLUMNS]  # type: ignore[valid-type]
    heading: str


class PaymentFile(Part):
    """How the payment file is written."""

    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    separator: Literal[",", "|", "\t"] = ","
    line_end: Literal["crlf", "lf"] = "crlf"
    headings: bool = True
    header: str = ""
    trailer: str = ""
    columns: list[PaymentColumn] = Field(min_length=1)

    @field_validator("header", "trailer")
    @classmethod
    def _gaps_are_known(cls, text: str) -> str:
        unknown = set(GAP.findall(text)) - set(HEADER_GAPS)
        if unknown:
            raise ValueError(f"不认识的空位：{'、'.join(sorted(unknown))}")
        return text


class ReturnFile(Part):
    """How the answer is read: by the headings of its columns, and by what its result column says.

    `trailer` is the first cell of a last line that says how many rows the file has (in its second cell); a file without
    the line was cut off.
    """

    reference: str
    amount_yuan: str
    result: str
    reason: str = ""
    paid_on: str = ""
    bank_reference: str = ""
    settled: list[str] = Field(min_length=1)
    failed: list[str] = Field(min_length=1)
    trailer: str = ""


class Layout(Part):
    """One bank's or the treasury's way of writing."""

    id: Name
    name: str
    way: Literal["bank", "treasury"]
    payment: PaymentFile
    answer: ReturnFile = Field(alias="return")


def layouts_dir() -> Path:
    """Where the layouts are: beside the plan packs."""
    return plans_dir() / "layouts"


def layouts(way: str | None = None) -> dict[str, Layout]:
    """Every layout that can be read, by id; those of one way of paying where it is given."""
    found = {}
    for path in sorted(layouts_dir().glob("*.yaml")):
        layout = _read(path)
        if way in (None, layout.way):
            found[layout.id] = layout
    return found


def layout_of(name: str, *, way: str | None = None) -> Layout:
    """One layout. Raises LayoutUnknown."""
    path = layouts_dir() / f"{name}.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name) or not path.is_file():
        raise LayoutUnknown(name)
    layout = _read(path)
    if way not in (None, layout.way):
        raise LayoutUnknown(name)
    return layout


def _read(path: Path) -> Layout:
    try:
        layout = Layout.model_validate(read_yaml(path, path.name).content)
    except (YamlBroken, ValidationError) as error:
        raise LayoutUnknown(path.stem) from error
    if layout.id != path.stem:
        raise LayoutUnknown(path.stem)
    return layout
