"""A mistyped search near a point finds what was meant, and says what it searched for."""

from __future__ import annotations

import pytest

from jiujin.work.forgiving import Mended, forget_vocabulary
from jiujin.work.nearby.search import NearFilters, NearPage, search_near
from jiujin.work.words import fill_search
from tests.work.nearby.places import DAY, HERE, vacancy_at

pytestmark = pytest.mark.django_db


def near(words: str) -> NearPage:
    return search_near(lat=HERE[0], lon=HERE[1], radius_m=3000, day=DAY, filters=NearFilters(words=words))


@pytest.fixture(autouse=True)
def two_vacancies() -> None:
    for title in ("收银员", "理货员"):
        fill_search(vacancy_at(200, title=title))
    forget_vocabulary()


def test_mistyped_word_finds_what_was_meant_and_says_so() -> None:
    page = near("收银圆")
    assert [line.vacancy.title for line in page.lines] == ["收银员"]
    assert page.mended == Mended("收银员", (("收银圆", "收银员"),))


@pytest.mark.parametrize(("words", "total"), [("理货员", 1), ("  ", 2), ("宇航", 0)])
def test_words_that_need_or_have_no_mending_stay(words: str, total: int) -> None:
    page = near(words)
    assert (page.total, page.mended) == (total, None)
