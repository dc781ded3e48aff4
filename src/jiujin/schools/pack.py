"""What the plan pack says of schools: its scheme, the columns of its list, the paths and years. No path stands in this room."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from jiujin.core.current_plan import current_plan
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.plan.parameters import value_on
from jiujin.rules import Program, compile_scheme
from jiujin.sheets import Column, columns_of

SUBJECT: Final = "enrolment"  # what a list's lines are in the plan: its scheme is the one judged of them
PATHS: Final = "schooling_paths"
SCHOOL, IDENTITY, CLASS_TYPE = "school", "id_number", "class_type"
SAME_SCHOOL, OTHER_SCHOOL = "same_school", "other_school"

_plans: dict[str, Plan] = {}


def scheme_id() -> str:
    """The plan's scheme for new students, found by its subject."""
    return current_plan().scheme_about(SUBJECT).id


def list_columns() -> list[Column]:
    """The facts of a list, as the plan's sheet has them."""
    plan = current_plan()
    return columns_of(plan, plan.scheme_about(SUBJECT))


def class_order() -> list[str]:
    """The kinds of class from the lowest to the highest: the order in which the plan's fact lists them."""
    return list(current_plan().facts[CLASS_TYPE].choices)


def years_by_path(day: date) -> dict[tuple[str, str], list[int]]:
    """For each class and entry level of the plan, the years that it may take, on a day."""
    table = value_on(plan_in_force(), PATHS, day)
    found: dict[tuple[str, str], list[int]] = {}
    for row in table if isinstance(table, tuple) else ():
        assert isinstance(row, tuple)
        found.setdefault((str(row[0]), str(row[1])), []).append(int(row[2]))
    return found


def program_of_lists(plan: Plan) -> Program:
    """The scheme compiled over records; once a version of the plan."""
    _plans[plan.digest] = plan
    return _program(plan.digest)


@lru_cache(maxsize=20)
def _program(digest: str) -> Program:
    plan = _plans[digest]
    return compile_scheme(plan, plan.scheme_about(SUBJECT), records=True)
