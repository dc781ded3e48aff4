"""Claims by API: filed once under the client's id, judged, read back, sent; what is wrong is a sentence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from jiujin.accounts.models import Role
from jiujin.claims.models import Claim, ClaimLine
from jiujin.exchange.api import api
from jiujin.exchange.imports.services.change_tokens import make_token
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.values import make_demo_id
from tests.claims.factories import set_rates, stable_placement
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
NUMBER = make_demo_id(date(1990, 2, 28), 1)
FACTS = {
    "priority_group": "difficulty",
    "employment_form": "labour_contract",
    "start_on": "2022-01-01",
    "end_on": "2022-12-31",
    "social_insurance_months": 6,
    "registered_or_filed": True,
}


def operator() -> Organisation:
    return make_organisation(OrganisationKind.OPERATOR)


def token(organisation: Organisation | None) -> str:
    actor = make_user(Role.ADMINISTRATOR)
    return make_token(name="测试", source="hr-platform", organisation=organisation, actor=actor).text


def ask(text: str, method: str, path: str, body: Any = None) -> HttpResponse:
    content = json.dumps(body) if body is not None else ""
    headers = {"authorization": f"Bearer {text}"}
    return Client().generic(method, f"/api/v1/claims/{path}", content, content_type="application/json", headers=headers)


def body_of(*lines: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"scheme": "stable-employment", "lines": list(lines)} | given


def line(**given: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "id_number": NUMBER, "name": "张三", "facts": FACTS} | given


def test_claim_is_filed_once_and_judged() -> None:
    set_rates()
    text, claim_id, body = token(operator()), uuid4(), body_of(line())
    first, second = ask(text, "PUT", str(claim_id), body), ask(text, "PUT", str(claim_id), body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() and first.json()["lines"] == 1
    assert (Claim.objects.count(), ClaimLine.objects.count(), Person.objects.filter(name="张三").count()) == (1, 1, 1)


def test_lines_are_read_back_with_verdict_reasons_and_what_is_missing() -> None:
    text, claim_id = token(operator()), uuid4()
    key = str(uuid4())
    ask(text, "PUT", str(claim_id), body_of(line(key=key, facts=FACTS | {"social_insurance_months": 5})))
    told = ask(text, "GET", f"{claim_id}/lines").json()
    assert told["total"] == 1
    shown = told["lines"][0]
    assert (shown["key"], shown["state"]) == (key, "draft")
    assert shown["verdict"] in ("unmet", "unknown") and shown["reasons"]


def test_line_of_a_record_is_met_and_sent() -> None:
    set_rates()
    payee = operator()
    placement = stable_placement(payee)
    text, claim_id = token(payee), uuid4()
    ask(text, "PUT", str(claim_id), body_of({"key": str(uuid4()), "record_id": placement.pk}))
    shown = ask(text, "GET", f"{claim_id}/lines").json()["lines"][0]
    assert (shown["verdict"], shown["amount_yuan"]) == ("met", "1000.00")
    assert ask(text, "POST", f"{claim_id}/submit", {}).json() == {"sent": 1, "kept": {}}
    assert ask(text, "GET", str(claim_id)).json()["state"] == "submitted"
    assert ClaimLine.objects.get().state == "submitted"


def test_bureau_names_the_payee() -> None:
    payee = operator()
    answer = ask(token(None), "PUT", str(uuid4()), body_of(line(), payee=payee.credit_code))
    assert answer.status_code == 201 and Claim.objects.get().payee == payee


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"id_number": "123"}, "第 1 行"),
        ({"facts": {"no_such_fact": 1}}, "没有保存"),
        ({"facts": {"start_on": "昨天"}}, "没有保存"),
        ({"facts": {"social_insurance_months": -1}}, "没有保存"),
        ({"name": ""}, "第 1 行"),
        ({"record_id": 1, "id_number": None}, "没有"),
        ({"key": "not-a-key"}, "内容有问题"),
        ({"unknown": 1}, "内容有问题"),
    ],
)
def test_wrong_line_is_refused_in_words_and_nothing_is_kept(change: dict[str, Any], word: str) -> None:
    answer = ask(token(operator()), "PUT", str(uuid4()), body_of(line(**change)))
    assert answer.status_code in (400, 422), answer.content
    told = answer.json()
    assert word in told["message"] + str(told["errors"])
    assert not Claim.objects.exists() and not Person.objects.filter(name="张三").exists()


def test_scheme_unknown_or_of_another_kind_of_payee_is_refused() -> None:
    text = token(operator())
    for scheme in ("no-such-scheme", "campus-fair"):
        assert ask(text, "PUT", str(uuid4()), body_of(line(), scheme=scheme)).status_code == 422


def test_claim_of_another_organisation_is_nowhere() -> None:
    text, claim_id = token(operator()), uuid4()
    ask(text, "PUT", str(claim_id), body_of(line()))
    other = token(operator())
    for method, path in (("GET", f"{claim_id}"), ("GET", f"{claim_id}/lines"), ("POST", f"{claim_id}/submit")):
        assert ask(other, method, path, {}).status_code == 404
    assert ask(other, "PUT", str(claim_id), body_of(line())).status_code == 422


def test_nobody_without_a_token() -> None:
    assert Client().get(f"/api/v1/claims/{uuid4()}").status_code == 401


def test_sending_what_was_sent_changes_nothing() -> None:
    set_rates()
    payee = operator()
    text, claim_id = token(payee), uuid4()
    ask(text, "PUT", str(claim_id), body_of({"key": str(uuid4()), "record_id": stable_placement(payee).pk}))
    ask(text, "POST", f"{claim_id}/submit", {})
    again = ask(text, "POST", f"{claim_id}/submit", {})
    assert again.status_code == 422 and "没有" in again.json()["message"]
    assert ClaimLine.objects.get().decisions.count() == 1


def test_description_names_every_way() -> None:
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    assert set(paths["/api/v1/claims/{claim_id}"]) == {"put", "get"}
    assert "get" in paths["/api/v1/claims/{claim_id}/lines"] and "post" in paths["/api/v1/claims/{claim_id}/submit"]
