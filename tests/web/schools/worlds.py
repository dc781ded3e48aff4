"""Something of the viewer's own for each part of the schools' addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiujin.accounts.models import Role, User
from jiujin.schools.models import Enrolment
from jiujin.schools.queries import school_of
from tests.registry.factories import make_person
from tests.schools.factories import make_intake


def school_parts(viewer: User) -> dict[str, Any]:
    """A list with a student, the viewer's own where they act for a school."""
    own = school_of(viewer) if viewer.role == Role.SCHOOL else None
    intake = make_intake(own)
    student = Enrolment.objects.create(
        intake=intake, school=intake.school, person=make_person(), enrolled_on=date(2022, 9, 1), row=2
    )
    return {"intake_id": intake.pk, "enrolment_id": student.pk}
