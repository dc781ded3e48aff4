"""One URL names the database, a socket folder included."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from jiujin.web.database import database_from_url


def parts(url: str) -> list[str]:
    entry = database_from_url(url)
    return [entry[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://user:p%40ss@db.example:5433/name", ["user", "p@ss", "db.example", "5433", "name"]),
        ("postgres://user@/name?host=/run/pg%20one", ["user", "", "/run/pg one", "", "name"]),
        ("postgresql://db.example", ["", "", "db.example", "", "jiujin"]),
    ],
)
def test_parts_of_the_url(url: str, expected: list[str]) -> None:
    assert parts(url) == expected


def test_other_options_go_to_the_driver() -> None:
    assert database_from_url("postgresql://db/name?sslmode=require")["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["", "mysql://db/name", "postgresql://db:port/name", "db.example"])
def test_what_is_no_url_of_postgresql_is_refused_with_the_way_to_write_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://用户:密码@主机:端口/库名"):
        database_from_url(url)
