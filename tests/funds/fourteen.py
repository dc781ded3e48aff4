"""A district in which every scheme of the plan has a payee with records to claim, an account, and a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jiujin.claims.models import ClaimLine
from jiujin.claims.records import records_by_id
from jiujin.claims.services.file_claim import KINDS
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.set_parameter import MAY_BE_SET, set_parameter
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation, Person
from tests.claims.factories import DAYS, SOURCE, stable_placement
from tests.claims.records import MAKERS
from tests.funds.factories import account_of, granted
from tests.registry.factories import make_area, make_organisation

AREA = "341502001001"
BUDGET_FEN = 100_000_000
SCHOOLS_DAY = (11, 15)  # within the days on which schools may send theirs


class Clock:
    """The day it is for the whole program: a given one, or one that is not past on which every scheme may be sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start_on: date | None = None) -> None:
        real = timezone.now
        today = timezone.localdate()
        start_on = start_on or date(today.year + (today > date(today.year, *SCHOOLS_DAY)), *SCHOOLS_DAY)
        start = timezone.make_aware(datetime.combine(start_on, time(9)))
        self.ahead = start - real()
        monkeypatch.setattr(timezone, "now", lambda: real() + self.ahead)

    def pass_days(self, days: int) -> None:
        """Let days go by."""
        self.ahead += timedelta(days=days)


@dataclass(frozen=True)
class Part:
    """A scheme, and who is paid by it."""

    scheme: Scheme
    payee: Organisation


def set_every_rate(plan: Plan) -> None:
    """What the document leaves to the district: the values of the schemes' worked cases, and working days."""
    values = {name: value for case in plan.cases.values() for name, value in case.set.items()}
    for parameter, value in (values | DAYS).items():
        if plan.parameters[parameter].status in MAY_BE_SET:
            set_parameter(parameter=parameter, value=value, source=SOURCE, actor="system:test")


def every_scheme() -> list[Part]:
    """Each scheme of the plan with records of one payee, who can be paid."""
    plan = plan_in_force()
    parts = [Part(scheme, _payee_with_records(scheme)) for scheme in plan.schemes.values()]
    area = make_area(AREA)
    Person.objects.update(home_area=area)
    Organisation.objects.update(area=area)
    can_be_paid({part.payee.pk: part.payee for part in parts}.values())
    return parts


def can_be_paid(payees: Iterable[Organisation]) -> None:
    """What payment waits for: rates and days are set, the district's schemes have budgets, these payees an account in use."""
    plan = plan_in_force()
    set_every_rate(plan)
    for payee in payees:
        account_of(payee)
    for scheme in plan.schemes.values():
        if scheme.decided_by == "district":
            granted(BUDGET_FEN, fund_class=scheme.fund_class, scheme=scheme.id)


def _payee_with_records(scheme: Scheme) -> Organisation:
    record = MAKERS[scheme.id]()
    if not scheme.payee.fact:
        return make_organisation(KINDS[scheme.payee.role])
    payee = Organisation.objects.get(pk=records_by_id(scheme, [record.pk])[record.pk].payee_id)
    kind = KINDS[scheme.payee.role]
    if kind not in payee.kinds:
        payee.kinds = [*payee.kinds, kind]
        payee.save(update_fields=["kinds"])
    more = MORE.get(scheme.id)
    if more:
        more(payee)
    return payee


MORE: dict[str, Callable[[Organisation], Any]] = {"stable-employment": stable_placement}


def found_by_an_officer(line: ClaimLine) -> dict[str, Any]:
    """What the line lacks and only an officer can say, as the scheme's worked case that is met has it (money in yuan)."""
    base = plan_in_force().cases[line.scheme].base
    return {name: base[name] for name in line.missing if not name.startswith("param:")}
