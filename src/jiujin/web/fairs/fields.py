"""Form fields that find a record by what people know of it: an organisation by its name or code, a person by their number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jiujin.registry.errors import RegistryError
from jiujin.registry.field_checks import checked_identity
from jiujin.registry.models import Area, AreaLevel, Organisation, Person
from jiujin.registry.residents import person_behind


class OrganisationField(forms.CharField):
    """An organisation by its social credit code, or by its whole name where only one has it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=120, **given)
        self.widget.attrs |= {"autocomplete": "off"}

    def clean(self, value: Any) -> Organisation | None:
        """The organisation, or None where nothing was written."""
        text = " ".join(super().clean(value).split())
        if not text:
            return None
        found = list(Organisation.objects.filter(credit_code=text.upper())[:1])
        found = found or list(Organisation.objects.filter(name=text).order_by("pk")[:2])
        if len(found) > 1:
            raise forms.ValidationError(_("有几家单位叫“%(name)s”。请改填统一社会信用代码") % {"name": text})
        if not found:
            raise forms.ValidationError(
                _("没有找到“%(name)s”。请填登记过的单位全称，或统一社会信用代码") % {"name": text}
            )
        return found[0]


class PersonField(forms.CharField):
    """A registered person by the whole identity number, which whoever fills in the form has before them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=40, **given)
        self.widget.attrs |= {"autocomplete": "off"}

    def clean(self, value: Any) -> Person | None:
        """The person, or None where nothing was written."""
        text = super().clean(value)
        if not text:
            return None
        try:
            person = person_with_number(text)
        except RegistryError as error:
            raise forms.ValidationError(str(error)) from error
        if person is None:
            raise forms.ValidationError(_("没有登记过这个身份证号。请先在窗口登记这个人"))
        return person


def person_with_number(text: str) -> Person | None:
    """The person of an identity number, or of the record in which theirs went up. Raises IdNumberRefused for no number."""
    person = Person.objects.filter(id_number_index=checked_identity(text).number).first()
    return person_behind(person.pk) if person is not None else None


def township_choices(area_code: str = "") -> list[tuple[str, str]]:
    """The townships of an area by code and name, with a blank first."""
    townships = Area.objects.filter(level=AreaLevel.TOWNSHIP, code__startswith=area_code[:9])
    return [("", _("不限")), *townships.order_by("code").values_list("code", "name")]
