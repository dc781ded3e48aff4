"""The payee's bank account: what is in use, what waits for confirmation, and a new one. Numbers are always masked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest
from jiujin.funds.errors import FundsRefused
from jiujin.funds.models import PayeeAccount
from jiujin.funds.services.set_account import set_account
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import Organisation
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.web.claims.scope import for_payees

UNPROCESSABLE = 422
HISTORY_ROWS = 20
STAR = "*"


class AccountForm(forms.Form):
    """Where the money is to go."""

    holder = forms.CharField(label=gettext_lazy("户名"), max_length=120, help_text=gettext_lazy("和单位名称一致"))
    bank = forms.CharField(label=gettext_lazy("开户行"), max_length=120, help_text=gettext_lazy("写到支行"))
    number = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    file = forms.FileField(label=gettext_lazy("开户许可证或银行证明"), required=False)


def masked_account(number: str | None) -> str:
    """An account number with only its last four digits."""
    text = number or ""
    return STAR * max(len(text) - 4, 0) + text[-4:]


def account_in_use(organisation: Organisation) -> PayeeAccount | None:
    """The account that money goes to now."""
    return (
        PayeeAccount.objects.filter(organisation=organisation, confirmed_at__isnull=False, ended_at=None)
        .order_by("pk")
        .first()
    )


def account_words(organisation: Organisation | None) -> str:
    """The account in use on one line, masked."""
    account = account_in_use(organisation) if organisation else None
    if account is None:
        return "还没有确认的账户"
    return f"{account.holder}，{account.bank}，{masked_account(account.number)}"


@for_payees
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The page."""
    form = AccountForm(request.POST or None, request.FILES or None, initial={"holder": organisation.name})
    if request.method != "POST":
        return _page(request, organisation, form)
    if not form.is_valid():
        return _page(request, organisation, form, UNPROCESSABLE)
    given = form.cleaned_data
    try:
        upload = given["file"]
        proof = keep_evidence(subject=organisation, upload=upload, kind="", actor=request.user) if upload else None
        set_account(
            organisation=organisation,
            holder=given["holder"],
            bank=given["bank"],
            number=given["number"],
            actor=request.user,
            now=timezone.now(),
            proof=proof,
        )
    except (FundsRefused, RegistryError) as error:
        form.add_error(None, str(error))
        return _page(request, organisation, form, UNPROCESSABLE)
    messages.success(request, _("账户已登记，等财务人员核对确认。确认以前，还按原来的账户拨付。"))
    return redirect("claims:account")


def _page(request: SignedInRequest, organisation: Organisation, form: AccountForm, status: int = 200) -> HttpResponse:
    held = PayeeAccount.objects.filter(organisation=organisation).order_by("-pk")[:HISTORY_ROWS]
    shown = [{"account": each, "number": masked_account(each.number)} for each in held]
    context = {"organisation": organisation, "accounts": shown, "form": form}
    return render(request, "claims/account.html", context, status=status)
