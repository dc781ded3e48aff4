"""The lock on a view's door: each view names its room, and the table of permissions decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and from there back to the page that was asked for.

    A piece of a page (htmx) sends the whole page there, not the piece.
    """
    piece_of = request.headers.get("HX-Current-URL")
    if piece_of is None:
        return redirect_to_login(request.get_full_path(), resolve_url("accounts:sign-in"))
    page = urlsplit(piece_of)
    to = redirect_to_login(f"{page.path}?{page.query}" if page.query else page.path, resolve_url("accounts:sign-in"))
    return HttpResponseClientRedirect(to.url)


class SignedInRequest(HttpRequest):
    """A request whose sender is known (what `in_room` lets through to a room that is not public)."""

    user: User


def in_room(room: Room) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """A view for those who may enter the room: others are sent to sign in, or refused where they are signed in.

    Pages of a room that is not public are never kept by a cache.
    """

    def locked(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            assert isinstance(user, User | AnonymousUser)
            if may_enter(user, room):
                return view(request, *args, **kwargs)
            if isinstance(user, AnonymousUser):
                return _to_sign_in(request)
            raise PermissionDenied

        open_to: Any = guarded if room == Room.PUBLIC else never_cache(guarded)
        open_to.room = room
        return open_to  # type: ignore[no-any-return]

    return locked
