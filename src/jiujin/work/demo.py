"""The invented placements of a demonstration, with their months and registrations, made of the plan's worked cases.

A case states facts; here they become the records that the facts are read from (`records` in the pack's facts.yaml): so many
insurance months, a run of income months with one lowest income, a registration, or nothing where the case does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from django.db import connection

from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.core.proof import Proof
from jiujin.plan import Plan
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.rules.worked import Facts, WorkedSpells
from jiujin.values import add_months
from jiujin.work.models import (
    IncomeMonth,
    InsuranceKind,
    InsuranceMonth,
    Placement,
    Registration,
    RegistrationKind,
)
from jiujin.work.services.record_placement import FORM_FACT

SUBJECT = "placement"
NO_PLACEMENT_SHARE, SECOND_SPELL_SHARE = 0.35, 0.2
GAP_SHARE, UNKNOWN_INCOME_SHARE = 0.06, 0.06
INCOME_RAISE_MAX = 0.3
PROOFS = (
    Proof.DECLARED,
    Proof.DOCUMENTED,
    *[Proof.VERIFIED] * 8,
)  # drawn once for a run of months, seldom for one of them
ODD_PROOF_SHARE = 0.01
INSURANCE_FACTS = (
    ("social_insurance_months", InsuranceKind.SOCIAL),
    ("accident_insurance_months", InsuranceKind.ACCIDENT),
)
Row = tuple[Any, ...]


@dataclass
class _Rows:
    """Rows of a batch by table, as `copy_rows` takes them."""

    placements: list[Row] = field(default_factory=list)
    insurance: list[Row] = field(default_factory=list)
    income: list[Row] = field(default_factory=list)
    registrations: list[Row] = field(default_factory=list)


class DemoPlacements:
    """Adds placements for people, batch after batch; one plan, seed and order of people always gives the same."""

    def __init__(self, *, plan: Plan, seed: int) -> None:
        self.pick = Random(f"{seed}/work")
        schemes = [scheme for scheme in plan.schemes.values() if scheme.subject == SUBJECT]
        self.spells = [WorkedSpells(plan, scheme) for scheme in sorted(schemes, key=lambda scheme: scheme.id)]
        self.forms = list(plan.facts[FORM_FACT].choices)
        self.employers = _organisation_ids(OrganisationKind.EMPLOYER)
        self.operators = _organisation_ids(OrganisationKind.OPERATOR)

    def place(self, person_ids: Iterable[int]) -> int:
        """Add the placements of these people inside the caller's transaction; gives their number."""
        rows = _Rows()
        drawn = [(person_id, facts) for person_id in person_ids for facts in self._spells_of_person()]
        placed = [(person_id, facts) for person_id, facts in drawn if _can_be_recorded(facts)]
        ids = reserve_ids(Placement, len(placed))
        for placement_id, (person_id, facts) in zip(ids, placed, strict=True):
            self._add(rows, placement_id, person_id, facts)
        _copy(rows)
        return len(ids)

    def _spells_of_person(self) -> Iterator[Facts]:
        chance = self.pick.random()
        if chance < NO_PLACEMENT_SHARE or not self.spells:
            return
        yield from self.pick.choice(self.spells).draw(self.pick)
        if chance > 1 - SECOND_SPELL_SHARE:  # often overlapping the first
            yield from self.pick.choice(self.spells).draw(self.pick)

    def _add(self, rows: _Rows, placement_id: int, person_id: int, facts: Facts) -> None:
        pick = self.pick
        operator = pick.choice(self.operators) if facts.get("operator") else None
        form = facts.get(FORM_FACT) or pick.choice(self.forms)
        open_ended = bool(facts.get("open_ended"))
        end = None if open_ended else facts.get("end_on")
        employer = pick.choice(self.employers)
        term = (form, facts["start_on"], end, open_ended, pick.choice(PROOFS))
        rows.placements.append((placement_id, person_id, employer, operator, *term))
        for name, kind in INSURANCE_FACTS:
            months = _months_from(facts["start_on"], facts.get(name) or 0)
            proofs = self._proofs(len(months))
            rows.insurance += [(placement_id, month, kind.value, next(proofs)) for month in months]
        rows.income += [(placement_id, *month) for month in self._income(facts)]
        rows.registrations += [(placement_id, *registration) for registration in self._registrations(facts)]

    def _income(self, facts: Facts) -> Iterator[tuple[date, int | None, Proof]]:
        """A run of months with one lowest income; now and then with a gap, or an income that is not known."""
        months = _months_from(facts["start_on"], _calendar_months(facts))
        if not months:
            return
        lowest, at = facts.get("lowest_monthly_income"), self.pick.randrange(len(months))
        gap = self.pick.randrange(len(months)) if self.pick.random() < GAP_SHARE else None
        unknown = self.pick.randrange(len(months)) if self.pick.random() < UNKNOWN_INCOME_SHARE else None
        proofs = self._proofs(len(months))
        for place, month in enumerate(months):
            raised = 1 if place == at else 1 + self.pick.random() * INCOME_RAISE_MAX
            amount = None if lowest is None or place == unknown else int(lowest * raised)
            if place != gap:
                yield month, amount, next(proofs)

    def _proofs(self, count: int) -> Iterator[Proof]:
        """The proof of each month of a run, nearly always the same."""
        usual = self.pick.choice(PROOFS)
        for _ in range(count):
            yield self.pick.choice(PROOFS) if self.pick.random() < ODD_PROOF_SHARE else usual

    def _registrations(self, facts: Facts) -> Iterator[tuple[str, str, Proof]]:
        kinds = [RegistrationKind.EMPLOYMENT] if facts.get("employment_registered") else []
        if facts.get("registered_or_filed"):
            kinds.append(self.pick.choice(list(RegistrationKind)))
        for kind in dict.fromkeys(kinds):
            yield kind.value, f"YS{self.pick.randrange(10**10):010d}", self.pick.choice(PROOFS)


