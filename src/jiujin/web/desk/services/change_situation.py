"""Changes how to reach someone, where they live and what they look for, all of it or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.circles.services.place_in_circles import place_in_circles
from jiujin.registry.models import Person
from jiujin.registry.services.change_person import change_person
from jiujin.registry.services.set_address import use_community_middle
from jiujin.work.services.save_wish import save_wish


@transaction.atomic
def change_situation(
    *, person: Person, phone: str | None, area_code: str | None, wish: dict[str, Any], actor: User, today: date
) -> Person:
    """A home known only by its community moves with it; one without a point gets the community's; the circles follow.

    Raises what these raise.
    """
    held = change_person(person=person, phone=phone, home_area_code=area_code, actor=actor)
    if area_code and (held.home is None or held.home.lat is None):
        use_community_middle(owner=held, area_code=area_code, actor=actor)
    place_in_circles(person=held, day=today, actor=actor)
    save_wish(person=held, actor=actor, **wish)
    return held
