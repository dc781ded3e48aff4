"""The user guide says what the pages say: each label it quotes in 「」 is on a page, each role it lists has those rooms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jiujin.accounts.models import Role
from jiujin.accounts.permissions import ROOMS, Room
from jiujin.accounts.services.count_sign_ins import FAILURES_MAX_PAIR, WINDOW
from jiujin.web.translations import messages_in_source

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "用户手册"
PAGES = sorted(GUIDE.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_label_the_guide_quotes_is_on_a_page(page: Path) -> None:
    said = {message for message, _file, _line in messages_in_source()}
    quoted = set(re.findall(r"「([^」]+)」", page.read_text(encoding="utf-8")))
    assert quoted - said == set()


def test_guide_quotes_labels_at_all() -> None:
    assert sum(len(re.findall("「", page.read_text(encoding="utf-8"))) for page in PAGES) > 40


def test_roles_in_the_guide_have_the_rooms_it_says() -> None:
    table = (GUIDE / "README.md").read_text(encoding="utf-8").split("## 谁能看到什么")[1].split("## ")[0]
    told: dict[str, tuple[bool, bool]] = {}
    for line in table.splitlines()[4:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4:
            told |= dict.fromkeys(cells[0].split("、"), (cells[2] == "有", cells[3] == "有"))
    assert told == {str(role.label): (Room.ROSTERS in ROOMS[role], Room.USERS in ROOMS[role]) for role in Role}


def test_guide_says_how_many_failures_lock_and_for_how_long() -> None:
    text = (GUIDE / "登录和页面.md").read_text(encoding="utf-8")
    assert f"连续输错 {FAILURES_MAX_PAIR} 次" in text
    assert f"暂停登录 {WINDOW.seconds // 60} 分钟" in text
