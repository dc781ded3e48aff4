"""Every scheme of the plan by API, from the application to the reconciled payment, each request sent twice."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine, Notice, VerifiedFact
from jiujin.claims.services.close_notices import close_notices
from jiujin.core.models import Event
from jiujin.core.plan_in_force import plan_in_force
from jiujin.exchange.imports.models import ApiToken
from jiujin.exchange.imports.services.change_tokens import make_own_token, make_token
from jiujin.funds.invariants import breaches
from jiujin.funds.models import Balance, PaymentBatch, PaymentItem, TreasuryVoucher
from jiujin.registry.models import Organisation
from tests.funds.factories import answer
from tests.funds.fourteen import Clock, Part, every_scheme, found_by_an_officer
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db
DONE_BEFORE = {200, 409, 422}  # what stands already is given again, or it is said that it was done
MEETING = "测试会议〔2022〕1号"
Money = dict[str, Decimal]


def everything() -> list[Any]:
    """What a request could have changed."""
    return [
        Event.objects.count(),
        sorted(ClaimLine.objects.values_list("pk", "state", "version", "amount_fen")),
        sorted(Balance.objects.values_list("purse", "stage", "amount_fen")),
        sorted(PaymentItem.objects.values_list("line", "state")),
        sorted(PaymentBatch.objects.values_list("number", "state")),
        [model.objects.count() for model in (Notice, TreasuryVoucher, VerifiedFact)],
    ]


class Caller:
    """A program with somebody's token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def ask(self, method: str, path: str, body: Any = b"") -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body)
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        headers = {"authorization": f"Bearer {self.token}"}
        return Client().generic(method, f"/api/v1/{path}", content, content_type=kind, headers=headers)

    def get(self, path: str) -> Any:
        answered = self.ask("GET", path)
        assert answered.status_code == 200, answered.content.decode()
        return answered.json()  # type: ignore[attr-defined]

    def twice(self, method: str, path: str, body: Any = b"") -> Any:
        """Ask, and ask the same again: the second changes nothing."""
        first = self.ask(method, path, body)
        assert first.status_code in (200, 201), f"{path}: {first.content.decode()}"
        after = everything()
        second = self.ask(method, path, body)
        assert second.status_code in DONE_BEFORE, f"{path}: {second.content.decode()}"
        assert everything() == after, path
        return first.json()  # type: ignore[attr-defined]


def officer(role: Role) -> Caller:
    made = make_own_token(name="测试", actor=make_user(role))
    ApiToken.objects.filter(pk=made.token.pk).update(made_at=timezone.now())
    return Caller(made.text)


def program_of(organisation: Organisation | None) -> Caller:
    made = make_token(name="测试", source="tests", organisation=organisation, actor=make_user(Role.ADMINISTRATOR))
    return Caller(made.text)


def refs(lines: Iterable[dict[str, Any]]) -> list[dict[str, int]]:
    return [{"id": line["id"], "version": line["version"]} for line in lines]


def ids(lines: Iterable[dict[str, Any]]) -> list[int]:
    return [line["id"] for line in lines]


def applied(part: Part) -> str:
    """The payee's records claimed and sent; where no record says who is paid, by the bureau's program."""
    own = part.scheme.payee.fact is not None
    program = program_of(part.payee if own else None)
    named = {"scheme": part.scheme.id} | ({} if own else {"payee": part.payee.credit_code})
    claim_id = str(uuid4())
    filed = program.twice("PUT", f"claims/{claim_id}/from-records", named)
    assert filed["lines"] > 0 and filed["unmet"] == 0, part.scheme.id
    assert program.twice("POST", f"claims/{claim_id}/submit", {})["sent"] == filed["lines"]
    return claim_id


