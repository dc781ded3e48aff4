"""Forms of money. Amounts are yuan as a person writes them; they come out as integer fen."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.layouts import layouts
from jiujin.funds.models import Purse
from jiujin.registry.models import Area, AreaLevel
from jiujin.values import MoneyError, parse_yuan
from jiujin.web.day_input import day_input
from jiujin.web.funds.doors import organisation_named

YEAR_MIN, YEAR_MAX = 2000, 2100


class YuanField(forms.CharField):
    """An amount in yuan, kept as fen."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_length": 30, "widget": widget, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yuan(text)
        except MoneyError as error:
            raise forms.ValidationError(str(error)) from error


class RequestForm(forms.Form):
    """A form whose sending twice is once: its id is made when it is first shown."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"request_id": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class GrantForm(RequestForm):
    """A budget to be granted."""

    scheme = forms.ChoiceField(label=gettext_lazy("补贴项目"))
    area_code = forms.ChoiceField(label=gettext_lazy("给哪里"), required=False)
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=YEAR_MIN, max_value=YEAR_MAX)
    amount = YuanField(label=gettext_lazy("金额（元）"))
    reason = forms.CharField(label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("写文号或事由。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = plan_in_force()
        paid_here = [scheme for scheme in plan.schemes.values() if scheme.decided_by == "district"]
        choose(self, "scheme", [(scheme.id, scheme.name) for scheme in paid_here])
        townships = Area.objects.filter(level=AreaLevel.TOWNSHIP).order_by("code").values_list("code", "name")
        choose(self, "area_code", [("", _("全区")), *townships])
        start = plan.header.period.start
        self.initial.setdefault("year", start.year if start else timezone.localdate().year)


class WithdrawForm(RequestForm):
    """A part of a budget to be given back."""

    amount = YuanField(label=gettext_lazy("收回多少（元）"))
    reason = forms.CharField(label=gettext_lazy("依据"), max_length=300)


class MoveForm(RequestForm):
    """A part of a budget to be moved to another purse."""

    target = forms.ModelChoiceField(label=gettext_lazy("调到哪里"), queryset=Purse.objects.none())
    amount = YuanField(label=gettext_lazy("调多少（元）"))
    reason = forms.CharField(label=gettext_lazy("依据"), max_length=300)


class BatchForm(RequestForm):
    """How the ticked lines are paid."""

    layout = forms.ChoiceField(label=gettext_lazy("怎样付"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "layout", [(layout.id, layout.name) for layout in layouts().values()])


class RecoveryForm(RequestForm):
    """Money to be demanded back."""

    amount = YuanField(label=gettext_lazy("追回多少（元）"))
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=300)


class AccountForm(forms.Form):
    """A payee's bank account."""

    organisation = forms.CharField(
        label=gettext_lazy("收款单位"), max_length=120, help_text=gettext_lazy("写全称或统一社会信用代码。")
    )
    holder = forms.CharField(label=gettext_lazy("户名"), max_length=120)
    bank = forms.CharField(label=gettext_lazy("开户行"), max_length=120)
    number = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PaidBeforeForm(RequestForm):
    """A workbook of what was paid before this program came, and the finance office's total of it.

    After a look the file waits under `waiting`, and need not be sent again.
    """

    scheme = forms.ChoiceField(label=gettext_lazy("补贴项目"))
    organisation = forms.CharField(
        label=gettext_lazy("收款单位"),
        max_length=120,
        help_text=gettext_lazy("写全称或统一社会信用代码。"),
    )
    total = YuanField(label=gettext_lazy("财务账上的合计（元）"), help_text=gettext_lazy("这份名单应当合计多少。"))
    file = forms.FileField(label=gettext_lazy("名单"))
    waiting = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    file_name = forms.CharField(max_length=255, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "scheme", [(scheme.id, scheme.name) for scheme in plan_in_force().schemes.values()])
        self.fields["file"].required = "take" not in self.data

    def clean(self) -> dict[str, Any]:
        """With `payee`, the organisation named."""
        given = super().clean() or {}
        named = given.get("organisation", "")
        given["payee"] = organisation_named(named)
        if named and given["payee"] is None:
            self.add_error("organisation", _("没有找到这个单位。请写全称或统一社会信用代码。"))
        return given


class CityPaymentForm(forms.Form):
    """The city's voucher for some lines."""

    voucher = forms.CharField(label=gettext_lazy("市级拨付凭证号"), max_length=60)
    paid_on = forms.DateField(label=gettext_lazy("拨付日期"), widget=day_input())
    scan = forms.FileField(label=gettext_lazy("凭证扫描件"), required=False)


class VoucherForm(RequestForm):
    """A voucher of the treasury for some payments of a batch."""

    number = forms.CharField(label=gettext_lazy("支付凭证号"), max_length=60)
    paid_on = forms.DateField(label=gettext_lazy("支付日期"), widget=day_input())
    refusal = forms.CharField(
        label=gettext_lazy("退回原因"), max_length=300, required=False, help_text=gettext_lazy("有勾选为退回的才填。")
    )
    scan = forms.FileField(label=gettext_lazy("凭证扫描件"), required=False)


class ReturnForm(forms.Form):
    """A file that the bank or the treasury sent back."""

    file = forms.FileField(label=gettext_lazy("回盘文件"))


def choose(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Say what can be chosen now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
