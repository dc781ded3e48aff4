"""The database entry of Django's settings, from one URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECTION_AGE_SECONDS_MAX = 60


def database_from_url(url: str) -> dict[str, Any]:
    """A database entry from `postgresql://user:password@host:port/name?option=value`.

    A socket folder is written `postgresql://user@/name?host=/folder`. Raises ImproperlyConfigured.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            "JIUJIN_DATABASE_URL 没有设，或者看不懂。写法：postgresql://用户:密码@主机:端口/库名，密码里的特殊字符要写成 %xx。"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "jiujin.core.chained",
        "NAME": unquote(parts.path.lstrip("/")) or "jiujin",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": CONNECTION_AGE_SECONDS_MAX,
        "CONN_HEALTH_CHECKS": True,
    }
