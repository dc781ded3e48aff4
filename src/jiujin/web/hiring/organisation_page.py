"""The organisation's own entry and its places of work."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from jiujin.accounts.access import SignedInRequest
from jiujin.core.current_plan import current_plan
from jiujin.plan.firm_size import firm_size_line, is_small_firm
from jiujin.registry.errors import FieldInvalid, RegistryError
from jiujin.registry.field_checks import HEADCOUNT_MAX
from jiujin.registry.models import Organisation, Workplace
from jiujin.registry.services.close_workplace import close_workplace
from jiujin.registry.services.open_workplace import open_workplace
from jiujin.registry.services.set_address import place_address
from jiujin.web.hiring.fields import CountField, YuanField
from jiujin.web.hiring.industries import industry_choices
from jiujin.web.hiring.scope import for_employers, own_workplace
from jiujin.web.hiring.vacancy_form import open_workplaces
from jiujin.web.resident.forms import PointForm, area_choices
from jiujin.web.resident.map_content import MapEntry, map_content, marks
from jiujin.work.services.change_firm import change_firm
from jiujin.work.states import VacancyState

UNPROCESSABLE = 422
DECLARED: Final = (
    ("", gettext_lazy("不清楚")),
    ("yes", gettext_lazy("是小型或微型企业")),
    ("no", gettext_lazy("不是")),
)
BY_WORD: Final = {"yes": True, "no": False, "": None}
FIELD_NAMES: Final = {"revenue_fen": "revenue", "name": "contact_name"}  # the services' names by the forms'


class OrganisationForm(forms.Form):
    """What says whether the firm is small or micro, and whom to call."""

    industry = forms.ChoiceField(label=gettext_lazy("行业"), required=False)
    headcount = CountField(label=gettext_lazy("从业人数"), least=0, most=HEADCOUNT_MAX, required=False)
    revenue = YuanField(
        label=gettext_lazy("去年营业收入（元）"), required=False, help_text=gettext_lazy("例如 1200000")
    )
    declared_small = forms.ChoiceField(label=gettext_lazy("自己的申报"), choices=DECLARED, required=False)
    contact_name = forms.CharField(label=gettext_lazy("联系人"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, organisation: Organisation, given: Any = None) -> None:
        said = {answer: word for word, answer in BY_WORD.items()}
        super().__init__(
            given,
            initial={
                "industry": organisation.industry,
                "headcount": organisation.headcount,
                "revenue": organisation.revenue_fen,
                "declared_small": said[organisation.declared_small],
                "contact_name": organisation.contact_name,
                "contact_phone": organisation.contact_phone or "",
            },
        )
        industry = self.fields["industry"]
        assert isinstance(industry, forms.ChoiceField)
        industry.choices = industry_choices(organisation.industry)

    def changes(self) -> dict[str, Any]:
        """What was written, as `change_firm` takes it."""
        cleaned = self.cleaned_data
        return {
            "industry": cleaned["industry"],
            "headcount": cleaned["headcount"],
            "revenue_fen": cleaned["revenue"],
            "declared_small": BY_WORD[cleaned["declared_small"]],
            "contact_name": cleaned["contact_name"],
            "contact_phone": cleaned["contact_phone"],
        }


class WorkplaceForm(PointForm):
    """A place of work: its name, its community, and the point on the map where one was picked."""

    name = forms.CharField(
        label=gettext_lazy("地点名称"),
        max_length=120,
        help_text=gettext_lazy("居民看到的名字，例如：城北门店"),
        error_messages={"required": gettext_lazy("地点名称没有填")},
    )
    area = forms.ChoiceField(
        label=gettext_lazy("在哪个社区或村"), error_messages={"required": gettext_lazy("社区或村没有选")}
    )
    text = forms.CharField(label=gettext_lazy("门牌地址"), max_length=200, required=False)
    field_order = ("name", "area", "text")

    def __init__(self, given: Any = None, *, initial: dict[str, Any] | None = None, fixed_name: bool = False) -> None:
        super().__init__(given, initial=initial)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = area_choices()
        if fixed_name:
            self.fields["name"].disabled = True


@for_employers
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """What is known of the organisation, and its places of work."""
    if request.method != "POST":
        return _organisation_page(request, organisation, OrganisationForm(organisation))
    form = OrganisationForm(organisation, request.POST)
    if form.is_valid():
        try:
            change_firm(organisation=organisation, actor=request.user, **form.changes())
        except RegistryError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已保存。以后发布或修改的岗位按新的情况算。"))
            return redirect("hiring:organisation")
    return _organisation_page(request, organisation, form, UNPROCESSABLE)


def _organisation_page(
    request: SignedInRequest, held: Organisation, form: OrganisationForm, status: int = 200
) -> HttpResponse:
    plan = current_plan()
    by_table = is_small_firm(plan, industry=held.industry, headcount=held.headcount, revenue_fen=held.revenue_fen)
    open_now = Q(vacancies__state=VacancyState.OPEN, vacancies__open_until__gte=timezone.localdate())
    workplaces = held.workplaces.select_related("area", "address").annotate(
        open_count=Count("vacancies", filter=open_now)
    )
    context = {
        "organisation": held,
        "form": form,
        "by_table": by_table,
        "is_small": held.declared_small if by_table is None else by_table,
        "line": firm_size_line(plan, held.industry) if held.industry else None,
        "workplaces": workplaces.order_by("-is_open", "name", "pk"),
    }
    return render(request, "hiring/organisation.html", context, status=status)


@for_employers
@require_http_methods(["GET", "HEAD", "POST"])
def new_workplace(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Add a place of work, with its point on the map or at the middle of its community."""
    if request.method != "POST":
        return _workplace_page(request, organisation, WorkplaceForm(initial={"area": ""}))
    form = WorkplaceForm(request.POST)
    if form.is_valid():
        point = form.point() or (None, None)
        try:
            open_workplace(
                organisation=organisation,
                name=form.cleaned_data["name"],
                area_code=form.cleaned_data["area"],
                text=form.cleaned_data["text"],
                lat=point[0],
                lon=point[1],
                actor=request.user,
            )
        except RegistryError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已添加“%(name)s”，可以在这里招人了。") % {"name": form.cleaned_data["name"]})
            return redirect("hiring:new" if request.GET.get("then") == "vacancy" else "hiring:organisation")
    return _workplace_page(request, organisation, form, status=UNPROCESSABLE)


