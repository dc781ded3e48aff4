"""The funds as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Adds what the accounts say to what is compared of claim lines."""

    name = "jiujin.funds"

    def ready(self) -> None:
        """Lines are held against the payees' accounts too."""
        from jiujin.claims.marks import sentences
        from jiujin.claims.services.compare_lines import more_marks
        from jiujin.funds.account_marks import RULE, account_marks, account_words

        more_marks.append(account_marks)
        sentences[RULE] = account_words
