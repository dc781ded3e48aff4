"""Chinese words: cutting by jieba, search vectors, and queries that forgive a typing mistake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

from jiujin.work.models import Vacancy

CONFIG: Final = "simple"
WORDS_MAX: Final = 400
QUERY_CHARACTERS_MAX: Final = 60
QUERY_WORDS_MAX: Final = 8
STOP_WORDS: Final = frozenset("的了和与及或在是有等为以于也都就可能要我你他她个请找想份") | {
    "工作",
    "岗位",
    "招聘",
    "职位",
}
_WORD = re.compile(r"[0-9a-z\u3400-\u9fff\U00020000-\U0003134f]+")


@cache
def _cutter() -> Any:
    """jieba with its dictionary, read once a process, when first asked for."""
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba imports pkg_resources and writes its expressions without raw strings
        import jieba

        jieba.setLogLevel(logging.WARNING)
        cutter = jieba.Tokenizer()
        cutter.initialize()
    return cutter


def preload() -> None:
    """Read the dictionary now rather than in the first search."""
    _cutter()


def cut(text: str) -> list[str]:
    """The words of a text in small letters and half width, long words followed by the shorter ones inside them."""
    plain = unicodedata.normalize("NFKC", text).lower()
    words = _cutter().cut_for_search(plain)
    return [word for word in words if _WORD.fullmatch(word) and word not in STOP_WORDS]


def vector_of(parts: Iterable[tuple[str, str]]) -> SearchVector:
    """The search vector of texts with their weights, A to D."""
    vectors = [
        SearchVector(Value(" ".join(cut(text)[:WORDS_MAX])), weight=weight, config=CONFIG) for text, weight in parts
    ]
    whole = vectors[0]
    for vector in vectors[1:]:
        whole = whole + vector
    return whole


def fill_search(vacancy: Vacancy) -> None:
    """Bring the vacancy's search vector in line with its words."""
    occupation = vacancy.occupation.name if vacancy.occupation else ""
    parts = [
        (vacancy.title, "A"),
        (occupation, "B"),
        (vacancy.employer.name, "C"),
        (" ".join([vacancy.description, *vacancy.skills]), "D"),
    ]
    Vacancy.objects.filter(pk=vacancy.pk).update(search=vector_of(parts))


def query_of(words: Iterable[str]) -> SearchQuery | None:
    """A query that wants each of the words; None where there is none."""
    query: SearchQuery | None = None
    for word in list(dict.fromkeys(words))[:QUERY_WORDS_MAX]:
        one = SearchQuery(word, config=CONFIG)
        query = one if query is None else query & one
    return query
