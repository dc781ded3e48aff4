"""Reads, checks, compares and cites plan packs."""

from jiujin.plan.errors import PlanInvalid, PlanNotFound, Problem
from jiujin.plan.load import demo_settings, digest_of, find_plan, list_plans, plans_dir, read_pack
from jiujin.plan.models import Plan, Scheme
from jiujin.plan.parameters import parse_setting, parse_value

__all__ = [
    "Plan",
    "PlanInvalid",
    "PlanNotFound",
    "Problem",
    "Scheme",
    "demo_settings",
    "digest_of",
    "find_plan",
    "list_plans",
    "parse_setting",
    "parse_value",
    "plans_dir",
    "read_pack",
]
