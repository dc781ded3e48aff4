"""Setting what the document leaves to the district: with a source, after seeing what it changes, by the right people."""

from __future__ import annotations

import pytest

from jiujin.accounts.models import Role
from jiujin.core.models import ParameterSetting
from tests.accounts.people import someone
from tests.claims.factories import SOURCE
from tests.web.claims.worlds import a_claim, a_payee, browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/claims/parameters/stable_grant/"
GIVEN = {"value": "1000", "source": SOURCE}


def test_list_shows_what_is_not_set_and_how_many_lines_wait_for_it() -> None:
    user, organisation = a_payee()
    a_claim(user, organisation, people=2)
    page = browser_of(someone(Role.CLERK)).get("/claims/parameters/?state=unset&q=稳定").content.decode()
    assert "还没有设定" in page and "稳定就业" in page
    assert ">2<" in page.replace("\n", "")


def test_trial_says_what_would_change_and_keeps_nothing() -> None:
    user, organisation = a_payee()
    a_claim(user, organisation, people=2)
    page = browser_of(someone(Role.CLERK)).post(ADDRESS, GIVEN | {"do": "try"}).content.decode()
    assert "0.00 元 → 2,000.00 元" in page
    assert not ParameterSetting.objects.exists()


def test_setting_keeps_value_source_and_who() -> None:
    clerk = someone(Role.CLERK)
    page = browser_of(clerk).post(ADDRESS, GIVEN | {"do": "set"}, follow=True).content.decode()
    assert "1,000.00 元" in page and SOURCE in page and clerk.display_name in page
    assert ParameterSetting.objects.get().actor == f"user:{clerk.pk}"


@pytest.mark.parametrize(
    "given", [{"value": "一千"}, {"value": "-1"}, {"source": ""}, {"start_on": "2022-02-01", "end_on": "2022-01-01"}]
)
def test_wrong_value_or_no_source_is_refused_in_words(given: dict[str, str]) -> None:
    answer = browser_of(someone(Role.CLERK)).post(ADDRESS, GIVEN | given | {"do": "set"})
    assert answer.status_code == 422 and "没有提交成功" in answer.content.decode()
    assert not ParameterSetting.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FINANCE, Role.SUPERVISOR])
def test_others_of_the_office_may_look_and_not_set(role: Role) -> None:
    client = browser_of(someone(role))
    page = client.get(ADDRESS).content.decode()
    assert "由区里的经办人员或局领导设定" in page and "先看会改变什么" not in page
    assert client.post(ADDRESS, GIVEN | {"do": "set"}).status_code == 403


def test_what_the_document_states_cannot_be_set() -> None:
    client = browser_of(someone(Role.LEADER))
    assert "这是文件写明的，不能改" in client.get("/claims/parameters/stable_contract_months/").content.decode()
    answer = client.post("/claims/parameters/stable_contract_months/", {"value": "1", "source": "x", "do": "set"})
    assert answer.status_code == 422


def test_payee_gets_a_refusal() -> None:
    assert browser_of(a_payee()[0]).get("/claims/parameters/").status_code == 403