def clear_work() -> None:
    """Take out every placement of a synthetic person, and what hangs on it."""
    of_synthetic = (
        "SELECT p.id FROM work_placement p JOIN registry_person who ON who.id = p.person_id WHERE who.is_synthetic"
    )
    with connection.cursor() as cursor:
        for table in ("work_contract", "work_insurancemonth", "work_incomemonth", "work_registration"):
            cursor.execute(f"DELETE FROM {table} WHERE placement_id IN ({of_synthetic})")
        cursor.execute(f"DELETE FROM work_placement WHERE id IN ({of_synthetic})")


def _organisation_ids(kind: OrganisationKind) -> list[int]:
    found = Organisation.objects.filter(kinds__contains=[kind], is_synthetic=True).order_by("credit_code")
    return list(found.values_list("id", flat=True))


def _can_be_recorded(facts: Facts) -> bool:
    """A record needs its start, and an end that is not before it."""
    start, end = facts.get("start_on"), facts.get("end_on")
    return start is not None and (end is None or end >= start)


def _calendar_months(facts: Mapping[str, Any]) -> int:
    """How many calendar months a run of whole months touches: one more where it does not begin on a first day."""
    running = facts.get("months_running") or 0
    return running + 1 if running and facts["start_on"].day > 1 else running


def _months_from(start: date, count: int) -> list[date]:
    first = start.replace(day=1)
    return [add_months(first, number) for number in range(count)]


def _copy(rows: _Rows) -> None:
    term = ("form", "start_on", "end_on", "open_ended", "proof")
    copy_rows(Placement, ("id", "person_id", "employer_id", "operator_id", *term), rows.placements)
    copy_rows(InsuranceMonth, ("placement_id", "month", "kind", "proof"), rows.insurance)
    copy_rows(IncomeMonth, ("placement_id", "month", "amount_fen", "proof"), rows.income)
    copy_rows(Registration, ("placement_id", "kind", "reference_number", "proof"), rows.registrations)
