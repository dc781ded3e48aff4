"""The system administrator's pages: who may sign in, as what, for which area."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.errors import OwnAccount
from jiujin.accounts.models import Role, User
from jiujin.accounts.passwords import made_password
from jiujin.accounts.permissions import Room
from jiujin.accounts.services.change_user import change_user
from jiujin.accounts.services.create_user import create_user
from jiujin.accounts.services.reset_password import reset_password
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span

UNPROCESSABLE = 422
COLUMNS = (
    Column("username", gettext_lazy("用户名"), sortable=True, can_hide=False),
    Column("display_name", gettext_lazy("姓名"), sortable=True),
    Column("role", gettext_lazy("角色")),
    Column("organisation_name", gettext_lazy("单位"), sortable=True),
    Column("area", gettext_lazy("区域")),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("last_login", gettext_lazy("上次登录"), kind="short", sortable=True),
)


class UserForm(forms.Form):
    """What a user is; the username only where the user is new."""

    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)
    area_code = forms.ChoiceField(
        label=gettext_lazy("区域"), required=False, help_text=gettext_lazy("只看这个乡镇街道的记录；不选是全区。")
    )
    organisation_name = forms.CharField(label=gettext_lazy("单位"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.name) for area in current_plan().areas.values() if area.level == "township"]
        field = self.fields["area_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全区")), *sorted(areas)]


class NewUserForm(UserForm):
    """A user to be made."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=150,
        help_text=gettext_lazy("字母、数字和 @ . + - _；登录时用，以后不能改。"),
    )
    field_order = ("username",)


class ChangedUserForm(UserForm):
    """A user to be changed."""

    is_active = forms.BooleanField(label=gettext_lazy("可以登录"), required=False)


@in_room(Room.USERS)
@require_safe
def users(request: SignedInRequest) -> HttpResponse:
    """Everyone who may sign in, or might."""
    state_filter = Filter("state", _state_choices())
    ask = read_ask(request, COLUMNS, [state_filter], sort="username")
    found = _narrowed(ask)
    total = found.count()
    ask = page_within(ask, total)
    table = Table(
        id="users",
        caption=_("账号"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(user) for user in found[rows_span(ask)]],
        total=total,
        empty=Empty(_("还没有账号")),
        filters=[state_filter],
        search_label=_("用户名、姓名、单位"),
    )
    return render(request, "accounts/users.html", {"table": table})


def _state_choices() -> list[Choice]:
    active = User.objects.filter(is_active=True).count()
    everyone = User.objects.count()
    return [
        Choice("", _("全部"), everyone),
        Choice("active", _("可以登录"), active),
        Choice("disabled", _("已停用"), everyone - active),
    ]


def _narrowed(ask: Ask) -> QuerySet[User]:
    found = User.objects.all()
    if ask.chosen["state"]:
        found = found.filter(is_active=ask.chosen["state"] == "active")
    if ask.search:
        held = Q(username__icontains=ask.search) | Q(display_name__icontains=ask.search)
        found = found.filter(held | Q(organisation_name__icontains=ask.search))
    return found.order_by(("-" if ask.descending else "") + ask.sort, "id")


def _row(user: User) -> Row:
    areas = current_plan().areas
    area = areas[user.area_code].name if user.area_code in areas else user.area_code or _("全区")
    last = timezone.localtime(user.last_login).strftime("%Y-%m-%d %H:%M") if user.last_login else _("没有登录过")
    cells = {
        "username": Cell(user.username),
        "display_name": Cell(user.display_name),
        "role": Cell(Role(user.role).label),
        "organisation_name": Cell(user.organisation_name),
        "area": Cell(area),
        "state": Cell(_("可以登录"), "plain") if user.is_active else Cell(_("已停用"), "late"),
        "last_login": Cell(last),
    }
    return Row(str(user.pk), cells, href=reverse("accounts:user", args=[user.pk]))


@in_room(Room.USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_user(request: SignedInRequest) -> HttpResponse:
    """Make a user; the first password is made here and shown once."""
    form = NewUserForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "accounts/new_user.html", form)
    given, password = form.cleaned_data, made_password()
    try:
        user = create_user(password=password, **{**given, "role": Role(given["role"])})
    except ValidationError as error:
        _put_errors(form, error)
        return _form_page(request, "accounts/new_user.html", form)
    return render(request, "accounts/password_shown.html", {"shown_user": user, "password": password, "is_new": True})


@in_room(Room.USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: SignedInRequest, user_id: int) -> HttpResponse:
    """One user, to be looked at and changed."""
    shown = get_object_or_404(User, pk=user_id)
    initial = {name: getattr(shown, name) for name in ChangedUserForm.base_fields}
    form = ChangedUserForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "accounts/user.html", form, shown)
    given = form.cleaned_data
    try:
        change_user(by=request.user, user=shown, **{**given, "role": Role(given["role"])})
    except OwnAccount as error:
        form.add_error(None, str(error))
        return _form_page(request, "accounts/user.html", form, shown)
    messages.success(request, _("“%(name)s”的账号已改。") % {"name": shown.display_name})
    return redirect("accounts:users")


@in_room(Room.USERS)
@require_POST
def new_password(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Give a user a new password, shown once."""
    shown = get_object_or_404(User, pk=user_id)
    password = reset_password(user=shown)
    return render(request, "accounts/password_shown.html", {"shown_user": shown, "password": password})


def _form_page(request: SignedInRequest, name: str, form: forms.Form, shown: User | None = None) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    return render(request, name, {"form": form, "shown_user": shown}, status=status)


def _put_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what the record refuses beside the field it refuses it for."""
    for field, sentences in error.message_dict.items():
        form.add_error(field if field in form.fields else None, ValidationError(sentences))
