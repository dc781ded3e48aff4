"""A select written at once says what Django's own says."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from jiujin.web.resident.plain_select import PlainSelect

CHOICES = [
    ("", "都看"),
    ("a&b", '引号"和<尖括号>'),
    ("生产", [("401", "采购"), ("6", "制造 & 安装")]),
    (3, "三"),
]


@pytest.mark.parametrize("chosen", [None, "", "a&b", "401", 3, "3", "没有这一项"])
@pytest.mark.parametrize("attrs", [{}, {"id": "filter_x", "aria-invalid": "true", "required": True}])
def test_a_plain_select_says_what_a_django_select_says(chosen: Any, attrs: dict[str, Any]) -> None:
    plain, django = (
        widget(attrs={"class": "wide"}, choices=CHOICES).render("x", chosen, attrs)
        for widget in (PlainSelect, forms.Select)
    )
    assert parse_html(plain) == parse_html(django)
    assert "<尖括号>" not in plain
