"""Two records become one and part again, and nothing is lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jiujin.accounts.models import Role, User
from jiujin.core.models import Event
from jiujin.registry import moving
from jiujin.registry.errors import BothIdentified, MergedAlready, ProposalDecided
from jiujin.registry.models import (
    Address,
    Consent,
    EvidenceFile,
    MergeProposal,
    MergeSearch,
    MergeState,
    Person,
    PriorityStatus,
    SearchState,
)
from jiujin.registry.queries import people_seen_by, person_of, proposals_seen_by
from jiujin.registry.services.ask_for_merges import ask_for_merges
from jiujin.registry.services.dismiss_merge import dismiss_merge
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.registry.services.merge_people import merge_people
from jiujin.registry.services.propose_merges import propose_merges
from jiujin.registry.services.undo_merge import undo_merge
from jiujin.registry.states import TRANSITIONS
from jiujin.work.models import Application, JobWish, Placement
from tests.registry.factories import make_area, make_person, make_status, make_user
from tests.work.factories import make_application, make_placement, make_vacancy

pytestmark = pytest.mark.django_db
BORN_ON = date(1990, 2, 28)


def unidentified(**given_: Any) -> Person:
    return make_person(**{"id_number": None, "born_on": None, "sex": None, "is_synthetic": False, **given_})


def propose(kept: Person, other: Person) -> MergeProposal:
    return MergeProposal.objects.create(kept=kept, other=other, probability=0.9, reasons=["same_name"])


def clerk() -> User:
    return make_user(Role.CLERK)


def everything() -> dict[str, list[Any]]:
    """Every row of every table that a merge can touch."""
    tables = {model._meta.db_table for _, (model, _) in moving.relations()}
    tables |= {"registry_person", "registry_address", "registry_evidencefile"}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def facts(person: Person) -> list[Any]:
    """A record as it reads, its sealed texts open."""
    held = Person.objects.get(pk=person.pk)
    return [
        getattr(held, name) for name in (*moving.FILLED, *moving.HANDED_OVER, "name", "id_number", "merged_into_id")
    ]


# --- what a merge does -----------------------------------------------------------------------------------------------------


def test_records_go_over_and_the_other_vanishes() -> None:
    kept, other = make_person(), unidentified(phone="10990000001", home_area=make_area("341502001001"))
    placement, application = make_placement(person=other), make_application(make_vacancy(), person=other)
    status = make_status(other, "migrant", date(2022, 1, 1))
    merge_people(proposal=propose(kept, other), actor=clerk())
    assert Placement.objects.get(pk=placement.pk).person == kept
    assert Application.objects.get(pk=application.pk).person == kept
    assert PriorityStatus.objects.get(pk=status.pk).person == kept
    kept.refresh_from_db()
    assert (kept.phone, kept.home_area_id) == ("10990000001", "341502001001")
    assert list(Person.objects.filter(phone_index="10990000001", merged_into=None)) == [kept]
    assert kept in people_seen_by(clerk()) and other not in people_seen_by(clerk())
    (event,) = Event.objects.filter(verb="people_merged")
    assert event.subject_id == str(kept.pk) and event.details["other"] == other.pk and event.details["moved"] >= 3


def test_what_the_kept_record_has_already_stays_with_the_other_and_both_remain() -> None:
    kept, other = make_person(), unidentified()
    start = date(2022, 1, 1)
    own, same = make_status(kept, "migrant", start), make_status(other, "migrant", start)
    more = make_status(other, "veteran", start)
    wishes = [JobWish.objects.create(person=person) for person in (kept, other)]
    proposal = merge_people(proposal=propose(kept, other), actor=clerk())
    held = {status.pk: status.person_id for status in PriorityStatus.objects.order_by("pk")}
    assert held == {own.pk: kept.pk, same.pk: other.pk, more.pk: kept.pk}
    assert [JobWish.objects.get(pk=wish.pk).person_id for wish in wishes] == [kept.pk, other.pk]
    assert proposal.moved["left"]["registry.prioritystatus.person"] == [str(same.pk)]
    assert proposal.moved["left"]["work.jobwish.person"] == [str(wishes[1].pk)]


def test_record_with_a_number_is_kept_whichever_was_proposed() -> None:
    known, unknown = make_person(), unidentified()
    proposal = merge_people(proposal=propose(unknown, known), actor=clerk())
    assert (proposal.kept, proposal.other) == (known, unknown)
    assert Person.objects.get(pk=unknown.pk).merged_into == known


def test_two_numbers_are_two_people() -> None:
    with pytest.raises(BothIdentified, match="是两个人，没有合并"):
        merge_people(proposal=propose(make_person(), make_person()), actor=clerk())
    assert not Person.objects.exclude(merged_into=None).exists()


def test_own_sign_in_and_home_go_over_and_a_second_sign_in_leads_to_the_kept_record() -> None:
    home, resident = Address.objects.create(), make_user(Role.RESIDENT)
    kept, other = make_person(), unidentified(home=home, user=resident)
    merge_people(proposal=propose(kept, other), actor=clerk())
    kept.refresh_from_db()
    assert (kept.home, kept.user) == (home, resident)
    second = make_user(Role.RESIDENT)
    third = unidentified(user=second)
    merge_people(proposal=propose(kept, third), actor=clerk())
    assert person_of(second) == person_of(resident) == kept


def test_evidence_goes_over_with_the_person(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept, other = make_person(), unidentified()
    upload = SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n%%EOF\n")
    evidence = keep_evidence(subject=other, upload=upload, kind="", actor=clerk())
    proposal = merge_people(proposal=propose(kept, other), actor=clerk())
    assert EvidenceFile.objects.get(pk=evidence.pk).subject_id == str(kept.pk)
    undo_merge(proposal=proposal, actor=clerk())
    assert EvidenceFile.objects.get(pk=evidence.pk).subject_id == str(other.pk)


def test_every_table_that_points_at_a_person_is_found() -> None:
    named = {name for name, _ in moving.relations()}
    assert {
        "registry.prioritystatus.person",
        "registry.consent.person",
        "work.placement.person",
        "work.application.person",
        "work.jobwish.person",
        "circles.circleperson.person",
    } <= named
    assert not any(name.startswith(("registry.person.", "registry.mergeproposal.")) for name in named)


# --- undoing -----------------------------------------------------------------------------------------------------------------


def test_what_came_after_the_merge_stays_with_the_kept_record() -> None:
    kept, other = make_person(), unidentified(phone="10990000001")
    mine = make_placement(person=other)
    proposal = merge_people(proposal=propose(kept, other), actor=clerk())
    kept.refresh_from_db()
    kept.phone = "10990000002"
    kept.save()
    later = make_placement(person=kept)
    undo_merge(proposal=proposal, actor=clerk())
    assert Placement.objects.get(pk=mine.pk).person == other
    assert Placement.objects.get(pk=later.pk).person == kept
    assert [Person.objects.get(pk=person.pk).phone for person in (kept, other)] == ["10990000002", "10990000001"]


def test_merge_is_undone_from_the_last_one_backwards() -> None:
    first, second, third = make_person(), unidentified(), unidentified()
    inner = merge_people(proposal=propose(second, third), actor=clerk())
    outer = merge_people(proposal=propose(first, second), actor=clerk())
    with pytest.raises(MergedAlready, match="请先撤销那一次"):
        undo_merge(proposal=inner, actor=clerk())
    undo_merge(proposal=outer, actor=clerk())
    undo_merge(proposal=inner, actor=clerk())
    assert not Person.objects.exclude(merged_into=None).exists()


def test_record_that_went_up_in_another_is_not_merged_again() -> None:
    first, second, third = make_person(), unidentified(), unidentified()
    waiting = propose(third, second)
    merge_people(proposal=propose(first, second), actor=clerk())
    with pytest.raises(MergedAlready):
        merge_people(proposal=waiting, actor=clerk())


def test_each_step_happens_once_and_from_its_own_state() -> None:
    steps = {"people_merged": merge_people, "merge_dismissed": dismiss_merge, "merge_undone": undo_merge}
    allowed = {(t.source, t.event) for t in TRANSITIONS}
    for state in MergeState:
        for event, step in steps.items():
            proposal = propose(make_person(), unidentified())
            who = clerk()
            if state == MergeState.DISMISSED:
                dismiss_merge(proposal=proposal, actor=who)
            if state in (MergeState.MERGED, MergeState.UNDONE):
                merge_people(proposal=proposal, actor=who)
            if state == MergeState.UNDONE:
                undo_merge(proposal=proposal, actor=who)
            if (state, event) in allowed:
                assert step(proposal=proposal, actor=who).decided_by == who
                continue
            with pytest.raises(ProposalDecided, match="没有改动"):
                step(proposal=proposal, actor=who)


NO_SHRINK = tuple(phase for phase in Phase if phase not in (Phase.shrink, Phase.explain))  # each try fills a database
CATEGORIES = ("migrant", "veteran", "none")
DAYS = (date(2022, 1, 1), date(2022, 2, 1))
told = st.fixed_dictionaries(
    {
        "phone": st.sampled_from([None, "10990000001", "10990000002"]),
        "born_on": st.sampled_from([None, BORN_ON]),
        "sex": st.sampled_from([None, "male", "female"]),
        "area": st.sampled_from([None, "341502001001", "341502002001"]),
        "home": st.booleans(),
        "user": st.booleans(),
        "wish": st.booleans(),
        "statuses": st.sets(st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(DAYS))),
        "purposes": st.sets(st.sampled_from(["contacted", "found_by_employers"])),
        "vacancies": st.sets(st.integers(0, 2)),
        "placements": st.integers(0, 2),
    }
)


class UndoneMerge(TestCase):
    """Undoing gives back exactly what was, whatever the two records hold."""

    @settings(max_examples=25, deadline=None, phases=NO_SHRINK)
    @given(told, told, st.booleans())
    def test_merge_then_undo_leaves_every_row_as_it_was(
        self, kept_told: dict[str, Any], other_told: dict[str, Any], identified: bool
    ) -> None:
        vacancies, who = [make_vacancy() for _ in range(3)], clerk()
        kept = self.person(kept_told, vacancies, who, make_person() if identified else unidentified())
        other = self.person(other_told, vacancies, who, unidentified())
        proposal = propose(kept, other)
        before, read_before = self.rows(), [facts(kept), facts(other)]
        total = sum(map(len, everything().values()))
        merge_people(proposal=proposal, actor=who)
        assert sum(map(len, everything().values())) == total
        assert Person.objects.get(pk=other.pk).merged_into == kept
        undo_merge(proposal=proposal, actor=who)
        assert self.rows() == before
        assert [facts(kept), facts(other)] == read_before

    def rows(self) -> dict[str, list[Any]]:
        """Every row but for the sealed texts, which are sealed anew at each saving."""
        found = everything()
        found.pop("registry_person")
        return found

    def person(self, given_: dict[str, Any], vacancies: list[Any], who: User, person: Person) -> Person:
        """Fill a record with what was drawn; one with a number keeps the birth and sex that it says."""
        person.phone = given_["phone"]
        if person.id_number is None:
            person.born_on, person.sex = given_["born_on"], given_["sex"]
        person.home_area = make_area(given_["area"]) if given_["area"] else None
        person.home = Address.objects.create() if given_["home"] else None
        person.user = make_user(Role.RESIDENT) if given_["user"] else None
        person.save()
        if given_["wish"]:
            JobWish.objects.create(person=person)
        for category, day in sorted(given_["statuses"]):
            make_status(person, category, day)
        for purpose in sorted(given_["purposes"]):
            Consent.objects.create(
                person=person,
                purpose=purpose,
                channel="paper",
                given_at=datetime(2022, 1, 1, tzinfo=UTC),
                recorded_by=who,
            )
        for number in sorted(given_["vacancies"]):
            make_application(vacancies[number], person=person)
        for _ in range(given_["placements"]):
            make_placement(person=person)
        return person


# --- proposing ---------------------------------------------------------------------------------------------------------------


def searched() -> MergeSearch:
    return propose_merges(search_id=ask_for_merges(actor=clerk()).pk)


def same_twice() -> tuple[Person, Person]:
    area = make_area("341502001001")
    known = make_person(name="张三丰", born_on=BORN_ON, sex="male", home_area=area)
    return known, unidentified(name="张三丰", born_on=BORN_ON, sex="male", home_area=area)


def test_search_proposes_a_pair_once_and_keeps_the_record_with_a_number() -> None:
    known, unknown = same_twice()
    make_person(name="李四")
    search = searched()
    assert (search.state, search.found_count, search.done_count, search.total_count) == ("finished", 1, 3, 3)
    (proposal,) = proposals_seen_by(clerk())
    assert (proposal.kept, proposal.other) == (known, unknown)
    assert "same_birth" in proposal.reasons
    assert searched().found_count == 0
    assert MergeProposal.objects.count() == 1


def test_pair_that_somebody_parted_is_not_proposed_again() -> None:
    same_twice()
    searched()
    dismiss_merge(proposal=MergeProposal.objects.get(), actor=clerk())
    searched()
    assert list(MergeProposal.objects.values_list("state", flat=True)) == [MergeState.DISMISSED]


def test_proposal_that_is_no_longer_likely_is_taken_back() -> None:
    _, unknown = same_twice()
    searched()
    unknown.name, unknown.born_on = "王五", date(1961, 7, 9)
    unknown.save()
    searched()
    assert not MergeProposal.objects.exists()


def test_merged_records_are_not_compared_again() -> None:
    same_twice()
    searched()
    merge_people(proposal=MergeProposal.objects.get(), actor=clerk())
    assert searched().total_count == 1


def test_one_search_at_a_time_and_a_silent_one_is_given_up() -> None:
    first = ask_for_merges(actor=clerk())
    assert ask_for_merges(actor=clerk()) == first
    MergeSearch.objects.filter(pk=first.pk).update(heard_at=datetime(2022, 1, 1, tzinfo=UTC), state="running")
    second = ask_for_merges(actor="system:merge_search")
    assert second != first and second.asked_by is None
    assert MergeSearch.objects.get(pk=first.pk).state == SearchState.FAILED
    with pytest.raises(IntegrityError, match="one_open_merge_search"), transaction.atomic():
        MergeSearch.objects.create()


def test_search_that_breaks_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("jiujin.registry.likely_same.PeopleTable.likely_pairs", broken)
    search = ask_for_merges(actor=clerk())
    with pytest.raises(RuntimeError):
        propose_merges(search_id=search.pk)
    search.refresh_from_db()
    assert (search.state, search.finished_at is not None) == ("failed", True)
    assert propose_merges(search_id=search.pk).state == "failed"


def test_search_is_queued_for_the_worker() -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    search = ask_for_merges(actor=clerk())
    (job,) = ProcrastinateJob.objects.filter(task_name="registry.search_merges")
    assert (job.queue_name, job.args) == ("registry", {"search_id": search.pk})


def test_proposals_are_seen_where_both_records_are_the_viewers() -> None:
    known, unknown = same_twice()
    propose(known, unknown)
    far = make_person(home_area=make_area("341502002001"))
    propose(far, unidentified(home_area=make_area("341502001001")))
    assert proposals_seen_by(clerk()).count() == 2
    assert [p.kept for p in proposals_seen_by(make_user(Role.CLERK, area_code="341502001"))] == [known]
    assert not proposals_seen_by(make_user(Role.ADMINISTRATOR)).exists()


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("probability", 1.5, "proposal_probability_is_a_share"),
        ("state", "merged", "decided_proposal_names_who"),
    ],
)
def test_database_refuses_a_proposal_that_cannot_be(column: str, value: Any, constraint: str) -> None:
    proposal = propose(make_person(), unidentified())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE registry_mergeproposal SET {column} = %s WHERE id = %s", [value, proposal.pk])
    with pytest.raises(IntegrityError, match="proposal_is_of_two_records"), transaction.atomic():
        MergeProposal.objects.filter(pk=proposal.pk).update(other=proposal.kept)
