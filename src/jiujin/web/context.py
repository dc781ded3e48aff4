"""What every page's template knows: its shell, the menu, the plan it stands on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from jiujin.accounts.models import Role, User
from jiujin.core.current_plan import current_plan
from jiujin.web.navigation import menu_for

WORKBENCH_ROLES = frozenset({Role.EMPLOYER, Role.OPERATOR, Role.SCHOOL})


def shell(request: HttpRequest) -> dict[str, Any]:
    """The page's frame: plain where nobody is signed in, a phone's for residents, a workbench for organisations, a desk for officers."""
    user = getattr(request, "user", None)
    header = current_plan().header
    if not isinstance(user, User):
        return {"shell": "shells/plain.html", "plan_header": header}
    if user.role == Role.RESIDENT:
        return {"shell": "shells/phone.html", "plan_header": header}
    is_workbench = user.role in WORKBENCH_ROLES
    frame = "shells/workbench.html" if is_workbench else "shells/desk.html"
    return {"shell": frame, "plan_header": header, "menu": menu_for(request), "menu_folds": is_workbench}
