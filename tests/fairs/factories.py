"""Small fairs for tests."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from jiujin.fairs.models import Fair, FairEmployer, FairHost, FairIntent
from jiujin.registry.models import OrganisationKind
from tests.registry.factories import make_organisation, make_person

DAY = date(2022, 4, 16)
NOON = datetime(2022, 4, 16, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
_numbers = count(1)


def make_fair(state: str = "approved", **given: Any) -> Fair:
    """A fair of one day, past every service, hosted by an agency."""
    host = given.pop("host", None)
    usual = {
        "name": f"测试招聘会{next(_numbers)}", "kind": "on_site", "place": "测试广场", "held_on": DAY,
        "sign_in_code": secrets.token_hex(8),
    }  # fmt: skip
    fields = {**usual, **given}
    fair = Fair.objects.create(state=state, **{"until_on": fields["held_on"], **fields})
    FairHost.objects.create(
        fair=fair, organisation=host or make_organisation(OrganisationKind.HR_AGENCY), is_credited=True
    )
    return fair


def make_part(fair: Fair, *, at: datetime | None = NOON, **given: Any) -> FairEmployer:
    """An employer at a fair, signed in unless told otherwise."""
    return FairEmployer.objects.create(
        fair=fair, **{"employer": given.pop("employer", None) or make_organisation(), "signed_in_at": at, **given}
    )


def make_intent(fair: Fair, **given: Any) -> FairIntent:
    """An intent at a fair of a person and an employer of its own."""
    usual: dict[str, Any] = {"key": uuid.uuid4(), "recorded_at": NOON}
    if "person" not in given:
        usual["person"] = make_person()
    if "employer" not in given:
        usual["employer"] = make_part(fair).employer
    return FairIntent.objects.create(fair=fair, **{**usual, **given})
