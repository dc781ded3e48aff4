"""What a search page's address asks: words, radius, filters, which of the two searches, list or map. Never where one stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.current_plan import current_plan
from jiujin.core.listing import LONGEST_SEARCH
from jiujin.web.resident.occupations import occupation_groups
from jiujin.web.resident.plain_select import PlainSelect
from jiujin.web.resident.radii import radii_m
from jiujin.web.resident.words import distance_words
from jiujin.work.models import Schooling, Shift
from jiujin.work.nearby.search import NearFilters, Order

PAGE_MAX: Final = 500
RADIUS_M_MIN, RADIUS_M_MAX, RADIUS_DIGITS_MAX = 100, 100_000, 6
WAGE_YUAN_MAX: Final = 1_000_000
FORM_FACT: Final = "employment_form"
NEAR, CIRCLE = "near", "circle"


class FilterForm(forms.Form):
    """The filters as a form; what cannot be read is left out rather than refused."""

    q = forms.CharField(required=False, max_length=LONGEST_SEARCH)
    radius = forms.TypedChoiceField(
        label=gettext_lazy("直线距离"), required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    occupation = forms.ChoiceField(label=gettext_lazy("做什么"), required=False, widget=PlainSelect)
    wage = forms.IntegerField(
        label=gettext_lazy("月工资至少（元）"), required=False, min_value=0, max_value=WAGE_YUAN_MAX
    )
    shift = forms.ChoiceField(label=gettext_lazy("班次"), required=False, widget=PlainSelect)
    form = forms.ChoiceField(label=gettext_lazy("用工形式"), required=False, widget=PlainSelect)
    schooling = forms.TypedChoiceField(
        label=gettext_lazy("我的学历"), required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    priority = forms.BooleanField(label=gettext_lazy("优先招重点群体"), required=False)

    def __init__(self, given: QueryDict, radius_m: int) -> None:
        data = given.copy()
        data.setdefault("radius", str(radius_m))
        super().__init__(data, auto_id="filter_%s")
        choices: dict[str, list[tuple[Any, Any]]] = {
            "radius": [(m, distance_words(m)) for m in radii_m(radius_m, asked_radius_m(given))],
            "occupation": [("", _("都看")), *occupation_groups()],
            "shift": [("", _("都看")), *Shift.choices],
            "form": [("", _("都看")), *current_plan().facts[FORM_FACT].choices.items()],
            "schooling": [("", _("不筛")), *Schooling.choices[1:]],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed
        self.fields["wage"].widget.attrs |= {"inputmode": "numeric", "step": "100"}


def asked_radius_m(given: QueryDict) -> int | None:
    """A radius that is not among those offered, as a thin answer's links ask for; None where it is no length in reach."""
    text = given.get("radius", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= RADIUS_DIGITS_MAX else 0
    return number if RADIUS_M_MIN <= number <= RADIUS_M_MAX else None


@dataclass(frozen=True)
class NearAsk:
    """One ask, read from an address."""

    given: QueryDict
    form: FilterForm
    words: str
    radius_m: int
    filters: NearFilters
    which: str
    is_map: bool
    page: int

    def url(self, **changes: Any) -> str:
        """The same search with something changed, from its first page unless the page is what changes."""
        query = self.given.copy()
        query.pop("page", None)
        for key, value in changes.items():
            query.pop(key, None)
            if value not in ("", None):
                query[key] = str(value)
        return "?" + query.urlencode()

    def filter_count(self) -> int:
        """How many filters are on, words and distance apart."""
        held = self.form.cleaned_data
        return sum(bool(held.get(name)) for name in ("occupation", "wage", "shift", "form", "schooling", "priority"))


def read_near_ask(request: HttpRequest, radius_m: int) -> NearAsk:
    """What the address asks; `radius_m` is the radius where it asks for none."""
    form = FilterForm(request.GET, radius_m)
    form.is_valid()
    held = {name: value for name, value in form.cleaned_data.items() if name not in form.errors}
    page = request.GET.get("page", "1")
    words = str(held.get("q") or "").strip()
    return NearAsk(
        given=request.GET,
        form=form,
        words=words,
        radius_m=held.get("radius") or radius_m,
        filters=NearFilters(
            words=words,
            occupation=held.get("occupation") or "",
            form=held.get("form") or "",
            wage_min_fen=held["wage"] * 100 if held.get("wage") else None,
            shift=held.get("shift") or "",
            schooling=held.get("schooling"),
            welcomes_priority=bool(held.get("priority")),
            order=Order(given) if (given := request.GET.get("sort", "")) in set(Order) else Order.FIT,
        ),
        which=CIRCLE if request.GET.get("in") == CIRCLE else NEAR,
        is_map=request.GET.get("view") == "map",
        page=max(1, min(int(page), PAGE_MAX)) if page.isascii() and page.isdigit() else 1,
    )
