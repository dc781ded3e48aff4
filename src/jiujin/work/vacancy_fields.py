"""What an employer may write in a vacancy: each field bounded, and text plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jiujin.core.plan_codes import require_choice
from jiujin.registry.models import Organisation, Workplace
from jiujin.values import FEN_MAX
from jiujin.work.errors import FieldInvalid, WorkplaceUnusable
from jiujin.work.models import Occupation, Schooling, Shift, Vacancy, WagePeriod

FORM_FACT: Final = "employment_form"
HEADCOUNT_MAX: Final = 10_000
HOURS_A_WEEK_MAX: Final = 168
NAMES_MAX: Final = 20
PHONE: Final = re.compile(r"\d{5,15}")
REQUIRED: Final = ("title", "form", "open_until")
LABELS: Final = {
    "title": "岗位名称",
    "description": "岗位说明",
    "contact_name": "联系人",
    "licences": "证书",
    "skills": "技能",
    "source_key": "来源编号",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def checked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the model takes them. Raises FieldInvalid, CodeNotInPlan; TypeError for a name that is no field."""
    unknown = sorted(set(fields) - set(_READERS))
    if unknown:
        raise TypeError(f"a vacancy has no field {unknown[0]}")
    return {name: _READERS[name](name, value) for name, value in fields.items()}


def check_whole(vacancy: Vacancy) -> None:
    """What must hold between fields. Raises FieldInvalid, WorkplaceUnusable."""
    low, high = vacancy.wage_min_fen, vacancy.wage_max_fen
    if high is not None and (low is None or high < low):
        raise FieldInvalid("wage_max_fen", "工资的上限要不低于下限，两个都要填")
    if vacancy.headcount < vacancy.filled_count:
        raise FieldInvalid("headcount", f"已经录用 {vacancy.filled_count} 人，招聘人数不能更少")
    require_workplace(vacancy.employer, vacancy.workplace)


def require_workplace(employer: Organisation, workplace: Workplace) -> None:
    """Raises WorkplaceUnusable for a place of somebody else, or a closed one."""
    if workplace.organisation_id != employer.pk or not workplace.is_open:
        raise WorkplaceUnusable(workplace.name)


def plain_text(text: object) -> str:
    """Text without characters that steer a screen; what looks like markup stays text."""
    return _CONTROLS.sub("", unicodedata.normalize("NFC", str(text or "")).replace("\r\n", "\n")).strip()


def plain_words(name: str, value: Any) -> list[str]:
    """Short words, each once, blanks left out. Raises FieldInvalid."""
    words = list(dict.fromkeys(word for word in (plain_text(word) for word in value or []) if word))
    if len(words) > NAMES_MAX or any(len(word) > 40 for word in words):
        raise FieldInvalid(name, f"{LABELS[name]}最多 {NAMES_MAX} 项，每项不超过 40 个字")
    return words


def _text(name: str, value: Any) -> str:
    text = plain_text(value)
    most = Vacancy._meta.get_field(name).max_length
    if name in REQUIRED and not text:
        raise FieldInvalid(name, f"{LABELS[name]}没有填")
    if most is not None and len(text) > most:
        raise FieldInvalid(name, f"{LABELS[name]}最多 {most} 个字，这里有 {len(text)} 个")
    return text


def _source_key(name: str, value: Any) -> str | None:
    return _text(name, value) or None


def _occupation(name: str, value: Any) -> Occupation | None:
    if value is None or value == "" or isinstance(value, Occupation):
        return value or None
    found = Occupation.objects.filter(code=str(value)).first()
    if found is None:
        raise FieldInvalid(name, f"职业分类里没有“{value}”")
    return found


def _form(name: str, value: Any) -> str:
    return require_choice(FORM_FACT, str(value))


def _amount(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FEN_MAX:
        raise FieldInvalid(name, "工资要填不小于 0 的金额")
    return value


def _hours(name: str, value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        hours = Decimal(str(value)).quantize(Decimal("0.1"))
        if 0 < hours <= HOURS_A_WEEK_MAX:
            return hours
    except InvalidOperation:
        pass
    raise FieldInvalid(name, f"每周工时要在 0 到 {HOURS_A_WEEK_MAX} 小时之间")


def _headcount(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= HEADCOUNT_MAX:
        raise FieldInvalid(name, f"招聘人数要填 1 到 {HEADCOUNT_MAX} 的整数")
    return value


def _choice(choices: Any, blank: bool = False) -> Callable[[str, Any], Any]:
    def read(name: str, value: Any) -> Any:
        if blank and value in (None, ""):
            return ""
        if value not in choices.values:
            raise FieldInvalid(name, f"没有“{value}”这个选项")
        return choices(value).value

    return read


def _day(name: str, value: Any) -> date:
    if not isinstance(value, date):
        raise FieldInvalid(name, "截止日期没有填")
    return value


def _phone(name: str, value: Any) -> str | None:
    if not value:
        return None
    if not PHONE.fullmatch(str(value)):
        raise FieldInvalid(name, "联系电话只填 5 到 15 位数字，区号和号码连着写")
    return str(value)


def _flag(name: str, value: Any) -> bool:
    return bool(value)


_READERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "title": _text,
    "occupation": _occupation,
    "form": _form,
    "wage_min_fen": _amount,
    "wage_max_fen": _amount,
    "wage_period": _choice(WagePeriod),
    "hours_a_week": _hours,
    "shift": _choice(Shift, blank=True),
    "headcount": _headcount,
    "schooling_min": _choice(Schooling),
    "licences": plain_words,
    "skills": plain_words,
    "description": _text,
    "welcomes_priority_groups": _flag,
    "open_until": _day,
    "contact_name": _text,
    "contact_phone": _phone,
    "source_key": _source_key,
}
FIELDS: Final = tuple(_READERS)
COPIED: Final = tuple(name for name in FIELDS if name not in ("source_key", "open_until"))
