"""What stops a vacancy, what sends it to a reviewer, and what passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jiujin.accounts.models import Role
from jiujin.core.current_plan import current_plan
from jiujin.plan import Plan
from jiujin.plan.models import ParameterValue
from jiujin.work import checks
from jiujin.work.checks import check_vacancy, normal_title
from jiujin.work.demo_vacancies import JOBS
from jiujin.work.models import Vacancy
from jiujin.work.services.edit_vacancy import edit_vacancy
from jiujin.work.services.review_vacancy import review_vacancy
from jiujin.work.services.submit_vacancy import submit_vacancy
from jiujin.work.states import VacancyState
from tests.registry.factories import make_area, make_user
from tests.work.factories import TODAY, make_vacancy, make_workplace

pytestmark = pytest.mark.django_db
SetFloors = Callable[..., None]


@pytest.fixture
def set_floors(monkeypatch: pytest.MonkeyPatch) -> SetFloors:
    """A trial value for the floors, for everywhere or for an area."""

    def set_them(area: str | None = None, **yuan: str) -> None:
        plan = current_plan()
        parameters = dict(plan.parameters)
        for name, value in yuan.items():
            one = ParameterValue(value=value, area=area, source="试验", checked_on=date(2022, 1, 1))
            values = [*parameters[name].values, one]
            parameters[name] = parameters[name].model_copy(update={"values": values, "status": "external"})
        tried: Plan = plan.model_copy(update={"parameters": parameters})
        monkeypatch.setattr(checks, "current_plan", lambda: tried)

    return set_them


def codes(vacancy: Vacancy) -> dict[str, str]:
    return {finding["code"]: finding["severity"] for finding in check_vacancy(vacancy, day=TODAY)}


def draft(**given: Any) -> Vacancy:
    return make_vacancy("draft", **given)


# --- wages ---------------------------------------------------------------------------------------------------------------


def test_unset_floor_goes_to_a_reviewer_and_says_so() -> None:
    (finding,) = check_vacancy(draft(), day=TODAY)
    assert (finding["code"], finding["severity"]) == ("wage_floor_unset", "review")
    assert "最低工资标准未定" in finding["text"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"wage_min_fen": 151_499}, {"wage_under_floor": "stop"}),
        ({"wage_min_fen": 151_500}, {}),
        ({"wage_min_fen": None}, {"wage_missing": "review"}),
        ({"wage_period": "day", "wage_min_fen": 6_965}, {"wage_under_floor": "stop"}),  # 69.65 × 21.75 = 1514.89
        ({"wage_period": "day", "wage_min_fen": 6_966}, {}),  # 1515.11
        ({"wage_period": "hour", "wage_min_fen": 1_799}, {"wage_under_floor": "stop"}),
        ({"wage_period": "hour", "wage_min_fen": 1_800}, {}),
        ({"form": "part_time", "wage_min_fen": 80_000}, {"wage_not_comparable": "review"}),
        ({"form": "part_time", "wage_min_fen": 156_000, "hours_a_week": Decimal(20)}, {}),  # 18.00 an hour
        ({"form": "part_time", "wage_min_fen": 155_999, "hours_a_week": Decimal(20)}, {"wage_under_floor": "stop"}),
        ({"form": "part_time", "wage_period": "day", "wage_min_fen": 9_000}, {"wage_not_comparable": "review"}),
    ],
)
def test_wage_is_held_against_the_floor_of_its_kind(
    set_floors: SetFloors, given: dict[str, Any], expected: dict[str, str]
) -> None:
    set_floors(minimum_wage="1515.00", minimum_hourly_wage="18.00")
    assert codes(draft(**given)) == expected


def test_floor_of_the_narrowest_area_counts(set_floors: SetFloors) -> None:
    set_floors(minimum_wage="1340.00")
    workplace = make_workplace(area=make_area("341502001001"))
    vacancy = draft(workplace=workplace, wage_min_fen=140_000)
    assert codes(vacancy) == {}
    set_floors(area="341502001", minimum_wage="1515.00")
    assert codes(vacancy) == {"wage_under_floor": "stop"}


def test_wage_that_nobody_pays_goes_to_a_reviewer(set_floors: SetFloors) -> None:
    set_floors(minimum_wage="1340.00", minimum_hourly_wage="16.00")
    assert codes(draft(wage_max_fen=2_999_999)) == {}
    assert codes(draft(wage_max_fen=3_000_000)) == {"wage_unusual": "review"}
    assert codes(draft(wage_period="hour", wage_min_fen=300_000)) == {"wage_unusual": "review"}


# --- wording -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("只招女性，35岁以下", "wording_sex_only", "stop"),
        ("３５ 岁 以 下", "wording_age_range", "review"),
        ("河南人勿扰", "wording_region_excluded", "stop"),
        ("入职体检查乙肝两对半", "wording_hepatitis_b", "stop"),
        ("入职交服装费300元", "wording_fee", "stop"),
        ("有意者电话 138 1234 5678", "wording_contact_in_text", "review"),
        ("限\u200b女", "wording_sex_only", "stop"),
    ],
)
def test_wording_is_found_with_its_words_the_law_and_the_mend(
    set_floors: SetFloors, text: str, code: str, severity: str
) -> None:
    set_floors(minimum_wage="1340.00")
    (finding,) = [each for each in check_vacancy(draft(description=text), day=TODAY) if each["code"] == code]
    assert finding["severity"] == severity
    assert finding["words"] and all(f"“{word}”" in finding["text"] for word in finding["words"])
    assert finding["clause"]


def test_work_that_the_law_keeps_for_one_sex_goes_to_a_reviewer(set_floors: SetFloors) -> None:
    set_floors(minimum_wage="1340.00")
    assert codes(draft(title="女浴室保洁员", description="仅限女性")) == {"wording_sex_only": "review"}
    assert codes(draft(title="保洁员", description="仅限女性")) == {"wording_sex_only": "stop"}


@pytest.mark.parametrize(
    "text",
    [
        "残疾人优先，退役军人优先，高校毕业生优先",
        "男女不限，年龄不限，户籍不限，18周岁以上",
        "身体健康，持健康证上岗，公司承担体检费，不收任何押金",
        "照顾80岁左右的老人，每天8小时，月休4天，工资3000-4500元",
        "女装店导购，接待顾客，招聘3人，两班倒，转正后缴纳五险",
        "负责收取客户保证金和押金，核对账目",
        "带身份证原件、毕业证复印件面试",
        *[f"{job.title}：{job.duties}{'、'.join(job.skills)}" for job in JOBS],
    ],
)
def test_ordinary_and_protected_wording_passes(set_floors: SetFloors, text: str) -> None:
    set_floors(minimum_wage="1340.00")
    assert codes(draft(description=text)) == {}


# --- repeats -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        ("急聘收银员（3名）", "收银员"),
        ("【高薪】收 银 员！", "收银员"),
        ("诚聘 ＫＴＶ服务员若干名", "ktv服务员"),
        ("招聘", "招聘"),
    ],
)
def test_title_is_compared_without_its_noise(title: str, normal: str) -> None:
    assert normal_title(title) == normal


def test_same_offer_again_is_stopped_and_another_one_reviewed(set_floors: SetFloors) -> None:
    set_floors(minimum_wage="1340.00")
    first = make_vacancy(title="收银员")
    again = draft(workplace=first.workplace, title="急聘收银员（3名）")
    assert codes(again) == {"repeat": "stop"}
    again.wage_min_fen = 350_000
    assert codes(again) == {"repeat": "review"}
    assert codes(draft(title="收银员")) == {}
    Vacancy.objects.filter(pk=first.pk).update(state=VacancyState.CLOSED)
    assert codes(again) == {}


# --- what the check leads to ---------------------------------------------------------------------------------------------


def test_stop_refuses_review_waits_and_nothing_found_publishes(set_floors: SetFloors) -> None:
    set_floors(minimum_wage="1340.00")
    published = submit_vacancy(vacancy=draft(), actor="system:tests", today=TODAY)
    assert (published.state, published.findings) == (VacancyState.OPEN, [])
    waiting = submit_vacancy(vacancy=draft(description="35岁以下"), actor="system:tests", today=TODAY)
    assert waiting.state == VacancyState.IN_REVIEW
    refused = submit_vacancy(vacancy=draft(description="限男性，35岁以下"), actor="system:tests", today=TODAY)
    assert refused.state == VacancyState.REFUSED and "限男性" in refused.refused_because
    assert [each["severity"] for each in refused.findings] == ["stop", "review"]


def test_refused_vacancy_is_mended_and_submitted_again(set_floors: SetFloors) -> None:
    set_floors(minimum_wage="1340.00")
    vacancy = submit_vacancy(vacancy=draft(description="限男性"), actor="system:tests", today=TODAY)
    vacancy = edit_vacancy(vacancy=vacancy, actor="system:tests", description="能搬动20公斤")
    assert (vacancy.state, vacancy.findings, vacancy.refused_because) == (VacancyState.DRAFT, [], "")
    assert submit_vacancy(vacancy=vacancy, actor="system:tests", today=TODAY).state == VacancyState.OPEN


def test_reviewer_lets_a_finding_pass_and_it_stays_on_record() -> None:
    waiting = submit_vacancy(vacancy=draft(), actor="system:tests", today=TODAY)
    reviewed = review_vacancy(
        vacancy=waiting, accept=True, because="工资已核对", actor=make_user(Role.REVIEWER), today=TODAY
    )
    assert reviewed.state == VacancyState.OPEN
    assert [finding["code"] for finding in reviewed.findings] == ["wage_floor_unset"]
