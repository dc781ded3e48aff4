"""What a password must be."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _

# No letter or digit that looks like another on paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4


def made_password() -> str:
    """A password to be handed over and changed: four groups of four readable characters, about 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


class LongEnough(MinimumLengthValidator):
    """Django's minimum length, in our words (its own sentence has no Chinese)."""

    def get_error_message(self) -> str:
        """What is said of a password that is too short."""
        return _("密码太短，密码没有改。至少 %(count)s 位。") % {"count": self.min_length}

    def get_help_text(self) -> str:
        """What is asked."""
        return _("密码至少 %(count)s 位。") % {"count": self.min_length}
