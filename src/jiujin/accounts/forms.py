"""Sign-in and password forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiujin.accounts.address import client_address
from jiujin.accounts.errors import SignInLocked
from jiujin.accounts.services.count_sign_ins import count_try, forgive_tries


class SignInForm(AuthenticationForm):
    """Username and password; every try is counted, too many are refused whatever the password."""

    request: HttpRequest
    error_messages = {
        "invalid_login": _("用户名或密码不对，没有登录。请检查大小写和输入法后再试；忘记密码请找系统管理员重置。"),
        "inactive": _("这个账号已停用，没有登录。需要恢复请找系统管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")

    def clean(self) -> dict[str, Any]:
        """Count the try, then look at the password; the right one forgives the tries before it."""
        username, address = self.cleaned_data.get("username"), client_address(self.request)
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        try:
            count_try(username=username, address=address, now=timezone.now())
        except SignInLocked as error:
            raise ValidationError(str(error), code="locked") from error
        cleaned = super().clean()
        forgive_tries(username=username, address=address)
        return cleaned


class ChangePasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    error_messages = {
        "password_mismatch": _("两次输入的新密码不一样，密码没有改。请重新输入。"),
        "password_incorrect": _("原密码不对，密码没有改。请重新输入。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"old_password": _("原密码"), "new_password1": _("新密码"), "new_password2": _("再输一次新密码")}
        for name, label in labels.items():
            field: forms.Field = self.fields[name]
            field.label = label
        self.fields["new_password1"].help_text = _("至少 %(count)s 位，不要用姓名、单位或常见的密码。") % {
            "count": settings.PASSWORD_LENGTH_MIN
        }
