"""Changes what is known of an organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import AlreadyRegistered, FieldInvalid
from jiujin.registry.field_checks import (
    ORGANISATION_NAME_MAX,
    PERSON_NAME_MAX,
    checked_credit_code,
    checked_headcount,
    checked_industry,
    checked_kinds,
    checked_name,
    checked_phone,
    checked_revenue,
    require_area,
)
from jiujin.registry.models import Organisation
from jiujin.registry.services.lock import locked_organisation

CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: checked_name(value, ORGANISATION_NAME_MAX),
    "kinds": checked_kinds,
    "credit_code": checked_credit_code,
    "contact_name": lambda value: checked_name(value, PERSON_NAME_MAX) if value else "",
    "contact_phone": lambda value: checked_phone(value, "contact_phone"),
    "industry": lambda value: checked_industry(value or ""),
    "headcount": checked_headcount,
    "revenue_fen": checked_revenue,
    "declared_small": lambda value: value,
}
CHANGEABLE = frozenset({*CHECKS, "area_code"})


@transaction.atomic
def change_organisation(*, organisation: Organisation, actor: Actor, **fields: Any) -> Organisation:
    """Change the fields given (those of CHANGEABLE); None takes back what is no longer known.

    A credit code once known stays. Nothing is written, and no event, where nothing changes.

    Raises AlreadyRegistered, IdNumberRefused, NameMissing, PhoneInvalid, FieldInvalid, AreaUnknown.
    """
    unknown = fields.keys() - CHANGEABLE
    assert not unknown, f"an organisation has no {sorted(unknown)} to change"
    held = locked_organisation(organisation)
    wanted = _checked(held, fields)
    changed = sorted(name for name, value in wanted.items() if getattr(held, name) != value)
    if not changed:
        return held
    for name in changed:
        setattr(held, name, wanted[name])
    held.save(update_fields=changed)
    record_event(actor=actor, verb="organisation_changed", subject=held, details={"fields": changed})
    return held


def _checked(held: Organisation, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted values by the model's own names."""
    wanted = {name: CHECKS[name](value) for name, value in fields.items() if name in CHECKS}
    if "area_code" in fields:
        require_area(fields["area_code"])
        wanted["area_id"] = fields["area_code"]
    code = wanted.get("credit_code", held.credit_code)
    if code != held.credit_code:
        _check_new_code(held, code)
    return wanted


def _check_new_code(held: Organisation, code: str | None) -> None:
    if held.credit_code is not None:
        message = _("统一社会信用代码已经登记，没有改动。代码登错了的，请由经办人员核对营业执照后改正。")
        raise FieldInvalid("credit_code", message)
    other = Organisation.objects.filter(credit_code=code).first()
    if other is not None:
        raise AlreadyRegistered(str(_("这个统一社会信用代码")), other.pk)