@for_employers
@require_http_methods(["GET", "HEAD", "POST"])
def workplace(request: SignedInRequest, organisation: Organisation, workplace_id: int) -> HttpResponse:
    """Move a place of work on the map, or write its address anew; its vacancies move with it."""
    held = own_workplace(organisation, workplace_id)
    if request.method != "POST":
        return _workplace_page(request, organisation, WorkplaceForm(initial=_initial(held), fixed_name=True), held)
    form = WorkplaceForm(request.POST, initial=_initial(held), fixed_name=True)
    if form.is_valid():
        try:
            _move(held, form, request)
        except RegistryError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已保存，这里的岗位跟着换了位置。"))
            return redirect("hiring:organisation")
    return _workplace_page(request, organisation, form, held, status=UNPROCESSABLE)


@transaction.atomic
def _move(held: Workplace, form: WorkplaceForm, request: SignedInRequest) -> None:
    lat, lon = form.point() or (None, None)
    if held.area_id != form.cleaned_data["area"]:
        held.area_id = form.cleaned_data["area"]
        held.save(update_fields=["area"])
    place_address(held, text=form.cleaned_data["text"], lat=lat, lon=lon, actor=request.user)


def _initial(held: Workplace) -> dict[str, Any]:
    address = held.address
    exact = address is not None and not address.is_rough
    return {
        "name": held.name,
        "area": held.area_id or "",
        "text": (address.text or "") if address else "",
        "lat": address.lat if address and exact else None,
        "lon": address.lon if address and exact else None,
    }


def _here(held: Workplace | None) -> dict[str, Any] | None:
    """Where the place stands now, as the map is told."""
    address = held.address if held is not None else None
    if held is None or address is None or address.lat is None or address.lon is None:
        return None
    rough = _("只知道在这个社区，点地图标出准确位置") if address.is_rough else _("现在的位置")
    entries = [{"title": held.name, "line": rough}]
    return {"lat": address.lat, "lon": address.lon, "title": held.name, "entries": entries}


def _others(organisation: Organisation, held: Workplace | None) -> list[dict[str, Any]]:
    """The organisation's other places, by which one finds one's way on the map."""
    others = open_workplaces(organisation).select_related("address").exclude(pk=held.pk if held else None)
    named = [(place.address, MapEntry(number, place.name, "")) for number, place in enumerate(others, 1)]
    return marks(named)


def _workplace_page(
    request: SignedInRequest,
    organisation: Organisation,
    form: WorkplaceForm,
    held: Workplace | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "workplace": held, "map": map_content(_others(organisation, held), here=_here(held))}
    return render(request, "hiring/workplace.html", context, status=status)


@for_employers
@require_POST
def shut_workplace(request: SignedInRequest, organisation: Organisation, workplace_id: int) -> HttpResponse:
    """Close a place of work to new vacancies; one with open vacancies is kept."""
    held = own_workplace(organisation, workplace_id)
    if held.vacancies.filter(state__in=(VacancyState.OPEN, VacancyState.PAUSED, VacancyState.IN_REVIEW)).exists():
        messages.warning(request, _("“%(name)s”还有没结束的岗位，没有停用。请先关闭那些岗位。") % {"name": held.name})
    else:
        close_workplace(workplace=held, actor=request.user)
        messages.success(request, _("“%(name)s”已停用，发岗位时不再列出。") % {"name": held.name})
    return redirect("hiring:organisation")


def add_error(form: forms.Form, error: RegistryError) -> None:
    """The domain's sentence beside the field it is about."""
    name = error.field if isinstance(error, FieldInvalid) else ""
    name = name if name in form.fields else FIELD_NAMES.get(name, "")
    form.add_error(name if name in form.fields else None, str(error))
