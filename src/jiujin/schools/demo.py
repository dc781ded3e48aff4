"""The invented lists of a demonstration: spring and autumn of two schools, with upgrades, duplicates, wrong paths and years.

They go their ways through the services: paid long ago, reviewed with somebody refused, waiting for the city, sent back.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from jiujin.accounts.models import User
from jiujin.plan import Plan
from jiujin.registry.models import EvidenceFile, Organisation, OrganisationKind, Person
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.registry.storage import delete_sealed
from jiujin.schools import pack
from jiujin.schools.models import CityReply, Enrolment, HeadingMap, Intake, IntakePayment, Season
from jiujin.schools.services.check_intake import check_intake
from jiujin.schools.services.pay_intake import pay_intake
from jiujin.schools.services.report_intake import record_city_reply, return_intake, stamp_intake
from jiujin.values import add_months

STUDENTS_A_LIST_MAX, PEOPLE_A_STUDENT = 240, 20
AGED = (14, 30)
REPLY_AFTER = timedelta(days=20)
NOON = time(12)
WRONG_SHARE, PART_TIME_SHARE, LEFT_SHARE = 0.05, 0.03, 0.03


def fill_schools(*, plan: Plan, seed: int, people: int, day: date, clerk: User) -> int:
    """Add lists of two years ago, of spring and of autumn for each school, sent as far as `day`; gives how many students."""
    pick = Random(f"{seed}/schools")
    year = (plan.header.period.start or day).year
    schools = list(
        Organisation.objects.filter(is_synthetic=True, kinds__contains=[OrganisationKind.TECHNICAL_SCHOOL]).order_by(
            "pk"
        )
    )
    young = _young(year)
    size = min(STUDENTS_A_LIST_MAX, max(2, people // PEOPLE_A_STUDENT), max(1, len(young) // 8))
    made = 0
    sent: list[tuple[int, Intake]] = []
    for number, school in enumerate(schools):
        mine = young[number * 3 * size : (number + 1) * 3 * size]
        before = _list(pick, school, year - 2, Season.AUTUMN, mine[:size])
        upgraded = mine[: max(1, size // 10)]
        shared = young[: max(1, size // 20)] if number else []
        spring = _list(pick, school, year, Season.SPRING, mine[size : 2 * size])
        autumn = _list(pick, school, year, Season.AUTUMN, [*mine[2 * size :], *shared], upgraded)
        for intake in (before, spring, autumn):
            check_intake(intake=intake)
            made += intake.enrolments.count()
            sent.append((number, intake))
    for intake in Intake.objects.filter(school__in=schools).order_by("pk"):
        check_intake(intake=intake)  # once more: a later list makes duplicates of an earlier one
    for number, intake in sent:
        _send(intake, number, year, day, clerk)
    return made


def _send(intake: Intake, number: int, year: int, day: date, clerk: User) -> None:
    """Send a list to the city in its month, and let the city answer: some are paid, some refused, one comes back, one waits."""
    stamped_on = date(intake.year, 5 if intake.season == Season.SPRING else 11, 15)
    if stamped_on + 2 * REPLY_AFTER > day or not intake.enrolments.exists():
        return
    scan = keep_evidence(subject=intake, upload=_stamped(intake), kind="stamped_enrolment_list", actor=clerk)
    at = timezone.make_aware(datetime.combine(stamped_on, NOON))
    stamp_intake(intake=intake, scan=scan, now=at, actor="system:demo")
    letter = {
        "intake": intake, "number": f"演示人社〔{intake.year}〕{intake.pk}号", "replied_on": stamped_on + REPLY_AFTER,
        "actor": clerk, "today": day,
    }  # fmt: skip
    if (intake.year, intake.season) == (year, Season.AUTUMN):
        if number % 2:
            return_intake(reasons="演示：缺两名学生的学制证明", **letter)
        return
    wrong = intake.enrolments.filter(verdict="unmet").order_by("row").first()
    record_city_reply(refused={wrong.pk: "演示：不符合条件"} if wrong else {}, **letter)
    if intake.year < year:
        pay_intake(
            intake=intake, voucher=f"演示拨付{intake.pk}", paid_on=stamped_on + 2 * REPLY_AFTER, actor=clerk, today=day
        )


def _stamped(intake: Intake) -> SimpleUploadedFile:
    """An invented scan: a red round on a white page, another one for each list."""
    page, out = Image.new("RGB", (210, 297), "white"), BytesIO()
    drawn = ImageDraw.Draw(page)
    drawn.ellipse((120, 210, 190, 280), outline="red", width=3)
    drawn.text((20, 20), f"DEMO {intake.pk}", fill="black")
    page.save(out, "PNG")
    return SimpleUploadedFile(f"演示盖章名单{intake.year}.png", out.getvalue())


def clear_schools() -> None:
    """Take the lists of invented schools out."""
    lists = [
        str(pk) for pk in Intake.objects.filter(school__is_synthetic=True).order_by("pk").values_list("pk", flat=True)
    ]
    CityReply.objects.filter(intake__school__is_synthetic=True).delete()
    Enrolment.objects.filter(school__is_synthetic=True).delete()
    IntakePayment.objects.filter(intake__school__is_synthetic=True).delete()
    Intake.objects.filter(school__is_synthetic=True).delete()
    HeadingMap.objects.filter(school__is_synthetic=True).delete()
    scans = EvidenceFile.objects.filter(subject_kind=Intake._meta.label_lower, subject_id__in=lists)
    for scan in scans.order_by("pk"):
        transaction.on_commit(partial(delete_sealed, scan.pk))
    scans.delete()


def _young(year: int) -> list[Person]:
    first = date(year, 1, 1)
    born = [add_months(first, -12 * years) for years in AGED]
    return list(
        Person.objects.filter(is_synthetic=True, merged_into=None, born_on__lte=born[0], born_on__gte=born[1]).order_by(
            "pk"
        )[: 6 * STUDENTS_A_LIST_MAX]
    )


def _list(
    pick: Random,
    school: Organisation,
    year: int,
    season: str,
    people: list[Person],
    upgraded: list[Person] | None = None,
) -> Intake:
    intake = Intake.objects.create(school=school, year=year, season=season, is_synthetic=True)
    entered = date(year, 3 if season == Season.SPRING else 9, 1)
    paths = [(*path, years) for path, allowed in pack.years_by_path(entered).items() for years in allowed]
    lowest = [path for path in paths if path[0] == pack.class_order()[0]]
    higher = [path for path in paths if path[0] == pack.class_order()[1]]
    again = {person.pk for person in upgraded or []}
    rows = [_row(pick, intake, person, entered, lowest) for person in people if person.pk not in again]
    rows += [_row(pick, intake, person, entered, higher, is_plain=True) for person in upgraded or []]
    for at, row in enumerate(rows):
        row.row = at + 2
    Enrolment.objects.bulk_create({row.person_id: row for row in rows}.values())
    return intake


def _row(
    pick: Random, intake: Intake, person: Person, entered: date, paths: list[Any], *, is_plain: bool = False
) -> Enrolment:
    class_type, entry_level, years = pick.choice(paths)
    drawn = 1.0 if is_plain else pick.random()
    wrong_years = drawn < WRONG_SHARE
    part_time = WRONG_SHARE <= drawn < WRONG_SHARE + PART_TIME_SHARE
    left = WRONG_SHARE + PART_TIME_SHARE <= drawn < WRONG_SHARE + PART_TIME_SHARE + LEFT_SHARE
    return Enrolment(
        intake=intake,
        school=intake.school,
        person=person,
        enrolled_on=entered,
        study_mode="part_time" if part_time else "full_time",
        entry_level=entry_level,
        class_type=class_type,
        schooling_years=years + 1 if wrong_years else years,
        upgraded_from="none",
        left_on=entered + timedelta(days=60) if left else None,
    )
