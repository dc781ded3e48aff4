"""Something of the viewer's own for each part of the addresses of fairs."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.fairs.models import EnterpriseVisit, Fair
from tests.fairs.factories import make_fair, make_intent, make_part
from tests.registry.factories import make_area, make_organisation, make_person


def fair_today(viewer: User | None = None, **given: Any) -> Fair:
    """An approved fair that is held today, planned by the viewer."""
    today = timezone.localdate()
    return make_fair(made_by=viewer, held_on=today, until_on=today, **given)


def fair_parts(viewer: User) -> dict[str, Any]:
    """A fair, an intent and a visit that this viewer sees."""
    fair, today = fair_today(viewer), timezone.localdate()
    intent = make_intent(
        fair, person=make_person(), employer=make_part(fair, at=timezone.now()).employer, recorded_by=viewer
    )
    visit = EnterpriseVisit.objects.create(
        employer=make_organisation(), visited_on=today, findings="缺人", promised="送人", key=uuid.uuid4(),
        promised_until=today + timedelta(days=7), made_by=viewer,
    )  # fmt: skip
    return {
        "fair_id": fair.pk, "intent_id": intent.pk, "visit_id": visit.pk, "code": fair.sign_in_code,
        "home": make_area("341502001").pk, "work": make_area("341502002").pk,
    }  # fmt: skip
