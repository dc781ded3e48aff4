"""Other programs bring records by PUT under their own keys: twice is once, and every refusal is JSON in Chinese."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.extra.django import TestCase

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.exchange.api import api
from jiujin.exchange.imports.models import ApiToken, SourceRecord
from jiujin.exchange.imports.services.change_tokens import (
    make_own_token,
    make_token,
    own_token_of,
    revoke_token,
    token_of,
)
from jiujin.registry.models import Organisation, Person, Workplace
from jiujin.values import make_demo_id
from jiujin.values.demo import demo_credit_code
from jiujin.work.models import Vacancy
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
NUMBER = make_demo_id(date(1990, 2, 28), 1)
CODE = demo_credit_code(81)
PERSON = {"name": "张三", "id_number": NUMBER, "phone": "10990000001"}
FIRM = {"name": "某厂", "credit_code": CODE, "workplace": "一车间", "lat": 31.75, "lon": 116.52, "datum": "gcj02"}


def job() -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=30)
    return {"employer": CODE, "workplace": "一车间", "title": "焊工", "form": "labour_contract", "open_until": str(until),
            "wage_min_yuan": "4000", "wage_max_yuan": "5000"}  # fmt: skip


def token(organisation: Organisation | None = None, source: str = "hr-platform") -> str:
    return make_token(name="测试", source=source, organisation=organisation, actor=make_user(Role.ADMINISTRATOR)).text


def put(path: str, content: Any, text: str | None = None) -> HttpResponse:
    return ask("PUT", path, content, text)


def ask(method: str, path: str, content: Any, text: str | None = None) -> HttpResponse:
    headers = {"authorization": f"Bearer {text}"} if text else {}
    body = content if isinstance(content, str | bytes) else json.dumps(content)
    return Client().generic(method, f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def told(answer: HttpResponse) -> Any:
    assert answer.headers["content-type"].startswith("application/json")
    return json.loads(answer.content)


def test_record_put_twice_is_once_and_put_changed_is_changed() -> None:
    text = token()
    answers = [put("people/7", content, text) for content in (PERSON, PERSON, {**PERSON, "name": "张三丰"})]
    assert [(answer.status_code, told(answer)["result"]) for answer in answers] == [
        (201, "new"),
        (200, "unchanged"),
        (200, "changed"),
    ]
    assert [(p.name, p.phone) for p in Person.objects.all()] == [("张三丰", "10990000001")]
    actor = f"system:api_token_{ApiToken.objects.get().pk}"
    assert set(Event.objects.filter(subject_kind="registry.person").values_list("actor", flat=True)) == {actor}


@pytest.mark.clause("3.1.2-systems", "3.3.2-collect")
def test_organisation_place_and_vacancy_come_in_turn() -> None:
    text = token()
    assert put("organisations/1", FIRM, text).status_code == 201
    assert put("vacancies/1", job(), text).status_code == 201
    assert told(put("vacancies/1", job(), text)) == {"result": "unchanged"}
    vacancy = Vacancy.objects.select_related("workplace__address").get()
    assert (vacancy.title, vacancy.wage_max_fen, vacancy.source_key) == ("焊工", 500_000, "api:hr-platform:1")
    assert vacancy.workplace.address and vacancy.workplace.address.came_as == "gcj02"


def test_new_token_of_the_same_program_knows_its_records_and_another_program_does_not() -> None:
    put("people/7", {"name": "李四"}, token())
    assert told(put("people/7", {"name": "李四"}, token())) == {"result": "unchanged"}
    assert told(put("people/7", {"name": "李四"}, token(source="other"))) == {"result": "new"}
    assert SourceRecord.objects.count() == Person.objects.count() == 2


@pytest.mark.parametrize("text", [None, "", "wrong", "jj_wrong", "jj_" + "x" * 5000])
def test_no_token_or_a_wrong_one_opens_nothing(text: str | None) -> None:
    answer = put("people/7", PERSON, text)
    assert answer.status_code == 401 and "令牌不对" in told(answer)["message"]
    assert not Person.objects.exists()


def test_revoked_token_opens_nothing_and_only_its_hash_is_kept() -> None:
    text = token()
    held = token_of(text)
    assert held is not None and text not in json.dumps(ApiToken.objects.values().get(), default=str)
    for _ in range(2):
        revoke_token(token=held, actor=make_user(Role.ADMINISTRATOR))
    assert put("people/7", PERSON, text).status_code == 401
    assert Event.objects.filter(verb="api_token_revoked").count() == 1


def test_token_of_a_person_decides_for_them_while_they_work_here_and_brings_no_records() -> None:
    clerk = make_user(Role.CLERK)
    made = make_own_token(name="测试", actor=clerk)
    assert ask("GET", "lines", "", made.text).status_code == 200
    assert ask("GET", "money/budgets/2022", "", made.text).status_code == 200
    assert ask("POST", "money/schedule", {"lines": [1]}, made.text).status_code == 403
    assert put("people/7", PERSON, made.text).status_code == 401
    assert ask("GET", "lines", "", token()).status_code == 401
    ApiToken.objects.update(made_at=timezone.now() - timedelta(days=91))
    assert own_token_of(made.text) is None
    ApiToken.objects.update(made_at=timezone.now())
    clerk.is_active = False
    clerk.save(update_fields=["is_active"])
    assert ask("GET", "lines", "", made.text).status_code == 401
    with pytest.raises(IntegrityError, match="made_by_them"), transaction.atomic():
        ApiToken.objects.update(person=make_user(Role.FINANCE))


def test_session_of_a_clerk_opens_nothing() -> None:
    client = Client()
    client.force_login(make_user(Role.CLERK))
    assert client.put("/api/v1/people/7", json.dumps(PERSON), content_type="application/json").status_code == 401


def test_token_of_an_organisation_brings_its_own_and_nothing_else() -> None:
    own, other = make_organisation(name="某厂", credit_code=CODE), make_organisation(name="别厂")
    text = token(own)
    assert put("organisations/1", FIRM, text).status_code == 200
    assert put("vacancies/1", job(), text).status_code == 201
    Workplace.objects.create(organisation=other, name="一车间")
    refused = [
        put("people/1", PERSON, text),
        put("organisations/2", {"name": "新厂"}, text),
        put("organisations/3", {"name": "别厂", "credit_code": other.credit_code}, text),
        put("vacancies/2", {**job(), "employer": str(other.credit_code)}, text),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert all("不在您能导入的范围" in told(answer)["message"] for answer in refused)
    assert (Organisation.objects.count(), Vacancy.objects.count(), Person.objects.count()) == (2, 1, 0)


@pytest.mark.parametrize(
    ("content", "field", "says"),
    [
        ({}, "name", "必填"),
        ({"name": " "}, "name", "要填文字"),
        ({"name": "张三", "age": 5}, "age", "没有这一项"),
        ({"name": "长" * 61}, "name", "最多 60"),
        ({"name": "张三", "sex": "other"}, "sex", "可以填"),
        ({"name": "张三", "born_on": "二月"}, "born_on", "不是日期"),
        ({"name": "张三", "id_number": "123"}, "id_number", "18 位"),
        ({"name": "张三", "phone": "x"}, "phone", "5 到 15 位"),
        ({"name": "张三", "lat": 0, "lon": 0}, "", "没有取到位置"),
        ({"name": "张三", "lat": 116.52, "lon": 31.75}, "", "写反了"),
        ({"name": "张三", "lat": 31.75}, "", "一起填"),
        ({"name": "张三", "lat": "x", "lon": 1}, "lat", "不是数"),
        ({"name": "张三", "category": "astronaut", "category_since": "2022-01-01"}, "", "不在方案里"),
        ([], "body", "写法不对"),
    ],
)
def test_refusal_names_the_field_in_a_chinese_sentence_and_keeps_nothing(content: Any, field: str, says: str) -> None:
    answer = put("people/7", content, token())
    assert answer.status_code == 422, answer.content
    errors = told(answer)["errors"]
    assert errors[0]["field"] == field and says in errors[0]["message"], errors
    assert not Person.objects.exists() and not SourceRecord.objects.exists()


@pytest.mark.parametrize("body", ["{", "\xff", "[1,", "", '{"name": NaN}'])
def test_body_that_is_no_json_is_told(body: str) -> None:
    answer = put("people/7", body.encode("latin-1"), token())
    assert answer.status_code in (400, 422) and "没有保存" in told(answer)["message"]


def test_body_over_the_bound_is_refused_in_json(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = put("people/7", {"name": "长" * 1000}, token())
    assert answer.status_code == 413 and "一次只报一条" in told(answer)["message"]


def test_characters_that_no_text_has_are_dropped() -> None:
    answer = put("people/7", '{"name": "张\\u0000三\\ud800"}', token())
    assert answer.status_code == 201
    assert Person.objects.get().name == "张三"


@pytest.mark.parametrize("key", ["a%00b", "a b", "x" * 81, "中文", "a%0Ab"])
def test_key_of_other_characters_is_refused(key: str) -> None:
    assert put(f"people/{key}", PERSON, token()).status_code in (404, 422)
    assert not Person.objects.exists()


def test_description_is_open_and_names_every_record() -> None:
    answer = Client().get("/api/openapi.json")
    schema = told(answer)
    assert answer.status_code == 200
    records = {"/api/v1/people/{key}", "/api/v1/organisations/{key}", "/api/v1/vacancies/{key}"}
    claims = {f"/api/v1/claims/{{claim_id}}{part}" for part in ("", "/from-records", "/lines", "/submit")}
    office = {path for path in schema["paths"] if path.startswith(("/api/v1/lines", "/api/v1/money/"))}
    assert set(schema["paths"]) == records | claims | office
    for step in ("lines/accept", "lines/pass", "lines/notice", "lines/approve", "money/schedule", "money/reconcile"):
        assert "post" in schema["paths"][f"/api/v1/{step}"], step
    assert schema["components"]["schemas"]["PersonRecord"]["properties"]["phone"]["description"] == "电话"


def test_database_refuses_a_token_that_cannot_be() -> None:
    token()
    for changed, constraint in (({"source": "X"}, "source_is_a_code"), ({"token_hash": "x"}, "hash_is_a_hash")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ApiToken.objects.update(**changed)


def own_token(path: str) -> str:
    """Of somebody who may."""
    role = Role.FINANCE if path.startswith("money") else Role.CLERK
    return make_own_token(name="测试", actor=make_user(role)).text


SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/"))


class Anything(TestCase):
    """Whatever the description allows, and what it does not, is answered as the description says."""

    @seed(1)
    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=SCHEMA.as_strategy())
    def test_every_answer_is_one_that_is_described(self, case: Any) -> None:
        path = case.formatted_path.removeprefix("/api/v1/")
        if not path.isascii() or path.endswith("/"):
            return
        bearer = own_token(path) if path.startswith(("lines", "money")) else token()
        answer = ask(case.method, path, case.body if isinstance(case.body, dict) else {}, bearer)
        if answer.status_code == 404:  # a key with a slash is another address
            return
        assert str(answer.status_code) in case.operation.definition.raw["responses"]
        told(answer)
