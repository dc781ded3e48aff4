"""Wording that a vacancy may not have, and which firms are small: the rules' own behaviour, and that lint holds a pack to it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jiujin.plan.firm_size import firm_size_line, is_small_firm
from jiujin.plan.load import load_shape, plans_dir
from jiujin.plan.models import FirmSize, Plan, WordingRule
from jiujin.plan.wording import plain, search_wording
from jiujin.rules import lint

PLAN = load_shape("jinan-2022").plan
assert PLAN is not None
RULES = list(PLAN.vacancy_wording.values())
WAN_FEN = 10_000 * 100


def rule(**given: Any) -> WordingRule:
    usual = {
        "id": "rule",
        "ground": "fee",
        "severity": "stop",
        "pattern": "押金",
        "why": "不能收",
        "mend": "删去",
        "source": "法",
        "caught": ["押金"],
        "passed": ["工资"],
    }
    return WordingRule.model_validate({**usual, **given})


# --- wording -------------------------------------------------------------------------------------------------------------


def test_find_within_an_exception_does_not_count_and_another_one_does() -> None:
    told = rule(unless=["不收押金"])
    assert not list(search_wording([told], "不收押金"))
    (find,) = search_wording([told], "不收押金，培训押金另交")
    assert find.words == ("押金",)


def test_stop_is_softened_only_where_the_context_is_found() -> None:
    told = rule(review_where=["井下"])
    assert [find.severity for text in ("押金", "井下，押金") for find in search_wording([told], text)] == [
        "stop",
        "review",
    ]


@pytest.mark.parametrize("written", ["押 金", "押\u200b金", "押\u3000金", "押\t金"])
def test_words_are_found_through_blanks_and_invisible_characters(written: str) -> None:
    assert any(search_wording([rule()], written))


def test_line_break_ends_a_sentence() -> None:
    assert not list(search_wording([rule(pattern="交[^\n]*押金")], "交资料\n押金不收"))


@given(st.text(max_size=200))
def test_any_text_is_searched_without_failing(text: str) -> None:
    for find in search_wording(RULES, text):
        assert find.words and all(word in plain(text) for word in find.words)


@given(st.text(alphabet="限男女性优先不收押金0123456789岁以下，。 ", max_size=2000))
def test_long_repetitive_text_is_searched_without_failing(text: str) -> None:
    list(search_wording(RULES, text * 3))


@pytest.mark.parametrize("ground", ["sex", "age", "origin", "health", "fee", "contact"])
def test_pack_speaks_of_every_ground_and_names_its_source(ground: str) -> None:
    of_ground = [each for each in RULES if each.ground == ground]
    assert of_ground and all(each.source for each in of_ground)


def test_broken_pattern_is_refused() -> None:
    with pytest.raises(ValidationError, match="正则式"):
        rule(pattern="(押金")


@pytest.mark.parametrize(
    ("file", "was", "becomes", "said"),
    [
        ("vacancy_wording.yaml", "caught: [15周岁以上即可, 招童工]", "caught: [招工]", "查不出“招工”"),
        ("vacancy_wording.yaml", "passed: [户籍不限", "passed: [女性优先, 户籍不限", "sex-preferred 查出"),
        ("vacancy_wording.yaml", "caught: [15周岁以上即可, 招童工]", "caught: []", "caught"),
        ("firm_sizes.yaml", "industries: ['52']", "industries: ['51']", "已经在 wholesale 里"),
        ("firm_sizes.yaml", "industries: ['60']", "industries: [60-591]", "不是行业代码"),
        ("firm_sizes.yaml", "{small: 5, medium: 20}", "{small: 20, medium: 20}", "小于 medium"),
    ],
)
def test_lint_tells_a_pack_that_contradicts_itself(
    tmp_path: Path, file: str, was: str, becomes: str, said: str
) -> None:
    folder = tmp_path / "jinan-2022"
    shutil.copytree(plans_dir() / "jinan-2022", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert was in text
    (folder / file).write_text(text.replace(was, becomes, 1), encoding="utf-8")
    problems = [problem for problem in lint(folder) if problem.file == file]
    assert any(said in str(problem) for problem in problems) and all(problem.line > 1 for problem in problems)


# --- firms ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("industry", "headcount", "wan_yuan", "expected"),
    [
        ("C1811", 299, None, True),
        ("C1811", None, 1999, True),
        ("C1811", 300, 2000, False),
        ("C1811", 300, 1999, True),  # both indicators must reach the bound
        ("C1811", 300, None, None),
        ("5211", 49, None, True),
        ("F5211", 50, 500, False),
        ("51", 20, 4999, True),
        ("E47", None, 5999, True),
        ("47", 999, 6000, None),  # the assets are not known
        ("A01", 1, 499, True),
        ("A01", 1, 500, False),
        ("L7291", 99, None, True),
        ("L7291", 100, 1, None),
        ("O8010", 100, None, False),
        ("O8010", 99, None, True),
        ("5920", 99, None, True),
        ("5910", 299, None, True),  # loading belongs to transport, not to storage
        ("7020", 300, 1000, False),
        ("7030", 100, None, False),
        ("7040", 1, 1, None),  # the standard has no line for these
        ("J66", 1, 1, None),
        ("P82", 1, 1, True),
        ("", 1, 1, None),
        ("K", 1, 1, None),
        ("C1811", None, None, None),
    ],
)
def test_firm_is_small_by_its_line(
    industry: str, headcount: int | None, wan_yuan: int | None, expected: bool | None
) -> None:
    revenue_fen = None if wan_yuan is None else wan_yuan * WAN_FEN
    assert is_small_firm(plan(), industry=industry, headcount=headcount, revenue_fen=revenue_fen) is expected


def plan() -> Plan:
    assert PLAN is not None
    return PLAN


def test_assets_decide_where_they_are_given() -> None:
    whole = {"industry": "E47", "headcount": None, "revenue_fen": 6000 * WAN_FEN}
    assert is_small_firm(plan(), **whole, assets_fen=5000 * WAN_FEN) is False  # type: ignore[arg-type]
    assert is_small_firm(plan(), **whole, assets_fen=4999 * WAN_FEN) is True  # type: ignore[arg-type]


@given(st.integers(0, 5000), st.integers(0, 10**9))
def test_more_knowledge_never_turns_an_answer_round(headcount: int, revenue_fen: int) -> None:
    for line in plan().firm_sizes.values():
        industry = next(code for code in line.codes() if code.isdigit())
        both = is_small_firm(plan(), industry=industry, headcount=headcount, revenue_fen=revenue_fen)
        for known in (
            is_small_firm(plan(), industry=industry, headcount=headcount, revenue_fen=None),
            is_small_firm(plan(), industry=industry, headcount=None, revenue_fen=revenue_fen),
        ):
            assert known is None or known is both


def test_longest_code_wins() -> None:
    found = [firm_size_line(plan(), code) for code in ("K7020", "70", "F", "b06")]
    assert [line.id if line else None for line in found] == ["property-management", None, None, "industry"]


def test_line_without_an_indicator_is_refused() -> None:
    with pytest.raises(ValidationError, match="至少"):
        FirmSize.model_validate(
            {"id": "x", "name": "x", "industries": ["A"], "source": "x", "checked_on": "2022-01-01"}
        )
