"""Makes the sign-ins of a demonstration, one a role; a real installation refuses."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from jiujin.accounts.errors import DemoOnly
from jiujin.accounts.models import Role, User

DEMO_PASSWORD = "jiujin-demo-2022"


@dataclass(frozen=True)
class DemoUser:
    """A demonstration sign-in, to be shown to whoever starts it."""

    username: str
    password: str
    role_label: str


@dataclass(frozen=True)
class _Cast:
    username: str
    display_name: str
    role: Role
    organisation_name: str = ""


CAST = (
    _Cast("jingban", "演示经办", Role.CLERK, "演示区就业服务中心"),
    _Cast("fushen", "演示复审", Role.REVIEWER, "演示区就业服务中心"),
    _Cast("caiwu", "演示财务", Role.FINANCE, "演示区人社局"),
    _Cast("danwei", "演示单位", Role.EMPLOYER, "演示用人单位"),
    _Cast("zhuanyuan", "演示专员", Role.SPECIALIST, "演示区就业服务中心"),
    _Cast("jumin", "演示居民", Role.RESIDENT),
    _Cast("yunying", "演示运营", Role.OPERATOR, "演示运营机构"),
    _Cast("xuexiao", "演示院校", Role.SCHOOL, "演示技工学校"),
    _Cast("xiangzhen", "演示乡镇", Role.TOWNSHIP, "演示乡镇"),
    _Cast("ducha", "演示督查", Role.SUPERVISOR, "演示区人社局"),
    _Cast("lingdao", "演示领导", Role.LEADER, "演示区人社局"),
    _Cast("guanli", "演示系统管理员", Role.ADMINISTRATOR, "演示区人社局"),
    _Cast("anquan", "演示安全管理员", Role.SECURITY_ADMINISTRATOR, "演示区人社局"),
    _Cast("jingban2", "演示经办二", Role.CLERK, "演示区就业服务中心"),
    _Cast("caiwu2", "演示财务复核", Role.FINANCE, "演示区人社局"),
    _Cast("shenji", "演示审计管理员", Role.AUDIT_ADMINISTRATOR, "演示区人社局"),
)


@transaction.atomic
def create_demo_users() -> list[DemoUser]:
    """The demonstration's sign-ins, made where missing; one that exists is left as it is.

    Raises DemoOnly outside demo mode.
    """
    if not settings.DEMO:
        raise DemoOnly
    for part in CAST:
        _make_if_missing(part)
    return demo_users()


def demo_users() -> list[DemoUser]:
    """The demonstration's sign-ins as a person needs them, made or not; none outside demo mode."""
    if not settings.DEMO:
        return []
    return [DemoUser(part.username, DEMO_PASSWORD, str(part.role.label)) for part in CAST]


def _make_if_missing(part: _Cast) -> None:
    if User.objects.filter(username=part.username).exists():
        return
    user = User(
        username=part.username,
        display_name=part.display_name,
        role=part.role,
        organisation_name=part.organisation_name,
    )
    user.set_password(DEMO_PASSWORD)
    user.save()
