"""Records what the grants of the third programme are asked for: events from held fairs, network projects, free matching."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import record_event
from jiujin.fairs.errors import AlreadyThere, FieldWrong, StepImpossible
from jiujin.fairs.models import Fair, FairState, MatchingService, NetworkProject, PublicEvent
from jiujin.fairs.queries import services_given_by
from jiujin.registry.models import Organisation, OrganisationKind


@transaction.atomic
def make_public_event(
    *,
    fair: Fair,
    organisation: Organisation,
    is_public_service: bool | None,
    actor: User,
    proof: Proof = Proof.DECLARED,
) -> PublicEvent:
    """Make the event that a grant is asked for from a held fair; people and cost are counted from its records.

    Raises AlreadyThere, FieldWrong, StepImpossible.
    """
    if fair.state != FairState.HELD:
        raise StepImpossible(str(fair.get_state_display()))
    if not fair.hosts.filter(organisation=organisation).exists():
        raise FieldWrong("organisation", f"“{organisation.name}”不是这场招聘会的主办单位")
    event, is_new = PublicEvent.objects.get_or_create(
        fair=fair,
        defaults={"organisation": organisation, "is_public_service": is_public_service, "proof": proof},
    )
    if not is_new:
        raise AlreadyThere("这场招聘会的专项活动")
    record_event(actor=actor, verb="public_event_made", subject=event, details={"fair": fair.pk})
    return event


@transaction.atomic
def record_network_project(
    *,
    agency: Organisation,
    name: str,
    actor: User,
    today: date,
    done_on: date | None = None,
    words: str = "",
    is_district_agency: bool | None = None,
    proof: Proof = Proof.DECLARED,
) -> NetworkProject:
    """Record a project on an agency's information network, once a name. Raises AlreadyThere, FieldWrong."""
    name = " ".join(name.split())
    if not name:
        raise FieldWrong("name", "系统名称没有填")
    if OrganisationKind.HR_AGENCY not in agency.kinds:
        raise FieldWrong("agency", f"“{agency.name}”没有登记为人力资源服务机构")
    if done_on is not None and done_on > today:
        raise FieldWrong("done_on", "建成日期还没有到")
    try:
        with transaction.atomic():
            project = NetworkProject.objects.create(
                agency=agency, name=name[:120], done_on=done_on, words=words.strip(),
                is_district_agency=is_district_agency, proof=proof,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere(f"系统“{name}”") from error
    record_event(actor=actor, verb="network_project_recorded", subject=project, details={"agency": agency.pk})
    return project


@transaction.atomic
def record_matching_service(
    *,
    agency: Organisation,
    start_on: date,
    end_on: date,
    actor: User,
    today: date,
    is_grassroots: bool | None = None,
    is_free: bool | None = None,
    declared: int | None = None,
    words: str = "",
) -> MatchingService:
    """Record a period of free matching. How many were served is counted from our records; where there are none, declared.

    Raises AlreadyThere (periods that overlap), FieldWrong.
    """
    if end_on < start_on:
        raise FieldWrong("end_on", "结束日期早于开始日期")
    if end_on > today:
        raise FieldWrong("end_on", "这段时间还没有过完")
    if MatchingService.objects.filter(agency=agency, start_on__lte=end_on, end_on__gte=start_on).exists():
        raise AlreadyThere("这家机构在这段时间的岗位对接服务")
    counted = services_given_by(agency, start_on, end_on)
    service = MatchingService.objects.create(
        agency=agency,
        start_on=start_on,
        end_on=end_on,
        is_grassroots=is_grassroots,
        is_free=is_free,
        services_given=counted or declared,
        words=words.strip(),
        proof=Proof.DOCUMENTED if counted else Proof.DECLARED,
    )
    details = {"agency": agency.pk, "services_given": service.services_given, "counted": bool(counted)}
    record_event(actor=actor, verb="matching_service_recorded", subject=service, details=details)
    return service
