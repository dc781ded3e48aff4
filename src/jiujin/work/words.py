"""Chinese words for the search: cutting by jieba, the search vector of a vacancy, the query for what somebody wrote."""

from __future__ import annotations

import importlib.metadata
import logging
import re
import threading
import unicodedata
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from django.contrib.postgres.search import CombinedSearchVector, SearchQuery, SearchVector
from django.db.models import Value

from jiujin.core.environment import var_dir
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
_reading = threading.Lock()


@cache
def _read_cutter() -> Any:
    """jieba with its own dictionary. What it parsed is kept under `var`: in the shared temporary folder anyone could plant it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba imports pkg_resources and writes expressions without raw strings
        import jieba
    jieba.setLogLevel(logging.WARNING)
    kept = var_dir() / "words" / f"jieba-{importlib.metadata.version('jieba')}.cache"
    kept.parent.mkdir(parents=True, exist_ok=True)
    cutter = jieba.Tokenizer()
    cutter.tmp_dir, cutter.cache_file = str(kept.parent), str(kept)
    cutter.initialize()
    return cutter


def _cutter() -> Any:
    with _reading:  # once a process, however many ask at the same moment
        return _read_cutter()


def read_dictionary_in_background() -> threading.Thread:
    """Read the dictionary beside the start of a server, so that nobody's first search waits for it."""
    thread = threading.Thread(target=_cutter, name="read-words", daemon=True)
    thread.start()
    return thread


@cache
def sound(text: str) -> tuple[str, ...]:
    """How a text is said, character by character and without tones: whoever types by sound picks one of the same."""
    from pypinyin import lazy_pinyin  # reads its tables for a third of a second, so not before somebody mistypes

    return tuple(lazy_pinyin(text))


def plain(text: str) -> str:
    """The text in half width and small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def cut(text: str) -> list[str]:
    """The words of a text, long ones preceded by the shorter ones inside them; without marks and stop words."""
    return [word for word in _cutter().cut_for_search(plain(text)) if is_word(word)]


def cut_apart(text: str) -> list[str]:
    """The words of a text one after another, none inside another."""
    return [word for word in _cutter().cut(plain(text)) if is_word(word)]


def is_word(word: str) -> bool:
    """Whether the search looks at it."""
    return word not in STOP_WORDS and _WORD.fullmatch(word) is not None


def vector_of(parts: Iterable[tuple[str, str]]) -> SearchVector | CombinedSearchVector:
    """The search vector of texts with their weights, A to D."""
    vectors = [
        SearchVector(Value(" ".join(cut(text)[:WORDS_MAX])), weight=weight, config=CONFIG) for text, weight in parts
    ]
    whole: SearchVector | CombinedSearchVector = vectors[0]
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
