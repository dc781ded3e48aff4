"""Puts down a payee's bank account, which another person is to confirm before money goes there."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import AccountWrong
from jiujin.funds.models import PayeeAccount
from jiujin.registry.models import EvidenceFile, Organisation

NUMBER = re.compile(r"\d{8,32}")
BLANKS = re.compile(r"[\s-]+")


@transaction.atomic
def set_account(
    *,
    organisation: Organisation,
    holder: str,
    bank: str,
    number: str,
    actor: User,
    now: datetime,
    proof: EvidenceFile | None = None,
) -> PayeeAccount:
    """An account that waits for its confirmation; one that waited before is ended by it. The same again is once.

    Raises AccountWrong.
    """
    bare = BLANKS.sub("", number)
    if not NUMBER.fullmatch(bare) or not holder.strip() or not bank.strip():
        raise AccountWrong
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    said = {"holder": holder.strip(), "bank": bank.strip(), "number_index": bare}
    living = PayeeAccount.objects.filter(organisation=organisation, ended_at=None)
    if same := living.filter(**said).order_by("-pk").first():
        return same
    living.filter(confirmed_at=None).update(ended_at=now)
    account = PayeeAccount.objects.create(
        organisation=organisation,
        holder=holder.strip(),
        bank=bank.strip(),
        number=bare,
        proof=proof,
        entered_by=actor,
    )
    record_event(actor=actor, verb="account_entered", subject=account, details={"organisation": organisation.pk})
    return account
