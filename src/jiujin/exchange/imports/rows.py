"""The rows of a workbook as records, each with the key by which it is known again; every fault by its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError

from jiujin.core.encryption import blind_index
from jiujin.exchange.imports.columns import columns_for
from jiujin.exchange.imports.models import ImportKind
from jiujin.exchange.imports.records import OrganisationRecord, PersonRecord, Record, VacancyRecord
from jiujin.exchange.imports.words import fault_words
from jiujin.sheets import CellError, Column, Roster, SheetUnreadable, read_roster

ROWS_MAX: Final = 20_000
KEY_PLACE: Final = "exchange_sourcerecord.key"
RECORDS: Final[dict[str, type[Record]]] = {
    ImportKind.PERSON: PersonRecord,
    ImportKind.ORGANISATION: OrganisationRecord,
    ImportKind.VACANCY: VacancyRecord,
}
KEYED_BY: Final[dict[str, tuple[tuple[str, ...], ...]]] = {  # the first of these that a row has says who it is
    ImportKind.PERSON: (("id_number",), ("name", "born_on", "phone")),
    ImportKind.ORGANISATION: (("credit_code", "workplace"), ("name", "workplace")),
    ImportKind.VACANCY: (("employer", "number"), ("employer", "workplace", "title", "open_until")),
}
LISTS: Final = ("licences", "skills")
SEPARATORS: Final = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True)
class Row:
    """A row that can be written down: where it stands in the table, and its record."""

    at: int
    key: str
    record: Record


@dataclass
class Sheet:
    """A workbook as it was read."""

    kind: str
    roster: Roster
    columns: Mapping[str, Column]
    faults: list[CellError] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many rows it has."""
        return int(self.roster.table.num_rows)

    def fault(self, at: int, key: str, message: str, code: str = "refused") -> None:
        """Note what is wrong with a row: by the cell of the field where it has a column."""
        column = self.columns.get(key) or next(column for column in self.columns.values() if column.identity)
        value = self.roster.table[column.key][at].as_py()
        shown = "" if value is None else str(column.choices.get(value, value))
        self.faults.append(self.roster.error_at(at, column, shown, message, code))
        self.bad.add(at)

    def rows(self) -> Iterator[Row]:
        """The rows without a fault, in order; a second row about the same record is a fault of its own."""
        places: dict[str, int] = {}
        lines = {(error.sheet, error.row) for error in self.roster.errors}
        for at, written in enumerate(self.roster.table.to_pylist()):
            if (written["sheet"], written["row"]) in lines:
                self.bad.add(at)
                continue
            record = self._record(at, written)
            if record is None:
                continue
            key = _key(self.kind, written)
            if key in places:
                line = self.roster.table["row"][places[key]].as_py()
                self.fault(at, "", _("第 %(row)s 行已经写过，这一行没有导入。请并成一行") % {"row": line}, "twice")
                continue
            places[key] = at
            yield Row(at, key, record)

    def _record(self, at: int, written: Mapping[str, Any]) -> Record | None:
        try:
            return RECORDS[self.kind](**_fields(self.kind, written))
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0]) if problem["loc"] else ""
                self.fault(at, name, fault_words(problem))
            return None


def read_sheet(path: Path, kind: str) -> Sheet:
    """Read a workbook of at most ROWS_MAX rows; nothing is written. Raises SheetUnreadable."""
    columns = columns_for(kind)
    try:
        roster = read_roster(path, columns, demo_ids=settings.DEMO)
    except SheetUnreadable as error:
        words = str(error)
        if kind != ImportKind.PERSON:  # the reader of rosters speaks of people
            words = words.replace("人员", "内容").replace("名单", "表格")
        raise SheetUnreadable(words.replace("没有判断", "没有导入")) from error
    if roster.table.num_rows > ROWS_MAX:
        most = {"most": f"{ROWS_MAX:,}", "rows": f"{roster.table.num_rows:,}"}
        raise SheetUnreadable(_("一次最多导入 %(most)s 行，这份有 %(rows)s 行。请分成几份。") % most)
    sheet = Sheet(kind, roster, {column.key: column for column in columns})
    sheet.faults.extend(roster.errors)
    return sheet


def _fields(kind: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """The record's fields of a row; an empty cell is not known."""
    names = RECORDS[kind].model_fields
    fields = {name: written[name] for name in names if written.get(name) not in (None, "")}
    for name in fields:
        if name.endswith("_yuan"):
            fields[name] = Decimal(fields[name]) / 100  # the reader gives fen
        elif name in LISTS:
            fields[name] = [word.strip() for word in SEPARATORS.split(fields[name]) if word.strip()]
    return fields


def _key(kind: str, written: Mapping[str, Any]) -> str:
    """A keyed hash, so that no number is read from it."""
    names = next(
        names for names in KEYED_BY[kind] if written.get(names[-1] if kind == ImportKind.VACANCY else names[0])
    )
    said = "\n".join(f"{name}={written.get(name) or ''}" for name in names)
    return blind_index(said, place=KEY_PLACE).hex()
