"""Django settings, all from the environment; demo values work only in demo mode (`JIUJIN_DEMO=1`)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def _database(url: str) -> dict[str, object]:
    """A Django database entry from `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "jiujin",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(os.environ.get("JIUJIN_VAR", BASE_DIR / "var"))
DEMO = os.environ.get("JIUJIN_DEMO") == "1"
DEBUG = False

SECRET_KEY = os.environ.get("JIUJIN_SECRET_KEY", "")
if not SECRET_KEY:
    if not DEMO:
        raise ImproperlyConfigured("没有设置 JIUJIN_SECRET_KEY。请设一个足够长的随机值；演示请用 make run。")
    SECRET_KEY = "demo-only-not-secret-demo-only-not-secret-demo-only"

ALLOWED_HOSTS = os.environ.get("JIUJIN_HOSTS", "127.0.0.1,localhost,testserver").split(",")
DATABASES = {"default": _database(os.environ.get("JIUJIN_DATABASE_URL", "postgresql:///jiujin"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "jiujin.core",
    "jiujin.accounts",
    "jiujin.registry",
    "jiujin.work",
    "jiujin.exchange",
    "jiujin.web",
]
