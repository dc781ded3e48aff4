"""The residents' way in: a telephone and the code that came to it, or a code that somebody handed over.

Between the code and the sign-in the telephone waits in the session cookie, sealed, for a short time. Nothing before the code
depends on whether anybody is registered.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from jiujin.accounts.access import in_room
from jiujin.accounts.address import client_address
from jiujin.accounts.errors import AccountError
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.accounts.services.send_code import ACTOR, DIGITS, LIFE, PAUSE, send_code
from jiujin.accounts.services.use_code import use_code, use_handed_code
from jiujin.core.carriers import installed_carrier
from jiujin.core.encryption import SealedTextUnreadable, seal, unseal
from jiujin.core.models import OutboundMessage
from jiujin.registry.errors import RegistryError, SignInClosed
from jiujin.registry.models import Person
from jiujin.registry.residents import people_with_phone, person_behind
from jiujin.registry.services.give_sign_in import give_sign_in
from jiujin.values.masks import mask_name, mask_phone
from jiujin.web.resident.forms import CodeForm, HandedCodeForm, JoinForm, PhoneForm, posted
from jiujin.web.resident.join import join
from jiujin.web.resident.standing import forget, resident_of

UNPROCESSABLE: Final = 422
PROVEN_FOR: Final = timedelta(minutes=20)
ASKED, PROVEN, NEXT = "code_for", "proven_phone", "after_sign_in"
PLACE: Final = "session.phone"
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


# --- pages ---------------------------------------------------------------------------------------------------------------


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the telephone, and send it a code."""
    _keep_next(request)
    form = PhoneForm(posted(request))
    sends = settings.DEMO or installed_carrier() is not None
    if request.method != "POST" or not sends or not form.is_valid():
        return _page(request, "resident/enter.html", form, sends=sends)
    phone = form.cleaned_data["phone"]
    try:
        message = send_code(phone=phone, address=client_address(request), now=timezone.now())
    except AccountError as error:
        form.add_error(None, str(error))
        return _page(request, "resident/enter.html", form, sends=sends)
    request.session[ASKED] = {"phone": _sealed(phone), "message": message.pk}
    return redirect("near:code")


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code that came; whoever is alone on that telephone is in, others say who they are."""
    phone = _opened(request.session.get(ASKED, {}).get("phone"))
    if phone is None:
        return redirect("near:enter")
    form = CodeForm(posted(request))
    shown: dict[str, Any] = {"phone": mask_phone(phone), "full_phone": phone}
    shown |= {"minutes": LIFE // timedelta(minutes=1), "count": DIGITS}
    shown |= {"sent_text": _demo_text(request), "wait_seconds": int(PAUSE.total_seconds())}
    if request.method != "POST" or not form.is_valid():
        return _page(request, "resident/code.html", form, **shown)
    try:
        use_code(phone=phone, digits=form.cleaned_data["digits"], now=timezone.now())
    except AccountError as error:
        form.add_error("digits", str(error))
        return _page(request, "resident/code.html", form, **shown)
    del request.session[ASKED]
    request.session[PROVEN] = {"phone": _sealed(phone), "at": timezone.now().timestamp()}
    people = list(people_with_phone(phone)[:2])
    if len(people) == 1:
        return _let_in(request, people[0])
    return redirect("near:who" if people else "near:join")


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def handed(request: HttpRequest) -> HttpResponse:
    """Take a code that a specialist handed over: its person is in."""
    _keep_next(request)
    form = HandedCodeForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, "resident/handed.html", form)
    try:
        person_id = use_handed_code(
            digits=form.cleaned_data["digits"], address=client_address(request), now=timezone.now()
        )
        person = person_behind(person_id)
        if person is None:
            raise SignInClosed
        return _let_in(request, person)
    except (AccountError, RegistryError) as error:
        form.add_error("digits", str(error))
        return _page(request, "resident/handed.html", form)


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Whoever shares the telephone says who they are; nobody else is on the list."""
    phone = proven_phone(request)
    if phone is None:
        return redirect("near:enter")
    people = list(people_with_phone(phone))
    error = ""
    if request.method == "POST":
        chosen = next((person for person in people if str(person.pk) == request.POST.get("person")), None)
        try:
            if chosen is None:
                raise SignInClosed
            return _let_in(request, chosen)
        except RegistryError as refusal:
            error = str(refusal)
    shown = [(person.pk, mask_name(person.name), person.born_on) for person in people]
    context = {"people": shown, "error": error}
    return render(request, "resident/who.html", context, status=UNPROCESSABLE if error else 200)


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def join_page(request: HttpRequest) -> HttpResponse:
    """Ask somebody new who they are and where they live, and let them in."""
    phone = proven_phone(request)
    user = request.user if isinstance(request.user, User) else None
    if phone is None and (user is None or user.role != "resident" or resident_of(user) is not None):
        return redirect("near:enter")
    form = JoinForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, "resident/join.html", form)
    try:
        person = join(form=form, phone=phone, user=user if phone is None else None)
    except RegistryError as error:
        form.add_error(None, str(error))
        return _page(request, "resident/join.html", form)
    forget(request)
    return _let_in(request, person)


