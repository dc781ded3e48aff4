"""Registers someone at the counter with all that was said there, at once or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.circles.services.place_in_circles import place_in_circles
from jiujin.registry.models import ConsentChannel, Person, Purpose
from jiujin.registry.services.give_consent import give_consent
from jiujin.registry.services.record_priority_status import record_priority_status
from jiujin.registry.services.register_person import register_person
from jiujin.registry.services.set_address import use_community_middle
from jiujin.work.models import ServiceKind
from jiujin.work.services.record_service import record_service
from jiujin.work.services.save_wish import save_wish


@dataclass(frozen=True)
class Identity:
    """Who it is: the number where it is known, else birth and sex as told."""

    name: str
    id_number: str | None = None
    born_on: date | None = None
    sex: str | None = None
    phone: str | None = None


@transaction.atomic
def register_at_counter(
    *,
    identity: Identity,
    area_code: str | None,
    category: str,
    wish: dict[str, Any],
    purposes: Collection[Purpose],
    channel: ConsentChannel,
    actor: User,
    today: date,
) -> Person:
    """Register the person, put them at the middle of their community and in its circles, and record status, wish, consents and
    the service.

    Raises what these services raise; then nothing of it is kept.
    """
    person = register_person(
        name=identity.name,
        id_number=identity.id_number,
        born_on=identity.born_on,
        sex=identity.sex,
        phone=identity.phone,
        home_area_code=area_code,
        actor=actor,
    )
    if area_code:
        use_community_middle(owner=person, area_code=area_code, actor=actor)
        place_in_circles(person=person, day=today, actor=actor)
    if category:
        record_priority_status(person=person, category=category, start_on=today, actor=actor)
    save_wish(person=person, actor=actor, **wish)
    for purpose in sorted(purposes):
        give_consent(person=person, purpose=purpose, channel=channel, actor=actor)
    record_service(id=uuid4(), person=person, kind=ServiceKind.COUNTER, served_on=today, actor=actor)
    return person
