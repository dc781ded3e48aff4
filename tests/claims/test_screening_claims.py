"""Entitled and not asked: who is found, what is filled in, and who lacks one thing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.errors import NotAllowed, PayeeMissing, PayeeUnfit, StepDone
from jiujin.claims.models import Claim, ClaimLine, RecordGap
from jiujin.claims.queries import gaps_seen_by
from jiujin.claims.services.confirm_screened import confirm_screened
from jiujin.claims.services.screen_entitled import screen_entitled
from jiujin.claims.tasks import screen_entitled_nightly
from jiujin.registry.models import OrganisationKind
from jiujin.work.models import Placement
from tests.claims.factories import NOW, filed, payee_user, set_rates, stable_placement
from tests.claims.records import internship
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
STABLE = "stable-employment"


def screen() -> list[Claim]:
    return screen_entitled(scheme=STABLE, actor="system:test", now=NOW)


def test_what_is_met_and_unclaimed_waits_as_a_draft_of_its_payee() -> None:
    set_rates()
    operator = make_organisation(OrganisationKind.OPERATOR)
    found = [stable_placement(operator) for _ in range(3)]
    claimed, _ = filed()
    [claim] = screen()
    assert (claim.payee, claim.source, claim.state, claim.made_by) == (operator, "screening", "draft", None)
    assert set(claim.lines.values_list("record_id", flat=True)) == {placement.pk for placement in found}
    assert set(claim.lines.values_list("verdict", "amount_fen", "limit_ordinal")) == {("met", 100_000, None)}
    assert claimed.lines.count() == 1
    connection.check_constraints()


def test_a_second_night_adds_only_what_is_new_to_the_claim_that_waits() -> None:
    set_rates()
    placement = stable_placement()
    [claim] = screen()
    assert screen() == []
    stable_placement(placement.operator)
    assert screen() == [claim]
    assert (Claim.objects.count(), claim.lines.count()) == (1, 2)


def test_who_has_used_up_the_limit_is_not_found() -> None:
    set_rates()
    placement = stable_placement()
    again = stable_placement(person=placement.person, start_on=date(2022, 2, 1))
    [claim] = screen()
    assert list(claim.lines.values_list("record_id", flat=True)) == [placement.pk]
    assert screen() == [], "the first takes the only place of the year in the draft that waits, or is found unmet"
    assert not ClaimLine.objects.filter(record_id=again.pk).exists()


def test_who_lacks_one_thing_is_listed_with_it_until_it_is_there() -> None:
    set_rates()
    placement = stable_placement()
    placement.registrations.all().delete()
    assert screen() == []
    gap = RecordGap.objects.get()
    assert (gap.record_id, gap.person_id, gap.payee, gap.missing) == (
        placement.pk, placement.person_id, placement.operator, "registered_or_filed",
    )  # fmt: skip
    assert list(gaps_seen_by(payee_user(placement.operator))) == [gap]
    assert not gaps_seen_by(payee_user(make_organisation())).exists()
    screen()
    assert RecordGap.objects.count() == 1
    Placement.objects.filter(pk=placement.pk).update(form="flexible")
    screen()
    assert not RecordGap.objects.exists()


def test_where_no_record_names_the_payee_the_claim_waits_for_the_office_to_name_it() -> None:
    scheme, record = "internship-accident-insurance", internship()
    [claim] = screen_entitled(scheme=scheme, actor="system:test", now=NOW)
    assert (claim.payee, [line.record_id for line in claim.lines.all()]) == (None, [record.pk])
    assert screen_entitled(scheme=scheme, actor="system:test", now=NOW) == []
    clerk, insurer = make_user(Role.CLERK), make_organisation(OrganisationKind.INSURER)
    for who, payee, refusal in (
        (payee_user(insurer, Role.EMPLOYER), insurer, NotAllowed),
        (clerk, None, PayeeMissing),
        (clerk, record.unit, PayeeUnfit),
    ):
        with pytest.raises(refusal):
            confirm_screened(claim=claim, payee=payee, actor=who, now=NOW)
    sent = confirm_screened(claim=claim, payee=insurer, actor=clerk, now=NOW)
    assert [(line.payee, line.state, line.amount_fen) for line in sent.lines] == [(insurer, "submitted", 10_000)]
    with pytest.raises(StepDone):
        confirm_screened(claim=claim, payee=insurer, actor=clerk, now=NOW)
    connection.check_constraints()


def test_who_is_not_insured_yet_is_told_to_the_office_and_not_to_the_unit() -> None:
    record = internship(insured_on=None, insurance_number="")
    assert screen_entitled(scheme="internship-accident-insurance", actor="system:test", now=NOW) == []
    gap = RecordGap.objects.get(scheme="internship-accident-insurance")
    assert (gap.payee, gap.missing) == (None, "accident_insured")
    assert list(gaps_seen_by(make_user(Role.CLERK))) == [gap]
    assert not gaps_seen_by(payee_user(record.unit, Role.EMPLOYER)).exists()


def test_the_night_looks_at_every_scheme() -> None:
    set_rates()
    stable_placement()
    screen_entitled_nightly.func(0)
    assert Claim.objects.filter(scheme=STABLE, source="screening").count() == 1
