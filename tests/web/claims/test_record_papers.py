"""Whoever reviews a grant for a fair sees the fair's papers and its cost vouchers beside the line, and on the claim's paper."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.web.claims.opened_line import evidence_of
from jiujin.web.claims.paper_pages import paper_of
from tests.accounts.people import someone
from tests.claims.records import public_event
from tests.web.scans import scan

pytestmark = pytest.mark.django_db


def test_papers_of_the_fair_and_of_its_costs_stand_beside_the_line_and_on_the_paper() -> None:
    clerk, event = someone(Role.CLERK), public_event()
    held = event.fair
    for name, subject in (("event.png", event), ("fair.png", held), ("voucher.png", held.costs.get())):
        keep_evidence(subject=subject, upload=scan(name), kind="", actor=clerk)
    claim = claim_from_records(
        claim_id=uuid4(),
        scheme="special-event",
        payee=event.organisation,
        actor=clerk,
        now=timezone.now(),
        with_unmet=True,
    )
    line = claim.lines.get()
    names = {"event.png", "fair.png", "voucher.png"}
    assert {kept.name for kept in evidence_of(line)} == names
    assert {piece.file.name for piece in paper_of(claim, claim.lines.all()).pieces} == names
