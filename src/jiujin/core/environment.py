"""Every setting, read from the environment in one place. The operator's manual lists the same names; a test compares them.

No Django here: the command line reads its port before anything heavy is imported.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[3]
DEMO_PEOPLE_MAX = 2_000_000
ON = ("1", "true", "yes", "on")
OFF = ("", "0", "false", "no", "off")


class SettingInvalid(Exception):
    """A setting has a value that cannot be used; the text names it and the cure."""


def text(name: str, default: str = "") -> str:
    """The setting's text, outer spaces removed; empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def switch(name: str, *, default: bool = False) -> bool:
    """A yes-no setting: 1 or 0. Raises SettingInvalid."""
    value = text(name).lower()
    if value in ON:
        return True
    if value in OFF:
        return default if not value else False
    raise SettingInvalid(f"设置 {name} 的值“{value}”不能用：只能是 1（是）或 0（否）。请改正后再运行。")


def whole_number(name: str, default: int, *, at_least: int, at_most: int) -> int:
    """A whole number between two bounds, both included. Raises SettingInvalid."""
    value = text(name, str(default))
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    if number is None or not at_least <= number <= at_most:
        raise SettingInvalid(
            f"设置 {name} 的值“{value}”不能用：应当是 {at_least} 到 {at_most} 之间的整数。请改正后再运行，例如 {name}={default}。"
        )
    return number


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of a few words, in any case of letters. Raises SettingInvalid."""
    value = text(name, default)
    if value.upper() not in choices:
        raise SettingInvalid(f"设置 {name} 的值“{value}”不能用：只能是 {'、'.join(choices)}。请改正后再运行。")
    return value.upper()


def web_address(name: str) -> str:
    """An address that begins with https:// or http://, or nothing. Raises SettingInvalid."""
    value = text(name)
    if value and not re.match(r"https?://[^\s/;,'\"]+/", value):
        raise SettingInvalid(f"设置 {name} 的值“{value}”不能用：要写完整的网址，以 https:// 开头。请改正后再运行。")
    return value


def listed(name: str, default: str = "") -> list[str]:
    """A list written with commas; empty parts are left out."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def var_dir() -> Path:
    """The folder for everything that a run keeps: data, logs, keys, collected static files (`JIUJIN_VAR`)."""
    return Path(text("JIUJIN_VAR") or PROJECT_DIR / "var").absolute()


def log_dir() -> Path:
    """The folder for the logs of the embedded run and of failed commands."""
    return var_dir() / "log"


def port() -> int:
    """The port that pages are served on (`JIUJIN_PORT`). Raises SettingInvalid."""
    return whole_number("JIUJIN_PORT", 8000, at_least=1, at_most=65535)


def bind_address() -> str:
    """The address that pages are served on (`JIUJIN_BIND`); by default this machine alone can reach it."""
    return text("JIUJIN_BIND", "127.0.0.1")
