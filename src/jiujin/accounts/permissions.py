"""The one table of who may enter which room; the navigation, the views and the test of every page read it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models

from jiujin.accounts.models import Role, User


class Room(models.TextChoices):
    """A part of the site that a role is let into as a whole."""

    PUBLIC = "public", "公开"
    HOME = "home", "今天"
    PLAN = "plan", "依据"
    ROSTERS = "rosters", "名单核对"
    USERS = "users", "账号"
    NEAR = "near", "附近工作"
    HIRING = "hiring", "招聘"
    PEOPLE = "people", "服务对象"
    VACANCY_REVIEW = "vacancy_review", "岗位审核"
    CIRCLES = "circles", "就业圈"
    CIRCLE_CHANGES = "circle_changes", "就业圈设置"
    MERGING = "merging", "重复人员"
    IMPORTS = "imports", "导入"
    CLAIMS = "claims", "申报"
    CLAIM_QUEUE = "claim_queue", "审核"
    FUNDS = "funds", "资金"
    FUND_CHANGES = "fund_changes", "资金记账"
    SIMULATION = "simulation", "测算"
    FAIRS = "fairs", "招聘会"
    FAIR_WORK = "fair_work", "招聘会现场"
    FAIR_CHANGES = "fair_changes", "招聘会管理"
    VISITS = "visits", "走访"
    POSTS = "posts", "公益性岗位"
    POST_CHANGES = "post_changes", "公益性岗位管理"
    INTERNSHIPS = "internships", "就业见习"
    INTERNSHIP_CHANGES = "internship_changes", "见习管理"
    INTERNSHIP_UNIT = "internship_unit", "我的见习基地"
    SCHOOLS = "schools", "技工院校"
    SCHOOL_LISTS = "school_lists", "招生名单"


EVERYONE = frozenset({Room.PUBLIC})
SIGNED_IN = EVERYONE | {Room.HOME, Room.PLAN}

# The three administrators keep the system; they do not see the content of anyone's work.
ROOMS: dict[Role, frozenset[Room]] = {
    Role.RESIDENT: EVERYONE | {Room.HOME, Room.NEAR},
    Role.EMPLOYER: SIGNED_IN | {Room.HIRING, Room.CLAIMS},
    Role.CLERK: SIGNED_IN
    | {
        Room.ROSTERS,
        Room.PEOPLE,
        Room.VACANCY_REVIEW,
        Room.CIRCLES,
        Room.CIRCLE_CHANGES,
        Room.MERGING,
        Room.IMPORTS,
        Room.CLAIM_QUEUE,
        Room.FUNDS,
        Room.SIMULATION,
    },
    Role.REVIEWER: SIGNED_IN
    | {Room.ROSTERS, Room.PEOPLE, Room.VACANCY_REVIEW, Room.CIRCLES, Room.CLAIM_QUEUE, Room.FUNDS},
    Role.FINANCE: SIGNED_IN | {Room.ROSTERS, Room.FUNDS, Room.FUND_CHANGES, Room.CLAIM_QUEUE, Room.SIMULATION},
    Role.OPERATOR: SIGNED_IN | {Room.ROSTERS, Room.PEOPLE, Room.CIRCLES, Room.CLAIMS},
    Role.SPECIALIST: SIGNED_IN | {Room.PEOPLE, Room.CIRCLES},
    Role.SCHOOL: SIGNED_IN | {Room.ROSTERS, Room.CLAIMS},
    Role.TOWNSHIP: SIGNED_IN | {Room.ROSTERS, Room.PEOPLE, Room.CIRCLES, Room.FUNDS},
    Role.SUPERVISOR: SIGNED_IN | {Room.ROSTERS, Room.CIRCLES, Room.CLAIM_QUEUE, Room.FUNDS},
    Role.LEADER: SIGNED_IN | {Room.CIRCLES, Room.CLAIM_QUEUE, Room.FUNDS, Room.SIMULATION},
    Role.ADMINISTRATOR: SIGNED_IN | {Room.USERS},
    Role.SECURITY_ADMINISTRATOR: SIGNED_IN,
    Role.AUDIT_ADMINISTRATOR: SIGNED_IN,
}

# The rooms of fairs, visits and public-welfare posts, by who works in them.
MORE_ROOMS: dict[Role, frozenset[Room]] = {
    Role.EMPLOYER: frozenset({Room.FAIRS, Room.POSTS}),
    Role.SCHOOL: frozenset({Room.FAIRS}),
    Role.CLERK: frozenset({Room.FAIRS, Room.FAIR_WORK, Room.FAIR_CHANGES, Room.VISITS, Room.POSTS, Room.POST_CHANGES}),
    Role.REVIEWER: frozenset({Room.FAIRS, Room.FAIR_WORK, Room.FAIR_CHANGES, Room.VISITS, Room.POSTS}),
    Role.TOWNSHIP: frozenset(
        {Room.FAIRS, Room.FAIR_WORK, Room.FAIR_CHANGES, Room.VISITS, Room.POSTS, Room.POST_CHANGES}
    ),
    Role.OPERATOR: frozenset({Room.FAIRS, Room.FAIR_WORK, Room.POSTS, Room.POST_CHANGES}),
    Role.SPECIALIST: frozenset({Room.FAIRS, Room.FAIR_WORK, Room.VISITS}),
    Role.SUPERVISOR: frozenset({Room.FAIRS, Room.POSTS}),
    Role.LEADER: frozenset({Room.FAIRS, Room.POSTS}),
}
# The rooms of internships and technical schools.
PROGRAMME_ROOMS: dict[Role, frozenset[Room]] = {
    Role.EMPLOYER: frozenset({Room.INTERNSHIPS, Room.INTERNSHIP_UNIT}),
    Role.SCHOOL: frozenset({Room.SCHOOLS, Room.SCHOOL_LISTS}),
    Role.CLERK: frozenset({Room.INTERNSHIPS, Room.INTERNSHIP_CHANGES, Room.SCHOOLS}),
    Role.REVIEWER: frozenset({Room.INTERNSHIPS, Room.INTERNSHIP_CHANGES, Room.SCHOOLS}),
    Role.FINANCE: frozenset({Room.SCHOOLS}),
    Role.TOWNSHIP: frozenset({Room.INTERNSHIPS}),
    Role.SUPERVISOR: frozenset({Room.INTERNSHIPS, Room.SCHOOLS}),
    Role.LEADER: frozenset({Room.INTERNSHIPS, Room.SCHOOLS}),
}
ROOMS = {
    role: rooms | MORE_ROOMS.get(role, frozenset()) | PROGRAMME_ROOMS.get(role, frozenset())
    for role, rooms in ROOMS.items()
}

# Payees (`payee.role` in a plan pack) that a role acts for: their schemes come first on that role's first page.
PAYEES: dict[Role, frozenset[str]] = {
    Role.OPERATOR: frozenset({"operator"}),
    Role.SCHOOL: frozenset({"technical_school"}),
}


def rooms_of(user: User | AnonymousUser) -> frozenset[Room]:
    """The rooms this person may enter; someone not signed in has only the public ones."""
    if not isinstance(user, User):
        return EVERYONE
    return ROOMS[Role(user.role)]


def may_enter(user: User | AnonymousUser, room: Room) -> bool:
    """Whether this person may enter the room."""
    return room in rooms_of(user)
