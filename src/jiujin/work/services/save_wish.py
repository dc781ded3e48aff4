"""Saves what a person looks for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from jiujin.core.plan_codes import require_choice
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Person
from jiujin.values import FEN_MAX
from jiujin.work.errors import FieldInvalid
from jiujin.work.models import JobWish, Occupation, Schooling, Shift
from jiujin.work.vacancy_fields import FORM_FACT, HOURS_A_WEEK_MAX, plain_words

OCCUPATIONS_MAX: Final = 8
RADIUS_M_MAX: Final = 100_000
FIELDS: Final = (
    "is_looking",
    "occupations",
    "forms",
    "shifts",
    "wage_min_fen",
    "hours_a_week_max",
    "radius_m",
    "schooling",
    "licences",
    "skills",
)


@transaction.atomic
def save_wish(*, person: Person, actor: Actor, **fields: Any) -> JobWish:
    """Save the fields given of a person's wish; the others stay. Raises FieldInvalid, CodeNotInPlan.

    Fields: `is_looking`, `occupations` (codes), `forms`, `shifts`, `wage_min_fen` (a month), `hours_a_week_max`, `radius_m`,
    `schooling`, `licences`, `skills`.
    """
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"a wish has no field {unknown[0]}")
    _check(fields)
    for name in ("licences", "skills"):
        if name in fields:
            fields[name] = plain_words(name, fields[name])
    wish, _ = JobWish.objects.select_for_update().get_or_create(person=person)
    for name, value in fields.items():
        setattr(wish, name, value)
    wish.changed_at = timezone.now()
    wish.save()
    record_event(actor=actor, verb="wish_saved", subject=wish, details={"person": person.pk, "fields": sorted(fields)})
    return wish


def _check(fields: dict[str, Any]) -> None:
    for form in fields.get("forms") or []:
        require_choice(FORM_FACT, form)
    if unknown := set(fields.get("shifts") or []) - set(Shift.values):
        raise FieldInvalid("shifts", f"没有“{min(unknown)}”这个班次")
    wanted = set(fields.get("occupations") or [])
    if len(wanted) > OCCUPATIONS_MAX:
        raise FieldInvalid("occupations", f"意向职业最多选 {OCCUPATIONS_MAX} 个")
    held = set(Occupation.objects.filter(code__in=wanted).values_list("code", flat=True))
    if wanted - held:
        raise FieldInvalid("occupations", f"职业分类里没有“{min(wanted - held)}”")
    if fields.get("schooling") is not None and fields["schooling"] not in Schooling.values:
        raise FieldInvalid("schooling", "学历要从列表里选")
    for name, most, label in (
        ("wage_min_fen", FEN_MAX, "期望工资"),
        ("radius_m", RADIUS_M_MAX, "距离"),
        ("hours_a_week_max", HOURS_A_WEEK_MAX, "每周工时"),
    ):
        value = fields.get(name)
        if value is not None and not (isinstance(value, int | Decimal) and 0 <= value <= most):
            raise FieldInvalid(name, f"{label}不在可能的范围里")
