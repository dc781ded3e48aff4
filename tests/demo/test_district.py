"""The demo district: the same each time, awkward enough, plainly invented, and only in demo mode."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import F, Q

from jiujin.cli import demo as command
from jiujin.cli import demo_district
from jiujin.cli.demo_district import DemoRefused, load_demo, load_demo_if_missing
from jiujin.cli.main import run_command
from jiujin.core.current_plan import current_plan
from jiujin.core.models import DemoDistrict
from jiujin.registry.demo import demo_people
from jiujin.registry.models import Area, Organisation, OrganisationKind, Person, PriorityStatus
from jiujin.values import DEMO_AREA, check_credit_code, check_id_number
from jiujin.work.models import IncomeMonth, InsuranceMonth, Placement, Registration
from tests.registry.factories import make_organisation, make_person
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
PEOPLE = 400


def world() -> list[Any]:
    """Everything that the demo put in, without the numbers that the database gave."""
    people = [
        (p.id_number, p.name, p.phone, p.born_on, p.sex, p.home_area_id)
        for p in Person.objects.filter(is_synthetic=True).order_by("id")
    ]
    by_person = ("person__id_number_index", "category", "start_on", "end_on", "certified_by", "certified_on", "proof")
    term = ("form", "start_on", "end_on", "open_ended", "proof", "employer__credit_code", "operator__credit_code")
    return [
        people,
        list(Organisation.objects.order_by("credit_code").values_list("name", "kinds", "credit_code", "area_id")),
        sorted(map(repr, PriorityStatus.objects.values_list(*by_person))),
        list(Placement.objects.order_by("id").values_list("person__name", *term)),
        list(InsuranceMonth.objects.order_by("id").values_list("month", "kind", "proof")),
        list(IncomeMonth.objects.order_by("id").values_list("month", "amount_fen", "proof")),
        list(Registration.objects.order_by("id").values_list("kind", "reference_number", "proof")),
    ]


def test_same_seed_and_size_give_the_same_district_and_another_seed_another() -> None:
    load_demo(people=PEOPLE, seed=1)
    first = world()
    load_demo(people=PEOPLE, seed=2, replace=True)
    assert world()[0] != first[0]
    load_demo(people=PEOPLE, seed=1, replace=True)
    assert world() == first


def test_size_of_a_batch_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    from jiujin.registry import demo

    load_demo(people=100, seed=1)
    people = world()[0]
    monkeypatch.setattr(demo, "BATCH_PEOPLE", 7)
    load_demo(people=100, seed=1, replace=True)
    assert world()[0] == people


def test_second_load_changes_nothing() -> None:
    assert load_demo(people=PEOPLE, seed=1).is_new
    before = world(), DemoDistrict.objects.get().loaded_at
    assert not load_demo(people=PEOPLE, seed=1).is_new
    assert (world(), DemoDistrict.objects.get().loaded_at) == before


@pytest.mark.parametrize(("people", "seed"), [(PEOPLE, 2), (PEOPLE + 1, 1)])
def test_another_seed_or_size_is_refused_until_it_is_told_to_replace(people: int, seed: int) -> None:
    load_demo(people=PEOPLE, seed=1)
    with pytest.raises(DemoRefused, match="--replace"):
        load_demo(people=people, seed=seed)
    assert Person.objects.count() == PEOPLE
    load_demo(people=people, seed=seed, replace=True)
    assert Person.objects.count() == people
    assert (DemoDistrict.objects.get().people, DemoDistrict.objects.get().seed) == (people, seed)


def test_district_of_another_edition_of_the_generator_is_not_taken_for_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_demo(people=10, seed=1)
    monkeypatch.setattr(demo_district, "EDITION", demo_district.EDITION + 1)
    with pytest.raises(DemoRefused):
        load_demo(people=10, seed=1)
    assert not load_demo_if_missing().is_new


def test_replacing_leaves_the_records_of_others() -> None:
    load_demo(people=10, seed=1)
    real = make_person(is_synthetic=False)
    employer = make_organisation(is_synthetic=False)
    placement = make_placement(person=real, employer=employer, operator=None)
    load_demo(people=10, seed=2, replace=True)
    assert Person.objects.get(is_synthetic=False) == real
    assert Placement.objects.get(person=real) == placement
    assert Person.objects.count() == 11


def test_first_start_loads_the_size_of_the_settings_and_later_starts_whatever_is_there(settings: Any) -> None:
    settings.DEMO_PEOPLE = 12
    assert load_demo_if_missing().is_new
    settings.DEMO_PEOPLE = 30
    assert load_demo_if_missing() == demo_district.DemoLoad(12, demo_district.DEFAULT_SEED, False)
    assert Person.objects.count() == 12


def test_outside_demo_mode_nothing_is_loaded(settings: Any) -> None:
    settings.DEMO = False
    for load in (lambda: load_demo(people=10, seed=1), load_demo_if_missing):
        with pytest.raises(DemoRefused, match=r"没有装入任何数据.*JIUJIN_DEMO=1"):
            load()
    assert not Person.objects.exists()
    assert not Area.objects.exists()


@pytest.mark.parametrize("people", [0, -1, 10**9])
def test_impossible_size_is_refused(people: int) -> None:
    with pytest.raises(DemoRefused, match="--people"):
        load_demo(people=people, seed=1)


@pytest.mark.django_db(transaction=True)
def test_load_broken_off_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*args: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(people=10, seed=1, progress=break_off)
    assert not Person.objects.exists()
    assert not DemoDistrict.objects.exists()


def test_everyone_is_plainly_invented() -> None:
    load_demo(people=PEOPLE, seed=1)
    people = list(Person.objects.all())
    assert all(person.is_synthetic for person in people)
    for person in people:
        said = check_id_number(person.id_number, demo=True)
        assert (said.number[:6], said.born_on, said.sex) == (DEMO_AREA, person.born_on, person.sex)
    assert {person.phone[:2] for person in people if person.phone} == {"10"}  # mobile numbers begin with 13 to 19
    for organisation in Organisation.objects.all():
        assert check_credit_code(organisation.credit_code)[2:8] == DEMO_AREA
        assert organisation.name.startswith("演示")


def test_numbers_stay_apart_when_a_day_has_used_up_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from jiujin.registry import demo

    monkeypatch.setattr(demo, "YOUNGEST_YEARS", 20)
    monkeypatch.setattr(demo, "OLDEST_YEARS", 21)
    monkeypatch.setattr(demo, "SEQUENCES_A_SEX", 1)  # 366 days, a man and a woman each
    assert len({person.id_number for person in demo_people(plan=current_plan(), people=600, seed=1)}) == 600


def test_every_community_has_someone_and_every_kind_of_organisation_is_there() -> None:
    load_demo(people=1000, seed=1)
    communities = Area.objects.filter(level="community")
    empty = communities.filter(residents=None).count()
    assert empty <= communities.count() * 0.05  # only where the home of its first resident is not known
    kinds = {kind for organisation in Organisation.objects.all() for kind in organisation.kinds}
    assert kinds == set(OrganisationKind.values)
    assert Organisation.objects.filter(name="演示运营机构").exists()  # whom the demo operator signs in for


def test_district_has_the_cases_that_go_wrong_elsewhere() -> None:
    load_demo(people=2000, seed=1)
    period, placements = current_plan().header.period, Placement.objects.all()
    assert period.start and period.end
    for day in (period.start, period.start - timedelta(days=1), period.end, period.end + timedelta(days=1)):
        assert placements.filter(start_on=day).exists(), day
    assert placements.filter(start_on=date(2020, 2, 29)).exists(), "a leap day"
    assert placements.filter(start_on__month=8, start_on__day=31).exists(), "a month end"
    assert {placement.form for placement in placements} == set(current_plan().facts["employment_form"].choices)
    assert placements.filter(open_ended=True).exists()
    assert placements.filter(end_on=None, open_ended=False).exists(), "an end that is not known"
    assert placements.filter(operator=None).exists()
    assert IncomeMonth.objects.filter(amount_fen=None).exists()
    assert PriorityStatus.objects.filter(end_on__lt=period.start).exists(), "an expired status"
    assert PriorityStatus.objects.filter(start_on__gt=period.start).exists()
    assert Person.objects.filter(priority_statuses=None).exists(), "someone whose group is not known"
    overlapping = Q(person__placements__start_on__lte=F("end_on"), person__placements__end_on__gte=F("start_on"))
    assert placements.filter(overlapping & ~Q(person__placements=F("id"))).exists()
    both = placements.filter(~Q(person__placements__operator=F("operator")), person__placements__operator__isnull=False)
    assert both.exists(), "a person with two operators"


def test_only_one_district_can_be_noted() -> None:
    with pytest.raises(IntegrityError, match="only_one_demo_district"):
        DemoDistrict.objects.create(id=2, people=1, seed=1, edition=1)


def test_command_loads_and_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("JIUJIN_DATABASE_URL", "postgresql:///the-one-of-the-tests")
    monkeypatch.setattr(command, "bring_up_to_date", lambda: None)
    assert run_command(["demo", "--people", "20", "--seed", "5"]) == 0
    assert "已装入演示数据：20 人，种子 5" in capsys.readouterr().out
    assert run_command(["demo", "--people", "20", "--seed", "5"]) == 0
    assert "没有改动" in capsys.readouterr().out
    assert run_command(["demo", "--people", "21"]) == 1
    assert "--replace" in capsys.readouterr().err
    assert run_command(["demo", "--people", "21", "--replace"]) == 0
    assert Person.objects.count() == 21
