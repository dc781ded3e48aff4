"""The months of a placement as a grid: insurance ticked, income in yuan; what a filled grid would change, before it does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from jiujin.core.proof import Proof
from jiujin.values import MoneyError, format_yuan, parse_yuan
from jiujin.work.models import IncomeMonth, InsuranceKind, InsuranceMonth, Placement
from jiujin.work.services.record_months import MONTHS_AT_ONCE_MAX, months_between

INCOME: Final = "income"
INSURANCES: Final = (InsuranceKind.SOCIAL, InsuranceKind.ACCIDENT)
WORKED_UNPAID_YET: Final = ("不详", "?", "？")


@dataclass(frozen=True)
class Month:
    """One month as it stands in the grid: which insurance, and the income as written (empty: no record)."""

    month: date
    insured: frozenset[str]
    income: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """As the fields of the page name it."""
        return f"{self.month:%Y-%m}"

    @property
    def social(self) -> bool:
        """Social insurance was paid."""
        return InsuranceKind.SOCIAL in self.insured

    @property
    def accident(self) -> bool:
        """Accident insurance was paid."""
        return InsuranceKind.ACCIDENT in self.insured


@dataclass(frozen=True)
class Change:
    """One cell that would change. `amount_fen` is of an income; `remove` takes the record back."""

    month: date
    what: str
    before: str
    after: str
    remove: bool = False
    amount_fen: int | None = None

    @property
    def label(self) -> str:
        """The column's heading."""
        return _("收入（元）") if self.what == INCOME else str(InsuranceKind(self.what).label)

    @property
    def is_correction(self) -> bool:
        """Something recorded becomes something else, or goes."""
        return bool(self.before)


def months_of(placement: Placement, today: date) -> list[date]:
    """From the first month of the placement to this one, or to its last; the newest where there are very many."""
    ends = [end for end in (placement.end_on, placement.left_on) if end is not None]
    last = min([*ends, today])
    if last < placement.start_on:
        return []
    count = (last.year - placement.start_on.year) * 12 + last.month - placement.start_on.month + 1
    first = placement.start_on
    if count > MONTHS_AT_ONCE_MAX:
        first = date(last.year - MONTHS_AT_ONCE_MAX // 12 + 1, 1, 1)
    return months_between(first, last)


def recorded_grid(placement: Placement, months: Iterable[date]) -> list[Month]:
    """The grid as it is recorded."""
    insured: dict[date, set[str]] = {}
    for each in InsuranceMonth.objects.filter(placement=placement).order_by("month", "kind"):
        insured.setdefault(each.month, set()).add(each.kind)
    incomes = {
        each.month: each.amount_fen for each in IncomeMonth.objects.filter(placement=placement).order_by("month")
    }
    return [Month(month, frozenset(insured.get(month, ())), _income_written(incomes, month)) for month in months]


def _income_written(incomes: Mapping[date, int | None], month: date) -> str:
    if month not in incomes:
        return ""
    amount = incomes[month]
    return WORKED_UNPAID_YET[0] if amount is None else format_yuan(amount)


def filled_grid(given: Mapping[str, str], months: Iterable[date]) -> list[Month]:
    """The grid as someone filled it in; an income that cannot be read carries its error."""
    return [_filled(given, month) for month in months]


def _filled(given: Mapping[str, str], month: date) -> Month:
    key = f"{month:%Y-%m}"
    insured = frozenset(kind.value for kind in INSURANCES if given.get(f"{kind.value}-{key}"))
    written = given.get(f"{INCOME}-{key}", "").strip()[:20]
    try:
        _income_fen(written)
    except MoneyError as error:
        return Month(month, insured, written, str(error))
    return Month(month, insured, written)


def _income_fen(written: str) -> int | None:
    """Fen, or None for a month whose income is not known. Raises MoneyError."""
    return None if not written or written in WORKED_UNPAID_YET else parse_yuan(written)


def changes_between(recorded: Iterable[Month], filled: Iterable[Month]) -> list[Change]:
    """What saving the filled grid would change, in the order of the months. Months with an error change nothing."""
    found: list[Change] = []
    for before, after in zip(recorded, filled, strict=True):
        found += [
            _insurance_change(before, after, kind)
            for kind in INSURANCES
            if (kind in before.insured) != (kind in after.insured)
        ]
        if not after.error and _amount_shown(before) != _amount_shown(after):
            found.append(
                Change(after.month, INCOME, before.income, after.income, not after.income, _income_fen(after.income))
            )
    return found


def _insurance_change(before: Month, after: Month, kind: InsuranceKind) -> Change:
    paid = _("已缴")
    if kind in before.insured:
        return Change(after.month, kind.value, paid, "", remove=True)
    return Change(after.month, kind.value, "", paid)


def _amount_shown(month: Month) -> tuple[bool, int | None]:
    return bool(month.income), _income_fen(month.income)


def seal_of(changes: Iterable[Change], proof: Proof) -> str:
    """What was looked at, in one word: a save is of what was previewed, or it is previewed again."""
    text = "\n".join(f"{c.month}|{c.what}|{c.before}|{c.after}" for c in changes) + f"|{int(proof)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
