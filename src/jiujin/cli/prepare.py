"""What `jiujin run` does before it serves: schema, static files, the plan, and in demo mode the demo district.

It is a process of its own, so that breaking it off at any moment leaves the starter able to stop the database in order. What
takes time is said on stderr; the last line on stdout is the list of sign-ins as JSON.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from jiujin.cli.main import say
from jiujin.cli.serve import bring_up_to_date


def prepare(*, demo: Annotated[bool, typer.Option(help="装入演示数据")] = False) -> None:
    """为 run 准备数据库、静态文件、方案和演示数据；已经有的不动。"""
    bring_up_to_date()
    from jiujin.core.current_plan import current_plan
    from jiujin.registry.services.load_areas import load_areas
    from jiujin.work.services.load_occupations import load_occupations

    plan = current_plan()
    load_areas(plan=plan)
    load_occupations()
    say(f"方案：{plan.header.title}。")
    typer.echo(json.dumps(load_demo_district() if demo else []))


def load_demo_district() -> list[dict[str, Any]]:
    """Make the demo sign-ins and records where they are missing, and give the sign-ins."""
    from jiujin.accounts.services.create_demo_users import create_demo_users
    from jiujin.cli.demo_district import load_demo_if_missing

    load_demo_if_missing(progress=lambda stage, done, total: say(f"{stage}：{done}/{total}"))
    return [asdict(user) for user in create_demo_users()]
