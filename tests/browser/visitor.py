"""A person at a browser, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page

if TYPE_CHECKING:  # conftest imports this before Django is set up
    from jiujin.accounts.models import User

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDE, NARROW = (1440, 900), (390, 844)
PATIENCE_MS = 30_000
WITHOUT_A_HEADING = """() => [...document.querySelectorAll(".table-frame td")]
  .filter((cell) => getComputedStyle(cell, "::before").content === '"" "："')
  .map((cell) => cell.outerHTML.slice(0, 120))"""


class Visitor:
    """A person at a browser of one size. `trouble` collects what a page must not do."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.trouble: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(f"script error: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.trouble.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.trouble.append(f"asked another host: {url}")

    def go(self, address: str) -> Page:
        """Open an address of the site."""
        self.page.goto(self.base + address)
        return self.page

    def sign_in(self, user: User) -> None:
        """Through the page, as a person does."""
        from tests.accounts.people import PASSWORD

        self.go("/account/sign-in/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form.card button.primary")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def violations(self) -> list[str]:
        """What axe holds against the page as it stands; and cells of a narrow table that do not say what they are."""
        self.page.evaluate(AXE)
        found: list[dict[str, Any]] = self.page.evaluate("async () => (await axe.run()).violations")
        bare: list[str] = self.page.evaluate(WITHOUT_A_HEADING)
        return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found] + [f"no heading: {cell}" for cell in bare]

    def is_wider_than_the_window(self) -> bool:
        """Whether one would have to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
