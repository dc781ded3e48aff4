"""Values of facts as a line keeps them."""

from __future__ import annotations

import pytest

from jiujin.claims.declared import typed_fact
from jiujin.claims.errors import FactWrong
from jiujin.rules import open_plan

FACTS = open_plan("jinan-2022").facts


def test_a_difference_of_money_may_be_below_nothing() -> None:
    assert typed_fact(FACTS["income_over_wage_floor"], -12_000) == -12_000


@pytest.mark.parametrize("value", [-1, 1.5, "1", True, 10**18])
def test_an_amount_is_whole_fen_and_no_less_than_nothing(value: object) -> None:
    with pytest.raises(FactWrong):
        typed_fact(FACTS["lowest_monthly_income"], value)


@pytest.mark.parametrize("value", [1.5, "1", True, 10**18])
def test_a_difference_is_whole_fen_too(value: object) -> None:
    with pytest.raises(FactWrong):
        typed_fact(FACTS["income_over_wage_floor"], value)
