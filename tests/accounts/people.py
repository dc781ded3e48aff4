"""People who sign in, for tests."""

from __future__ import annotations

from itertools import count

from jiujin.accounts.models import Role, User

PASSWORD = "a-long-enough-password"
_numbers = count(1)


def someone(role: Role = Role.CLERK, **fields: str) -> User:
    """A user of that role whose password is PASSWORD."""
    number = next(_numbers)
    user = User(**{"username": f"person-{number}", "display_name": f"测试{number}", "role": role, **fields})
    user.set_password(PASSWORD)
    user.save()
    return user
