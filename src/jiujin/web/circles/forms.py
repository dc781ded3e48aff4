"""Forms of the circles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.circles.models import Circle, ServicePoint
from jiujin.circles.services.set_base import RADIUS_M_MAX
from jiujin.registry.models import Area, AreaLevel, Organisation, OrganisationKind
from jiujin.web.day_input import day_input

BLANK = ""


class CircleForm(forms.Form):
    """A circle to be opened."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    community = forms.ChoiceField(label=gettext_lazy("以哪个城市社区为基点"))
    base_point = forms.ChoiceField(
        label=gettext_lazy("基点"), required=False, help_text=gettext_lazy("选服务站点；不选就用社区的中心点。")
    )
    operator = forms.ChoiceField(label=gettext_lazy("运营机构"), required=False)
    start_on = forms.DateField(label=gettext_lazy("开始"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("start_on", timezone.localdate())
        communities = Area.objects.filter(level=AreaLevel.COMMUNITY).order_by("code").values_list("code", "name")
        fill_choices(self, community=[(BLANK, _("请选")), *communities], operator=operator_choices())
        fill_choices(self, base_point=point_choices())

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as records."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "community": Area.objects.get(pk=given["community"]),
            "start_on": given["start_on"],
            **chosen_records(given),
        }


class BaseForm(forms.Form):
    """Where a circle's base is, how far it reaches, and who runs it."""

    base_point = forms.ChoiceField(
        label=gettext_lazy("基点"), required=False, help_text=gettext_lazy("选服务站点；不选就用社区的中心点。")
    )
    radius_m = forms.IntegerField(label=gettext_lazy("半径（米）"), min_value=1, max_value=RADIUS_M_MAX)
    operator = forms.ChoiceField(label=gettext_lazy("运营机构"), required=False)

    def __init__(self, circle: Circle, given: Any = None) -> None:
        initial = {
            "base_point": circle.base_point_id or BLANK,
            "radius_m": circle.radius_m,
            "operator": circle.operator_id or BLANK,
        }
        super().__init__(given, initial=initial)
        fill_choices(self, base_point=point_choices(), operator=operator_choices())


def chosen_records(given: dict[str, Any]) -> dict[str, Any]:
    """The point of service and the operator that were chosen, each a record or None."""
    point, operator = given["base_point"], given["operator"]
    return {
        "base_point": ServicePoint.objects.select_related("address").get(pk=point) if point else None,
        "operator": Organisation.objects.get(pk=operator) if operator else None,
    }


def fill_choices(form: forms.Form, **choices: Any) -> None:
    """Give choice fields what can be chosen now."""
    for name, listed in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = listed


def point_choices() -> list[tuple[Any, str]]:
    """The open points of service that have a point."""
    points = ServicePoint.objects.filter(is_open=True, address__lat__isnull=False).order_by("name", "pk")
    return [(BLANK, _("社区的中心点")), *points.values_list("pk", "name")]


def operator_choices() -> list[tuple[Any, str]]:
    """Who may run a circle."""
    operators = Organisation.objects.filter(kinds__contains=[OrganisationKind.OPERATOR]).order_by("name", "pk")
    return [(BLANK, _("没有")), *operators.values_list("pk", "name")]
