"""What goes wrong is told in the shell's language: what happened, what was kept, what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory
from pytest_django import Settings

import jiujin
from jiujin.web import errors
from jiujin.web.middleware import HEADERS, content_security_policy
from tests.accounts.people import someone

PACKAGE = Path(jiujin.__file__).parent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(someone())
    return found


def test_missing_page_is_told_within_the_shell(client: Client) -> None:
    answer = client.get("/no-such-page/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "没有这一页" in page and "没有改动任何内容" in page and "请检查网址" in page
    assert 'aria-label="主菜单"' in page


def test_form_without_its_token_is_told_and_not_accepted() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/account/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "这张表单已过期" in answer.content.decode() and "没有保存" in answer.content.decode()


def test_body_over_the_bound_is_refused_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    answer = client.post("/rosters/new/", {}, CONTENT_LENGTH=str(settings.UPLOAD_MAX_BYTES + 1))
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "文件太大，没有上传" in page and "最大 2 MiB" in page and "请删去" in page


@pytest.mark.parametrize("length", ["-1", "many", "１２"])
def test_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    assert client.post("/rosters/new/", {}, CONTENT_LENGTH=length).status_code == 413


def test_breakage_is_told_without_anything_that_may_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(someone())

    def broken(*args: object) -> None:
        raise RuntimeError("bug")

    monkeypatch.setattr("jiujin.web.views.checks_of", broken)
    monkeypatch.setattr("jiujin.web.context.menu_for", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode() and "都撤销了" in answer.content.decode()


def test_request_that_makes_no_sense_is_told() -> None:
    request = RequestFactory().get("/")
    answer = errors.bad_request(request, SuspiciousOperation("no"))
    assert answer.status_code == 400 and "这个请求看不懂" in answer.content.decode()


def test_error_pages_speak_english_by_the_switch(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/"})
    assert "There is no such page" in client.get("/no-such-page/").content.decode()


def test_every_answer_keeps_the_page_to_itself(client: Client) -> None:
    for address in ("/", "/no-such-page/", "/account/sign-in/"):
        answer = client.get(address)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["Content-Security-Policy"] == content_security_policy("")
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_policy_allows_no_inline_script_or_style_and_no_other_host() -> None:
    policy = content_security_policy("")
    assert "unsafe" not in policy and "http" not in policy and "default-src 'self'" in policy


@pytest.mark.parametrize(
    ("tiles", "host"),
    [
        ("https://tiles.example.cn/{z}/{x}/{y}.png", "https://tiles.example.cn"),
        ("https://{s}.tiles.example.cn:8443/{z}/{x}/{y}.png?key=1", "https://*.tiles.example.cn:8443"),
    ],
)
def test_tiles_that_are_set_may_bring_pictures_and_nothing_else(tiles: str, host: str) -> None:
    policy = content_security_policy(tiles)
    assert policy.replace(f" {host}", "") == content_security_policy("")
    assert f"img-src 'self' data: {host}" in policy


def test_templates_hold_no_inline_script_style_handler_or_foreign_address() -> None:
    templates = list(PACKAGE.rglob("templates/**/*.html"))
    assert len(templates) > 30
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|https?://|//cdn", text), path


def test_stylesheets_and_scripts_load_nothing_from_elsewhere() -> None:
    for path in (PACKAGE / "web" / "static").rglob("*.*"):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|@import|url\(\s*['\"]?//", text), path


def test_colours_are_named_in_the_tokens_only() -> None:
    styles = (PACKAGE / "web" / "static" / "jiujin" / "components.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", styles)
