"""Reads a workbook of lines: typed facts, the people named, and every bad cell told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from jiujin.claims.declared import facts_to_declare
from jiujin.claims.services.people_of_lines import NamedPerson, find_or_register
from jiujin.core.services.record_event import Actor
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation, Person
from jiujin.rosters import check_roster
from jiujin.sheets import CellError
from jiujin.sheets.columns import Column, columns_of
from jiujin.sheets.roster import Roster


@dataclass(frozen=True)
class RosterRow:
    """One usable row: where it stands (sheet, row from 1), whose it is, and what is declared."""

    at: int
    sheet: str
    row: int
    person: Person | None
    declared: dict[str, Any]


@dataclass(frozen=True)
class RosterLines:
    """The usable rows of a workbook in its order, what is wrong with the rest, and how it was read."""

    rows: list[RosterRow]
    errors: list[CellError]
    notices: list[str]
    roster: Roster = field(repr=False)


def read_lines(path: Path, *, plan: Plan, scheme: Scheme, payee: Organisation | None, actor: Actor) -> RosterLines:
    """Read a workbook for a payee's claim. A row whose identity, person or payee is wrong is left out, with its cell told;
    any other bad cell is told and counts as not known.

    The identity number stays with the person and goes into nothing else. Raises SheetUnreadable.
    """
    check = check_roster(path, plan=plan, scheme=scheme, demo_ids=settings.DEMO)
    return rows_of(check.roster, check.errors, plan=plan, scheme=scheme, payee=payee, actor=actor)


def rows_of(
    roster: Roster,
    errors: Sequence[CellError],
    *,
    plan: Plan,
    scheme: Scheme,
    payee: Organisation | None,
    actor: Actor,
) -> RosterLines:
    """The usable rows of a workbook that was read; `errors` are what was found wrong with it so far."""
    return _Reader(plan, scheme, payee, actor, roster, errors).lines()


class _Reader:
    """Turns the rows of one checked workbook into lines."""

    def __init__(
        self,
        plan: Plan,
        scheme: Scheme,
        payee: Organisation | None,
        actor: Actor,
        roster: Roster,
        errors: Sequence[CellError],
    ) -> None:
        self.plan, self.scheme, self.payee, self.actor = plan, scheme, payee, actor
        self.roster, self.errors = roster, list(errors)
        self.columns = {column.key: column for column in columns_of(plan, scheme)}
        self.rows = roster.table.to_pylist()

    def lines(self) -> RosterLines:
        people = self._people() if self.scheme.identity == "id_number" else {}
        names = facts_to_declare(self.plan, self.scheme)
        kept = []
        for at, row in enumerate(self.rows):
            if not self._is_identified(at, row) or not self._is_of_payee(at, row):
                continue
            person = people.get(row.get("id_number") or "")
            if isinstance(person, str):
                self._tell(at, "id_number", "", person, "person_unfit")
                continue
            declared = {name: row[name] for name in names if row.get(name) is not None}
            kept.append(RosterRow(at, row["sheet"], row["row"], person, declared))
        order = {(row["sheet"], row["row"]): at for at, row in enumerate(self.rows)}
        self.errors.sort(key=lambda error: order.get((error.sheet, error.row), 0))
        return RosterLines(kept, self.errors, self.roster.notices, self.roster)

    def _people(self) -> dict[str, Person | str]:
        named = [NamedPerson(row["id_number"], row.get("name") or "") for row in self.rows if row.get("id_number")]
        return find_or_register(named, actor=self.actor)

    def _is_identified(self, at: int, row: dict[str, Any]) -> bool:
        identity = self.scheme.identity
        if row.get(identity):
            return True
        if not self._told(row, self.columns[identity]):
            self._tell(at, identity, "", _("没有填，这一行没有列入"), "identity_missing")
        return False

    def _told(self, row: dict[str, Any], column: Column) -> bool:
        place = (row["sheet"], row["row"], column.label)
        return any((error.sheet, error.row, error.column) == place for error in self.errors)

    def _is_of_payee(self, at: int, row: dict[str, Any]) -> bool:
        """Whether the row names the payee, or nobody."""
        if self.payee is None:
            return True
        wanted = {self.scheme.payee.fact: self.payee.name} if self.scheme.payee.fact else {}
        if self.scheme.identity == "credit_code" and self.payee.credit_code:
            wanted["credit_code"] = self.payee.credit_code
        for name, own in wanted.items():
            written = row.get(name) if name in self.columns else None
            if written is not None and written != own:
                message = _("写的不是本单位（%(own)s），这一行没有列入") % {"own": own}
                self._tell(at, str(name), str(written), message, "payee_differs")
                return False
        return True

    def _tell(self, at: int, name: str, value: str, message: str, code: str) -> None:
        self.errors.append(self.roster.error_at(at, self.columns[name], value, message, code))


def by_subject(rows: Sequence[RosterRow]) -> dict[int | None, list[RosterRow]]:
    """The rows of each person, in the workbook's order."""
    found: dict[int | None, list[RosterRow]] = {}
    for row in rows:
        found.setdefault(row.person.pk if row.person else None, []).append(row)
    return found
