"""Forms of the fairs and visits."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.core.listing import Words
from jiujin.fairs.costs import cost_kinds
from jiujin.fairs.models import Fair, FairKind
from jiujin.registry.models import Area, Organisation
from jiujin.web.fairs.fields import OrganisationField, PersonField, township_choices
from jiujin.web.hiring.fields import CountField, DayField, YuanField
from jiujin.web.papers import PaperField

HOSTS = 3
ORGANISATION_HELP = gettext_lazy("填单位全称或统一社会信用代码。")


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, Words]]) -> None:
    """Give a choice field what can be chosen now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class FairForm(forms.Form):
    """A fair to be planned. The first host is credited with it; a joint fair has several and is one fair."""

    name = forms.CharField(label=gettext_lazy("招聘会名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("怎么办"), choices=FairKind.choices)
    held_on = DayField(label=gettext_lazy("举办日期"))
    until_on = DayField(label=gettext_lazy("办到哪天"), required=False, help_text=gettext_lazy("只办一天的不填。"))
    area = forms.ChoiceField(label=gettext_lazy("所在乡镇街道"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200, required=False)
    booths = CountField(label=gettext_lazy("展位数"), least=1, most=2000, unit="个", required=False)
    host_township = forms.ChoiceField(label=gettext_lazy("主办乡镇街道"), required=False)
    host = OrganisationField(label=gettext_lazy("主办单位"), required=False, help_text=ORGANISATION_HELP)
    joint_host = OrganisationField(
        label=gettext_lazy("联合主办单位"),
        required=False,
        help_text=gettext_lazy("联合举办的只登记一场，记在第一主办名下。"),
    )
    township_first = forms.BooleanField(label=gettext_lazy("记在乡镇街道名下"), required=False)
    aim = forms.CharField(
        label=gettext_lazy("方案和对象"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, viewer: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "area", township_choices(viewer.area_code[:6]))
        own = viewer.area_code if len(viewer.area_code) == 9 else viewer.area_code[:6]
        set_choices(self, "host_township", township_choices(own))

    def hosts(self) -> list[Organisation | Area]:
        """The hosts in order: who is credited stands first."""
        given = self.cleaned_data
        township = Area.objects.filter(pk=given["host_township"]).first() if given["host_township"] else None
        organisations = [given["host"], given["joint_host"]]
        ordered = [township, *organisations] if given["township_first"] else [*organisations, township]
        return [host for host in ordered if host is not None]

    def chosen(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        names = ("name", "kind", "held_on", "until_on", "place", "booths", "aim")
        area = Area.objects.filter(pk=given["area"]).first() if given["area"] else None
        return {name: given[name] for name in names} | {"area": area, "hosts": self.hosts()}

    @staticmethod
    def initial_of(fair: Fair) -> dict[str, Any]:
        """A fair as the form shows it."""
        hosts = list(fair.hosts.select_related("organisation").order_by("-is_credited", "pk"))
        organisations = [host.organisation.name for host in hosts if host.organisation]
        townships = [host.township_id for host in hosts if host.township_id]
        return {
            "name": fair.name, "kind": fair.kind, "held_on": fair.held_on, "until_on": fair.until_on,
            "area": fair.area_id or "", "place": fair.place, "booths": fair.booths, "aim": fair.aim,
            "host": organisations[0] if organisations else "", "joint_host": "".join(organisations[1:2]),
            "host_township": townships[0] if townships else "", "township_first": bool(hosts and hosts[0].township_id),
        }  # fmt: skip


class PartForm(forms.Form):
    """An employer that takes part."""

    employer = OrganisationField(label=gettext_lazy("参会单位"), help_text=ORGANISATION_HELP)
    booth = forms.CharField(label=gettext_lazy("展位"), max_length=20, required=False)
    brings_all = forms.BooleanField(label=gettext_lazy("带上全部在招岗位"), required=False, initial=True)


class CostForm(forms.Form):
    """A cost by its voucher; which kinds there are, the plan says."""

    kind = forms.ChoiceField(label=gettext_lazy("开支种类"))
    amount = YuanField(label=gettext_lazy("金额（元）"))
    voucher_number = forms.CharField(label=gettext_lazy("凭证号"), max_length=60)
    paid_on = DayField(label=gettext_lazy("付款日期"))
    scan = PaperField(gettext_lazy("凭证扫描件或照片"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = cost_kinds().values()
        set_choices(
            self,
            "kind",
            [(k.id, k.label if k.is_allowed else _("%(kind)s（不能列）") % {"kind": k.label}) for k in kinds],
        )


class SignatureForm(forms.Form):
    """A tripartite agreement signed at a campus fair."""

    person = PersonField(label=gettext_lazy("毕业生身份证号"))
    university = OrganisationField(label=gettext_lazy("高校"), help_text=ORGANISATION_HELP)
    employer = OrganisationField(label=gettext_lazy("签约单位"), required=False, help_text=ORGANISATION_HELP)
    agreement_number = forms.CharField(label=gettext_lazy("三方协议编号"), max_length=60, required=False)
    signed_on = DayField(label=gettext_lazy("签约日期"), required=False)
    scan = PaperField(gettext_lazy("三方协议扫描件或照片"))


class EventForm(forms.Form):
    """The event that a grant is asked for."""

    organisation = OrganisationField(label=gettext_lazy("申请补助的主办单位"), help_text=ORGANISATION_HELP)
    is_public_service = forms.NullBooleanField(
        label=gettext_lazy("是公共就业创业服务机构"),
        required=False,
        widget=forms.Select(
            choices=[("", gettext_lazy("还不知道")), ("true", gettext_lazy("是")), ("false", gettext_lazy("否"))]
        ),
    )
    scan = PaperField(gettext_lazy("活动方案、签到和成效材料"))


class VisitForm(forms.Form):
    """A visit to an enterprise; the key is the page's, so that sent twice it is one visit."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    employer = OrganisationField(label=gettext_lazy("走访的单位"), help_text=ORGANISATION_HELP)
    township = forms.ChoiceField(label=gettext_lazy("乡镇街道"), required=False)
    visited_on = DayField(label=gettext_lazy("走访日期"))
    findings = forms.CharField(
        label=gettext_lazy("看到了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    needs_people = CountField(label=gettext_lazy("缺几个人"), least=0, most=100_000, required=False)
    needs = forms.CharField(label=gettext_lazy("需要什么"), max_length=1000, required=False)
    promised = forms.CharField(label=gettext_lazy("答应了什么"), max_length=1000, required=False)
    promised_until = DayField(label=gettext_lazy("什么时候办好"), required=False)

    def __init__(self, viewer: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("visited_on", timezone.localdate())
        if len(viewer.area_code) >= 9:
            self.initial.setdefault("township", viewer.area_code[:9])
        set_choices(self, "township", township_choices(viewer.area_code[:6]))


class DoneForm(forms.Form):
    """That what was promised is done."""

    done_on = DayField(label=gettext_lazy("办结日期"))
    words = forms.CharField(label=gettext_lazy("办得怎样"), max_length=300)


class FollowForm(forms.Form):
    """What became of an intent."""

    placement = forms.ChoiceField(label=gettext_lazy("促成的就业"), required=False)
    followed_on = DayField(label=gettext_lazy("跟进日期"))
    outcome = forms.CharField(label=gettext_lazy("没有就业的原因"), max_length=200, required=False)


class ProjectForm(forms.Form):
    """A project on an agency's information network."""

    agency = OrganisationField(label=gettext_lazy("人力资源服务机构"), help_text=ORGANISATION_HELP)
    name = forms.CharField(label=gettext_lazy("系统名称"), max_length=120)
    done_on = DayField(label=gettext_lazy("建成日期"), required=False)
    is_district_agency = forms.BooleanField(label=gettext_lazy("属于区人力资源服务机构"), required=False)
    words = forms.CharField(label=gettext_lazy("改进了什么"), max_length=1000, required=False)
    scan = PaperField(gettext_lazy("验收材料"))


class ServiceForm(forms.Form):
    """A period of free matching by a grassroots service."""

    agency = OrganisationField(label=gettext_lazy("基层公共就业服务机构"), help_text=ORGANISATION_HELP)
    start_on = DayField(label=gettext_lazy("从"))
    end_on = DayField(label=gettext_lazy("到"))
    declared = CountField(
        label=gettext_lazy("申明的服务人次"),
        least=0,
        most=1_000_000,
        unit="人次",
        required=False,
        help_text=gettext_lazy("本系统里有服务记录的，以记录数为准，这里填的不用。"),
    )
    is_grassroots = forms.BooleanField(label=gettext_lazy("是基层公共就业服务机构"), required=False)
    is_free = forms.BooleanField(label=gettext_lazy("对求职者和单位都不收费"), required=False)
    scan = PaperField(gettext_lazy("服务台账"))


class InviteForm(forms.Form):
    """How many people the matcher may choose for each place."""

    a_place = CountField(label=gettext_lazy("每个岗位名额邀请几人"), least=1, most=20, initial="3")
