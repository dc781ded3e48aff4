"""What the residents' pages say again and again: distances, wages, and the four tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words
from jiujin.web.resident import words
from jiujin.work.models import Vacancy

register = template.Library()


@dataclass(frozen=True)
class Tab:
    """One of the four ways at the foot of the phone's page; on while the page is one of `pages`."""

    url_name: str
    label: Words
    icon: str
    pages: tuple[str, ...]


TABS = (
    Tab(
        "near:search",
        gettext_lazy("附近"),
        "M12 21c4.5-5 7-8.4 7-11.5A7 7 0 0 0 5 9.5C5 12.6 7.5 16 12 21zm0-9a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5z",
        ("search", "vacancy", "points", "where"),
    ),
    Tab(
        "near:applications",
        gettext_lazy("我的申请"),
        "M6 3h9l4 4v14H6zM9 9h4M9 13h7M9 17h7",
        ("applications",),
    ),
    Tab(
        "near:policies",
        gettext_lazy("能领什么"),
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 7.5 12 12l3.5-4.5M8.5 12h7M8.5 14.5h7M12 12v5.5",
        ("policies",),
    ),
    Tab(
        "near:me",
        gettext_lazy("我的"),
        "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.7-4 3.7-6 7.5-6s6.8 2 7.5 6",
        ("me", "me-basics", "me-home", "me-wish", "me-consents", "me-claims"),
    ),
)


@register.inclusion_tag("resident/tabs.html", takes_context=True)
def phone_tabs(context: Context) -> dict[str, Any]:
    """The four tabs; that of the page shown is on."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    page = match.url_name if match and match.namespace == "near" else "search" if match else ""
    tabs = [
        {"url": reverse(tab.url_name), "label": tab.label, "icon": tab.icon, "on": page in tab.pages} for tab in TABS
    ]
    return {"tabs": tabs}


@register.filter
def distance_words(distance_m: float | None) -> str:
    """`650 米`, `1.5 公里`; nothing where it is not known."""
    return words.distance_words(distance_m)


@register.filter
def wage_words(vacancy: Vacancy) -> str:
    """`2600–3000 元/月`."""
    return words.wage_words(vacancy)


@register.filter
def places_left(vacancy: Vacancy) -> int:
    """How many are still wanted."""
    return vacancy.headcount - vacancy.filled_count
