"""The small words that components put in: money, numbers, lengths of time, states."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils.translation import override

from jiujin.web.templatetags.components import duration_words, grouped, short_digest, span_words, yuan


@pytest.mark.parametrize(
    ("fen", "words"), [(123456, "1,234.56"), (0, "0.00"), (None, ""), (100_000_000_05, "100,000,000.05")]
)
def test_money_is_yuan_with_two_decimals(fen: int | None, words: str) -> None:
    assert yuan(fen) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.42, "0.4 秒"),
        (9, "9 秒"),
        (9.96, "10.0 秒"),
        (59.4, "59 秒"),
        (125, "2 分 5 秒"),
        (3780, "1 小时 3 分"),
        (None, ""),
    ],
)
def test_length_of_time_is_said_as_a_person_says_it(seconds: float | None, words: str) -> None:
    with override("zh-hans"):
        assert span_words(seconds) == words


def test_length_of_time_speaks_english_too() -> None:
    with override("en"):
        assert duration_words(timedelta(seconds=125)) == "2 min 5 s"
        assert duration_words(None) == ""


def test_thousands_are_grouped_alike_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert grouped(1234567) == "1,234,567"


def test_digest_is_shown_by_its_ends() -> None:
    assert short_digest("7c1f" + "0" * 56 + "a3e2") == "7c1f…a3e2"
    assert short_digest("") == ""


def rendered(source: str, **values: object) -> str:
    return Template("{% load components %}" + source).render(Context(values))


def test_state_is_told_by_icon_and_word_and_never_by_colour_alone() -> None:
    for tone, icon, word in (("met", "✓", "符合"), ("unmet", "✕", "不符合"), ("unknown", "?", "待补充")):
        shown = rendered("{% chip tone %}", tone=tone)
        assert icon in shown and word in shown
    assert 'class="chip plain"' in rendered("{% chip tone word %}", tone="no-such-tone", word="x")


def test_bar_says_in_words_what_it_shows_and_fills_its_length() -> None:
    shown = rendered("{% proportion_bar 1 1 2 %}")
    assert "1 行符合，1 行不符合，2 行待补充" in shown
    assert 'x="50.000" y="0" width="50.000"' in shown
    assert 'width="0.000"' in rendered("{% proportion_bar 0 0 0 %}")


def test_what_people_wrote_cannot_become_markup() -> None:
    shown = rendered("{% chip 'plain' word %}", word="<script>alert(1)</script>")
    assert "<script>" not in shown
