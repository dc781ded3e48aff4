"""Somebody new: their sign-in, their record, their home and that they look for work, all or nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.circles.services.place_in_circles import place_in_circles
from jiujin.registry.errors import AlreadyRegistered
from jiujin.registry.models import Person, PointSource
from jiujin.registry.services.give_sign_in import make_resident
from jiujin.registry.services.register_person import register_person
from jiujin.registry.services.set_address import place_address, use_community_middle
from jiujin.values.datum import Datum
from jiujin.web.resident.errors import IdNumberHeld
from jiujin.web.resident.forms import HomeForm, JoinForm
from jiujin.work.services.save_wish import save_wish


@transaction.atomic
def join(*, form: JoinForm, phone: str | None, user: User | None = None) -> Person:
    """Make the person of a valid form; `user` is a resident's sign-in that has no person yet.

    Raises IdNumberHeld and the registry's errors, and then nothing is kept.
    """
    given = form.cleaned_data
    user = user or make_resident(given["name"].strip())
    try:
        person = register_person(
            id_number=given["id_number"].strip() or None,
            name=given["name"],
            phone=phone,
            home_area_code=given["area"] or None,
            actor=user,
        )
    except AlreadyRegistered as error:
        raise IdNumberHeld from error
    person.user = user
    person.save(update_fields=["user"])
    set_home(person=person, form=form, actor=user)
    save_wish(person=person, actor=user, is_looking=True)
    return person


def set_home(*, person: Person, form: HomeForm, actor: User) -> None:
    """Put the person's home where the form says: at the point, else at the middle of the community, and in its circles.

    Raises PointInvalid.
    """
    point = form.point()
    if point is not None:
        place_address(
            person, text=None, lat=point[0], lon=point[1], datum=Datum.WGS84, source=PointSource.PICKED, actor=actor
        )
    elif form.cleaned_data["area"]:
        use_community_middle(person, actor=actor)
    place_in_circles(person=person, day=timezone.localdate(), actor=actor)
