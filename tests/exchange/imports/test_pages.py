"""The pages of imports and of the API's tokens."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiujin.accounts.models import Role
from jiujin.exchange.imports.models import ApiToken, DataImport
from jiujin.exchange.imports.services.change_tokens import own_token_of, token_of
from jiujin.exchange.imports.services.run_import import run_import
from jiujin.registry.models import Person
from tests.exchange.imports.books import book, previewed
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def signed_in(role: Role = Role.CLERK) -> tuple[Client, Any]:
    client, user = Client(), make_user(role)
    client.force_login(user)
    return client, user


def upload(client: Client, rows: list[dict[str, Any]], name: str = "人员.xlsx") -> Any:
    content = SimpleUploadedFile(name, book("person", rows))
    return client.post("/imports/", {"import_id": str(uuid4()), "kind": "person", "file": content}, follow=True)


def test_workbook_is_brought_looked_at_and_confirmed() -> None:
    client, _ = signed_in()
    page = upload(client, [{"name": "张三"}, {"name": "李四", "phone": "电话"}]).content.decode()
    assert "排队" in page
    begun = DataImport.objects.get()
    assert begun.state == "queued"
    run_import(import_id=begun.pk)
    page = client.get(f"/imports/{begun.pk}/").content.decode()
    assert "确认后写入 1 行" in page and "E3" in page and "电话号码的写法不对" in page
    assert not Person.objects.exists()
    client.post(f"/imports/{begun.pk}/confirm/")
    run_import(import_id=begun.pk)
    assert "已写入" in client.get(f"/imports/{begun.pk}/").content.decode()
    assert Person.objects.get().name == "张三"
    assert "新增 1" in client.get("/imports/").content.decode()
    told = client.get(f"/imports/{begun.pk}/findings.csv")
    assert "E3" in told.content.decode() and "attachment" in told.headers["content-disposition"]


def test_file_of_another_kind_is_told_beside_the_field() -> None:
    client, _ = signed_in()
    answer = upload(client, [], "表.exe")
    assert answer.status_code == 422 and "只读 .xlsx" in answer.content.decode()


def test_form_sent_twice_is_one_import() -> None:
    client, _ = signed_in()
    key = str(uuid4())
    for _ in range(2):
        content = SimpleUploadedFile("人员.xlsx", book("person", [{"name": "张三"}]))
        client.post("/imports/", {"import_id": key, "kind": "person", "file": content})
    assert DataImport.objects.count() == 1


def test_import_of_somebody_else_is_not_there() -> None:
    client, _ = signed_in()
    other = previewed(make_user(Role.CLERK), "person", [{"name": "张三"}])
    assert client.get(f"/imports/{other.pk}/").status_code == 404
    assert client.post(f"/imports/{other.pk}/confirm/").status_code == 404
    assert client.get(f"/imports/{other.pk}/findings.csv").status_code == 404


def test_progress_is_shown_until_the_work_ends() -> None:
    client, user = signed_in()
    upload(client, [{"name": "张三"}])
    begun = DataImport.objects.get(owner=user)
    DataImport.objects.update(state="reading", done_count=1200, total_count=5000)
    assert "1,200 / 5,000" in client.get(f"/imports/{begun.pk}/progress/").content.decode()
    DataImport.objects.update(state="previewed")
    assert client.get(f"/imports/{begun.pk}/progress/").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(("kind", "status"), [("person", 200), ("vacancy", 200), ("organisation", 200), ("x", 404)])
def test_template_is_there_for_each_kind(kind: str, status: int) -> None:
    client, _ = signed_in()
    assert client.get(f"/imports/template/{kind}/").status_code == status


def test_administrator_makes_a_token_that_is_shown_once_and_revokes_it() -> None:
    client, _ = signed_in(Role.ADMINISTRATOR)
    firm = make_organisation()
    page = client.post(
        "/imports/tokens/", {"name": "人力平台", "source": "hr-platform", "organisation": firm.credit_code}
    ).content.decode()
    text = page.split('id="made-token">')[1].split("<")[0]
    held = token_of(text)
    assert held is not None and held.organisation == firm
    assert text not in client.get("/imports/tokens/").content.decode()
    assert "已停用" in client.post(f"/imports/tokens/{held.pk}/revoke/", follow=True).content.decode()
    assert token_of(text) is None
    assert client.post("/imports/tokens/0/revoke/").status_code == 404


@pytest.mark.parametrize("wrong", [{"source": "大写"}, {"organisation": "没有的单位"}, {"name": ""}])
def test_token_that_cannot_be_is_told(wrong: dict[str, str]) -> None:
    client, _ = signed_in(Role.ADMINISTRATOR)
    answer = client.post("/imports/tokens/", {"name": "平台", "source": "hr", "organisation": "", **wrong})
    assert answer.status_code == 422 and not ApiToken.objects.exists()


def test_officer_makes_a_token_of_their_own_with_their_password_and_revokes_it() -> None:
    client, user = signed_in(Role.FINANCE)
    user.set_password("a-long-enough-password")
    user.save(update_fields=["password"])
    client.force_login(user)
    asked = {"name": "拨付程序", "password": "a-long-enough-password"}
    assert client.post("/imports/tokens/own/", {**asked, "password": "不是"}).status_code == 422
    page = client.post("/imports/tokens/own/", asked).content.decode()
    text = page.split('id="made-token">')[1].split("<")[0]
    held = own_token_of(text)
    assert held is not None and held.person == user and token_of(text) is None
    assert text not in client.get("/imports/tokens/own/").content.decode()
    other, _ = signed_in(Role.LEADER)
    assert other.post(f"/imports/tokens/own/{held.pk}/revoke/").status_code == 404
    assert "已停用" in client.post(f"/imports/tokens/own/{held.pk}/revoke/", follow=True).content.decode()
    assert own_token_of(text) is None


def test_clerk_makes_no_tokens() -> None:
    client, _ = signed_in()
    assert client.get("/imports/tokens/").status_code == 403