def reviewed(part: Part, clerk: Caller, reviewer: Caller) -> None:
    """Accepted, looked into where only an officer can say, passed by each review that the scheme's workflow has, published."""
    workflow = plan_in_force().workflow_of(part.scheme.id)

    def lines() -> list[dict[str, Any]]:
        return list(clerk.get(f"lines?scheme={part.scheme.id}")["lines"])

    for line in lines():  # what lacks something goes one by one
        clerk.twice("POST", "lines/accept", {"lines": refs([line])})
    for line in ClaimLine.objects.filter(scheme=part.scheme.id, verdict="unknown").order_by("pk"):
        found = {"facts": found_by_an_officer(line), "proof": 3, "basis": "测试：核对原件"}
        clerk.twice("POST", f"lines/{line.pk}/facts", found)
    clerk.twice("POST", "lines/pass", {"lines": refs(lines()), "stage": "first"})
    if workflow.step("second_review"):
        reviewer.twice("POST", "lines/pass", {"lines": refs(lines()), "stage": "second"})
    if workflow.step("public_notice"):
        clerk.twice("POST", "lines/notice", {"lines": refs(lines())})


def paid(ids_: list[int], layout: str, finance: list[Caller]) -> bytes:
    """A batch prepared by one, released by two others, sent and answered; gives the payment file."""
    makes, first, second = finance
    path = f"money/batches/{uuid4()}"
    made = makes.twice("PUT", path, {"lines": ids_, "layout": layout})
    assert {payment["state"] for payment in made["payments"]} == {"ready"}, made
    assert makes.ask("POST", f"{path}/release").status_code == 422  # who prepared it does not release it
    first.twice("POST", f"{path}/release")
    released = second.twice("POST", f"{path}/release")
    file = second.ask("GET", f"{path}/file").content
    assert second.ask("GET", f"{path}/file").content == file and released["file_digest"]
    makes.twice("POST", f"{path}/send", {"request_number": "测试支付申请1"})
    if made["way"] == "bank":
        batch = PaymentBatch.objects.get(pk=path.rpartition("/")[2])
        assert makes.twice("POST", f"{path}/return", answer(batch))["settled"] == made["count"]
    else:
        voucher = f"{path}/vouchers/{uuid4()}"
        payments = [payment["id"] for payment in made["payments"]]
        makes.twice("PUT", voucher, {"number": "测试凭证1", "paid_on": "2022-12-20", "paid": payments})
        assert makes.ask("POST", f"{voucher}/confirm").status_code == 422  # who entered it does not confirm it
        first.twice("POST", f"{voucher}/confirm")
    assert makes.get(path)["state"] == "closed"
    return file


def in_file(content: bytes, encoding: str, column: str) -> list[tuple[str, Decimal]]:
    """The scheme's name and the amount of each payment of a file, and that its last line says their sum."""
    rows = list(csv.reader(io.StringIO(content.decode(encoding))))
    at = next(number for number, row in enumerate(rows) if column in row)
    amounts = [(row[-1].split()[0], Decimal(row[rows[at].index(column)])) for row in rows[at + 1 : -1]]
    assert Decimal(rows[-1][2]) == sum(amount for _name, amount in amounts)
    return amounts


def by_scheme(pairs: Iterable[tuple[str, str | Decimal]]) -> Money:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for scheme, amount in pairs:
        sums[scheme] += Decimal(amount)
    return dict(sums)


