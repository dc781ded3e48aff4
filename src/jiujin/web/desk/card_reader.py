"""What an ID-card reader types: the number, often the name, now and then the whole card, in one burst that ends with Enter.

A person at the keyboard may type the same field: a number, a telephone, or a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9X])")
ALMOST_NUMBER = re.compile(r"[0-9]{13,}X?")
PHONE = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])|(?<![0-9])0[0-9]{9,11}(?![0-9])")
NAME = re.compile(r"[㐀-鿿]{2,}(?:·[㐀-鿿]+)*")
LABELS = re.compile(r"姓名|性别|民族|出生(?:日期)?|住址|地址|公民身份号码|身份证号码?|签发机关|有效期限?|电话|手机")
TEXT_CHARACTERS_MAX = 400
NAME_CHARACTERS_MAX = 60


@dataclass(frozen=True)
class Burst:
    """What was typed: an identity number (as written, unchecked), a telephone, a name; each may be missing.

    `almost` is a row of digits that is no number and no telephone: someone has to look at it again.
    """

    number: str = ""
    phone: str = ""
    name: str = ""
    almost: str = ""


def read_burst(text: str) -> Burst:
    """Find the number, the telephone and the name in what a reader or a person typed, whatever their order and marks."""
    plain = unicodedata.normalize("NFKC", text[:TEXT_CHARACTERS_MAX]).upper().replace("‧", "·").replace("•", "·")
    number = NUMBER.search(plain)
    rest = plain.replace(number[0], " ") if number else plain
    phone = PHONE.search(rest)
    almost = None if number or phone else ALMOST_NUMBER.search(rest)
    name = NAME.search(LABELS.sub(" ", rest))
    return Burst(
        number=number[0] if number else "",
        phone=phone[0] if phone else "",
        name=name[0][:NAME_CHARACTERS_MAX] if name else "",
        almost=almost[0] if almost else "",
    )
