"""The page of trials: figures beside today's, wrong figures told beside their field, and nothing written."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.core.models import Event, ParameterSetting
from jiujin.web.funds import simulate
from jiujin.web.funds.trial_progress import TrialProgress
from tests.accounts.people import someone
from tests.claims.factories import set_rates, stable_placement
from tests.registry.factories import make_area, make_person
from tests.web.funds.worlds import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/funds/simulate/"


@pytest.fixture
def placement() -> int:
    set_rates()
    return stable_placement(person=make_person(home_area=make_area("341502001001"))).pk


def test_a_trial_shows_the_difference_by_scheme_and_township_and_writes_nothing(placement: int) -> None:
    client = signed_in(someone(Role.LEADER))
    before = Event.objects.count(), ParameterSetting.objects.count()
    asked = {"try": "1", "set.stable_grant": "1200", "budget.stable-employment": "1000", "limit.stable-employment": "1"}
    page = client.get(ADDRESS, asked).content.decode()
    for words in (
        "1,000.00",
        "1,200.00",
        "+200.00",
        "稳定就业服务补助标准：1,000.00 → 1200 元",
        "区域341502001",
        "2022-07-01",
    ):
        assert words in page, words
    assert (Event.objects.count(), ParameterSetting.objects.count()) == before


def test_records_are_named_only_to_those_who_may_open_them(placement: int) -> None:
    asked = {"try": "1", "set.stable_insurance_months": "7"}
    link = reverse("desk:placement", args=[placement])
    assert link in signed_in(someone(Role.CLERK)).get(ADDRESS, asked).content.decode()
    elsewhere = someone(Role.CLERK, area_code="341502002")
    assert link not in signed_in(elsewhere).get(ADDRESS, asked).content.decode()
    leader = signed_in(someone(Role.LEADER)).get(ADDRESS, asked).content.decode()
    assert link not in leader
    assert "+0 / −1" in leader


@pytest.mark.parametrize(
    ("name", "written", "words"),
    [
        ("set.stable_grant", "一千", "不是金额"),
        ("set.stable_insurance_months", "-1", "不小于 0 的整数"),
        ("limit.flexible-employment", "0", "1 到 1000"),
        ("budget.stable-employment", "x", "金额"),
        ("plan", "../../etc", "没有这个方案包"),
    ],
)
def test_a_wrong_figure_is_told_and_nothing_is_tried(name: str, written: str, words: str) -> None:
    client = signed_in(someone(Role.FINANCE))
    page = client.get(ADDRESS, {"try": "1", name: written}).content.decode()
    assert "没有测算" in page and words in page
    assert "测算结果" not in page
    assert client.get(reverse("funds:simulate-file", args=["xlsx"]), {name: written}).status_code == 404


def test_a_trial_is_taken_away_as_a_workbook(placement: int) -> None:
    client = signed_in(someone(Role.FINANCE))
    answer = client.get(reverse("funds:simulate-file", args=["xlsx"]), {"set.stable_grant": "1200"})
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["按补贴项目", "按乡镇街道"]
    rows = list(book["按补贴项目"].iter_rows(values_only=True))
    figures = dict(zip(rows[0], next(row for row in rows if row[0] == "稳定就业服务补助"), strict=True))
    assert (figures["现行金额（元）"], figures["改后金额（元）"], figures["差额（元）"]) == (1000, 1200, 200)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.TOWNSHIP])
def test_others_may_not_try(role: Role) -> None:
    assert signed_in(someone(role)).get(ADDRESS).status_code == 403


def test_a_trial_over_many_records_shows_how_far_it_is_and_then_the_answer(
    placement: int, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(simulate, "AT_ONCE_UP_TO", 0)
    client = signed_in(someone(Role.LEADER))
    asked = {"try": "1", "set.stable_grant": "1200"}
    page = client.get(ADDRESS, asked)
    trial, shown = page.context["trial_id"], page.content.decode()
    assert "开始测算" in shown and "测算结果" not in shown
    assert f'hx-get="{ADDRESS}{trial}/?try=1&amp;set.stable_grant=1200"' in shown
    told: list[str] = []
    tell = TrialProgress.tell

    def tell_and_look(self: TrialProgress, stage: str, done: int, total: int) -> None:
        tell(self, stage, done, total)
        told.append(client.get(f"{ADDRESS}{trial}/progress/").content.decode())

    monkeypatch.setattr(TrialProgress, "tell", tell_and_look)
    answer = client.get(f"{ADDRESS}{trial}/", asked).content.decode()
    assert "+200.00" in answer and "<html" not in answer
    assert any("读取记录" in words and 'value="1"' in words for words in told)
    assert any("两种办法各判断一遍" in words for words in told)
    assert "开始测算" in client.get(f"{ADDRESS}{trial}/progress/").content.decode(), "it is gone with the trial"
    assert not list(tmp_path.glob("**/*.progress"))


def test_who_has_no_scripts_gets_the_answer_by_a_link(placement: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "AT_ONCE_UP_TO", 0)
    client = signed_in(someone(Role.LEADER))
    assert "now=1" in client.get(ADDRESS, {"try": "1"}).content.decode()
    assert "测算结果" in client.get(ADDRESS, {"try": "1", "now": "1"}).content.decode()


def test_a_wrong_figure_runs_nothing(placement: int) -> None:
    address = f"{ADDRESS}{uuid4()}/"
    assert signed_in(someone(Role.LEADER)).get(address, {"set.stable_grant": "x"}).status_code == 404
