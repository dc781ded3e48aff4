"""A real installation starts closed: what is missing or wrong is said, and what is not set is safe."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

COMPLETE = {
    "JIUJIN_DATABASE_URL": "postgresql://jiujin@db/jiujin",
    "JIUJIN_SECRET_KEY": "k" * 60,
    "JIUJIN_DATA_KEYS": "k1:" + "0f" * 16,
    "JIUJIN_INDEX_KEY": "0f" * 32,
}
SHOW = (
    "import json; from jiujin.web import settings\n"
    "print(json.dumps({name: value for name, value in vars(settings).items() if name.isupper()}, default=lambda _: None))"
)


def settings_with(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """The settings of a fresh process whose environment is complete but for `changes`; None takes a name out."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIUJIN_")} | COMPLETE
    environment |= {name: value for name, value in changes.items() if value is not None}
    for name in [name for name, value in changes.items() if value is None]:
        del environment[name]
    return subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True)


def test_unset_means_safe() -> None:
    done = settings_with()
    settings = json.loads(done.stdout)
    assert (settings["DEBUG"], settings["DEMO"]) == (False, False)
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["SESSION_COOKIE_HTTPONLY"]
    assert settings["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert settings["PROXIES"] == 0


def test_demo_mode_works_over_plain_http() -> None:
    settings = json.loads(settings_with(JIUJIN_DEMO="1").stdout)
    assert not settings["SESSION_COOKIE_SECURE"] and settings["SECURE_HSTS_SECONDS"] == 0


@pytest.mark.parametrize("name", COMPLETE)
def test_missing_setting_stops_the_start_and_is_named(name: str) -> None:
    done = settings_with(**{name: None})
    assert done.returncode != 0 and name in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIUJIN_DEMO", "maybe"),
        ("JIUJIN_SESSION_HOURS", "0"),
        ("JIUJIN_UPLOAD_MB", "-1"),
        ("JIUJIN_PROXIES", "1.5"),
        ("JIUJIN_LOG_LEVEL", "loud"),
    ],
)
def test_wrong_value_stops_the_start_and_says_what_can_be_set(name: str, value: str) -> None:
    said = settings_with(**{name: value}).stderr.splitlines()[-1]
    assert f"设置 {name} 的值“{value}”不能用" in said and "请改正后再运行" in said
