"""A base's posts: offered, changed, closed, and made known on several channels."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships import pack
from jiujin.internships.errors import (
    BaseNotRecognised,
    ChannelUnknown,
    FieldInvalid,
    PostClosed,
    StipendTooLow,
    TermOutsidePlan,
)
from jiujin.internships.models import Base, InternPost, PostPublication
from jiujin.internships.services.steps import held
from jiujin.internships.states import BaseState
from jiujin.registry.models import Workplace


@transaction.atomic
def offer_post(
    *,
    base: Base,
    title: str,
    headcount: int,
    months: int,
    stipend_fen: int,
    open_from: date,
    open_until: date,
    actor: Actor,
    description: str = "",
    workplace: Workplace | None = None,
) -> InternPost:
    """Offer a post at a recognised base, within the plan's months and not under its stipend of the first open day.

    Raises BaseNotRecognised, TermOutsidePlan, StipendTooLow, FieldInvalid.
    """
    own = held(base)
    if own.state != BaseState.RECOGNISED:
        raise BaseNotRecognised(own.unit.name)
    if workplace is not None and workplace.organisation_id != own.unit_id:
        raise FieldInvalid("workplace", _("这个工作地点不是这家单位的"))
    fields = _checked(title, headcount, months, stipend_fen, open_from, open_until)
    post = InternPost.objects.create(base=own, workplace=workplace, description=description.strip(), **fields)
    details = {"base": own.pk, "headcount": headcount, "months": months, "stipend_fen": stipend_fen}
    record_event(actor=actor, verb="intern_post_offered", subject=post, details=details)
    return post


@transaction.atomic
def close_post(*, post: InternPost, closed_on: date, actor: Actor) -> InternPost:
    """Take nobody more; closed again, it stays as it is."""
    own = held(post)
    if own.closed_on is None:
        own.closed_on = closed_on
        own.save(update_fields=["closed_on"])
        record_event(actor=actor, verb="intern_post_closed", subject=own, details={"on": closed_on.isoformat()})
    return own


@transaction.atomic
def publish_post(
    *, post: InternPost, channel: str, published_on: date, actor: Actor, address: str = ""
) -> PostPublication:
    """Note where and when a post was made known; on one channel again, date and address are corrected.

    Raises ChannelUnknown, PostClosed, FieldInvalid.
    """
    own = held(post)
    named = pack.channels()
    if channel not in named:
        raise ChannelUnknown(named)
    if own.closed_on is not None:
        raise PostClosed(own.title)
    if own.base.recognised_on and published_on < own.base.recognised_on:
        raise FieldInvalid("published_on", _("发布日期早于基地的认定日期"))
    made, _is_new = PostPublication.objects.update_or_create(
        post=own, channel=channel, defaults={"published_on": published_on, "address": address.strip()}
    )
    details = {"channel": channel, "on": published_on.isoformat(), "address": address.strip()}
    record_event(actor=actor, verb="intern_post_published", subject=own, details=details)
    return made


def _checked(
    title: str, headcount: int, months: int, stipend_fen: int, open_from: date, open_until: date
) -> dict[str, Any]:
    if not title.strip():
        raise FieldInvalid("title", _("没有写岗位名称"))
    if headcount < 1:
        raise FieldInvalid("headcount", _("至少要收 1 人"))
    if open_until < open_from:
        raise FieldInvalid("open_until", _("截止日期早于开始日期"))
    low, high = pack.months_bounds(open_from)
    if not low <= months <= high:
        raise TermOutsidePlan(low, high, "months")
    floor_fen = pack.stipend_floor_fen(open_from)
    if floor_fen is not None and stipend_fen < floor_fen:
        raise StipendTooLow(stipend_fen, floor_fen)
    return {
        "title": title.strip(),
        "headcount": headcount,
        "months": months,
        "stipend_fen": stipend_fen,
        "open_from": open_from,
        "open_until": open_until,
    }
