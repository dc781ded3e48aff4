"""The invented applications, introductions and services of a demonstration: made by the services, as people would make them.

They are few, whatever the size of the district: enough for the employer and the specialist to have something to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from jiujin.accounts.models import User
from jiujin.registry.models import Organisation, Person
from jiujin.work.models import Application, Channel, ServiceKind, Vacancy
from jiujin.work.services.answer_application import answer_application
from jiujin.work.services.apply_for import apply_for
from jiujin.work.services.hire_applicant import hire_applicant
from jiujin.work.services.introduce import answer_introduction, introduce
from jiujin.work.services.record_service import record_service
from jiujin.work.states import VacancyState

APPLICATIONS, INTRODUCTIONS, SERVICES, HIRES = 48, 24, 36, 3
ACTOR: Final = "system:demo"
SEEN, ACCEPTED, DECLINED, HIRED = "seen", "accepted", "declined", "hired"
ANSWERS: Final = ("", "", SEEN, SEEN, ACCEPTED, DECLINED)  # what an employer does, each as often
DECLINED_BECAUSE: Final = (
    "班次对不上，谢谢您投递。",
    "已经约了别人见面，以后有岗位再联系您。",
    "需要相关证书，欢迎取证后再来。",
)
REASONS: Final = ("离家近，走路能到", "正是想找的工种", "班次合适，能照顾家里", "工资够得着期望")
NOTES: Final = {
    ServiceKind.CALL: ("问了近况，还在找活，想离家近的。", "电话没有人接，改天再打。", "讲了附近的岗位，愿意去看看。"),
    ServiceKind.VISIT: ("家里走访，孩子小，想找白班。", "上门看望，帮着填了求职意向。"),
    ServiceKind.MEETING: ("当面谈了两个岗位，约好见面。", "讲了补贴怎么申报，留了材料清单。"),
    ServiceKind.COUNTER: ("窗口来问招聘，登记了意向。",),
}
DAYS_OF_SERVICES = 40


def fill_meetings(
    *, seed: int, employer: Organisation, people: Sequence[Person], specialist: User, operator: User, day: date
) -> int:
    """Let these people apply to the employer and be introduced and served; gives how many records were made.

    Inside the caller's transaction; the specialist's and the operator's people must be among `people`. One seed, size and day
    always give the same.
    """
    pick = Random(f"{seed}/meetings")
    ids = (uuid5(NAMESPACE_OID, f"jiujin-demo/{seed}/{number}") for number in range(10**6))
    taking = Vacancy.objects.filter(employer=employer, state=VacancyState.OPEN, open_until__gte=day).order_by("pk")
    vacancies = [vacancy for vacancy in taking if vacancy.filled_count < vacancy.headcount]
    if not vacancies or not people:
        return 0
    pairs = _pairs(pick, people, vacancies)
    applied = [_apply(next(ids), person, vacancy, pick, day) for person, vacancy in _take(pairs, APPLICATIONS)]
    for number, application in enumerate(applied):
        _answer(application, HIRED if number < HIRES else pick.choice(ANSWERS), pick, day)
    introduced = _take(pairs, INTRODUCTIONS)
    for person, vacancy in introduced:
        made_by, reasons = pick.choice((specialist, operator)), pick.sample(REASONS, 2)
        made = introduce(id=next(ids), person=person, vacancy=vacancy, actor=made_by, reasons=reasons, today=day)
        if pick.random() < 0.25:
            answer_introduction(introduction=made, event="introduction_declined", actor=ACTOR, today=day)
    for person in pick.choices(people, k=SERVICES):
        kind = pick.choice(list(NOTES))
        on = day - timedelta(days=pick.randrange(DAYS_OF_SERVICES))
        by = pick.choice((specialist, specialist, operator))
        note = pick.choice(NOTES[kind])
        record_service(id=next(ids), person=person, kind=kind, served_on=on, note=note, actor=by, today=day)
    return len(applied) + len(introduced) + SERVICES


def _pairs(pick: Random, people: Sequence[Person], vacancies: Sequence[Vacancy]) -> Iterator[tuple[Person, Vacancy]]:
    """People with a vacancy each, nobody twice with one."""
    met: set[tuple[int, int]] = set()
    for _ in range(len(people) * len(vacancies)):
        person, vacancy = pick.choice(people), pick.choice(vacancies)
        if (person.pk, vacancy.pk) not in met:
            met.add((person.pk, vacancy.pk))
            yield person, vacancy


def _take(pairs: Iterator[tuple[Person, Vacancy]], count: int) -> list[tuple[Person, Vacancy]]:
    return [pair for pair, _ in zip(pairs, range(count), strict=False)]


def _apply(id: UUID, person: Person, vacancy: Vacancy, pick: Random, day: date) -> Application:
    channel = pick.choice((Channel.ONLINE, Channel.ONLINE, Channel.COUNTER))
    return apply_for(id=id, person=person, vacancy=vacancy, actor=ACTOR, channel=channel, today=day)


def _answer(application: Application, answer: str, pick: Random, day: date) -> None:
    if not answer:
        return
    if answer == HIRED:
        vacancy = Vacancy.objects.get(pk=application.vacancy_id)
        if vacancy.filled_count + 1 < vacancy.headcount:  # the vacancy stays open for the others
            hire_applicant(application=application, start_on=day, actor=ACTOR)
            return
        answer = ACCEPTED
    because = pick.choice(DECLINED_BECAUSE) if answer == DECLINED else ""
    answer_application(application=application, event=f"application_{answer}", because=because, actor=ACTOR)
