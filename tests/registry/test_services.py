"""What the registry takes in, and what it refuses in a clear sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.core.proof import Proof
from jiujin.registry.errors import (
    AlreadyRegistered,
    AreaUnknown,
    DatesOutOfOrder,
    IdNumberRefused,
    PhoneInvalid,
    StatusUncertified,
)
from jiujin.registry.models import Organisation, OrganisationKind, Person, PriorityStatus
from jiujin.registry.services.record_priority_status import record_priority_status
from jiujin.registry.services.register_organisation import register_organisation
from jiujin.registry.services.register_person import register_person
from jiujin.values import make_demo_id
from jiujin.values.demo import demo_credit_code
from tests.registry.factories import make_area, make_person

pytestmark = pytest.mark.django_db
BORN_ON = date(1990, 2, 28)
ACTOR = "system:test"


def test_number_says_birth_date_sex_and_that_a_person_is_invented() -> None:
    area = make_area("341502001001")
    person = register_person(
        actor=ACTOR, id_number=make_demo_id(BORN_ON, 1), name=" 张三 ", phone="10990000001", home_area_code=area.code
    )
    held = Person.objects.get(pk=person.pk)
    assert (held.born_on, held.sex, held.name, held.is_synthetic) == (BORN_ON, "male", "张三", True)
    assert (held.phone, held.home_area_id) == ("10990000001", area.code)


def test_person_already_registered_is_told_and_stays_as_they_are() -> None:
    number = make_demo_id(BORN_ON, 2)
    first = register_person(actor=ACTOR, id_number=number, name="张三")
    with pytest.raises(AlreadyRegistered, match="没有再登记一次") as refused:
        register_person(actor=ACTOR, id_number=number.lower(), name="李四")
    assert refused.value.pk == first.pk
    assert Person.objects.get().name == "张三"


def test_wrong_number_phone_or_area_registers_nobody() -> None:
    number = make_demo_id(BORN_ON, 2)
    with pytest.raises(IdNumberRefused):
        register_person(actor=ACTOR, id_number=number[:-1] + ("0" if number[-1] != "0" else "1"), name="张三")
    with pytest.raises(PhoneInvalid):
        register_person(actor=ACTOR, id_number=number, name="张三", phone="+86 10990000001x")
    with pytest.raises(AreaUnknown, match="999999"):
        register_person(actor=ACTOR, id_number=number, name="张三", home_area_code="999999")
    assert not Person.objects.exists()


def test_invented_number_is_refused_outside_demo_mode(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(IdNumberRefused, match="演示用的号码"):
        register_person(actor=ACTOR, id_number=make_demo_id(BORN_ON, 2), name="张三")


def test_organisation_is_registered_once_with_all_it_does() -> None:
    kinds = {OrganisationKind.EMPLOYER, OrganisationKind.INTERNSHIP_BASE}
    code = demo_credit_code(1)
    register_organisation(actor=ACTOR, name="某厂", kinds=kinds, credit_code=code.lower())
    held = Organisation.objects.get(kinds__contains=[OrganisationKind.INTERNSHIP_BASE])
    assert (set(held.kinds), held.credit_code) == (kinds, code)
    with pytest.raises(AlreadyRegistered):
        register_organisation(actor=ACTOR, name="另一厂", kinds=kinds, credit_code=code)
    with pytest.raises(IdNumberRefused):
        register_organisation(actor=ACTOR, name="另一厂", kinds=kinds, credit_code="91990000000000000A")
    assert Organisation.objects.count() == 1


def test_status_recorded_again_is_corrected() -> None:
    person, start = make_person(), date(2022, 1, 1)
    record_priority_status(actor=ACTOR, person=person, category="migrant", start_on=start)
    record_priority_status(
        actor=ACTOR, person=person, category="migrant", start_on=start, end_on=start, proof=Proof.DOCUMENTED
    )
    held = PriorityStatus.objects.get()
    assert (held.end_on, held.proof) == (start, Proof.DOCUMENTED)


def test_status_that_the_plan_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(CodeNotInPlan, match="migrant（农民工）"):
        record_priority_status(actor=ACTOR, person=make_person(), category="astronaut", start_on=date(2022, 1, 1))


def test_status_out_of_order_or_verified_by_nobody_is_refused() -> None:
    person, start = make_person(), date(2022, 1, 2)
    with pytest.raises(DatesOutOfOrder):
        record_priority_status(actor=ACTOR, person=person, category="migrant", start_on=start, end_on=date(2022, 1, 1))
    with pytest.raises(StatusUncertified):
        record_priority_status(
            actor=ACTOR, person=person, category="migrant", start_on=start, certified_by="某机构", proof=Proof.VERIFIED
        )
    assert not PriorityStatus.objects.exists()
