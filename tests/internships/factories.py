"""A small world of internships: recognised bases, posts, and people on their way."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiujin.accounts.models import User
from jiujin.internships.judging import last_day
from jiujin.internships.models import Base, InternApplication, InternPost, Internship
from jiujin.internships.services.apply_for_internship import apply_for_internship
from jiujin.internships.services.hold_internship import agree_internship, begin_internship
from jiujin.internships.services.keep_base import apply_as_base, recognise_base
from jiujin.internships.services.offer_post import offer_post
from jiujin.internships.services.recommend import answer_recommendation, recommend
from jiujin.registry.models import Organisation, Person
from tests.registry.factories import make_organisation, make_person

START = date(2022, 7, 1)
GRADUATED = date(2022, 6, 30)
ACTOR = "system:test"
STIPEND_FEN = 200_000


def make_base(unit: Organisation | None = None, **given: Any) -> Base:
    """A base recognised at the beginning of the year."""
    base = apply_as_base(unit=unit or make_organisation(), applied_on=date(2021, 12, 1), actor=ACTOR, mentor="测试导师")
    fields = {"document": "测试认字〔2022〕1号", "recognised_on": date(2022, 1, 1)} | given
    return recognise_base(base=base, actor=ACTOR, **fields)


def make_post(base: Base | None = None, **given: Any) -> InternPost:
    """A post of two places, open all year, six months at the plan's least stipend."""
    fields: dict[str, Any] = {
        "title": "测试见习岗", "headcount": 2, "months": 6, "stipend_fen": STIPEND_FEN,
        "open_from": date(2022, 1, 1), "open_until": date(2026, 12, 31),
    }  # fmt: skip
    return offer_post(base=base or make_base(), actor=ACTOR, **fields | given)


def apply(person: Person | None = None, **given: Any) -> InternApplication:
    """The application of somebody who graduated the day before the wished start."""
    fields: dict[str, Any] = {"group": "graduate", "graduated_on": GRADUATED, "start_on": START, "months": 6} | given
    return apply_for_internship(person=person or make_person(), actor=ACTOR, **fields)


def accepted(post: InternPost | None = None, **given: Any) -> InternApplication:
    """Somebody whom a base takes."""
    application = recommend(application=apply(**given), post=post or make_post(), actor=ACTOR, today=date(2022, 6, 1))
    return answer_recommendation(application=application, accepted=True, actor=ACTOR)


def agree(application: InternApplication | None = None, *, start_on: date = START, months: int = 6) -> Internship:
    """An agreement for so many whole months."""
    return agree_internship(
        application=application or accepted(),
        start_on=start_on,
        end_on=last_day(start_on, months),
        agreement_on=start_on,
        actor=ACTOR,
    )


def running(**given: Any) -> Internship:
    """An intern at work."""
    internship = agree(**given)
    return begin_internship(internship=internship, today=internship.start_on, actor=ACTOR)


def unit_user(unit: Organisation) -> User:
    """Somebody who signs in for a unit."""
    from jiujin.accounts.models import Role
    from jiujin.registry.models import Membership
    from tests.accounts.people import someone

    user = someone(Role.EMPLOYER)
    Membership.objects.create(user=user, organisation=unit)
    return user
