"""The targets of the fairs are counted from records, by the pack's own SQL."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of, figures_by_area
from jiujin.fairs.models import FairHost
from jiujin.fairs.services.record_intent import take_back_intent
from jiujin.plan.load import plans_dir
from jiujin.registry.models import OrganisationKind
from jiujin.rules.lint import lint
from tests.accounts.people import someone
from tests.fairs.factories import DAY, NOON, make_fair, make_intent, make_part
from tests.registry.factories import make_area, make_organisation, make_person

pytestmark = pytest.mark.django_db
YEAR_END = date(2022, 12, 31)


def counted(target: str, day: date = YEAR_END, area: str = "") -> int | None:
    return figure_of(current_plan(), target, day, area).counted


@pytest.mark.clause("2.3-fairs")
def test_only_held_fairs_of_the_plan_s_year_count_and_a_joint_one_once() -> None:
    east, west = make_area("341502001"), make_area("341502002")
    joint = make_fair("held", host=make_organisation(OrganisationKind.HR_AGENCY, area=east))
    FairHost.objects.create(fair=joint, township=west)
    for state in ("planned", "approved", "cancelled"):
        make_fair(state)
    make_fair("held", kind="online", held_on=YEAR_END)
    make_fair("held", kind="livestream", held_on=YEAR_END + timedelta(days=1))
    make_fair("held", held_on=date(2021, 12, 31))
    assert counted("job-fairs") == 2
    assert counted("job-fairs", DAY) == 1, "up to its day"
    assert (counted("job-fairs", area="341502001"), counted("job-fairs", area="341502002")) == (1, 0)
    assert figures_by_area(current_plan(), "job-fairs", YEAR_END, 9) == {"341502001": 1, "": 1}


@pytest.mark.clause("2.3-enterprises")
def test_employer_counts_at_each_held_fair_at_which_it_signed_in() -> None:
    employer = make_organisation()
    for state in ("held", "held", "approved"):
        fair = make_fair(state)
        make_part(fair, employer=employer)
        make_part(fair, at=None)
    assert counted("enterprises-served") == 2


@pytest.mark.clause("2.3-intents")
def test_intent_counts_once_a_person_and_employer_at_a_held_fair() -> None:
    fair, other = make_fair("held"), make_fair("held")
    first = make_intent(fair)
    make_intent(other, person=first.person, employer=first.employer)
    make_intent(make_fair("approved"))
    twin = make_person(merged_into=first.person)
    make_intent(fair, person=twin, employer=first.employer)
    assert counted("intents") == 2, "two records of one person are one"
    take_back_intent(intent=make_intent(fair), actor=someone(), now=NOON)
    assert counted("intents") == 2


def test_target_without_a_measure_has_no_figure_rather_than_a_zero() -> None:
    plan = current_plan()
    bare = plan.model_copy(update={"targets": {"x": plan.targets["intents"].model_copy(update={"measure": None})}})
    assert figure_of(bare, "x", DAY).counted is None
    assert figures_by_area(bare, "x", DAY, 9) == {}


@pytest.mark.parametrize("measure", ["SELECT 1 AS counted_on", "SELECT area FROM", "DELETE FROM fairs_fair"])
def test_measure_that_does_not_say_area_and_day_is_a_fault_of_the_pack(measure: str, tmp_path: Path) -> None:
    pack = tmp_path / "jinan-2022"
    shutil.copytree(plans_dir() / "jinan-2022", pack)
    targets = (pack / "targets.yaml").read_text(encoding="utf-8")
    first = targets.index("  measure: >-")
    after = targets.index("  readings:", first)
    (pack / "targets.yaml").write_text(f"{targets[:first]}  measure: {measure}\n{targets[after:]}", encoding="utf-8")
    assert [p.message for p in lint(pack)] == [
        "pilot-communities 的 measure 不是一条只取 area 和 counted_on 两列的 SELECT"
    ]
