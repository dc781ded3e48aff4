"""Chinese first, English by the switch: every sentence has its English, with the same gaps to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from jiujin.web import translations
from tests.accounts.people import someone

GAP = re.compile(r"%\(\w+\)s")


def test_every_sentence_of_the_source_has_its_english() -> None:
    catalogue = translations.read_catalogue()
    lacking = {
        f"{file}: {message}"
        for message, file, _line in translations.messages_in_source()
        if not (entry := catalogue.get(message)) or not entry.string
    }
    assert lacking == set(), "run python -m jiujin.web.translations and fill in the English"


def test_catalogue_holds_nothing_the_source_no_longer_says() -> None:
    said = {message for message, _file, _line in translations.messages_in_source()}
    assert {entry.id for entry in translations.read_catalogue() if entry.id} - said == set()


def test_english_fills_the_same_gaps() -> None:
    for entry in translations.read_catalogue():
        if entry.id:
            assert set(GAP.findall(str(entry.id))) == set(GAP.findall(str(entry.string))), entry.id


def test_sentences_are_found_in_code_and_in_both_kinds_of_template_tag() -> None:
    found = {message for message, _file, _line in translations.messages_in_source()}
    assert {"这张表单已过期", "开始核对", "%(name)s，您好"} <= found


def test_compiling_again_changes_nothing_until_the_source_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(translations.CATALOGUE.read_bytes())
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    translations.compile_all()
    compiled = source.with_suffix(".mo")
    first = compiled.read_bytes()
    compiled.write_bytes(b"kept")
    translations.compile_all()
    assert compiled.read_bytes() == b"kept" and len(first) > 10_000


@pytest.mark.django_db
def test_switch_turns_the_pages_to_english_and_back() -> None:
    client = Client()
    client.force_login(someone())
    assert "名单核对" in client.get("/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/plan/"})
    assert answer.headers["location"] == "/plan/"
    page = client.get("/").content.decode()
    assert "Roster check" in page and '<html lang="en">' in page
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans">' in client.get("/").content.decode()
