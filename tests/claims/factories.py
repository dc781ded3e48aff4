"""A small world of claims: lines that are met, and lines that are not, at any state of their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Basis, Claim, ClaimLine, Payer
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.proof import Proof
from jiujin.core.services.set_parameter import set_parameter
from jiujin.registry.models import Membership, Organisation, OrganisationKind
from jiujin.work.models import InsuranceKind, Placement, Registration, RegistrationKind
from tests.registry.factories import make_organisation, make_status, make_user
from tests.work.factories import add_insurance, make_placement

RATES = {"stable_grant": 1000, "flexible_grant": 600, "assistance_grant": 300, "minimum_wage": 1500}
SOURCE = "测试取值，不是文件规定"


def act_as(actor: str = "system:test") -> None:
    """Name who changes records past every service until the transaction ends, as an event would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jiujin.actor', %s, true)", [actor])


def set_rates(**given: Any) -> None:
    """What the document leaves to the district, with plain test values (yuan)."""
    for parameter, value in (RATES | given).items():
        set_parameter(parameter=parameter, value=value, source=SOURCE, actor="system:test")


def stable_placement(operator: Organisation | None = None, **given: Any) -> Placement:
    """A placement that the stable-employment scheme is met by, all of it verified."""
    operator = operator or make_organisation(OrganisationKind.OPERATOR)
    start_on = given.pop("start_on", date(2022, 1, 1))
    placement = make_placement(
        start_on,
        start_on + timedelta(days=364),
        form="labour_contract",
        operator=operator,
        proof=Proof.VERIFIED,
        **given,
    )
    if not placement.person.priority_statuses.exists():
        make_status(
            placement.person,
            "difficulty",
            date(2021, 1, 1),
            proof=Proof.VERIFIED,
            certified_by="社区",
            certified_on=date(2021, 1, 1),
        )
    add_insurance(placement, InsuranceKind.SOCIAL, [Proof.VERIFIED] * 6)
    Registration.objects.create(
        placement=placement, kind=RegistrationKind.LABOUR, reference_number="T1", proof=Proof.VERIFIED
    )
    return placement


def make_claim(scheme: str = "stable-employment", *, payee: Organisation | None = None, **given: Any) -> Claim:
    """A claim in draft."""
    act_as()
    plan = plan_in_force()
    payee = payee or make_organisation(OrganisationKind.OPERATOR)
    number = f"T-{Claim.objects.count() + 1:05d}"
    fields = {"plan_id": plan.id, "scheme": scheme, "payee": payee, "year": 2022, "source": "records", "number": number}
    return Claim.objects.create(**fields | given)


def make_line(claim: Claim | None = None, placement: Placement | None = None, **given: Any) -> ClaimLine:
    """A line in draft, from a placement that is met unless told otherwise."""
    claim = claim or make_claim()
    placement = placement or stable_placement(claim.payee)
    fields = {
        "claim": claim,
        "position": claim.lines.count() + 1,
        "plan_id": claim.plan_id,
        "scheme": claim.scheme,
        "payee": claim.payee,
        "payer": Payer.DISTRICT,
        "person": placement.person,
        "basis": Basis.RECORDS,
        "record_id": placement.pk,
    }
    return ClaimLine.objects.create(**fields | given)


def step(lines: Sequence[ClaimLine], event: str, actor: User | str = "system:test", **given: Any) -> list[ClaimLine]:
    """Take one step with lines, judged anew, through the one service that moves them."""
    from jiujin.claims.services.keep_judgement import keep_judgement
    from jiujin.claims.services.lock import locked_lines
    from jiujin.claims.services.take_step import take_step

    with transaction.atomic():
        held = locked_lines([line.pk for line in lines])
        keep_judgement(held, now=timezone.now(), take_places=True)
        take_step(held, event, actor=actor, now=timezone.now(), **given)
    return held


def reviewers() -> dict[str, User]:
    """One person for each step that decides."""
    return {
        "first": make_user(Role.CLERK),
        "second": make_user(Role.REVIEWER),
        "approval": make_user(Role.LEADER),
    }


NOW = datetime(2022, 11, 15, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday, within the schools' window
DAYS = {"notice_days": 5, "acceptance_days": 3, "first_review_days": 5, "second_review_days": 5, "approval_days": 5}


def payee_user(payee: Organisation, role: Role = Role.OPERATOR) -> User:
    """Somebody who acts for an organisation."""
    user = make_user(role)
    Membership.objects.create(user=user, organisation=payee)
    return user


def filed(
    scheme: str = "stable-employment", *, lines: int = 1, payee: Organisation | None = None
) -> tuple[Claim, User]:
    """A claim filed from so many records that are met, by somebody of its payee."""
    from jiujin.claims.services.claim_from_records import claim_from_records

    payee = payee or make_organisation(OrganisationKind.OPERATOR)
    for _ in range(lines):
        stable_placement(payee)
    actor = payee_user(payee)
    return claim_from_records(claim_id=uuid4(), scheme=scheme, payee=payee, actor=actor, now=NOW), actor


def ids_of(claim: Claim) -> list[int]:
    """The ids of a claim's lines, in their order."""
    return list(claim.lines.order_by("position").values_list("pk", flat=True))


def passed(
    claim: Claim, payee: User, people: dict[str, User] | None = None, *, until: str = "second_passed"
) -> list[int]:
    """Lines of a claim taken through the reviews until a state, each step by the next person."""
    from jiujin.claims.services.accept_lines import accept_lines
    from jiujin.claims.services.close_notices import close_notices
    from jiujin.claims.services.pass_lines import pass_lines
    from jiujin.claims.services.publish_notice import publish_notice
    from jiujin.claims.services.submit_claim import submit_claim

    people = people or reviewers()
    ids = [line.pk for line in submit_claim(claim=claim, actor=payee, now=NOW).lines]
    for state, step_ in (
        ("accepted", lambda: accept_lines(ids=ids, actor=people["first"], now=NOW)),
        ("first_passed", lambda: pass_lines(ids=ids, stage="first", actor=people["first"], now=NOW)),
        ("second_passed", lambda: pass_lines(ids=ids, stage="second", actor=people["second"], now=NOW)),
        ("in_notice", lambda: publish_notice(ids=ids, actor=people["first"], now=NOW)),
        ("noticed", lambda: close_notices(now=NOW + timedelta(days=30))),
    ):
        if until == "submitted":
            break
        step_()
        if state == until:
            break
    return ids
