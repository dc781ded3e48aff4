"""Loads the demo district: each room adds its own part, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from jiujin.core.current_plan import current_plan
from jiujin.core.environment import DEMO_PEOPLE_MAX
from jiujin.core.models import DemoDistrict
from jiujin.registry.demo import clear_registry, fill_registry
from jiujin.registry.services.load_areas import load_areas
from jiujin.work.demo import DemoPlacements, clear_work

EDITION = 1  # raise it when the same seed and size give other records
DEFAULT_SEED = 1
LOCK = 0x6A69756A  # pg_advisory_xact_lock: two loads at once would each see nothing loaded
Progress = Callable[[str, int, int], None]


class DemoRefused(Exception):
    """A demo district that is not loaded; the text says why, and what to do."""


@dataclass(frozen=True)
class DemoLoad:
    """What is loaded, and whether this call loaded it."""

    people: int
    seed: int
    is_new: bool


def load_demo(
    *, people: int, seed: int, replace: bool = False, progress: Progress = lambda stage, done, total: None
) -> DemoLoad:
    """Load the demo district, all or nothing; the one that is there already, of this size and seed, is left as it is.

    Args:
        people: 1 to DEMO_PEOPLE_MAX.
        replace: take out the demo district that is there first; records of real people are not touched.
        progress: told the stage, what is done and the total.

    Raises DemoRefused outside demo mode, for an impossible size, and where another demo district is there.
    """
    if not settings.DEMO:
        raise DemoRefused("演示数据只能装进演示用的系统，没有装入任何数据。要演示，请设 JIUJIN_DEMO=1 再运行。")
    if not 1 <= people <= DEMO_PEOPLE_MAX:
        raise DemoRefused(f"人数应在 1 到 {DEMO_PEOPLE_MAX} 之间，没有装入任何数据。请改 --people。")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        loaded = DemoDistrict.objects.first()
        if loaded and not replace:
            return _kept(loaded, people, seed)
        if loaded:
            progress("清除原有演示数据", 0, 0)
            _clear()
        _fill(people, seed, progress)
        DemoDistrict.objects.create(people=people, seed=seed, edition=EDITION)
    return DemoLoad(people, seed, True)


def load_demo_if_missing(*, progress: Progress = lambda stage, done, total: None) -> DemoLoad:
    """Load a demo district of the size in the settings; any that is there already, whatever its size, is left as it is.

    Raises DemoRefused outside demo mode.
    """
    loaded = DemoDistrict.objects.first()
    if loaded:
        return DemoLoad(loaded.people, loaded.seed, False)
    return load_demo(people=settings.DEMO_PEOPLE, seed=DEFAULT_SEED, progress=progress)


def _kept(loaded: DemoDistrict, people: int, seed: int) -> DemoLoad:
    if (loaded.people, loaded.seed, loaded.edition) != (people, seed, EDITION):
        raise DemoRefused(
            f"已经有一份演示数据（{loaded.people} 人，种子 {loaded.seed}），没有改动。要换掉它，请加 --replace。"
        )
    return DemoLoad(people, seed, False)


def _clear() -> None:
    clear_work()
    clear_registry()
    DemoDistrict.objects.all().delete()


def _fill(people: int, seed: int, progress: Progress) -> None:
    plan = current_plan()
    load_areas(plan=plan)
    done = 0
    batches = fill_registry(plan=plan, people=people, seed=seed)
    placements: DemoPlacements | None = None
    for person_ids in batches:
        placements = placements or DemoPlacements(plan=plan, seed=seed)  # once the organisations are there
        placements.place(person_ids)
        done += len(person_ids)
        progress("生成人员和就业记录", done, people)
