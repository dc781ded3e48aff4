"""Small worlds of the claims' pages: an operator with placements, officers, lines at any step of their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Claim, ClaimLine, Notice, NoticeLine
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.core.services.set_parameter import set_parameter
from jiujin.registry.models import Membership, Organisation, OrganisationKind
from jiujin.registry.queries import organisation_of
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.work.models import Placement
from tests.accounts.people import someone
from tests.claims.factories import SOURCE, make_claim, make_line, set_rates, stable_placement
from tests.registry.factories import make_area, make_organisation
from tests.web.desk.worlds import PIXEL

AREA = "341502001001"
DAYS = ("acceptance_days", "first_review_days", "second_review_days", "notice_days", "approval_days", "appeal_days")


def browser_of(user: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(user)
    return client


def a_payee(
    role: Role = Role.OPERATOR, kind: OrganisationKind = OrganisationKind.OPERATOR
) -> tuple[User, Organisation]:
    """Somebody who claims for an organisation."""
    organisation = make_organisation(kind, area=make_area(AREA))
    user = someone(role)
    Membership.objects.create(user=user, organisation=organisation)
    return user, organisation


def a_placement(operator: Organisation, **given: Any) -> Placement:
    """A placement that is met, of somebody of the district."""
    placement = stable_placement(operator, **given)
    placement.person.home_area = make_area(AREA)
    placement.person.save(update_fields=["home_area"])
    return placement


def set_days(days: int = 5) -> None:
    """Working days of every step, plain test values."""
    for parameter in DAYS:
        set_parameter(parameter=parameter, value=days, source=SOURCE, actor="system:test")


def a_claim(user: User, organisation: Organisation, *, people: int = 1, scheme: str = "stable-employment") -> Claim:
    """A claim out of records, not sent."""
    for _number in range(people):
        a_placement(organisation)
    return claim_from_records(claim_id=uuid4(), scheme=scheme, payee=organisation, actor=user, now=timezone.now())


def ids_of(claim: Claim) -> list[int]:
    """The claim's lines."""
    return list(claim.lines.order_by("position").values_list("pk", flat=True))


def sent(user: User, organisation: Organisation, *, people: int = 1) -> Claim:
    """A claim that was sent, with rates and days set."""
    set_rates()
    set_days()
    claim = a_claim(user, organisation, people=people)
    submit_claim(claim=claim, actor=user, now=timezone.now())
    return claim


def bring_to(claim: Claim, step: str, *, clerk: User, reviewer: User, now: datetime | None = None) -> list[int]:
    """Take the claim's lines to where they wait for a step."""
    ids, now = ids_of(claim), now or timezone.now()
    if step == "acceptance":
        return ids
    accept_lines(ids=ids, actor=clerk, now=now)
    if step == "first_review":
        return ids
    pass_lines(ids=ids, stage="first", actor=clerk, now=now)
    if step == "second_review":
        return ids
    pass_lines(ids=ids, stage="second", actor=reviewer, now=now)
    if step == "public_notice":
        return ids
    publish_notice(ids=ids, actor=clerk, now=now)
    return ids


def in_notice(people: int = 1) -> Notice:
    """A notice that stands."""
    user, organisation = a_payee()
    claim = sent(user, organisation, people=people)
    bring_to(claim, "notice", clerk=someone(Role.CLERK), reviewer=someone(Role.REVIEWER))
    return Notice.objects.latest("pk")


def line_of(claim: Claim, position: int = 1) -> ClaimLine:
    """A line of the claim as it stands."""
    return claim.lines.select_related("person", "claim").get(position=position)


def statements_of(ask: Callable[[], Any]) -> list[str]:
    """What a page asks the database, without the transaction's own words."""
    with CaptureQueriesContext(connection) as seen:
        ask()
    return [query["sql"] for query in seen if query["sql"].startswith(("SELECT", "WITH"))]


def claim_parts(viewer: User) -> dict[str, Any]:
    """Something for each part of the addresses of claims: the viewer's own claim with a scan, its line with evidence, a notice."""
    organisation = organisation_of(viewer) or make_organisation(OrganisationKind.OPERATOR)
    Membership.objects.get_or_create(user=viewer, organisation=organisation)
    claim = make_claim(payee=organisation)
    line = make_line(claim)
    claim.stamped_scan = keep_evidence(subject=claim, upload=SimpleUploadedFile("a.png", PIXEL), kind="", actor=viewer)
    claim.save(update_fields=["stamped_scan"])
    evidence = keep_evidence(subject=line, upload=SimpleUploadedFile("b.png", PIXEL), kind="", actor=viewer)
    day = timezone.localdate()
    notice = Notice.objects.create(
        number=f"T{claim.pk.hex[:8]}",
        plan_id=claim.plan_id,
        scheme=claim.scheme,
        opens_on=day,
        closes_on=day,
        published_by=viewer,
    )
    shown = NoticeLine.objects.create(notice=notice, line=line, name="测*", payee=organisation.name, amount_fen=100)
    return {
        "claim_id": claim.pk,
        "line_id": line.pk,
        "line_evidence_id": evidence.pk,
        "notice_id": notice.pk,
        "notice_line_id": shown.pk,
        "objection_id": 0,
        "appeal_id": 0,
    }
