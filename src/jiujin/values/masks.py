"""What may be shown of a value that must not leak."""

from __future__ import annotations

STAR = "*"


def mask_name(name: str) -> str:
    """A name with only its first and last character, or only the first of two: 张*, 张*兰, 阿***汗."""
    bare = name.strip()
    if len(bare) <= 1:
        return STAR * len(bare)
    return bare[0] + STAR if len(bare) == 2 else bare[0] + STAR * (len(bare) - 2) + bare[-1]


def mask_id_number(number: str) -> str:
    """An identity number without its birth date: 341502********1234. Other lengths show only their last four."""
    return _middle_hidden(number.strip(), shown_first=6, shown_last=4, length=18)


def mask_credit_code(code: str) -> str:
    """A credit code with its first six and last four characters. Other lengths show only their last four."""
    return _middle_hidden(code.strip(), shown_first=6, shown_last=4, length=18)


def mask_phone(phone: str) -> str:
    """A mobile number with its first three and last four digits: 138****1234. Other lengths show only their last four."""
    return _middle_hidden(phone.strip(), shown_first=3, shown_last=4, length=11)


def _middle_hidden(text: str, *, shown_first: int, shown_last: int, length: int) -> str:
    if len(text) == length:
        return text[:shown_first] + STAR * (length - shown_first - shown_last) + text[-shown_last:]
    return STAR * max(len(text) - shown_last, 0) + text[-shown_last:] if len(text) > shown_last else STAR * len(text)
