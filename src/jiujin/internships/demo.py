"""The invented internships of a demonstration: a year of the plan, with the awkward cases.

Made past the services, as the whole demonstration is, and so that everything the services refuse is not in it; what they tell
(a stipend too low, a month without proof, somebody interrupted) is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from jiujin.core.proof import Proof
from jiujin.internships import pack
from jiujin.internships.judging import Asking, judge, last_day
from jiujin.internships.models import (
    AbsorptionMonth,
    Base,
    BaseReview,
    InternApplication,
    InternFollowUp,
    InternMonth,
    InternPost,
    Internship,
    PostPublication,
)
from jiujin.internships.states import ApplicationState, BaseState, InternshipState
from jiujin.plan import Plan
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.values import add_months
from jiujin.work.follow_up import follow_up_months
from jiujin.work.models import Placement

BASES_MAX, PEOPLE_LOOKED_AT, PEOPLE_AN_INTERN, INTERNS_MAX = 8, 4000, 12, 300
OPEN_FOR = timedelta(days=60)
LOW_STIPEND_SHARE, NO_PROOF_SHARE, INTERRUPTED_SHARE, STILL_AGREED_SHARE = 0.06, 0.1, 0.1, 0.04
KEPT_SHARE = 0.5
AGED_WITHIN = (16, 35)


def fill_internships(*, plan: Plan, seed: int, people: int, clerk_id: int, day: date) -> int:
    """Add bases, posts, applications of every state and a year of interns; gives how many interns.

    People, employers and placements must be there. In a small district there are few, and at least one base.
    """
    pick = Random(f"{seed}/internships")
    first = plan.header.period.start or day.replace(month=1, day=1)
    posts = _bases(pick, first, day)
    if not posts:
        return 0
    candidates = _candidates(first)
    wanted = min(INTERNS_MAX, max(3, people // PEOPLE_AN_INTERN), len(candidates))
    made = _interns(pick, first, posts, candidates[:wanted], clerk_id)
    _applications(pick, first, posts, candidates[wanted : wanted + 12])
    return made


def clear_internships() -> None:
    """Take the internships of invented people and units out."""
    of_demo = {"internship__person__is_synthetic": True}
    for model in (InternFollowUp, AbsorptionMonth, InternMonth):
        model.objects.filter(**of_demo).delete()
    Internship.objects.filter(person__is_synthetic=True).update(follows=None)
    Internship.objects.filter(person__is_synthetic=True).delete()
    InternApplication.objects.filter(person__is_synthetic=True).delete()
    PostPublication.objects.filter(post__base__unit__is_synthetic=True).delete()
    InternPost.objects.filter(base__unit__is_synthetic=True).delete()
    BaseReview.objects.filter(base__unit__is_synthetic=True).delete()
    Base.objects.filter(unit__is_synthetic=True).delete()


def _bases(pick: Random, first: date, day: date) -> list[InternPost]:
    """Recognised bases with posts; the last two, where there are so many, are refused and applied."""
    units = Organisation.objects.filter(is_synthetic=True, kinds__contains=[OrganisationKind.EMPLOYER])
    chosen = list(units.order_by("pk")[:BASES_MAX])
    posts: list[InternPost] = []
    for number, unit in enumerate(chosen):
        state = BaseState.RECOGNISED
        if len(chosen) > 4 and number >= len(chosen) - 2:
            state = BaseState.APPLIED if number == len(chosen) - 1 else BaseState.REFUSED
        is_recognised = state == BaseState.RECOGNISED
        base = Base.objects.create(
            unit=unit,
            state=state,
            applied_on=first - timedelta(days=40),
            recognised_on=first - timedelta(days=20) if is_recognised else None,
            document=f"演示认字{number + 1}号" if is_recognised else "",
            mentor="演示导师",
            reasons="" if state != BaseState.REFUSED else "没有指导老师",
        )
        if is_recognised:
            unit.kinds = [*unit.kinds, OrganisationKind.INTERNSHIP_BASE]
            unit.save(update_fields=["kinds"])
            posts.append(_post(pick, base, number, first, day))
    return posts


def _post(pick: Random, base: Base, number: int, first: date, day: date) -> InternPost:
    low, high = pack.months_bounds(first)
    floor_fen = pack.stipend_floor_fen(first) or 1
    post = InternPost.objects.create(
        base=base,
        title=f"演示见习岗{number + 1}",
        headcount=100,
        months=low + number % (high - low + 1),
        stipend_fen=floor_fen + pick.choice((0, 0, 20_000, 50_000)),
        open_from=first,
        open_until=day + OPEN_FOR,
    )
    for channel in pack.channels():
        PostPublication.objects.create(
            post=post, channel=channel, published_on=first, address="https://example.invalid/interns"
        )
    return post


def _candidates(first: date) -> list[Person]:
    """Invented people of an age, without work in the year or later."""
    youngest, oldest = (add_months(first, -12 * years) for years in AGED_WITHIN)
    last = Coalesce(F("left_on"), F("end_on"))
    standing = Placement.objects.annotate(last_on=last).filter(Q(last_on=None) | Q(last_on__gte=first))
    at_work = standing.values("person_id")
    people = Person.objects.filter(is_synthetic=True, merged_into=None, born_on__gte=oldest, born_on__lte=youngest)
    return list(people.exclude(pk__in=at_work).order_by("pk")[:PEOPLE_LOOKED_AT])


def _interns(pick: Random, first: date, posts: Sequence[InternPost], people: Sequence[Person], clerk_id: int) -> int:
    plans = [_spell(pick, first, person, pick.choice(posts)) for person in people]
    verdicts = judge([spell["asking"] for spell in plans])
    made = 0
    for number, (spell, verdict) in enumerate(zip(plans, verdicts, strict=True)):
        if verdict.verdict == "met":
            _held(pick, spell, number, clerk_id)
            made += 1
    return made


def _spell(pick: Random, first: date, person: Person, post: InternPost) -> dict[str, Any]:
    """A first day in the year, a group that fits the age, boundary days now and then."""
    start_on = add_months(first, pick.randrange(8)) + timedelta(days=pick.choice((0, 0, 0, 9, 14)))
    assert person.born_on is not None
    group = pick.choice(("graduate", "graduate", "student", "youth"))
    graduated_on = {
        "graduate": pick.choice((start_on, add_months(start_on, -24), add_months(start_on, -3))),
        "student": pick.choice((start_on, add_months(start_on, 6), add_months(start_on, 2))),
        "youth": None,
    }[group]
    end_on = last_day(start_on, post.months)
    return {
        "person": person,
        "post": post,
        "group": group,
        "graduated_on": graduated_on,
        "start_on": start_on,
        "end_on": end_on,
        "asking": Asking(group, person.born_on, graduated_on, start_on, end_on),
    }


def _held(pick: Random, spell: dict[str, Any], number: int, clerk_id: int) -> None:
    post, start_on, end_on = spell["post"], spell["start_on"], spell["end_on"]
    drawn = pick.random()
    state, ended_on, reasons = InternshipState.COMPLETED, end_on, ""
    if drawn < STILL_AGREED_SHARE:
        state, ended_on = InternshipState.AGREED, None
    elif drawn < STILL_AGREED_SHARE + INTERRUPTED_SHARE:
        state, ended_on, reasons = InternshipState.INTERRUPTED, add_months(start_on, 2), "本人另有打算"
    kept = state == InternshipState.COMPLETED and pick.random() < KEPT_SHARE
    internship = Internship.objects.create(
        person=spell["person"],
        unit=post.base.unit,
        post=post,
        group=spell["group"],
        graduated_on=spell["graduated_on"],
        start_on=start_on,
        end_on=end_on,
        ended_on=ended_on,
        end_reasons=reasons,
        state=state,
        agreement_on=start_on,
        insured_on=start_on if state != InternshipState.AGREED else None,
        insurance_number=f"演示保{number + 1:04d}" if state != InternshipState.AGREED else "",
        certificate_number=f"演示证{number + 1:04d}" if state == InternshipState.COMPLETED else "",
        contract_start_on=end_on + timedelta(days=1) if kept else None,
        contract_end_on=last_day(end_on + timedelta(days=1), pick.choice((6, 12, 24))) if kept else None,
        contract_open_ended=False if kept else None,
        contract_proof=Proof.DOCUMENTED,
        proof=Proof.DOCUMENTED,
        is_synthetic=True,
    )
    if state != InternshipState.AGREED and ended_on is not None:
        _months(pick, internship, post, ended_on)
        _afterwards(pick, internship, kept, ended_on, clerk_id)


def _months(pick: Random, internship: Internship, post: InternPost, ended_on: date) -> None:
    first = internship.start_on.replace(day=1)
    is_low = pick.random() < LOW_STIPEND_SHARE
    rows = []
    month = first
    while add_months(internship.start_on, len(rows) + 1) - timedelta(days=1) <= ended_on:
        rows.append(
            InternMonth(
                internship=internship,
                person=internship.person,
                month=month,
                attended_days=pick.randrange(18, 23),
                stipend_fen=post.stipend_fen - (10_000 if is_low and not rows else 0),
                paid_on=add_months(month, 1),
                proof=Proof.DECLARED if pick.random() < NO_PROOF_SHARE else Proof.DOCUMENTED,
            )
        )
        month = add_months(first, len(rows))
    InternMonth.objects.bulk_create(rows)


def _afterwards(pick: Random, internship: Internship, kept: bool, ended_on: date, clerk_id: int) -> None:
    """Follow-ups, of some interns only the first; insured months of those who were kept."""
    planned = follow_up_months(ended_on)
    asked = planned if pick.random() < 0.7 else planned[:1]
    for months in asked:
        InternFollowUp.objects.create(
            internship=internship,
            after_months=months,
            asked_on=add_months(ended_on, months),
            is_employed=kept or pick.random() < 0.5,
            is_at_the_unit=kept,
            asked_by_id=clerk_id,
        )
    if kept and internship.contract_start_on is not None:
        start = internship.contract_start_on.replace(day=1)
        months_paid = [
            AbsorptionMonth(internship=internship, month=add_months(start, number), proof=Proof.VERIFIED)
            for number in range(pick.randrange(3))
        ]
        AbsorptionMonth.objects.bulk_create(months_paid)


def _applications(pick: Random, first: date, posts: Sequence[InternPost], people: Sequence[Person]) -> None:
    """Applications that wait: eligible, recommended, refused for their age, without a day of graduation."""
    for number, person in enumerate(people):
        group = ("graduate", "youth", "student")[number % 3]
        start_on = add_months(first, pick.randrange(12))
        graduated_on = None if number % 4 == 3 or group == "youth" else start_on
        post = pick.choice(posts)
        asking = Asking(group, person.born_on, graduated_on, start_on, last_day(start_on, post.months))
        (found,) = judge([asking])
        state = {"met": ApplicationState.ELIGIBLE, "unmet": ApplicationState.REFUSED}.get(
            found.verdict, ApplicationState.APPLIED
        )
        is_recommended = state == ApplicationState.ELIGIBLE and number % 2 == 0
        InternApplication.objects.create(
            person=person,
            group=group,
            graduated_on=graduated_on,
            wished_start_on=start_on,
            wished_months=post.months,
            judged=found.kept(),
            wants=post,
            found_base=post.base if number % 5 == 0 else None,
            recommended_to=post if is_recommended else None,
            state=ApplicationState.RECOMMENDED if is_recommended else state,
            reasons="；".join(found.reasons)[:300] if state == ApplicationState.REFUSED else "",
        )
