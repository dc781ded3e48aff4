"""What can stand in the way of money. Each error's text is the sentence for the person: what happened, what was kept, the mend."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class FundsRefused(ValueError):
    """The base of them; nothing was changed."""


class BudgetShort(FundsRefused):
    """An account would go below nothing."""

    def __init__(self, purses: Sequence[int]) -> None:
        self.purses = list(purses)
        super().__init__(_("预算余额不够，没有记账。请先追加预算，或减少这一批。"))
