"""Two records that each applied for one vacancy become one with one application, and part again exactly as they were."""

from __future__ import annotations

import pytest
from django.db import connection

from jiujin.accounts.models import Role, User
from jiujin.core.models import Event
from jiujin.registry.errors import MergedAlready
from jiujin.registry.models import Membership, MergeProposal, Organisation, Person
from jiujin.work.models import Application
from jiujin.work.queries import applications_by, applications_to
from jiujin.work.services.answer_application import answer_application
from jiujin.work.services.merge_records import merge_records, part_records
from tests.registry.factories import make_person, make_user
from tests.work.factories import make_application, make_vacancy

pytestmark = pytest.mark.django_db


def two_records() -> tuple[Person, Person, MergeProposal]:
    kept, other = make_person(), make_person(id_number=None, born_on=None, sex=None)
    return kept, other, MergeProposal.objects.create(kept=kept, other=other, probability=0.9, reasons=["same_name"])


def employer_of(organisation: Organisation) -> User:
    user = make_user(Role.EMPLOYER)
    Membership.objects.create(user=user, organisation=organisation)
    return user


def rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM work_application ORDER BY id")
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("of_kept", "of_other", "stands"),
    [("sent", "sent", 0), ("sent", "accepted", 1), ("hired", "accepted", 0), ("seen", "sent", 0), ("sent", "hired", 1)],
)
def test_application_that_came_further_stands_for_both_and_parting_brings_both_back(
    of_kept: str, of_other: str, stands: int
) -> None:
    kept, other, proposal = two_records()
    vacancy, clerk = make_vacancy(), make_user(Role.CLERK)
    both = [make_application(vacancy, of_kept, person=kept), make_application(vacancy, of_other, person=other)]
    elsewhere = make_application(make_vacancy(), person=other)
    before = rows()
    merged = merge_records(proposal=proposal, actor=clerk)
    employer = employer_of(vacancy.employer)
    assert list(applications_to(employer)) == [both[stands]]
    assert set(applications_by(kept)) == {both[stands], elsewhere}
    folded = Application.objects.get(folded_into__isnull=False)
    assert (folded, folded.folded_into, folded.state) == (
        both[1 - stands],
        both[stands],
        [of_kept, of_other][1 - stands],
    )
    assert Event.objects.filter(verb="application_folded", subject_id=str(folded.pk)).count() == 1
    part_records(proposal=merged, actor=clerk)
    assert rows() == before
    assert len(applications_to(employer)) == 2


def test_what_was_answered_since_stays_answered_and_the_other_is_as_it_was() -> None:
    kept, other, proposal = two_records()
    vacancy, clerk = make_vacancy(), make_user(Role.CLERK)
    one, two = make_application(vacancy, person=kept), make_application(vacancy, person=other)
    merged = merge_records(proposal=proposal, actor=clerk)
    answer_application(application=one, event="application_declined", because="不合适", actor=clerk)
    part_records(proposal=merged, actor=clerk)
    for each, state, person in ((one, "declined", kept), (two, "sent", other)):
        each.refresh_from_db()
        assert (each.state, each.person, each.folded_into) == (state, person, None)


def test_ended_applications_do_not_fold() -> None:
    kept, other, proposal = two_records()
    vacancy = make_vacancy()
    make_application(vacancy, "declined", person=kept)
    make_application(vacancy, "sent", person=other)
    merge_records(proposal=proposal, actor=make_user(Role.CLERK))
    assert not Application.objects.filter(folded_into__isnull=False).exists()
    assert applications_by(kept).count() == 2


def test_refused_merge_folds_nothing() -> None:
    kept, other, proposal = two_records()
    vacancy = make_vacancy()
    for person in (kept, other):
        make_application(vacancy, person=person)
    Person.objects.filter(pk=other.pk).update(merged_into=make_person())
    with pytest.raises(MergedAlready):
        merge_records(proposal=proposal, actor=make_user(Role.CLERK))
    assert not Application.objects.filter(folded_into__isnull=False).exists()
