"""Finds the words of a finding in a text as it was written, full width and blanks or not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is one of the words; the parts joined are the text again."""
    folded, places = _folded(text)
    hit = [False] * len(text)
    for word in {_folded(word)[0] for word in words} - {""}:
        for start in _starts(folded, word):
            for place in range(places[start], places[start + len(word) - 1] + 1):
                hit[place] = True
    return list(_runs(text, hit))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in half width and small letters without blanks, and where each of its characters stood."""
    characters, places = [], []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character).lower():
            if not plain.isspace() and unicodedata.category(plain) != "Cf":
                characters.append(plain)
                places.append(place)
    return "".join(characters), places


def _starts(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _runs(text: str, hit: list[bool]) -> Iterator[tuple[str, bool]]:
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hit[place] != hit[start]:
            yield text[start:place], hit[start]
            start = place
