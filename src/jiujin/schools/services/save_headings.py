"""Saves what a school's headings mean."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import Organisation
from jiujin.schools.errors import FieldInvalid
from jiujin.schools.models import HeadingMap
from jiujin.schools.pack import IDENTITY, list_columns

HEADINGS_MAX = 200


@transaction.atomic
def save_headings(*, school: Organisation, headings: Mapping[str, str], actor: User) -> HeadingMap:
    """Save heading → fact (blank: passed over) for a school; what it saved before of other headings stays.

    Raises FieldInvalid where two headings mean one fact, a fact is none of the list's, or none is the identity number.
    """
    known = {column.key: column.label for column in list_columns()}
    held = HeadingMap.objects.select_for_update().filter(school=school).first()
    wanted = {**_others(dict(held.headings) if held else {}, headings), **headings}
    facts = [fact for fact in wanted.values() if fact]
    if set(facts) - set(known) or len(wanted) > HEADINGS_MAX:
        raise FieldInvalid("headings", _("有一列的意思不在清单里"))
    twice = next((fact for fact in facts if facts.count(fact) > 1), None)
    if twice is not None:
        raise FieldInvalid("headings", _("有两列都当作“%(fact)s”") % {"fact": known[twice]})
    if IDENTITY not in facts:
        raise FieldInvalid("headings", _("没有指明哪一列是“%(fact)s”") % {"fact": known[IDENTITY]})
    fields = {"headings": wanted, "changed_by": actor, "changed_at": timezone.now()}
    kept, _is_new = HeadingMap.objects.update_or_create(school=school, defaults=fields)
    record_event(actor=actor, verb="headings_mapped", subject=kept, details={"school": school.pk, "count": len(facts)})
    return kept


def _others(held: Mapping[str, str], headings: Mapping[str, str]) -> dict[str, str]:
    """What was saved of headings not told now, but for facts that another heading means now."""
    told = {fact for fact in headings.values() if fact}
    return {heading: fact for heading, fact in held.items() if heading not in headings and fact not in told}
