"""What the registry's fields accept; each check gives the value as it is kept, or raises one clear sentence."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext as _

from jiujin.registry.errors import AreaUnknown, FieldInvalid, IdNumberRefused, NameMissing, PhoneInvalid
from jiujin.registry.models import Area, OrganisationKind
from jiujin.values import CreditCodeError, IdNumber, IdNumberError, check_credit_code, check_id_number
from jiujin.values.money import FEN_MAX

PHONE = re.compile(r"\d{5,15}", re.ASCII)
PHONE_DRESSING = re.compile(r"[\s\-－—()（）]")
INDUSTRY = re.compile(r"[A-T](\d{2,4})?")  # GB/T 4754: a section's letter, then up to four digits
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
PERSON_NAME_MAX, ORGANISATION_NAME_MAX = 60, 120
HEADCOUNT_MAX = 10_000_000


def require_area(code: str | None) -> None:
    """Raises AreaUnknown for a code that no loaded area has; None is not known, and allowed."""
    if code is not None and not Area.objects.filter(code=code).exists():
        raise AreaUnknown(code)


def checked_name(name: str, longest: int = PERSON_NAME_MAX) -> str:
    """A name without outer space or control characters. Raises NameMissing."""
    bare = CONTROL.sub("", name).strip()
    if not bare or len(bare) > longest:
        raise NameMissing(longest)
    return bare


def checked_phone(phone: str | None, field: str = "phone") -> str | None:
    """A telephone number of digits alone; blank is not known. Raises PhoneInvalid."""
    bare = PHONE_DRESSING.sub("", phone or "")
    if not bare:
        return None
    if not PHONE.fullmatch(bare):
        raise PhoneInvalid(field)
    return bare


def checked_identity(number: str) -> IdNumber:
    """What an identity number says. Raises IdNumberRefused."""
    try:
        return check_id_number(number, demo=settings.DEMO)
    except IdNumberError as error:
        raise IdNumberRefused(str(error)) from error


def checked_credit_code(code: str | None) -> str | None:
    """A credit code in capitals; blank is not known. Raises IdNumberRefused."""
    if not (code or "").strip():
        return None
    try:
        return check_credit_code(str(code))
    except CreditCodeError as error:
        raise IdNumberRefused(str(error), "credit_code") from error


def checked_industry(code: str) -> str:
    """A code of the national classification; blank is not known. Raises FieldInvalid."""
    bare = code.strip().upper()
    if bare and not INDUSTRY.fullmatch(bare):
        raise FieldInvalid(
            "industry", _("行业代码的写法不对，没有保存。请按国民经济行业分类填写，如 C1819；不知道的请留空。")
        )
    return bare


def checked_headcount(count: int | None) -> int | None:
    """How many work there. Raises FieldInvalid."""
    if count is not None and not 0 <= count <= HEADCOUNT_MAX:
        raise FieldInvalid("headcount", _("从业人数应是 0 以上的整数，没有保存。不知道的请留空。"))
    return count


def checked_revenue(amount_fen: int | None) -> int | None:
    """A year's revenue. Raises FieldInvalid."""
    if amount_fen is not None and not 0 <= amount_fen <= FEN_MAX:
        raise FieldInvalid("revenue_fen", _("营业收入不能是负数，也不能大得没有道理，没有保存。不知道的请留空。"))
    return amount_fen


def checked_kinds(kinds: object) -> list[str]:
    """What an organisation does in the plan, in order. Raises FieldInvalid."""
    given = (
        sorted({str(OrganisationKind(kind)) for kind in kinds})
        if isinstance(kinds, list | tuple | set | frozenset)
        else []
    )
    if not given:
        raise FieldInvalid("kinds", _("没有选单位的类型，没有保存。请至少选一种。"))
    return given
