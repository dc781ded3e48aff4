"""Something of the viewer's own for each part of the internships' addresses."""

from __future__ import annotations

from typing import Any

from jiujin.accounts.models import Role, User
from jiujin.internships.services.apply_for_internship import apply_for_internship
from jiujin.internships.services.recommend import recommend
from jiujin.work.acting_for import organisation_acted_for
from tests.internships.factories import ACTOR, GRADUATED, START, accepted, agree, make_base, make_post
from tests.registry.factories import make_person
from tests.web.desk.worlds import resident, today


def internship_parts(viewer: User) -> dict[str, Any]:
    """An internship, its base and post, and an application that waits for the base's answer."""
    unit = organisation_acted_for(viewer) if viewer.role == Role.EMPLOYER else None
    base = make_base(unit)
    post = make_post(base)
    person = resident() if viewer.area_code else make_person()
    internship = agree(accepted(post, person=person))
    waiting = apply_for_internship(
        person=make_person(), group="graduate", graduated_on=GRADUATED, start_on=START, months=6, actor=ACTOR
    )
    recommend(application=waiting, post=post, actor=ACTOR, today=today())
    return {
        "internship_id": internship.pk,
        "base_id": base.pk,
        "intern_post_id": post.pk,
        "intern_application_id": waiting.pk,
    }
