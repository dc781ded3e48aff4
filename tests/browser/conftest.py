"""A real browser on the running site, and what it must never meet: another host, a script error, an axe violation."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django import Settings

from tests.browser.visitor import WIDE, Visitor

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without one the browser tests are skipped, and say so."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, live_server: Any, settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Visitor]]:
    """Make visitors; at the end no page of theirs may have met trouble."""
    settings.MEDIA_ROOT = tmp_path / "files"
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def make(size: tuple[int, int] = WIDE, *, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, locale="en-US"
        )
        contexts.append(context)
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield make
    for context in contexts:
        with suppress(Exception):
            context.close()
    assert [trouble for visitor in visitors for trouble in visitor.trouble] == []
