"""How the desk says what a record holds: masks, ages, wishes, dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Area, Person
from jiujin.values import mask_id_number, mask_name, mask_phone, years_old
from jiujin.work.models import JobWish, Schooling, Shift, Vacancy, WagePeriod

CATEGORY_FACT, FORM_FACT = "priority_group", "employment_form"
IN_NO_GROUP = "none"  # the choice of CATEGORY_FACT that says so
UNKNOWN = "—"
TAIL_CHARACTERS = 4
METRES_A_KILOMETRE = 1000


def number_tail(person: Person) -> str:
    """The last characters of the identity number, by which two of one name are told apart."""
    return person.id_number[-TAIL_CHARACTERS:] if person.id_number else ""


def masked_person(person: Person) -> str:
    """A person on a list: the masked name, and the end of the number where it is known."""
    tail = number_tail(person)
    return f"{mask_name(person.name)} {tail}" if tail else mask_name(person.name)


def masked_number(person: Person) -> str:
    """The identity number as a screen may show it."""
    return mask_id_number(person.id_number) if person.id_number else _("没有登记")


def masked_phone(person: Person) -> str:
    """The telephone as a screen may show it."""
    return mask_phone(person.phone) if person.phone else _("没有电话")


def area_words(area: Area | None) -> str:
    """Township and community, or a dash."""
    if area is None:
        return UNKNOWN
    above = area.parent if area.parent_id and len(area.code) > 9 else None
    return f"{above.name} {area.name}" if above else area.name


def about_person(person: Person, today: date) -> str:
    """Sex, age and community on one line."""
    age = _("%(n)s 岁") % {"n": years_old(person.born_on, today)} if person.born_on else ""
    sex = str(person.get_sex_display() or "")
    return " · ".join(part for part in (sex, age, area_words(person.home_area)) if part)


def category_words(code: str) -> str:
    """A priority group by its name in the plan; a code that the plan lost is shown as it is."""
    return current_plan().facts[CATEGORY_FACT].choices.get(code, code)


def categories_of(person: Person) -> list[str]:
    """The codes of the groups a person stood or stands in, each once, without the word that it is none."""
    return sorted({status.category for status in person.priority_statuses.all()} - {IN_NO_GROUP})


def form_words(code: str) -> str:
    """A form of employment by its name in the plan."""
    return current_plan().facts[FORM_FACT].choices.get(code, code)


def distance_words(distance_m: float | None) -> str:
    """A straight line in words, metres under a kilometre, then kilometres with one decimal."""
    if distance_m is None:
        return _("距离未知")
    if distance_m < METRES_A_KILOMETRE:
        return _("直线 %(n)s 米") % {"n": round(distance_m)}
    return _("直线 %(n)s 公里") % {"n": f"{distance_m / METRES_A_KILOMETRE:.1f}"}


def wage_words(vacancy: Vacancy) -> str:
    """What a vacancy pays: `3,000–4,500 元 每月`, or that it is to be talked over."""
    if vacancy.wage_min_fen is None:
        return _("工资面议")
    bounds = [vacancy.wage_min_fen, vacancy.wage_max_fen]
    shown = dict.fromkeys(_short_yuan(fen) for fen in bounds if fen is not None)
    period = WagePeriod(vacancy.wage_period).label
    return _("%(wage)s 元 %(period)s") % {"wage": "–".join(shown), "period": period}


def _short_yuan(fen: int) -> str:
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02d}" if rest else f"{yuan:,}"


def wish_words(wish: JobWish | None, occupations: dict[str, str] | None = None) -> str:
    """What someone looks for on one line; no wish yet says so."""
    if wish is None:
        return _("还没有填意向")
    if not wish.is_looking:
        return _("目前不找工作")
    names = occupations or {}
    parts = [
        "、".join(names.get(code, code) for code in wish.occupations),
        "、".join(form_words(code) for code in wish.forms),
        "、".join(str(Shift(code).label) for code in wish.shifts if code in Shift.values),
        _("%(wage)s 元以上") % {"wage": _short_yuan(wish.wage_min_fen)} if wish.wage_min_fen else "",
        str(Schooling(wish.schooling).label) if wish.schooling else "",
        "、".join([*wish.licences, *wish.skills]),
    ]
    return "；".join(part for part in parts if part) or _("什么工作都可以")


def listed(words: Iterable[str]) -> str:
    """Words with the Chinese comma between them."""
    return "、".join(words)
