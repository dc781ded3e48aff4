"""Registers an organisation."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import AlreadyRegistered
from jiujin.registry.field_checks import (
    ORGANISATION_NAME_MAX,
    checked_credit_code,
    checked_kinds,
    checked_name,
    require_area,
)
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.values import DEMO_AREA


@transaction.atomic
def register_organisation(
    *,
    name: str,
    kinds: Collection[OrganisationKind],
    actor: Actor,
    credit_code: str | None = None,
    area_code: str | None = None,
) -> Organisation:
    """Register an organisation with what it does in the plan (at least one kind).

    Raises IdNumberRefused, AlreadyRegistered, NameMissing, FieldInvalid, AreaUnknown.
    """
    code = checked_credit_code(credit_code)
    require_area(area_code)
    held = Organisation.objects.filter(credit_code=code).first() if code else None
    if held:
        raise AlreadyRegistered(str(_("这个统一社会信用代码")), held.pk)
    organisation = Organisation.objects.create(
        name=checked_name(name, ORGANISATION_NAME_MAX),
        kinds=checked_kinds(list(kinds)),
        credit_code=code,
        area_id=area_code,
        is_synthetic=code is not None and code[2:8] == DEMO_AREA,
    )
    record_event(
        actor=actor, verb="organisation_registered", subject=organisation, details={"kinds": organisation.kinds}
    )
    return organisation
