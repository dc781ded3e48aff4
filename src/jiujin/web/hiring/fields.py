"""Form fields that read what people write: amounts with 元 and commas, full-width figures, lists with 、."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jiujin.values import MoneyError, parse_yuan
from jiujin.web.day_input import day_input

FIGURES_MAX = 20
_SEPARATORS = re.compile(r"[、，,;；\n]+")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


def plain_figures(text: str, *units: str) -> str:
    """Half width, without blanks, thousands marks and the units that may stand behind."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))
    for unit in units:
        plain = plain.removesuffix(unit)
    return plain


class YuanField(forms.CharField):
    """Yuan, as fen; at most two decimals. `3,000`, `３０００` and `3000元` are the same."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=FIGURES_MAX, **given)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        """The amount in fen, or None where nothing was written."""
        text = super().clean(value)
        try:
            return parse_yuan(text) if text else None
        except MoneyError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Fen as a person writes yuan; what was typed stays as it was typed."""
        if isinstance(value, int):
            return f"{value // 100}" if value % 100 == 0 else f"{value / 100:.2f}"
        return value


class CountField(forms.CharField):
    """A whole number within bounds."""

    def __init__(self, *, least: int, most: int, unit: str = "人", **given: Any) -> None:
        super().__init__(max_length=FIGURES_MAX, **given)
        self.least, self.most, self.unit = least, most, unit
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        """The number, or None where nothing was written."""
        text = plain_figures(super().clean(value), self.unit)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]+", text) or not self.least <= int(text) <= self.most:
            bounds = {"value": value, "least": f"{self.least:,}", "most": f"{self.most:,}"}
            raise forms.ValidationError(_("“%(value)s”不行。请填 %(least)s 到 %(most)s 的整数") % bounds)
        return int(text)


class HoursField(forms.CharField):
    """Hours with one decimal, within bounds."""

    def __init__(self, *, most: int, **given: Any) -> None:
        super().__init__(max_length=FIGURES_MAX, **given)
        self.most = most
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        """The hours, or None where nothing was written."""
        text = plain_figures(super().clean(value), "小时", "时")
        if not text:
            return None
        try:
            hours = Decimal(text) if _AMOUNT.fullmatch(text) else Decimal("NaN")
        except InvalidOperation:
            hours = Decimal("NaN")
        if not hours.is_finite() or not 0 < hours <= self.most:
            raise forms.ValidationError(
                _("“%(value)s”不行。请填 0 到 %(most)s 之间的小时数") % {"value": value, "most": self.most}
            )
        return hours.quantize(Decimal("0.1"))

    def prepare_value(self, value: Any) -> Any:
        """Without a decimal that says nothing."""
        return f"{float(value):g}" if isinstance(value, Decimal) else value


class DayField(forms.CharField):
    """A date as 2022-03-01 or 2022年3月1日; the browser's own picker writes the first."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=FIGURES_MAX, **given)
        self.widget = day_input()
        self.widget.is_required = self.required

    def clean(self, value: Any) -> date | None:
        """The day, or None where nothing was written."""
        text = unicodedata.normalize("NFKC", super().clean(value)).replace(" ", "")
        if not text:
            return None
        parts = _DATE.fullmatch(text)
        try:
            return date(*map(int, parts.groups())) if parts else date.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError(_("“%(value)s”不是日期。请写成 2022-03-01 这样") % {"value": value}) from error


class WordsField(forms.CharField):
    """Short words with 、 or a comma between them."""

    def clean(self, value: Any) -> list[str]:
        """The words, each once."""
        return list(dict.fromkeys(word.strip() for word in _SEPARATORS.split(super().clean(value)) if word.strip()))

    def prepare_value(self, value: Any) -> Any:
        """Words as one line."""
        return "、".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
