"""Plans a fair, or changes one that nobody approved yet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.fairs.errors import FairInPast, FairTwice, FieldWrong
from jiujin.fairs.models import Fair, FairHost, FairKind
from jiujin.fairs.services.take_step import locked_fair, take_step
from jiujin.registry.models import Area, Organisation

DAYS_MAX = 31
CODE_BYTES = 12
Host = Organisation | Area


@transaction.atomic
def plan_fair(
    *,
    name: str,
    kind: str,
    held_on: date,
    hosts: Sequence[Host],
    actor: User,
    today: date,
    until_on: date | None = None,
    area: Area | None = None,
    place: str = "",
    booths: int | None = None,
    aim: str = "",
) -> Fair:
    """Plan a fair from today on. Of several hosts it is one fair, credited to the first.

    Raises FairInPast, FairTwice, FieldWrong.
    """
    fields = _fields(name, kind, held_on, until_on or held_on, area, place, booths, aim, today)
    if not hosts:
        raise FieldWrong("hosts", "至少要有一家主办单位")
    _refuse_twice(fields["name"], held_on)
    try:
        with transaction.atomic():
            fair = Fair.objects.create(made_by=actor, sign_in_code=secrets.token_urlsafe(CODE_BYTES), **fields)
    except IntegrityError as error:  # planned by somebody else a moment ago
        _refuse_twice(fields["name"], held_on)
        raise error
    _set_hosts(fair, hosts)
    details = {"kind": kind, "held_on": held_on.isoformat(), "hosts": len(hosts)}
    record_event(actor=actor, verb="fair_planned", subject=fair, details=details)
    return fair


@transaction.atomic
def change_fair(*, fair: Fair, hosts: Sequence[Host], actor: User, today: date, **given: Any) -> Fair:
    """Change a fair that waits for its approval; the fields are those of `plan_fair`.

    Raises FairInPast, FairTwice, FieldWrong, StepImpossible.
    """
    held = locked_fair(fair)
    fields = _fields(
        given["name"], given["kind"], given["held_on"], given.get("until_on") or given["held_on"], given.get("area"),
        given.get("place", ""), given.get("booths"), given.get("aim", ""), today,
    )  # fmt: skip
    if not hosts:
        raise FieldWrong("hosts", "至少要有一家主办单位")
    _refuse_twice(fields["name"], fields["held_on"], but=held.pk)
    take_step(held, "fair_changed", actor=actor, **fields)
    held.hosts.all().delete()
    _set_hosts(held, hosts)
    return held


def _fields(
    name: str,
    kind: str,
    held_on: date,
    until_on: date,
    area: Area | None,
    place: str,
    booths: int | None,
    aim: str,
    today: date,
) -> dict[str, Any]:
    name, place = " ".join(name.split()), " ".join(place.split())
    if not name:
        raise FieldWrong("name", "招聘会名称没有填")
    if kind not in FairKind.values:
        raise FieldWrong("kind", f"没有“{kind}”这种招聘会")
    if held_on < today:
        raise FairInPast(held_on)
    if not 0 <= (until_on - held_on).days < DAYS_MAX:
        raise FieldWrong("until_on", f"结束日期要不早于开始日期，一场最多 {DAYS_MAX} 天")
    if booths is not None and booths < 1:
        raise FieldWrong("booths", "展位数要不小于 1，不限的请留空")
    if kind in (FairKind.ON_SITE, FairKind.CAMPUS) and not place:
        raise FieldWrong("place", "现场和校园招聘会要写地点")
    return {
        "name": name[:120], "kind": kind, "held_on": held_on, "until_on": until_on, "area": area, "place": place[:200],
        "booths": booths, "aim": aim.strip(),
    }  # fmt: skip


def _refuse_twice(name: str, held_on: date, but: int | None = None) -> None:
    """The same fair by name and day, also where blanks were put between the characters."""
    plain = "".join(name.split()).casefold()
    for fair in Fair.objects.filter(held_on=held_on).exclude(pk=but).order_by("pk"):
        if "".join(fair.name.split()).casefold() == plain:
            raise FairTwice(fair.name, held_on, fair.pk)


def _set_hosts(fair: Fair, hosts: Sequence[Host]) -> None:
    distinct = list(dict.fromkeys((type(host), host.pk) for host in hosts))
    FairHost.objects.bulk_create(
        FairHost(
            fair=fair,
            organisation_id=key if kind is Organisation else None,
            township_id=key if kind is Area else None,
            is_credited=number == 0,
        )
        for number, (kind, key) in enumerate(distinct)
    )
