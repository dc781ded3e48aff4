"""Invites to a fair whom the matcher chose, and introduces a group from a home township to an employing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.fairs.choosing import Chosen, choose
from jiujin.fairs.errors import NothingToInvite
from jiujin.fairs.models import Fair, Invitation
from jiujin.fairs.services.take_part import require_open
from jiujin.fairs.services.take_step import locked_fair
from jiujin.registry.models import Person
from jiujin.work.errors import WorkError
from jiujin.work.models import Introduction, Vacancy
from jiujin.work.queries import open_vacancies
from jiujin.work.services.introduce import introduce


def invitations_chosen(*, fair: Fair, people: Sequence[Person], a_place: int, day: date) -> list[Chosen]:
    """Whom `invite` would ask: for each place left of the fair's vacancies `a_place` people. Nothing is kept.

    Raises NothingToInvite.
    """
    brought = open_vacancies(day).filter(fairs__fair_employer__fair=fair).distinct()
    capacities = {vacancy.pk: (vacancy.headcount - vacancy.filled_count) * a_place for vacancy in brought}
    if not capacities:
        raise NothingToInvite("参会单位还没有带来在招的岗位")
    invited = set(fair.invitations.values_list("person_id", flat=True))
    return choose([person for person in people if person.pk not in invited], capacities, day)


@transaction.atomic
def invite(*, fair: Fair, people: Sequence[Person], a_place: int, day: date, actor: User, now: datetime) -> int:
    """Invite whom the matcher chooses, each person once a fair; gives how many. Raises NothingToInvite, StepImpossible."""
    held = locked_fair(fair)
    require_open(held)
    chosen = invitations_chosen(fair=held, people=people, a_place=a_place, day=day)
    if not chosen:
        raise NothingToInvite("没有还没邀请、又合适的人")
    made = Invitation.objects.bulk_create(
        [
            Invitation(fair=held, person=each.person, vacancy_id=each.vacancy_id, score=each.score, sent_at=now)
            for each in chosen
        ],
        ignore_conflicts=True,
    )
    record_event(actor=actor, verb="fair_invitations_sent", subject=held, details={"people": len(made)})
    return len(made)


@transaction.atomic
def introduce_group(
    *, id: UUID, people: Sequence[Person], vacancies: Sequence[Vacancy], day: date, actor: User
) -> list[Introduction]:
    """Introduce each of a group to the vacancy that is best for all together, as many as there are places.

    The same id again makes nothing new. Raises NothingToInvite.
    """
    capacities = {vacancy.pk: vacancy.headcount - vacancy.filled_count for vacancy in vacancies}
    made = []
    known = {vacancy.pk: vacancy for vacancy in vacancies}
    for each in choose(people, capacities, day):
        try:
            with transaction.atomic():
                reasons = [_("跨乡镇成组推荐，直线 %(km)s 公里") % {"km": round(each.distance_m / 1000, 1)}]
                introduction = introduce(
                    id=uuid5(id, str(each.person.pk)), person=each.person, vacancy=known[each.vacancy_id],
                    actor=actor, reasons=reasons, today=day,
                )  # fmt: skip
        except WorkError:  # introduced or applied already: that stands
            continue
        made.append(introduction)
    if not made:
        raise NothingToInvite("这两地之间没有还没推荐、又合适的人和岗位")
    return made
