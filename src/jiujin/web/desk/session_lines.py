"""A session's people as pasted or scanned, line by line: known, or what is wrong with the line and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.registry.models import Person
from jiujin.values import IdNumberError, mask_id_number
from jiujin.web.desk.card_reader import read_burst
from jiujin.web.desk.identity import checked_number
from jiujin.web.desk.scope import people_of

LINES_MAX = 300


@dataclass(frozen=True)
class Line:
    """One line of what was pasted: where it stands, what may be shown of it, who it is, or what to do about it.

    `number` is the whole number of somebody unknown, for the counter to register them.
    """

    row: int
    shown: str
    person: Person | None = None
    mend: str = ""
    number: str = ""
    name: str = ""


def read_lines(viewer: User, text: str) -> list[Line]:
    """Each line that says something, with the person it names among the viewer's; a person twice is known once.

    Lines past LINES_MAX are answered as one line that says so.
    """
    written = [(row, line) for row, line in enumerate(text.splitlines(), 1) if line.strip()]
    known = _people_by_number(viewer, (line for _row, line in written[:LINES_MAX]))
    lines, seen = [], {}
    for row, line in written[:LINES_MAX]:
        lines.append(_read(row, line, known, seen))
    if len(written) > LINES_MAX:
        words = {"most": LINES_MAX, "rest": len(written) - LINES_MAX}
        mend = _("一次最多 %(most)s 行，后面 %(rest)s 行没有读。请分两次录入。") % words
        lines.append(Line(written[LINES_MAX][0], "…", mend=mend))
    return lines


def _people_by_number(viewer: User, lines: Iterable[str]) -> dict[str, Person]:
    """One statement for the whole paste."""
    numbers = {read_burst(line).number for line in lines} - {""}
    index = Person._meta.get_field("id_number_index")
    wanted = [index.get_prep_value(number) for number in sorted(numbers)]
    found = people_of(viewer).filter(id_number_index__in=wanted).order_by("pk")
    return {person.id_number: person for person in found if person.id_number}


def _read(row: int, line: str, known: dict[str, Person], seen: dict[int, int]) -> Line:
    burst = read_burst(line)
    if not burst.number:
        mend = _("这一行没有 18 位身份证号。请重新刷卡，或补全号码。")
        return Line(row, line.strip()[:12], mend=mend)
    shown = mask_id_number(burst.number)
    try:
        number = checked_number(burst.number).number
    except IdNumberError as error:
        return Line(row, shown, mend=_("%(why)s。") % {"why": error.message})
    person = known.get(number)
    if person is None:
        return Line(
            row,
            shown,
            mend=_("您的服务对象里没有这个人。请先登记，再把他补进这次活动。"),
            number=number,
            name=burst.name,
        )
    if person.pk in seen:
        return Line(row, shown, mend=_("和第 %(row)s 行是同一个人，只记一次。") % {"row": seen[person.pk]})
    seen[person.pk] = row
    return Line(row, shown, person=person)
