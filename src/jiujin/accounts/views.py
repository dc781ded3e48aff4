"""Signing in and out, and changing one's password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from jiujin.accounts.access import in_room
from jiujin.accounts.forms import ChangePasswordForm, SignInForm
from jiujin.accounts.permissions import Room
from jiujin.accounts.services.create_demo_users import demo_users


class SignIn(LoginView):
    """The way in. Someone already signed in goes on to the first page."""

    authentication_form = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    next_page = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and in demo mode the demonstration's sign-ins."""
        return super().get_context_data(demo_users=demo_users(), **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again with what is wrong; 422, so that no browser takes it for a success."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOut(LogoutView):
    """The way out, by POST only."""

    http_method_names = ["post", "options"]
    next_page = "accounts:sign-in"


class ChangePassword(PasswordChangeView):
    """A new password for the person signed in; the session goes on."""

    form_class = ChangePasswordForm
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and say so."""
        response = super().form_valid(form)
        messages.success(self.request, _("密码已改。下次登录请用新密码。"))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again with what is wrong."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


sign_in = in_room(Room.PUBLIC)(SignIn.as_view())
sign_out = in_room(Room.PUBLIC)(SignOut.as_view())
change_password = in_room(Room.HOME)(ChangePassword.as_view())
