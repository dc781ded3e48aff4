"""Whether a list's students were claimed for here: then the claim's payment is the list's too."""

from __future__ import annotations

from jiujin.claims.models import ClaimLine
from jiujin.claims.states import ENDED
from jiujin.schools import pack
from jiujin.schools.models import Enrolment, Intake


def is_claimed(intake: Intake) -> bool:
    """Whether a line stands for some student of the list."""
    students = Enrolment.objects.filter(intake=intake)
    lines = ClaimLine.objects.filter(scheme=pack.scheme_id()).exclude(state__in=ENDED)
    by_record = lines.filter(record_id__in=students.values("pk"))
    by_person = lines.filter(record_id=None, payee=intake.school_id, person__in=students.values("person"))
    return by_record.exists() or by_person.exists()
