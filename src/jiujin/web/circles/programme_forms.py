"""Forms of the circles' programme: pilots, decisions, contracts, reports, help, posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.circles.measures import MEASURES
from jiujin.circles.models import Procurement, SystemUsed
from jiujin.web.circles.forms import fill_choices, operator_choices
from jiujin.web.fairs.fields import OrganisationField, PersonField
from jiujin.web.fairs.forms import ORGANISATION_HELP
from jiujin.web.hiring.fields import CountField, DayField, YuanField
from jiujin.web.papers import PaperField
from jiujin.work.follow_up import follow_up_months

INDICATOR = "indicator_"


class PilotForm(forms.Form):
    """That the circle's community is a pilot."""

    source = forms.CharField(label=gettext_lazy("凭哪份文件选为试点"), max_length=200)
    chosen_on = DayField(label=gettext_lazy("选定日期"))
    scan = PaperField()


class DecisionForm(forms.Form):
    """How the street decided to run its circle."""

    mode = forms.CharField(label=gettext_lazy("实施模式"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    decided_on = DayField(label=gettext_lazy("决定日期"))
    officer = forms.CharField(label=gettext_lazy("谁定的"), max_length=60)
    document = forms.CharField(label=gettext_lazy("文件"), max_length=120)
    scan = PaperField()


class EngageForm(forms.Form):
    """The contract with an operator; an indicator is what its measure must reach by the end."""

    operator = forms.ChoiceField(label=gettext_lazy("运营机构"))
    procurement = forms.ChoiceField(label=gettext_lazy("怎样选定"), choices=Procurement.choices)
    notice = forms.CharField(label=gettext_lazy("公告或通知"), max_length=200, required=False)
    contract_number = forms.CharField(label=gettext_lazy("合同编号"), max_length=60)
    signed_on = DayField(label=gettext_lazy("签订日期"))
    start_on = DayField(label=gettext_lazy("合同开始"))
    end_on = DayField(label=gettext_lazy("合同结束"))
    fee_fen = YuanField(
        label=gettext_lazy("服务费（元）"),
        required=False,
        help_text=gettext_lazy("服务补助就是价钱的，不填。填了服务费，指标不能数已经按人数给补助的人。"),
    )
    system_used = forms.ChoiceField(label=gettext_lazy("用哪个系统"), choices=SystemUsed.choices)
    scan = PaperField(gettext_lazy("合同扫描件或照片"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, operator=operator_choices()[1:])
        for name, measure in MEASURES.items():
            label = _("指标：%(what)s") % {"what": measure.label}
            self.fields[f"{INDICATOR}{name}"] = CountField(
                label=label, least=1, most=10_000_000, unit="", required=False
            )

    def chosen(self) -> dict[str, Any]:
        """What the service takes, without the operator."""
        given = self.cleaned_data
        names = (
            "procurement",
            "notice",
            "contract_number",
            "signed_on",
            "start_on",
            "end_on",
            "fee_fen",
            "system_used",
        )
        indicators = {
            name.removeprefix(INDICATOR): figure
            for name, figure in given.items()
            if name.startswith(INDICATOR) and figure
        }
        return {name: given[name] for name in names} | {"indicators": indicators}


class AcceptForm(forms.Form):
    """That the work of a contract was accepted, or that the contract ended early."""

    engagement = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=gettext_lazy("日期"))
    words = forms.CharField(label=gettext_lazy("验收意见"), max_length=1000, required=False)
    scan = PaperField(gettext_lazy("验收材料"))


class ReportForm(forms.Form):
    """The month of an operator's report, as 2022-04."""

    engagement = forms.IntegerField(widget=forms.HiddenInput)
    month = forms.RegexField(
        label=gettext_lazy("月份"),
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": gettext_lazy("月份要写成 2022-04 这样")},
    )
    words = forms.CharField(label=gettext_lazy("说明"), max_length=1000, required=False)


class PlanForm(forms.Form):
    """A person's plan of help."""

    made_on = DayField(label=gettext_lazy("制定日期"))
    situation = forms.CharField(
        label=gettext_lazy("本人的情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    steps = forms.CharField(label=gettext_lazy("准备怎么帮"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    until_on = DayField(label=gettext_lazy("做到哪天"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("made_on", timezone.localdate())


class FollowUpForm(forms.Form):
    """What a placed person does so many months later, as the plan has them."""

    after_months = forms.TypedChoiceField(
        label=gettext_lazy("哪一次"),
        coerce=int,
    )
    asked_on = DayField(label=gettext_lazy("回访日期"))
    still_employed = forms.NullBooleanField(
        label=gettext_lazy("还在岗"),
        required=False,
        widget=forms.Select(
            choices=[("", gettext_lazy("没问到")), ("true", gettext_lazy("是")), ("false", gettext_lazy("否"))]
        ),
    )
    words = forms.CharField(label=gettext_lazy("说了什么"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = follow_up_months(timezone.localdate())
        fill_choices(self, after_months=[(each, _("%(n)s 个月") % {"n": each}) for each in months])


class PostForm(forms.Form):
    """A public-welfare post."""

    entity = OrganisationField(label=gettext_lazy("经营实体"), help_text=ORGANISATION_HELP)
    title = forms.CharField(label=gettext_lazy("岗位名称"), max_length=80)
    headcount = CountField(label=gettext_lazy("人数"), least=1, most=999)
    developed_on = DayField(label=gettext_lazy("开发日期"))
    operator = OrganisationField(label=gettext_lazy("引导开发的运营机构"), required=False, help_text=ORGANISATION_HELP)
    filing_number = forms.CharField(label=gettext_lazy("省平台岗位开发编号"), max_length=60, required=False)


class FilingForm(forms.Form):
    """The post's filing on the province's platform."""

    filing_number = forms.CharField(label=gettext_lazy("省平台岗位开发编号"), max_length=60)


class HoldForm(forms.Form):
    """That somebody takes a post."""

    person = PersonField(label=gettext_lazy("上岗人身份证号"))
    start_on = DayField(label=gettext_lazy("上岗日期"))
    end_on = DayField(label=gettext_lazy("到期日"), required=False)
    open_ended = forms.BooleanField(label=gettext_lazy("无固定期限"), required=False)
    registration_number = forms.CharField(label=gettext_lazy("就业登记编号"), max_length=60, required=False)
    labour_filing_number = forms.CharField(label=gettext_lazy("用工备案编号"), max_length=60, required=False)
    service_number = forms.CharField(label=gettext_lazy("就业服务记录编号"), max_length=60, required=False)


class NumbersForm(forms.Form):
    """The numbers of the platform's records of a holding."""

    registration_number = forms.CharField(label=gettext_lazy("就业登记编号"), max_length=60, required=False)
    labour_filing_number = forms.CharField(label=gettext_lazy("用工备案编号"), max_length=60, required=False)
    service_number = forms.CharField(label=gettext_lazy("就业服务记录编号"), max_length=60, required=False)


class PostMonthForm(forms.Form):
    """A month on a post."""

    month = forms.RegexField(
        label=gettext_lazy("月份"),
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": gettext_lazy("月份要写成 2022-04 这样")},
    )
    attended_days = CountField(label=gettext_lazy("出勤天数"), least=0, most=31, unit="天")
    is_insured = forms.NullBooleanField(
        label=gettext_lazy("缴了社会保险"),
        required=False,
        widget=forms.Select(
            choices=[("", gettext_lazy("还不知道")), ("true", gettext_lazy("是")), ("false", gettext_lazy("否"))]
        ),
    )
    premium_fen = YuanField(label=gettext_lazy("单位缴费（元）"), required=False)
    wage_fen = YuanField(label=gettext_lazy("工资（元）"), required=False)
    scan = PaperField(gettext_lazy("考勤表"))


class LeaveForm(forms.Form):
    """The last day on a post."""

    left_on = DayField(label=gettext_lazy("离岗日期"))
    because = forms.CharField(label=gettext_lazy("离岗原因"), max_length=200)
