"""A change of the plan, tried over the registry: figures beside those of the plan in force, and nothing written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiujin.core.models import Event
from jiujin.core.proof import Proof
from jiujin.funds.simulation import Change, Tried, keep_snapshot, kept_file, try_change
from jiujin.funds.simulation_tables import figure_tables, township_names
from jiujin.work.models import InsuranceKind, InsuranceMonth, Registration, RegistrationKind
from tests.claims.factories import make_claim, make_line, set_rates, stable_placement, step
from tests.registry.factories import make_area, make_person, make_status
from tests.work.factories import add_income, make_placement

pytestmark = pytest.mark.django_db
STABLE, FLEXIBLE = "stable-employment", "flexible-employment"


def change(**given: object) -> Change:
    return Change(**{"plan": None, "values": {}, "limits": {}, "budgets": {}, **given})  # type: ignore[arg-type]


def figures(tried: Tried, scheme: str) -> tuple[tuple[int, int], tuple[int, int], int]:
    """Met before and after, fen before and after, and the difference."""
    one = next(one for one in tried.result.by_scheme() if one.scheme == scheme)
    return (one.before.met, one.after.met), (one.before.amount_fen, one.after.amount_fen), one.difference_fen


def flexible_placement(start_on: date, person: object = None, months: int = 3) -> None:
    """A placement that the flexible scheme is met by while the wage floor is not above 1,600 yuan."""
    given = {"person": person} if person else {}
    placement = make_placement(start_on, date(2022, 12, 31), form="flexible", **given)
    if not placement.person.priority_statuses.exists():
        make_status(placement.person, "difficulty", date(2021, 1, 1))
    add_income(placement, [160_000] * months)
    Registration.objects.create(
        placement=placement, kind=RegistrationKind.EMPLOYMENT, reference_number="T2", proof=Proof.VERIFIED
    )


def test_another_rate_costs_the_difference_for_each_that_is_met() -> None:
    set_rates()
    for _ in range(3):
        stable_placement()
    tried = try_change(change(values={"stable_grant": 120_000}))
    assert figures(tried, STABLE) == ((3, 3), (300_000, 360_000), 60_000)
    assert figures(tried, FLEXIBLE) == ((0, 0), (0, 0), 0)


def test_a_lower_threshold_reaches_those_who_were_just_short() -> None:
    set_rates()
    stable_placement()
    short = stable_placement()
    InsuranceMonth.objects.filter(placement=short, kind=InsuranceKind.SOCIAL, month=date(2022, 6, 1)).delete()
    tried = try_change(change(values={"stable_insurance_months": 5}))
    assert figures(tried, STABLE) == ((1, 2), (100_000, 200_000), 100_000)
    assert list(tried.result.gaining[STABLE]) == [short.pk]
    assert list(tried.result.losing[STABLE]) == []


def test_a_wage_floor_that_facts_are_read_by_is_read_anew() -> None:
    set_rates()
    flexible_placement(date(2022, 1, 1))
    assert figures(try_change(change(values={"minimum_wage": 160_000})), FLEXIBLE)[0] == (1, 1)
    assert figures(try_change(change(values={"minimum_wage": 160_001})), FLEXIBLE)[0] == (1, 0)


def test_a_lower_limit_leaves_the_later_ones_out() -> None:
    set_rates()
    person = make_person()
    for start_on in (date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1)):
        flexible_placement(start_on, person)
    tried = try_change(change(limits={FLEXIBLE: 2}))
    assert figures(tried, FLEXIBLE) == ((3, 2), (180_000, 120_000), -60_000)
    with pytest.raises(ValueError, match="没有次数上限"):
        try_change(change(limits={"employment-assistance": 2}))


def test_a_budget_lasts_until_the_day_of_the_first_that_no_longer_fits() -> None:
    set_rates()
    for month in (1, 2, 3):
        stable_placement(start_on=date(2022, month, 1))
    [spent] = try_change(change(budgets={STABLE: 250_000})).result.spending
    assert (spent.asked_fen, spent.left_fen, spent.covered) == (300_000, -50_000, 2)
    assert spent.exhausted_on == date(2022, 9, 1)  # the term of six months that begins in March is full
    [enough] = try_change(change(budgets={STABLE: 300_000})).result.spending
    assert (enough.left_fen, enough.covered, enough.exhausted_on) == (0, 3, None)


def test_townships_and_schemes_add_up_and_a_person_counts_once() -> None:
    set_rates()
    community = make_area("341502001001")
    person = make_person(home_area=community)
    stable_placement(person=person)
    flexible_placement(date(2022, 2, 1), person)
    stable_placement()
    tried = try_change(change())
    by_area = {one.area: one for one in tried.result.by_area()}
    assert set(by_area) == {"341502001", ""}
    assert (by_area["341502001"].after.people, by_area["341502001"].after.met) == (1, 2)
    total = tried.result.total()
    assert (total.after.people, total.after.met, total.after.amount_fen) == (2, 3, 260_000)
    schemes, townships = figure_tables(tried, township_names())[:2]
    assert schemes.total[6] == townships.total[6] == 260_000  # type: ignore[index]


def test_an_unset_rate_is_counted_and_not_guessed() -> None:
    stable_placement()
    [one] = [one for one in try_change(change()).result.by_scheme() if one.scheme == STABLE]
    assert (one.before.met, one.before.amount_fen, one.before.unpriced) == (1, 0, 1)


def test_todays_figures_stand_beside_and_nothing_is_written() -> None:
    set_rates()
    claim = make_claim()
    step([make_line(claim, stable_placement(claim.payee))], "line_submitted")
    events = Event.objects.count()
    tried = try_change(change(values={"stable_grant": 1}))
    assert tried.today.get(STABLE) is None  # nothing has been approved
    assert Event.objects.count() == events
    assert "internship-guidance" in tried.without_records  # nobody is an intern here
    assert STABLE not in tried.without_records


def test_a_kept_snapshot_serves_until_it_is_taken_anew(settings: object, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    set_rates()
    stable_placement()
    assert keep_snapshot() == 1
    stable_placement()
    assert figures(try_change(change(), kept=True), STABLE)[0] == (1, 1)
    assert figures(try_change(change()), STABLE)[0] == (2, 2)
    [file] = (tmp_path / "simulation").iterdir()
    assert file.parent == kept_file("").parent
    assert file.stat().st_mode & 0o077 == 0
