"""One record of each subject of the plan that its schemes are met by; what officers judge is verified besides."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, date, datetime
from typing import Any

from jiujin.circles.models import PostHolding, PostMonth, WelfarePost
from jiujin.core.proof import Proof
from jiujin.fairs.models import Fair, FairCost, FairHost, FairVisitor, MatchingService, NetworkProject, PublicEvent
from jiujin.fairs.models import TripartiteSignature as Signature
from jiujin.internships.models import AbsorptionMonth, InternMonth, Internship
from jiujin.registry.models import OrganisationKind, Person
from jiujin.schools.models import Enrolment, Intake
from jiujin.values import add_months
from jiujin.work.models import ServiceRecord
from tests.accounts.people import someone
from tests.claims.factories import stable_placement
from tests.registry.factories import make_organisation, make_person, make_status
from tests.work.factories import add_income, make_placement

START = date(2022, 3, 1)
VERIFIED = Proof.VERIFIED


def in_difficulty(person: Person | None = None) -> Person:
    """Somebody certified as in difficulty before the start."""
    person = person or make_person()
    make_status(
        person, "difficulty", date(2021, 6, 1), proof=VERIFIED, certified_by="测试社区", certified_on=date(2021, 6, 1)
    )
    return person


def flexible_placement() -> Any:
    from jiujin.work.models import Registration, RegistrationKind

    placement = make_placement(START, date(2022, 5, 31), form="part_time", person=in_difficulty())
    add_income(placement, [200_000] * 3)
    Registration.objects.create(
        placement=placement, kind=RegistrationKind.EMPLOYMENT, reference_number="测试1", proof=VERIFIED
    )
    return placement


def assisted_placement() -> Any:
    placement = make_placement(START, person=in_difficulty())
    ServiceRecord.objects.create(
        person=placement.person, kind="call", served_on=START, served_by=someone(), operator=placement.operator
    )
    return placement


def post_holding(**given: Any) -> PostHolding:
    post = WelfarePost.objects.create(
        entity=make_organisation(),
        title="测试保洁",
        headcount=2,
        developed_on=START,
        filing_number="测试P1",
        proof=VERIFIED,
    )
    fields: dict[str, Any] = {
        "person": in_difficulty(), "start_on": START, "end_on": date(2022, 8, 31), "registration_number": "测试R1",
        "labour_filing_number": "测试L1", "service_number": "测试S1", "proof": VERIFIED,
    }  # fmt: skip
    holding = PostHolding.objects.create(post=post, **fields | given)
    for number in range(6):
        PostMonth.objects.create(
            holding=holding, month=add_months(START, number), attended_days=20, is_insured=True, proof=VERIFIED
        )
    return holding


def internship(**given: Any) -> Internship:
    fields: dict[str, Any] = {
        "person": make_person(), "unit": make_organisation(OrganisationKind.INTERNSHIP_BASE), "group": "graduate",
        "graduated_on": date(2021, 12, 31), "start_on": START, "end_on": date(2022, 8, 31), "state": "completed",
        "agreement_on": START, "insured_on": START, "insurance_number": "测试I1", "proof": VERIFIED,
        "contract_start_on": date(2022, 9, 1), "contract_end_on": date(2023, 8, 31), "contract_open_ended": False,
        "contract_proof": VERIFIED,
    }  # fmt: skip
    held = Internship.objects.create(**fields | given)
    for number in range(6):
        month = add_months(START, number)
        InternMonth.objects.create(
            internship=held, person=held.person, month=month, attended_days=21, stipend_fen=210_000, proof=VERIFIED
        )
        AbsorptionMonth.objects.create(internship=held, month=add_months(START, number + 6), proof=VERIFIED)
    return held


def enrolment(**given: Any) -> Enrolment:
    school = make_organisation(OrganisationKind.TECHNICAL_SCHOOL)
    intake = Intake.objects.create(school=school, year=2022, season="autumn")
    fields: dict[str, Any] = {
        "person": make_person(), "school": school, "enrolled_on": date(2022, 9, 1), "study_mode": "full_time",
        "entry_level": "junior", "class_type": "middle", "schooling_years": 3, "upgraded_from": "none", "proof": VERIFIED,
    }  # fmt: skip
    return Enrolment.objects.create(intake=intake, **fields | given)


def fair(**given: Any) -> Fair:
    fields: dict[str, Any] = {
        "name": f"测试招聘会{secrets.token_hex(3)}", "kind": "campus", "state": "held", "held_on": START, "until_on": START,
        "sign_in_code": secrets.token_hex(8),
    }  # fmt: skip
    return Fair.objects.create(**fields | given)


def signature() -> Signature:
    university = make_organisation(OrganisationKind.UNIVERSITY)
    held = fair()
    FairHost.objects.create(fair=held, organisation=university, is_credited=True)
    return Signature.objects.create(
        fair=held, person=make_person(), university=university, employer=make_organisation(), agreement_number="测试T1",
        signed_on=START, proof=VERIFIED,
    )  # fmt: skip


def public_event() -> PublicEvent:
    organiser = make_organisation(OrganisationKind.PUBLIC_SERVICE_AGENCY, credit_code="91340000MA2TEXT012")
    held = fair(kind="on_site")
    FairVisitor.objects.create(
        fair=held, person=make_person(), key=uuid.uuid4(), signed_in_at=datetime(2022, 3, 1, tzinfo=UTC)
    )
    event = PublicEvent.objects.create(fair=held, organisation=organiser, is_public_service=True, proof=VERIFIED)
    FairCost.objects.create(
        fair=held, kind="venue", amount_fen=500_000, voucher_number="测试V1", paid_on=START, entered_by=someone()
    )
    return event


def network_project() -> NetworkProject:
    agency = make_organisation(OrganisationKind.HR_AGENCY, credit_code="91340000MA2TEXT020")
    return NetworkProject.objects.create(
        agency=agency, name="测试网络", done_on=START, is_district_agency=True, proof=VERIFIED
    )


def matching_service() -> MatchingService:
    agency = make_organisation(OrganisationKind.PUBLIC_SERVICE_AGENCY, credit_code="91340000MA2TEXT039")
    return MatchingService.objects.create(
        agency=agency, start_on=START, end_on=date(2022, 6, 30), is_grassroots=True, is_free=True, services_given=120,
        proof=VERIFIED,
    )  # fmt: skip


MAKERS: dict[str, Any] = {
    "stable-employment": stable_placement,
    "flexible-employment": flexible_placement,
    "employment-assistance": assisted_placement,
    "post-social-insurance": post_holding,
    "post-allowance": post_holding,
    "internship-living-allowance": internship,
    "internship-accident-insurance": internship,
    "internship-guidance": internship,
    "absorption-subsidy": internship,
    "technical-school-training": enrolment,
    "campus-fair": signature,
    "special-event": public_event,
    "network-construction": network_project,
    "job-matching-service": matching_service,
}