@in_room(Room.NEAR)
@require_POST
def other_person(request: HttpRequest) -> HttpResponse:
    """Somebody else takes the shared telephone: out, and back to the list of who shares it."""
    proven = request.session.get(PROVEN)
    logout(request)
    if proven:
        request.session[PROVEN] = proven
    return redirect("near:who" if proven else "near:enter")


@in_room(Room.PUBLIC)
@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """Large letters or the usual ones, kept in a cookie for a year."""
    answer = redirect(safe_next(request, request.POST.get("next", "")))
    if request.POST.get("large"):
        year = int(timedelta(days=365).total_seconds())
        answer.set_cookie(
            "jiujin_large", "1", max_age=year, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie("jiujin_large", samesite="Lax")
    return answer


# --- steps ---------------------------------------------------------------------------------------------------------------


def proven_phone(request: HttpRequest) -> str | None:
    """The telephone that this browser has just shown to hold; None where it has not, or too long ago."""
    proven: dict[str, Any] = request.session.get(PROVEN, {})
    if timezone.now().timestamp() - proven.get("at", 0) > PROVEN_FOR.total_seconds():
        return None
    return _opened(proven.get("phone"))


def safe_next(request: HttpRequest, wanted: str) -> str:
    """The page of this site to go on to; what is near where the address is not one of ours."""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/near/"


def _let_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign the person in, and go on to what they wanted. Raises SignInClosed."""
    user = give_sign_in(person=person, actor=ACTOR)
    kept = {key: request.session[key] for key in (PROVEN, NEXT) if key in request.session}
    login(request, user, backend=BACKEND)
    wanted = kept.pop(NEXT, "")
    request.session.update(kept)
    request.session.pop(NEXT, None)
    return redirect(safe_next(request, wanted))


def _keep_next(request: HttpRequest) -> None:
    wanted = request.GET.get("next", "")
    if wanted:
        request.session[NEXT] = safe_next(request, wanted)


def _demo_text(request: HttpRequest) -> str:
    """The message as it would have been sent, in a demonstration only."""
    if not settings.DEMO:
        return ""
    message = OutboundMessage.objects.filter(pk=request.session[ASKED].get("message")).first()
    return (message.text or "") if message else ""


def _sealed(phone: str) -> str:
    return urlsafe_b64encode(seal(phone, place=PLACE)).decode()


def _opened(sealed: str | None) -> str | None:
    if not sealed:
        return None
    try:
        return unseal(urlsafe_b64decode(sealed), place=PLACE)
    except (SealedTextUnreadable, ValueError):
        return None


def _page(request: HttpRequest, name: str, form: Any, **context: Any) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    return render(request, name, {"form": form, **context}, status=status)
