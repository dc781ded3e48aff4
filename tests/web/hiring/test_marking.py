"""Words of a finding marked in the text as it was written."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jiujin.web.hiring.marking import marked

TEXT = st.text(alphabet="限女性 ＡbＣ①\u200b\n，。㍿", max_size=30)


def test_words_are_found_across_blanks_and_widths() -> None:
    assert marked("招 仅 限\u200b女 性，包住", ["限女性"]) == [
        ("招 仅 ", False),
        ("限\u200b女 性", True),
        ("，包住", False),
    ]
    assert marked("加ＱＱ群", ["qq"]) == [("加", False), ("ＱＱ", True), ("群", False)]
    assert marked("aXaXa", ["axa"]) == [("aXaXa", True)]
    assert marked("无", []) == [("无", False)]
    assert marked("", ["x"]) == []
    assert marked("有字", ["", " "]) == [("有字", False)]


@given(TEXT, st.lists(TEXT, max_size=4))
def test_parts_are_the_text_again_and_take_turns(text: str, words: list[str]) -> None:
    parts = marked(text, words)
    assert "".join(part for part, _hit in parts) == text
    assert all(part for part, _hit in parts)
    assert all(one[1] != other[1] for one, other in pairwise(parts))


@given(TEXT, TEXT, TEXT)
def test_a_word_that_stands_in_the_text_is_marked(before: str, word: str, after: str) -> None:
    hit = "".join(part for part, is_hit in marked(before + word + after, [word]) if is_hit)
    assert not word.strip(" \n\u200b") or any(character in hit for character in word)
