"""Confirms a payee's account that another person entered; it takes the place of the one in use."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import AccountEnded, NeedsAnother
from jiujin.funds.models import PayeeAccount
from jiujin.registry.models import Organisation


@transaction.atomic
def confirm_account(*, account: PayeeAccount, actor: User, now: datetime) -> PayeeAccount:
    """Confirm; asked twice is once. Raises NeedsAnother, AccountEnded."""
    Organisation.objects.select_for_update().get(pk=account.organisation_id)
    account = PayeeAccount.objects.get(pk=account.pk)
    if account.ended_at is not None:
        raise AccountEnded
    if account.confirmed_at is not None:
        return account
    if actor.pk == account.entered_by_id:
        raise NeedsAnother
    in_use = PayeeAccount.objects.filter(
        organisation=account.organisation_id, confirmed_at__isnull=False, ended_at=None
    )
    in_use.update(ended_at=now)
    account.confirmed_by, account.confirmed_at = actor, now
    account.save(update_fields=["confirmed_by", "confirmed_at"])
    record_event(
        actor=actor, verb="account_confirmed", subject=account, details={"organisation": account.organisation_id}
    )
    return account


@transaction.atomic
def end_account(*, account: PayeeAccount, actor: User, now: datetime) -> PayeeAccount:
    """Stop an account being used; asked twice is once."""
    Organisation.objects.select_for_update().get(pk=account.organisation_id)
    account = PayeeAccount.objects.get(pk=account.pk)
    if account.ended_at is None:
        account.ended_at = now
        account.save(update_fields=["ended_at"])
        record_event(
            actor=actor, verb="account_ended", subject=account, details={"organisation": account.organisation_id}
        )
    return account
