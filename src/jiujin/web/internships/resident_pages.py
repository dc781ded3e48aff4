"""The phone pages of somebody who wants to be an intern: open posts, my application, the form."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.internships.errors import InternshipRefused
from jiujin.internships.places import places_left
from jiujin.internships.queries import applications_seen_by, internships_seen_by, posts_open_on
from jiujin.internships.services.apply_for_internship import OPEN, apply_for_internship, withdraw_application
from jiujin.registry.errors import RegistryError
from jiujin.registry.queries import person_of
from jiujin.web.internships.application_pages import WishForm
from jiujin.web.internships.words import group_words, tone, yuan

UNPROCESSABLE = 422
POSTS_MAX = 50


@in_room(Room.NEAR)
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """My application and internships, then the posts that take people now."""
    posts = list(posts_open_on(timezone.localdate())[:POSTS_MAX])
    left = places_left(post.pk for post in posts)
    applications = list(applications_seen_by(request.user).order_by("-applied_at", "-pk")[:10])
    context = {
        "posts": [(post, yuan(post.stipend_fen)) for post in posts if left[post.pk] > 0],
        "applications": [
            (each, tone(each.state), group_words(each.group), each.judged.get("reasons", []), each.state in OPEN)
            for each in applications
        ],
        "internships": [(each, tone(each.state)) for each in internships_seen_by(request.user).order_by("-start_on")],
        "may_apply": person_of(request.user) is not None and not any(each.state in OPEN for each in applications),
    }
    return render(request, "internships/near.html", context)


@in_room(Room.NEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: SignedInRequest) -> HttpResponse:
    """Apply; the answer of the rules comes at once, with its reasons."""
    person = person_of(request.user)
    asked = request.GET.get("post", "")
    form = WishForm(None, request.POST or None, act="wish", initial={"wants": asked})
    if request.method == "POST" and form.is_valid():
        if person is None:
            form.add_error(None, _("请先登记您的资料，再申请见习。"))
        else:
            try:
                made = apply_for_internship(person=person, actor=request.user, **form.wish())
            except (InternshipRefused, RegistryError) as error:
                field = getattr(error, "field", None)
                form.add_error(field if field in form.fields else None, str(error))
            else:
                messages.success(request, _("申请已经交上：%(state)s。") % {"state": made.get_state_display()})
                return redirect("internships:near")
    context = {"form": form, "person": person}
    return render(request, "internships/near_apply.html", context, status=UNPROCESSABLE if form.errors else None)


@in_room(Room.NEAR)
@require_POST
def withdraw(request: SignedInRequest) -> HttpResponse:
    """Take my open application back."""
    open_one = applications_seen_by(request.user).filter(state__in=OPEN).first()
    if open_one is None:
        raise Http404
    try:
        withdraw_application(application=open_one, actor=request.user)
        messages.success(request, _("申请已经撤回。"))
    except InternshipRefused as error:
        messages.warning(request, str(error))
    return redirect("internships:near")