def test_every_scheme_goes_from_application_to_reconciled_payment_by_api(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    plan = plan_in_force()
    parts = every_scheme()
    assert [part.scheme.id for part in parts] == list(plan.schemes) and len(plan.schemes) == 14
    bureau, clerk, reviewer, leader = program_of(None), *map(officer, (Role.CLERK, Role.REVIEWER, Role.LEADER))
    finance = [officer(Role.FINANCE) for _ in range(3)]
    claims = {applied(part): part.scheme.id for part in parts}
    for part in parts:
        reviewed(part, clerk, reviewer)
    clock.pass_days(30)
    assert close_notices(now=timezone.now()) > 0

    lines = clerk.get("lines")["lines"]
    city = [line for line in lines if plan.schemes[line["scheme"]].decided_by == "city"]
    ours = [line for line in lines if line not in city]
    leader.twice("POST", "lines/approve", {"lines": refs(ours), "meeting": MEETING})
    reviewer.twice("POST", "lines/approve", {"lines": refs(city), "meeting": MEETING})
    payer = finance[0]
    payer.twice("POST", "money/schedule", {"lines": ids(ours)})
    half = len(ours) // 2
    bank = in_file(paid(ids(ours[:half]), "bank-csv", finance), "gb18030", "金额（元）")
    treasury = in_file(paid(ids(ours[half:]), "treasury-csv", finance), "utf-8", "支付金额（元）")
    payer.twice("POST", "money/city-payments", {"lines": ids(city), "voucher": "市凭证1", "paid_on": "2022-12-20"})
    payer.twice("POST", "money/reconcile", {"lines": ids(lines)})

    claimed = by_scheme(
        (scheme, line["amount_yuan"])
        for claim_id, scheme in claims.items()
        for line in bureau.get(f"claims/{claim_id}/lines")["lines"]
    )
    ledger = payer.get("money/lines")["lines"]
    report = payer.get("money/reports/scheme")
    names = {scheme.name: scheme.id for scheme in plan.schemes.values()}
    own = {scheme: amount for scheme, amount in claimed.items() if plan.schemes[scheme].decided_by == "district"}
    assert set(claimed) == set(plan.schemes) and all(amount > 0 for amount in claimed.values())
    assert {line["state"] for line in ledger} == {"reconciled"} and all(line["paid_on"] for line in ledger)
    assert by_scheme((line["scheme"], line["amount_yuan"]) for line in ledger) == claimed
    assert by_scheme((row["key"], row["approved_yuan"]) for row in report) == claimed
    assert {row["key"]: Decimal(row["paid_yuan"]) + Decimal(row["city_yuan"]) for row in report} == claimed
    assert by_scheme((purse["scheme"], purse["paid_yuan"]) for purse in payer.get("money/budgets/2022")) == own
    assert by_scheme((names[name], amount) for name, amount in [*bank, *treasury]) == own
    for by in ("township", "month"):
        rows = payer.get(f"money/reports/{by}")
        assert sum(Decimal(row["paid_yuan"]) + Decimal(row["city_yuan"]) for row in rows) == sum(claimed.values())
    connection.check_constraints()
    assert list(breaches()) == []


def test_a_program_acts_only_as_far_as_its_person_may(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    [part] = [part for part in every_scheme() if part.scheme.id == "stable-employment"]
    applied(part)
    clerk, leader, supervisor = map(officer, (Role.CLERK, Role.LEADER, Role.SUPERVISOR))
    elsewhere = make_own_token(name="测试", actor=make_user(Role.CLERK, area_code="341502002"))
    ApiToken.objects.filter(pk=elsewhere.token.pk).update(made_at=timezone.now())
    lines = clerk.get("lines")["lines"]
    assert leader.ask("POST", "lines/accept", {"lines": refs(lines)}).status_code == 403
    assert supervisor.ask("POST", "lines/accept", {"lines": refs(lines)}).status_code == 403
    assert clerk.ask("POST", "money/schedule", {"lines": ids(lines)}).status_code == 403
    assert Caller(elsewhere.text).get("lines")["total"] == 0
    assert Caller(elsewhere.text).ask("POST", "lines/accept", {"lines": refs(lines)}).status_code == 404
    stale = [{"id": line["id"], "version": line["version"] + 1} for line in lines]
    assert clerk.ask("POST", "lines/accept", {"lines": stale}).status_code == 409
    assert set(ClaimLine.objects.values_list("state", flat=True)) == {"submitted"}


def test_what_is_unclear_is_not_decided_with_others(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    parts = {part.scheme.id: part for part in every_scheme()}
    for scheme in ("stable-employment", "network-construction"):
        applied(parts[scheme])
    clerk = officer(Role.CLERK)
    answered = clerk.ask("POST", "lines/accept", {"lines": refs(clerk.get("lines")["lines"])})
    assert answered.status_code == 422
    assert "不能批量办" in answered.json()["message"]  # type: ignore[attr-defined]
    assert set(ClaimLine.objects.values_list("state", flat=True)) == {"submitted"}
