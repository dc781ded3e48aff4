"""Checks every student of an intake at once: history and duplicates by SQL over all intakes, path and years by the plan's rules."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.rules.explain import Explainer, value_text
from jiujin.rules.judge import fetch_judged
from jiujin.rules.records import records_source
from jiujin.schools import pack
from jiujin.schools.models import Enrolment, Intake

UPGRADED, TWO_SCHOOLS, TWO_YEARS, WRONG_PATH, WRONG_YEARS = (
    "upgraded",
    "two_schools",
    "two_years",
    "wrong_path",
    "wrong_years",
)

# Of each student, what other lists say: an earlier and lower class here or elsewhere, and another list that counts them too.
HISTORY: Final = """
SELECT mine.id,
  bool_or(other.school_id = mine.school_id AND is_lower) AS here,
  bool_or(other.school_id <> mine.school_id AND is_lower) AS elsewhere,
  bool_or(other.school_id <> mine.school_id AND NOT is_lower AND NOT is_higher) AS two_schools,
  bool_or(other.school_id = mine.school_id AND NOT is_lower AND NOT is_higher) AS two_years,
  min(school.name) FILTER (WHERE other.school_id <> mine.school_id AND NOT is_lower AND NOT is_higher) AS other_school,
  min(theirs.year) FILTER (WHERE NOT is_higher) AS other_year
FROM schools_enrolment AS mine
JOIN schools_intake AS ours ON ours.id = mine.intake_id
JOIN schools_enrolment AS other ON other.person_id = mine.person_id AND other.id <> mine.id
JOIN schools_intake AS theirs ON theirs.id = other.intake_id
JOIN registry_organisation AS school ON school.id = other.school_id
CROSS JOIN LATERAL (SELECT
  coalesce((theirs.year, theirs.season = 'autumn') < (ours.year, ours.season = 'autumn')
    AND array_position(%(order)s::text[], other.class_type) < array_position(%(order)s::text[], mine.class_type), FALSE)
    AS is_lower,
  coalesce((theirs.year, theirs.season = 'autumn') > (ours.year, ours.season = 'autumn')
    AND array_position(%(order)s::text[], other.class_type) > array_position(%(order)s::text[], mine.class_type), FALSE)
    AS is_higher) AS compared
WHERE mine.intake_id = %(intake)s
GROUP BY mine.id
"""
KEEP: Final = """
UPDATE schools_enrolment AS held SET verdict = told.verdict, reasons = told.reasons::jsonb, marks = told.marks::jsonb
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS told(id, verdict, reasons, marks)
WHERE held.id = told.id AND (held.verdict, held.reasons, held.marks)
  IS DISTINCT FROM (told.verdict, told.reasons::jsonb, told.marks::jsonb)
"""
UPGRADES: Final = """
UPDATE schools_enrolment AS held SET upgraded_from = told.source
FROM unnest(%s::bigint[], %s::text[]) AS told(id, source) WHERE held.id = told.id AND held.upgraded_from <> told.source
"""


@transaction.atomic
def check_intake(*, intake: Intake) -> None:
    """Write of every student: where they were upgraded from as their history shows, marks, verdict and reasons.

    It belongs to the transaction of what changed the list, which writes the event. Enrolments of other intakes stay as they are.
    """
    marks: dict[int, list[str]] = {}
    sentences: dict[int, list[str]] = {}
    _mark_history(intake, marks, sentences)
    plan = plan_in_force()
    _mark_paths(plan, intake, marks, sentences)
    with connection.cursor() as cursor:
        program = pack.program_of_lists(plan)
        source = records_source(program, Enrolment._meta.db_table, where=f"subject.intake_id = {int(intake.pk)}")
        judged = fetch_judged(cursor, program, source, limited=False)  # a list has a person once: claims keep the limit
        reasons = Explainer(program).reasons(judged, str, {})
        ids, verdicts = judged["ord"].to_pylist(), judged["verdict"].to_pylist()
        told = [[*sentences.get(pk, ()), *found] for pk, found in zip(ids, reasons, strict=True)]
        kept = [json.dumps(each, ensure_ascii=False) for each in told]
        marked = [json.dumps(marks.get(pk, [])) for pk in ids]
        cursor.execute(KEEP, [ids, verdicts, kept, marked])


def _mark_history(intake: Intake, marks: dict[int, list[str]], sentences: dict[int, list[str]]) -> None:
    sources: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, {"intake": intake.pk, "order": pack.class_order()})
        for pk, here, elsewhere, two_schools, two_years, school, year in cursor.fetchall():
            found, said = marks.setdefault(pk, []), sentences.setdefault(pk, [])
            if here or elsewhere:
                sources[pk] = pack.SAME_SCHOOL if here else pack.OTHER_SCHOOL
                found.append(UPGRADED)
                where = _("本校") if here else _("外校")
                said.append(_("%(year)s 年起在%(where)s读过低一级的班，按转升算") % {"year": year, "where": where})
            if two_schools:
                found.append(TWO_SCHOOLS)
                said.append(_("“%(school)s”的名单里也有这个人") % {"school": school})
            if two_years:
                found.append(TWO_YEARS)
                said.append(_("本校 %(year)s 年的名单里已有这个人") % {"year": year})
        cursor.execute(UPGRADES, [list(sources), list(sources.values())])


def _mark_paths(plan: Plan, intake: Intake, marks: dict[int, list[str]], sentences: dict[int, list[str]]) -> None:
    """Tell a path that the plan does not have from one that takes other years."""
    days: dict[date, dict[tuple[str, str], list[int]]] = {}
    rows = Enrolment.objects.filter(intake=intake, enrolled_on__isnull=False, schooling_years__isnull=False)
    rows = rows.exclude(class_type="").exclude(entry_level="")
    for pk, day, class_type, entry_level, years in rows.values_list(
        "pk", "enrolled_on", "class_type", "entry_level", "schooling_years"
    ).order_by("pk"):
        if day not in days:
            days[day] = pack.years_by_path(day)
        allowed = days[day].get((class_type, entry_level))
        if allowed is None:
            marks.setdefault(pk, []).append(WRONG_PATH)
            sentences.setdefault(pk, []).append(_no_path(plan, class_type, entry_level))
        elif years not in allowed:
            marks.setdefault(pk, []).append(WRONG_YEARS)
            text = _("这条路径的学制是 %(allowed)s 年，名单写 %(years)s 年")
            words: dict[str, Any] = {"allowed": "、".join(map(str, allowed)), "years": years}
            sentences.setdefault(pk, []).append(text % words)


def _no_path(plan: Plan, class_type: str, entry_level: str) -> str:
    words = {
        "class": value_text(plan.facts["class_type"], class_type),
        "entry": value_text(plan.facts["entry_level"], entry_level),
    }
    return _("方案没有“%(entry)s”读“%(class)s”这条路径") % words
