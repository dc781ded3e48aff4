"""Writes an organisation of a source down, and one of its places of work."""

from __future__ import annotations

from typing import Any

from jiujin.core.services.record_event import Actor
from jiujin.exchange.imports.errors import EmployerUnknown
from jiujin.exchange.imports.records import OrganisationRecord
from jiujin.exchange.imports.scope import Outcome, Scope, area_code_of, organisation_named
from jiujin.exchange.imports.services.put_place import put_place
from jiujin.registry.models import Organisation, OrganisationKind, Workplace
from jiujin.registry.services.open_workplace import open_workplace
from jiujin.registry.services.register_organisation import register_organisation
from jiujin.work.services.change_firm import change_firm

FACTS = ("industry", "headcount", "declared_small", "contact_name", "contact_phone")
SHOWN = ("name", "kinds", "credit_code", "area_id", "revenue_fen", *FACTS)


def put_organisation(
    *, record: OrganisationRecord, known: int | None, key: str, scope: Scope, actor: Actor
) -> tuple[int, Outcome]:
    """Register the organisation or change what is new of it, within the caller's transaction.

    It is whom the source's key stood for last time, else whose credit code or (without one) name it is. Raises the
    registry's errors and those of `imports.errors`.
    """
    area = area_code_of(record.area)
    scope.check_area(area)
    organisation = _known_organisation(record, known)
    scope.check_organisation(organisation)
    outcome = Outcome.UNCHANGED
    if organisation is None:
        kinds = [OrganisationKind(record.kind or OrganisationKind.EMPLOYER)]
        organisation = register_organisation(
            name=record.name, kinds=kinds, credit_code=record.credit_code, area_code=area, actor=actor
        )
        outcome = Outcome.NEW
    before = _facts(organisation)
    organisation = change_firm(organisation=organisation, actor=actor, **_told(record, organisation, area))
    changed = _facts(organisation) != before
    changed |= _put_workplace(record, organisation, area, actor) if record.workplace else put_place(organisation, record, actor=actor)  # fmt: skip
    if outcome == Outcome.UNCHANGED and changed:
        outcome = Outcome.CHANGED
    return organisation.pk, outcome


def _known_organisation(record: OrganisationRecord, known: int | None) -> Organisation | None:
    held = Organisation.objects.filter(pk=known).first() if known is not None else None
    if held is not None:
        return held
    try:
        return organisation_named(record.credit_code or record.name, field="name")
    except EmployerUnknown:
        return None


def _told(record: OrganisationRecord, organisation: Organisation, area: str | None) -> dict[str, Any]:
    told = {name: getattr(record, name) for name in FACTS} | {"name": record.name, "credit_code": record.credit_code}
    if record.revenue_yuan is not None:
        told["revenue_fen"] = int(record.revenue_yuan * 100)
    if record.kind is not None and record.kind not in organisation.kinds:
        told["kinds"] = [*organisation.kinds, record.kind]
    if area is not None and not record.workplace:
        told["area_code"] = area
    return {name: value for name, value in told.items() if value is not None}


def _facts(organisation: Organisation) -> tuple[Any, ...]:
    return tuple(getattr(organisation, name) for name in SHOWN)


def _put_workplace(record: OrganisationRecord, organisation: Organisation, area: str | None, actor: Actor) -> bool:
    """Open the place or move it; whether anything changed."""
    name = (record.workplace or "").strip()
    held = Workplace.objects.filter(organisation=organisation, name=name, is_open=True).first()
    if held is None:
        held = open_workplace(organisation=organisation, name=name, area_code=area, actor=actor)
        put_place(held, record, actor=actor)
        return True
    return put_place(held, record, actor=actor)
