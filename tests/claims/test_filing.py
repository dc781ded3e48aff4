"""How lines come in: by records, by what is declared, once whatever is sent twice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiujin.accounts.models import Role
from jiujin.claims.errors import (
    ClaimOfAnother,
    FactWrong,
    NotAllowed,
    NothingToClaim,
    PayeeDiffers,
    PayeeMissing,
    PayeeUnfit,
    PersonMissing,
    RecordClaimed,
    RecordRefused,
    RecordsOfNobody,
)
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.queries import claims_seen_by, explained, lines_seen_by
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.file_claim import NewLine, file_claim
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.core.models import Event
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.schools.models import CityReply, Enrolment
from tests.claims.factories import NOW, filed, payee_user, set_rates, stable_placement
from tests.claims.records import enrolment, internship
from tests.registry.factories import make_organisation, make_person, make_user
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
INTERN: dict[str, Any] = {
    "intern_group": "graduate",
    "graduated_on": "2021-07-01",
    "internship_start_on": "2022-01-01",
    "internship_end_on": "2022-06-30",
    "monthly_stipend": 210_000,
}


def base_unit(**given: Any) -> Organisation:
    return make_organisation(OrganisationKind.INTERNSHIP_BASE, **given)


def file_intern(payee: Organisation, declared: dict[str, Any], **given: Any) -> Claim:
    line = NewLine(key=uuid4(), person=given.pop("person", None) or make_person(), declared=declared)
    usual = {"claim_id": uuid4(), "scheme": "internship-living-allowance", "payee": payee, "lines": [line], "now": NOW}
    usual |= {"actor": given.pop("actor", None) or payee_user(payee, Role.EMPLOYER), "source": "roster"}
    return file_claim(**usual | given)


def test_one_press_files_every_unclaimed_record_of_the_payee_and_no_other() -> None:
    set_rates()
    operator = make_organisation(OrganisationKind.OPERATOR)
    stable_placement()
    claim, _ = filed(lines=2, payee=operator)
    own = set(operator.organised_placements.values_list("pk", flat=True))
    assert set(claim.lines.values_list("record_id", flat=True)) == own
    with pytest.raises(NothingToClaim):
        claim_from_records(claim_id=uuid4(), scheme=claim.scheme, payee=operator, actor=payee_user(operator), now=NOW)
    stable_placement(operator)
    again = claim_from_records(
        claim_id=uuid4(), scheme=claim.scheme, payee=operator, actor=payee_user(operator), now=NOW
    )
    assert again.lines.count() == 1


def test_what_is_not_met_is_left_out_of_one_press_and_said() -> None:
    operator = make_organisation(OrganisationKind.OPERATOR)
    make_placement(date(2022, 1, 1), date(2022, 2, 1), operator=operator)
    claim, actor = filed(payee=operator)
    assert claim.lines.count() == 1
    assert "1 条记录" in claim.note
    again = claim_from_records(
        claim_id=uuid4(), scheme=claim.scheme, payee=operator, actor=actor, now=NOW, with_unmet=True
    )
    line = again.lines.get()
    assert line.verdict == "unmet"
    assert any("劳动合同期限" in reason for reason in explained(line))


def test_the_same_claim_twice_is_one_and_the_same_line_twice_is_one() -> None:
    payee, key, person = base_unit(), uuid4(), make_person()
    actor, line = payee_user(payee, Role.EMPLOYER), NewLine(key=key, person=person, declared=INTERN)
    first = file_intern(payee, {}, claim_id=key, lines=[line, line], actor=actor)
    assert file_intern(payee, {}, claim_id=key, lines=[line], actor=actor) == first
    assert ClaimLine.objects.count() == 1
    events = Event.objects.filter(verb="claim_filed").count()
    with pytest.raises(NothingToClaim):
        file_intern(payee, {}, lines=[line], actor=actor)
    assert (Claim.objects.count(), Event.objects.filter(verb="claim_filed").count()) == (1, events)
    with pytest.raises(ClaimOfAnother):
        file_intern(base_unit(), INTERN, claim_id=key)


def test_a_record_is_claimed_once_for_a_scheme() -> None:
    claim, actor = filed()
    record = claim.lines.get().record_id
    with pytest.raises(RecordClaimed, match=claim.number):
        file_claim(
            claim_id=uuid4(),
            scheme=claim.scheme,
            payee=claim.payee,
            lines=[NewLine(key=uuid4(), record_id=record)],
            actor=actor,
            source="records",
        )


def test_a_record_of_somebody_else_is_refused() -> None:
    placement, payee = stable_placement(), make_organisation(OrganisationKind.OPERATOR)
    with pytest.raises(PayeeDiffers):
        file_claim(
            claim_id=uuid4(),
            scheme="stable-employment",
            payee=payee,
            lines=[NewLine(key=uuid4(), record_id=placement.pk)],
            actor=payee_user(payee),
            source="records",
        )


def test_declared_facts_are_typed_and_name_the_payee() -> None:
    payee = base_unit()
    line = file_intern(payee, INTERN | {"graduated_on": date(2021, 7, 1)}).lines.get()
    assert line.declared == INTERN | {"intern_unit": payee.name}
    assert (line.first_on, line.last_on) == (date(2022, 1, 1), date(2022, 6, 30))
    connection.check_constraints()


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("monthly_stipend", 2100.5),
        ("monthly_stipend", -1),
        ("monthly_stipend", True),
        ("graduated_on", "去年"),
        ("intern_group", "无业"),
        ("no_such_fact", 1),
        ("operator", "某机构"),
        ("intern_unit", 5),
    ],
)
def test_a_fact_of_another_type_is_refused(fact: str, value: Any) -> None:
    with pytest.raises(FactWrong):
        file_intern(base_unit(), INTERN | {fact: value})
    assert not Claim.objects.exists()


def test_a_persons_number_and_name_never_stay_in_what_is_declared() -> None:
    declared = INTERN | {"id_number": "990000199001010017", "name": "测试甲", "born_on": "1990-01-01"}
    line = file_intern(base_unit(), declared).lines.get()
    assert not {"id_number", "name", "born_on"} & set(line.declared)
    assert line.facts["born_on"] == line.person.born_on.isoformat()
    assert line.person.id_number not in str(line.facts)


def test_who_is_paid_must_be_what_the_scheme_pays() -> None:
    with pytest.raises(PayeeUnfit, match="见习基地"):
        file_intern(make_organisation(), INTERN)
    with pytest.raises(PayeeMissing):
        file_intern(None, INTERN, actor=make_user(Role.CLERK))  # type: ignore[arg-type]
    with pytest.raises(PayeeDiffers, match="另一单位"):
        file_intern(base_unit(), INTERN | {"intern_unit": "另一单位"})


def test_a_persons_scheme_asks_who_it_is() -> None:
    payee = base_unit()
    with pytest.raises(PersonMissing):
        file_intern(payee, {}, lines=[NewLine(key=uuid4(), declared=INTERN)])


def test_somebody_else_cannot_file_for_a_payee_but_a_clerk_at_the_counter_can() -> None:
    payee = base_unit()
    with pytest.raises(NotAllowed):
        file_intern(payee, INTERN, actor=payee_user(base_unit(), Role.EMPLOYER))
    with pytest.raises(NotAllowed):
        file_intern(payee, INTERN, actor=make_user(Role.REVIEWER))
    assert file_intern(payee, INTERN, actor=make_user(Role.CLERK)).lines.count() == 1


def test_a_payee_sees_its_own_claims_and_an_officer_those_of_the_area() -> None:
    claim, actor = filed()
    ClaimLine.objects.filter(claim=claim).update(area_code="341502001", version=2)
    other, _ = filed()
    assert list(claims_seen_by(actor)) == [claim]
    assert {line.claim_id for line in lines_seen_by(actor)} == {claim.pk}
    assert set(claims_seen_by(make_user(Role.CLERK))) == {claim, other}
    assert list(claims_seen_by(make_user(Role.CLERK, area_code="341502001"))) == [claim]
    assert not claims_seen_by(make_user(Role.RESIDENT)).exists()


def test_a_merged_record_stands_for_whom_it_went_up_in() -> None:
    kept = make_person()
    gone = make_person(merged_into=kept)
    assert file_intern(base_unit(), INTERN, person=gone).lines.get().person == kept


def test_an_insurer_claims_by_its_own_list_and_nobody_s_records() -> None:
    scheme = "internship-accident-insurance"
    record = internship()
    insurer = make_organisation(OrganisationKind.INSURER)
    actor = payee_user(insurer, Role.EMPLOYER)
    given = {"claim_id": uuid4(), "scheme": scheme, "now": NOW}
    with pytest.raises(RecordsOfNobody):
        claim_from_records(payee=insurer, actor=actor, **given)
    with pytest.raises(PayeeUnfit):
        claim_from_records(payee=record.unit, actor=make_user(Role.CLERK), **given)
    claim = claim_from_records(payee=insurer, actor=make_user(Role.CLERK), **given)
    assert [(line.payee, line.record_id) for line in claim.lines.all()] == [(insurer, record.pk)]


def test_a_student_whom_the_city_refused_is_not_claimed() -> None:
    first = enrolment()
    second = enrolment(school=first.school)
    Enrolment.objects.filter(pk=second.pk).update(intake=first.intake)
    CityReply.objects.create(
        intake=first.intake, number="测试1号", replied_on=date(2022, 10, 1), accepted_count=1, refused={str(second.pk): "已在外省入学"},
        entered_by=make_user(Role.CLERK),
    )  # fmt: skip
    given = {"scheme": "technical-school-training", "now": NOW, "payee": first.school}
    actor = payee_user(first.school, Role.SCHOOL)
    claim = claim_from_records(claim_id=uuid4(), actor=actor, **given)
    assert [line.record_id for line in claim.lines.all()] == [first.pk]
    named = [NewLine(key=uuid4(), record_id=second.pk)]
    with pytest.raises(RecordRefused, match="其中 1 条记录"):
        file_claim(claim_id=uuid4(), lines=named, actor=actor, source="api", **given)


def test_filing_and_sending_take_as_many_statements_for_many_lines_as_for_few() -> None:
    set_rates()

    def statements(lines: int) -> tuple[int, int]:
        payee = make_organisation(OrganisationKind.OPERATOR)
        for _ in range(lines):
            stable_placement(payee)
        actor = payee_user(payee)
        with CaptureQueriesContext(connection) as filing:
            claim = claim_from_records(claim_id=uuid4(), scheme="stable-employment", payee=payee, actor=actor, now=NOW)
        with CaptureQueriesContext(connection) as sending:
            submit_claim(claim=claim, actor=actor, now=NOW)
        assert claim.lines.filter(state="submitted").count() == lines
        return len(filing), len(sending)

    statements(1)  # what is read once a process is read
    assert statements(12) == statements(2)


def test_a_filed_line_is_kept_as_it_was_made() -> None:
    claim, actor = filed()
    line = claim.lines.get()
    assert (line.made_by, line.payee, line.version, line.limit_ordinal) == (actor, claim.payee, 1, None)
    assert line.made_at is not None and line.facts["employment_form"] == "labour_contract" and line.unmet == []
    assert line.area_code == (line.person.home_area_id or claim.payee.area_id or "")
