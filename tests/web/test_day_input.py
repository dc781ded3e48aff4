"""Every date that a form asks for goes to and comes from the browser's own picker, in a Chinese page too."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date

from django import forms
from django.utils import translation

import jiujin.web
from jiujin.web.day_input import day_input


def forms_of_the_site() -> Iterator[type[forms.BaseForm]]:
    """Every form that the pages define."""
    for found in pkgutil.walk_packages(jiujin.web.__path__, "jiujin.web."):
        if ".management" not in found.name and not found.name.endswith(("wsgi", "settings")):
            importlib.import_module(found.name)
    waiting: list[type[forms.BaseForm]] = [forms.Form]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("jiujin."):
                yield form


def test_every_form_s_date_is_written_as_the_picker_reads_it() -> None:
    inputs = [
        (form.__name__, name, field.widget)
        for form in forms_of_the_site()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DateField) or isinstance(field.widget, forms.DateInput)
    ]
    assert len(inputs) > 5
    with translation.override("zh-hans"):
        for form, name, widget in inputs:
            html = widget.render(name, date(2022, 3, 1))
            assert 'type="date"' in html and 'value="2022-03-01"' in html, f"{form}.{name}: use web.day_input"


def test_without_it_a_chinese_page_would_write_another_date() -> None:
    with translation.override("zh-hans"):
        assert 'value="2022-03-01"' in day_input().render("day", date(2022, 3, 1))
        assert 'value="2022-03-01"' not in forms.DateInput().render("day", date(2022, 3, 1))
