"""The short forms of residents' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.errors import PhoneNotMobile
from jiujin.accounts.services.send_code import mobile_number
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Area
from jiujin.values import IdNumberError, check_id_number
from jiujin.values.datum import PointInvalid, check_point
from jiujin.web.resident.occupations import occupation_groups
from jiujin.web.resident.plain_select import PlainSelect
from jiujin.web.resident.radii import RADII_M
from jiujin.work.models import Schooling, Shift


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, empty or not; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def area_choices() -> list[tuple[str, Any]]:
    """Every community under its township, as a select shows them; the townships themselves where one knows no better."""
    areas = current_plan().areas
    towns = {code: area.name for code, area in areas.items() if area.level == "township"}
    held = set(Area.objects.values_list("code", flat=True))
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in sorted(towns) if code in held}
    for code, area in sorted(areas.items()):
        if area.level == "community" and code in held and code[:9] in groups:
            groups[code[:9]].append((code, area.name))
    listed = [
        (towns[code], [*inside, (code, _("%(name)s（不清楚哪个社区村）") % {"name": towns[code]})])
        for code, inside in groups.items()
    ]
    return [("", _("请选择社区或村")), *listed]


def checked_id_number(number: str) -> str:
    """The identity number in its one spelling, or nothing. Raises ValidationError."""
    if not number:
        return ""
    try:
        return check_id_number(number, demo=settings.DEMO).number
    except IdNumberError as error:
        raise forms.ValidationError(_("%(fault)s。") % {"fault": error}) from error


class PhoneForm(forms.Form):
    """A telephone that a code goes to."""

    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
    )

    def clean_phone(self) -> str:
        """Its eleven digits."""
        try:
            return mobile_number(self.cleaned_data["phone"])
        except PhoneNotMobile as error:
            raise forms.ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """The digits that came."""

    digits = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "code"}
        ),
    )


class HandedCodeForm(forms.Form):
    """The digits on the slip of paper."""

    digits = forms.CharField(
        label=gettext_lazy("登录码"),
        max_length=20,
        help_text=gettext_lazy("9 位数字，空格不用输。一张只能用一次。"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True, "class": "code"}
        ),
    )


class PointForm(forms.Form):
    """A point, as a browser or the map gives it."""

    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A point that came must be one in China."""
        cleaned: dict[str, Any] = super().clean() or {}
        point = self.point()
        if point is not None:
            try:
                check_point(*point)
            except PointInvalid as error:
                raise forms.ValidationError(_("%(fault)s。") % {"fault": error.message}) from error
        return cleaned

    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, where both came."""
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        return None if lat is None or lon is None else (lat, lon)


class AreaForm(forms.Form):
    """A community or township, to search from its middle."""

    area = forms.ChoiceField(label=gettext_lazy("从哪个社区或村算起"), widget=PlainSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = area_choices()


class HomeForm(PointForm, AreaForm):
    """Where somebody lives: a community, a point, or both."""

    area = forms.ChoiceField(label=gettext_lazy("住在哪个社区或村"), required=False, widget=PlainSelect)
    needs_place = True

    def clean(self) -> dict[str, Any]:
        """One of the two must be there."""
        cleaned = super().clean()
        if self.needs_place and not cleaned.get("area") and self.point() is None and "area" not in self.errors:
            self.add_error("area", _("请选社区或村，或者用现在的位置：不知道您住在哪里，就算不出哪些岗位近。"))
        return cleaned


class JoinForm(HomeForm):
    """Who somebody is, in as few words as will do."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    id_number = forms.CharField(
        label=gettext_lazy("身份证号"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("name", "area", "id_number")

    def clean_name(self) -> str:
        """A name with something in it."""
        name: str = self.cleaned_data["name"].strip()
        return name

    def clean_id_number(self) -> str:
        """Checked as typed, where it is given."""
        number: str = self.cleaned_data["id_number"].strip()
        return checked_id_number(number)


class WhereForm(PointForm):
    """Where to search from."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("here", "picked", "home", "community")])


class ApplyForm(forms.Form):
    """The id that the page made for an application."""

    id = forms.UUIDField()


class BasicsForm(forms.Form):
    """Name, telephone and identity number."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    id_number = forms.CharField(
        label=gettext_lazy("身份证号"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("可不填。以后要申领补贴时才用来核对身份。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, has_id_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_id_number:  # changed at the counter, with the card
            del self.fields["id_number"]

    def clean_id_number(self) -> str:
        """Checked as typed, where it is given."""
        return checked_id_number(self.cleaned_data["id_number"].strip())


class WishForm(forms.Form):
    """What somebody looks for; all of it may be left out."""

    is_looking = forms.BooleanField(label=gettext_lazy("我在找工作"), required=False)
    occupations = forms.MultipleChoiceField(
        label=gettext_lazy("想做什么（最多选 8 个）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shifts = forms.MultipleChoiceField(
        label=gettext_lazy("什么时候上班"), required=False, choices=Shift.choices, widget=forms.CheckboxSelectMultiple
    )
    wage = forms.IntegerField(
        label=gettext_lazy("月工资至少（元）"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    radius = forms.TypedChoiceField(label=gettext_lazy("离家多远以内"), required=False, coerce=int, empty_value=None)
    schooling = forms.TypedChoiceField(
        label=gettext_lazy("我的学历"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("不说")), *Schooling.choices[1:]],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "occupations": occupation_groups(),
            "radius": [("", _("都可以")), *((m, _("%(n)s 公里") % {"n": f"{m / 1000:g}"}) for m in RADII_M)],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed

    def occupation_boxes(self) -> list[tuple[str, list[Any], bool]]:
        """The kinds of work by their upper group, and whether one of the group is ticked."""
        boxes = iter(self["occupations"])
        groups = occupation_groups()
        listed = [(name, [next(boxes) for _each in inside]) for name, inside in groups]
        return [(name, held, any(box.data["selected"] for box in held)) for name, held in listed]
