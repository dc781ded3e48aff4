"""What keeps a line from being paid, said line by line; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from jiujin.claims.models import ClaimLine, Objection
from jiujin.claims.states import LineState, MatterState
from jiujin.core.bulk import among
from jiujin.funds.models import PayeeAccount, PaymentItem, Recovery
from jiujin.funds.states import ItemState, RecoveryState

SHARED = """
SELECT own.organisation_id, min(organisation.name) FROM funds_payeeaccount AS own
JOIN funds_payeeaccount AS other ON other.number_index = own.number_index AND other.organisation_id <> own.organisation_id
    AND other.confirmed_at IS NOT NULL AND other.ended_at IS NULL
JOIN registry_organisation AS organisation ON organisation.id = other.organisation_id
WHERE own.organisation_id = ANY(%s) AND own.confirmed_at IS NOT NULL AND own.ended_at IS NULL GROUP BY own.organisation_id
"""


def accounts_in_use(organisations: Iterable[int | None]) -> dict[int, PayeeAccount]:
    """The account in use of each payee that has one, by the payee's id."""
    held = PayeeAccount.objects.filter(
        organisation__in={each for each in organisations if each is not None},
        confirmed_at__isnull=False,
        ended_at=None,
    ).select_related("organisation")
    return {account.organisation_id: account for account in held}


def blocked(lines: Sequence[ClaimLine], accounts: Mapping[int, PayeeAccount]) -> dict[int, str]:
    """Why lines cannot be paid now, by line id; a line that is not named can. `accounts` are by payee."""
    ids = among(line.pk for line in lines)
    stopped = set(Objection.objects.filter(line__in=ids, state=MatterState.RAISED).values_list("line_id", flat=True))
    paid = set(PaymentItem.objects.filter(line__in=ids, state=ItemState.SETTLED).values_list("line_id", flat=True))
    recovering = set(
        Recovery.objects.filter(
            Q(line__in=ids) | Q(line__corrections__in=ids), state=RecoveryState.DEMANDED
        ).values_list("line_id", flat=True)
    )
    overpaid = set(
        ClaimLine.objects.filter(corrects__in=ids, state=LineState.CORRECTED, amount_fen__lt=0).values_list(
            "corrects_id", flat=True
        )
    )
    waiting = _accounts_waiting(line.payee_id for line in lines)
    shared = shared_accounts(line.payee_id for line in lines)
    found = {}
    for line in lines:
        why = _of_line(line, stopped, paid, recovering, overpaid) or _of_account(
            line, accounts.get(line.payee_id or 0), waiting, shared
        )
        if why:
            found[line.pk] = why
    return found


def _of_line(line: ClaimLine, stopped: set[int], paid: set[int], recovering: set[int], overpaid: set[int]) -> str:
    if line.state != LineState.SCHEDULED:
        return _("不在待拨付状态")
    if line.pk in paid:
        return _("已经付过")
    if line.is_stopped or line.pk in stopped:
        return _("有异议还没有处理完")
    if line.pk in recovering or line.corrects_id in recovering:
        return _("有一笔款正在追回")
    if line.pk in overpaid:
        return _("更正后不该付这么多：移出拨付，撤销批准，再重新申报")
    if not line.amount_fen:
        return _("金额是零")
    return ""


def _of_account(line: ClaimLine, account: PayeeAccount | None, waiting: set[int], shared: Mapping[int, str]) -> str:
    if line.payee_id is None:
        return _("没有收款单位")
    if account is None:
        return _("账号还没有第二个人确认") if line.payee_id in waiting else _("没有在用的收款账号")
    if account.holder.strip() != account.organisation.name.strip():
        return _("户名“%(holder)s”和收款单位的名称不一致") % {"holder": account.holder}
    if other := shared.get(account.organisation_id):
        return _("账号和“%(other)s”的相同") % {"other": other}
    return ""


def _accounts_waiting(organisations: Iterable[int | None]) -> set[int]:
    return set(
        PayeeAccount.objects.filter(
            organisation__in={each for each in organisations if each is not None}, confirmed_at=None, ended_at=None
        ).values_list("organisation_id", flat=True)
    )


def shared_accounts(organisations: Iterable[int | None]) -> dict[int, str]:
    """Payees whose account in use another payee has too: the other's name, by the payee's id."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [sorted({each for each in organisations if each is not None})])
        return dict(cursor.fetchall())
