"""Registers an organisation."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from jiujin.registry.errors import AlreadyRegistered
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.registry.services.register_person import require_area
from jiujin.values import check_credit_code


@transaction.atomic
def register_organisation(
    *,
    name: str,
    kinds: Collection[OrganisationKind],
    credit_code: str | None = None,
    area_code: str | None = None,
) -> Organisation:
    """Register an organisation with what it does in the plan (at least one kind).

    Raises CreditCodeError, AlreadyRegistered, AreaUnknown.
    """
    code = None if credit_code is None else check_credit_code(credit_code)
    require_area(area_code)
    held = Organisation.objects.filter(credit_code=code).first() if code else None
    if held:
        raise AlreadyRegistered("这个统一社会信用代码", held.pk)
    return Organisation.objects.create(name=name.strip(), kinds=sorted(kinds), credit_code=code, area_id=area_code)
