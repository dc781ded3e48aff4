"""A placement from the file: recorded, its contract, its months previewed and then saved exactly so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jiujin.core.models import Event
from jiujin.core.proof import Proof
from jiujin.values import add_months
from jiujin.web.desk.months_grid import Month, changes_between, filled_grid, months_of, recorded_grid, seal_of
from jiujin.work.models import IncomeMonth, InsuranceKind, InsuranceMonth, Placement
from tests.registry.factories import make_organisation
from tests.web.desk.worlds import desk_of, officer, resident, today
from tests.work.factories import add_income, add_insurance, make_placement

SOME_MONTHS = [date(2022, month, 1) for month in range(1, 7)]


def cells() -> st.SearchStrategy[list[Month]]:
    insured = st.frozensets(st.sampled_from(["social", "accident"]))
    income = st.sampled_from(["", "不详", "1800.00", "2000"])
    return st.tuples(*(st.builds(Month, st.just(m), insured, income) for m in SOME_MONTHS)).map(list)


@given(cells(), cells())
def test_changes_are_exactly_where_two_grids_differ(before: list[Month], after: list[Month]) -> None:
    differing = {
        (b.month, what)
        for b, a in zip(before, after, strict=True)
        for what, one, other in (
            ("social", b.social, a.social),
            ("accident", b.accident, a.accident),
            ("income", b.income, a.income),
        )
        if one != other
    }
    changes = changes_between(before, after)
    assert {(c.month, c.what) for c in changes} == differing and len(changes) == len(differing)
    assert changes_between(before, before) == []
    assert all(c.remove == (not c.after) for c in changes)


def test_filled_grid_reads_ticks_and_yuan_and_says_what_it_cannot_read() -> None:
    filled = filled_grid({"social-2022-01": "1", "income-2022-01": "1,800", "income-2022-02": "很多"}, SOME_MONTHS[:3])
    assert filled[0].social and not filled[0].accident and not filled[0].error
    assert filled[1].error and not filled[2].error
    changes = changes_between([Month(m, frozenset()) for m in SOME_MONTHS[:3]], filled)
    assert [(c.what, c.amount_fen) for c in changes] == [("social", None), ("income", 180_000)]


def test_seal_changes_with_what_would_be_saved() -> None:
    empty = [Month(SOME_MONTHS[0], frozenset())]
    one = changes_between(empty, [Month(SOME_MONTHS[0], frozenset({"social"}))])
    other = changes_between(empty, [Month(SOME_MONTHS[0], frozenset({"accident"}))])
    seals = {seal_of(one, Proof.DECLARED), seal_of(one, Proof.DOCUMENTED), seal_of(other, Proof.DECLARED)}
    assert len(seals) == 3


@pytest.mark.django_db
class TestPages:
    def its(self) -> tuple[Client, Placement]:
        return desk_of(officer()), make_placement(add_months(today().replace(day=1), -3), person=resident())

    def test_months_run_from_the_start_to_this_month_or_the_end(self) -> None:
        _desk, its = self.its()
        assert len(months_of(its, today())) == 4
        its.left_on = add_months(its.start_on, 1)
        assert len(months_of(its, today())) == 2
        assert months_of(make_placement(add_months(today(), 2)), today()) == []

    def test_filled_in_looked_at_and_saved_exactly_so(self) -> None:
        desk, its = self.its()
        add_insurance(its, InsuranceKind.SOCIAL, [Proof.DECLARED])
        add_income(its, [180_000])
        first, second = (f"{add_months(its.start_on, n):%Y-%m}" for n in (0, 1))
        address = reverse("desk:months", args=[its.pk])
        told: dict[str, Any] = {
            f"social-{second}": "1",
            f"income-{first}": "1900",
            f"income-{second}": "不详",
            "proof": str(Proof.DOCUMENTED.value),
        }
        page = desk.post(address, told).content.decode()
        assert "要改 4 处，还没有保存" in page and "1,800.00 →" in page and "更正" in page and "去掉" in page
        assert InsuranceMonth.objects.count() == 1
        seal = page.split('name="seal" value="')[1].split('"')[0]
        changed_since = desk.post(address, {**told, f"accident-{first}": "1", "seal": seal, "save": "1"})
        assert "要改 5 处" in changed_since.content.decode(), "what was not looked at is not saved"
        saved = desk.post(address, {**told, "seal": seal, "save": "1"})
        assert saved.headers["location"] == reverse("desk:placement", args=[its.pk])
        assert list(its.insurance_months.values_list("month", "kind", "proof")) == [
            (add_months(its.start_on, 1), "social", Proof.DOCUMENTED)
        ]
        assert dict(its.income_months.order_by("month").values_list("month", "amount_fen")) == {
            its.start_on: 190_000,
            add_months(its.start_on, 1): None,
        }
        verbs = set(Event.objects.filter(subject_id=str(its.pk)).values_list("verb", flat=True))
        assert {"income_month_recorded", "insurance_month_recorded", "insurance_month_removed"} <= verbs

    def test_unreadable_income_is_told_beside_its_month_and_nothing_is_saved(self) -> None:
        desk, its = self.its()
        answer = desk.post(reverse("desk:months", args=[its.pk]), {f"income-{its.start_on:%Y-%m}": "-5", "save": "1"})
        assert answer.status_code == 422 and "不能是负数" in answer.content.decode()
        assert not IncomeMonth.objects.exists()

    def test_recorded_by_the_employer_s_whole_name_or_code(self) -> None:
        desk, person, employer = desk_of(officer()), resident(), make_organisation(name="城东制衣厂")
        address = reverse("desk:new-placement", args=[person.pk])
        told = {"form": "labour_contract", "start_on": str(today()), "proof": "1"}
        for written in ("城东制衣厂", employer.credit_code):
            made = desk.post(address, {**told, "employer": written})
            assert made.status_code == 302
        assert {p.employer for p in person.placements.all()} == {employer}
        refused = desk.post(address, {**told, "employer": "城东"})
        assert refused.status_code == 422 and "没有登记过这个单位" in refused.content.decode()
        bad = desk.post(address, {**told, "employer": "城东制衣厂", "end_on": "2001-01-01"})
        assert bad.status_code == 422 and "早于" in bad.content.decode()
        assert person.placements.count() == 2

    def test_contract_moves_the_term_and_leaving_ends_it(self) -> None:
        desk, its = self.its()
        end = add_months(its.start_on, 12)
        told = {"number": "HT-1", "start_on": str(its.start_on), "end_on": str(end), "proof": "2"}
        desk.post(reverse("desk:contract", args=[its.pk]), told)
        its.refresh_from_db()
        assert (its.end_on, its.contracts.get().number) == (end, "HT-1")
        desk.post(reverse("desk:leave", args=[its.pk]), {"left_on": str(today()), "because": "回乡"})
        its.refresh_from_db()
        assert (its.left_on, its.left_because) == (today(), "回乡")
        wrong = desk.post(reverse("desk:leave", args=[its.pk]), {"left_on": "2001-01-01"})
        assert wrong.status_code == 422 and "早于开始日期" in wrong.content.decode()

    def test_recorded_grid_is_what_the_records_say(self) -> None:
        _desk, its = self.its()
        add_income(its, [180_000, None])
        grid = recorded_grid(its, months_of(its, today()))
        assert [month.income for month in grid] == ["1,800.00", "不详", "", ""]
