"""The outermost layers of every request: health, language, and that reading never writes."""

from __future__ import annotations

import pytest
from django.db import InternalError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import get_language

from jiujin.web.health import health_check
from jiujin.web.language import language_by_switch
from jiujin.web.middleware import read_only_reads


def write_a_row(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS written (n int)")
    return HttpResponse("written")


def say_language(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language() or "")


@pytest.mark.django_db
def test_health_is_ok_while_the_database_answers() -> None:
    answer = Client().get("/healthz", headers={"host": "not-allowed.example"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_health_says_503_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = health_check(write_a_row)(RequestFactory().get("/healthz"))
    assert (answer.status_code, answer.content) == (503, b"database unavailable\n")


@pytest.mark.django_db
def test_get_that_writes_is_refused_by_the_database_and_a_post_may() -> None:
    with pytest.raises(InternalError, match="read-only transaction"), transaction.atomic():
        read_only_reads(write_a_row)(RequestFactory().get("/"))
    assert read_only_reads(write_a_row)(RequestFactory().post("/")).content == b"written"


@pytest.mark.django_db(transaction=True)
def test_get_outside_a_transaction_cannot_write_and_leaves_the_connection_as_it_was() -> None:
    for _ in range(2):
        with pytest.raises(InternalError, match="read-only transaction"):
            read_only_reads(write_a_row)(RequestFactory().get("/"))
        assert read_only_reads(write_a_row)(RequestFactory().post("/")).content == b"written"
    connection.close()
    with pytest.raises(InternalError, match="read-only transaction"):
        read_only_reads(write_a_row)(RequestFactory().get("/"))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE written")


@pytest.mark.parametrize(
    ("cookie", "browser", "spoken"),
    [
        ("", "en-US,en;q=0.9", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("zh-hans", "en", "zh-hans"),
        ("xx", "en", "zh-hans"),
    ],
)
def test_language_is_chinese_unless_the_switch_says_otherwise(cookie: str, browser: str, spoken: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": browser})
    if cookie:
        request.COOKIES["django_language"] = cookie
    answer = language_by_switch(say_language)(request)
    assert (answer.content.decode(), answer.headers["Content-Language"]) == (spoken, spoken)
