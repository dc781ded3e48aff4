"""The public employment service recommends people to posts, one by one or after a matching meeting; the base answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jiujin.core.services.record_event import Actor
from jiujin.internships.errors import BaseNotRecognised, NoPlaceLeft, PostClosed
from jiujin.internships.models import InternApplication, InternPost
from jiujin.internships.places import places_left
from jiujin.internships.services.steps import held, required_reason, take_step
from jiujin.internships.states import BaseState


@transaction.atomic
def recommend(
    *, application: InternApplication, post: InternPost, actor: Actor, today: date, way: str = "recommendation"
) -> InternApplication:
    """Recommend an eligible person to a post with a place; `way` is `recommendation` or `meeting`.

    Raises PostClosed, BaseNotRecognised, NoPlaceLeft, StepImpossible.
    """
    place = held(post)
    require_open(place, today)
    own = held(application)
    if places_left([place.pk])[place.pk] < 1:
        raise NoPlaceLeft(place.title, place.headcount)
    details = {"post": place.pk, "way": way}
    take_step(own, "application_recommended", actor=actor, details=details, recommended_to=place, reasons="")
    return own


@transaction.atomic
def recommend_pairs(
    *, pairs: Sequence[tuple[InternApplication, InternPost]], actor: Actor, today: date
) -> list[InternApplication]:
    """Recommend everybody whom a meeting brought together, all or none. Raises as `recommend` does."""
    return [
        recommend(application=application, post=post, actor=actor, today=today, way="meeting")
        for application, post in pairs
    ]


@transaction.atomic
def answer_recommendation(
    *, application: InternApplication, accepted: bool, actor: Actor, reasons: str = ""
) -> InternApplication:
    """The base takes the person, or not, and then says why. Raises ReasonMissing, StepImpossible."""
    own = held(application)
    told = reasons.strip() if accepted else required_reason(reasons)
    event = "application_accepted" if accepted else "application_declined"
    take_step(own, event, actor=actor, details={"reasons": told} if told else None, reasons=told)
    return own


def require_open(post: InternPost, today: date) -> None:
    """Raises PostClosed and BaseNotRecognised where a post takes nobody on a day."""
    if post.base.state != BaseState.RECOGNISED:
        raise BaseNotRecognised(post.base.unit.name)
    if post.closed_on is not None or not post.open_from <= today <= post.open_until:
        raise PostClosed(post.title)
