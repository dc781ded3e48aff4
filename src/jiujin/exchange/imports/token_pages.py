"""The pages on which an administrator makes and revokes the tokens of programs, and an officer those of their own."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.exchange.imports.errors import EmployerAmbiguous, EmployerUnknown
from jiujin.exchange.imports.models import ApiToken
from jiujin.exchange.imports.scope import organisation_named
from jiujin.exchange.imports.services.change_tokens import (
    PERSON_TOKEN_AGE,
    make_own_token,
    make_token,
    revoke_token,
)
from jiujin.registry.models import Organisation

UNPROCESSABLE: Final = 422
TOKENS_SHOWN_MAX: Final = 200


class TokenForm(forms.Form):
    """What the token is for."""

    name = forms.CharField(label=gettext_lazy("用途"), max_length=60)
    source = forms.RegexField(
        r"^[a-z][a-z0-9-]*$",
        label=gettext_lazy("来源系统"),
        max_length=40,
        help_text=gettext_lazy("小写字母开头，如 hr-platform；同一系统换令牌时写同一个，才认得以前报过的记录"),
        error_messages={"invalid": gettext_lazy("只能用小写字母、数字和 -，以字母开头。")},
    )
    organisation = forms.CharField(
        label=gettext_lazy("限于哪个单位"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("统一社会信用代码或名称；空着是区人社部门，可以报所有人员和单位"),
    )

    def clean_organisation(self) -> Organisation | None:
        """The organisation that was named."""
        written = self.cleaned_data["organisation"].strip()
        try:
            return organisation_named(written, field="organisation") if written else None
        except (EmployerUnknown, EmployerAmbiguous) as error:
            raise forms.ValidationError(str(error)) from error


@in_room(Room.USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """The tokens; a POST makes one, whose text this page shows once."""
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = make_token(actor=request.user, **form.cleaned_data)
        form = TokenForm()
    context = {
        "form": form,
        "made": made,
        "tokens": ApiToken.objects.select_related("organisation", "person", "made_by").order_by("-made_at", "-pk")[:TOKENS_SHOWN_MAX],
    }  # fmt: skip
    return render(request, "imports/tokens.html", context, status=UNPROCESSABLE if form.errors else 200)


@in_room(Room.USERS)
@require_POST
def revoke(request: SignedInRequest, token_id: int) -> HttpResponse:
    """Let a token open nothing from now on."""
    token = ApiToken.objects.filter(pk=token_id).first()
    if token is None:
        raise Http404
    revoke_token(token=token, actor=request.user)
    messages.success(request, _("已停用“%(name)s”，用它的程序不能再报送。") % {"name": token.name})
    return redirect("imports:tokens")


class OwnTokenForm(forms.Form):
    """What the token is for, and the password once more: a token outlives the sitting at which it is made."""

    name = forms.CharField(label=gettext_lazy("用途"), max_length=60)
    password = forms.CharField(
        label=gettext_lazy("您的密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user: User, *given: Any) -> None:
        super().__init__(*given)
        self.user = user

    def clean_password(self) -> str:
        """The password, if it is the person's."""
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("密码不对，没有做令牌。"))
        return password


@in_room(Room.CLAIM_QUEUE)
@require_http_methods(["GET", "HEAD", "POST"])
def own_tokens(request: SignedInRequest) -> HttpResponse:
    """One's own tokens; a POST makes one, whose text this page shows once."""
    form = OwnTokenForm(request.user, request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = make_own_token(name=form.cleaned_data["name"], actor=request.user)
        form = OwnTokenForm(request.user)
    context = {
        "form": form,
        "made": made,
        "days": PERSON_TOKEN_AGE.days,
        "tokens": request.user.api_tokens.order_by("-made_at", "-pk")[:TOKENS_SHOWN_MAX],
    }
    return render(request, "imports/own_tokens.html", context, status=UNPROCESSABLE if form.errors else 200)


@in_room(Room.CLAIM_QUEUE)
@require_POST
def revoke_own(request: SignedInRequest, token_id: int) -> HttpResponse:
    """Let a token of one's own open nothing from now on."""
    token = request.user.api_tokens.filter(pk=token_id).first()
    if token is None:
        raise Http404
    revoke_token(token=token, actor=request.user)
    messages.success(request, _("已停用“%(name)s”，用它的程序不能再替您办。") % {"name": token.name})
    return redirect("imports:own-tokens")
