"""What may be done with an internship: by its unit, or by the public employment service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.internships.models import InternPost, Internship
from jiujin.internships.places import places_left
from jiujin.internships.queries import posts_open_on, serves_interns
from jiujin.internships.services.follow_intern import record_absorption, record_absorption_month, record_follow_up
from jiujin.internships.services.hold_internship import (
    begin_internship,
    complete_internship,
    document_agreement,
    hire_early,
    insure_intern,
    interrupt_internship,
    move_internship,
    resume_internship,
)
from jiujin.internships.services.record_intern_month import record_intern_month
from jiujin.internships.states import InternshipState
from jiujin.web.acts import Act, PlainForm, day_field
from jiujin.web.internships.paper_pages import AGREEMENT, APPRAISAL, CONTRACT, POLICY, VOUCHER, works_on
from jiujin.web.internships.words import fen
from jiujin.web.papers import ACCEPTED, PaperField, keep_paper
from jiujin.work.follow_up import follow_up_months

YES_NO = [("", gettext_lazy("不知道")), ("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
ANSWERS = {"yes": True, "no": False, "": None}


class AgreementForm(PlainForm):
    """The signed agreement."""

    agreement = forms.FileField(label=gettext_lazy("协议扫描件"), widget=forms.FileInput(attrs={"accept": ACCEPTED}))


class InsureForm(PlainForm):
    """The accident insurance."""

    insured_on = day_field(gettext_lazy("投保日期"))
    insurance_number = forms.CharField(label=gettext_lazy("保险单号"), max_length=60)
    scan = PaperField(gettext_lazy("保险单"))


class MonthForm(PlainForm):
    """A month's attendance and stipend."""

    month = day_field(gettext_lazy("哪个月"), help_text=gettext_lazy("选这个月里的任意一天。"))
    attended_days = forms.IntegerField(label=gettext_lazy("出勤天数"), required=False)
    stipend_fen = forms.DecimalField(
        label=gettext_lazy("实发生活补助（元）"), required=False, max_digits=9, decimal_places=2
    )
    paid_on = day_field(gettext_lazy("发放日期"), required=False)
    voucher = PaperField(gettext_lazy("发放凭证"))


class EndForm(PlainForm):
    """The last real day."""

    ended_on = day_field(gettext_lazy("最后一天"))


class InterruptForm(EndForm):
    """The last real day, and why."""

    reasons = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class MoveForm(InterruptForm):
    """Another unit."""

    post = forms.ChoiceField(label=gettext_lazy("新的见习岗位"))
    start_on = day_field(gettext_lazy("到新单位的日期"))
    end_on = day_field(gettext_lazy("新的结束日期"))

    def prepare(self) -> None:
        """The open posts of other units that have a place."""
        posts = list(posts_open_on(timezone.localdate()).exclude(base__unit=self.record.unit_id)[:200])
        left = places_left(post.pk for post in posts)
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(post.pk, f"{post.base.unit.name} · {post.title}") for post in posts if left[post.pk] > 0]


class CompleteForm(PlainForm):
    """The certificate."""

    certificate_number = forms.CharField(label=gettext_lazy("见习证明编号"), required=False, max_length=60)
    scan = PaperField(gettext_lazy("期满鉴定"))


class FollowForm(PlainForm):
    """What became of the intern."""

    after_months = forms.TypedChoiceField(label=gettext_lazy("结束后几个月"), coerce=int)
    asked_on = day_field(gettext_lazy("哪天问的"))
    is_employed = forms.ChoiceField(label=gettext_lazy("在就业"), choices=YES_NO, required=False)
    is_at_the_unit = forms.ChoiceField(label=gettext_lazy("留在见习单位"), choices=YES_NO, required=False)
    words = forms.CharField(label=gettext_lazy("说了什么"), required=False, max_length=300)

    def prepare(self) -> None:
        """The plan's months."""
        field = self.fields["after_months"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, each) for each in follow_up_months(timezone.localdate())]


class AbsorbForm(PlainForm):
    """The labour contract."""

    contract_start_on = day_field(gettext_lazy("合同开始"))
    contract_end_on = day_field(gettext_lazy("合同结束"), required=False)
    open_ended = forms.BooleanField(label=gettext_lazy("无固定期限"), required=False)
    scan = PaperField(gettext_lazy("劳动合同扫描件"))


class InsuredMonthForm(PlainForm):
    """A month with social insurance."""

    month = day_field(gettext_lazy("哪个月"), help_text=gettext_lazy("选这个月里的任意一天。"))


def _in(*states: str) -> Any:
    return lambda viewer, record: works_on(viewer, record) and record.state in states


def _begin(actor: User, record: Internship, given: dict[str, Any]) -> str:
    begin_internship(internship=record, today=timezone.localdate(), actor=actor)
    return _("见习已经开始。")


def _agreement(actor: User, record: Internship, given: dict[str, Any]) -> str:
    scan = keep_paper(actor, record, given["agreement"], AGREEMENT)
    assert scan is not None
    document_agreement(internship=record, scan=scan, actor=actor)
    return _("协议扫描件已经收下。")


def _insure(actor: User, record: Internship, given: dict[str, Any]) -> str:
    insure_intern(internship=record, insured_on=given["insured_on"], number=given["insurance_number"], actor=actor)
    keep_paper(actor, record, given["scan"], POLICY)
    return _("保险已经登记。")


def _month(actor: User, record: Internship, given: dict[str, Any]) -> str:
    voucher = keep_paper(actor, record, given["voucher"], VOUCHER)
    kept = record_intern_month(
        internship=record,
        month=given["month"],
        attended_days=given["attended_days"],
        stipend_fen=fen(given["stipend_fen"]),
        paid_on=given["paid_on"],
        voucher=voucher,
        actor=actor,
        today=timezone.localdate(),
    )
    return _("%(month)s 已经记下。") % {"month": f"{kept.month.month:%Y-%m}"} + "".join(
        _("注意：%(warning)s。") % {"warning": warning} for warning in kept.warnings
    )


def _interrupt(actor: User, record: Internship, given: dict[str, Any]) -> str:
    interrupt_internship(internship=record, actor=actor, **given)
    return _("中断已经登记。")


def _resume(actor: User, record: Internship, given: dict[str, Any]) -> str:
    resume_internship(internship=record, actor=actor)
    return _("见习已经恢复。")


def _move(actor: User, record: Internship, given: dict[str, Any]) -> str:
    post = InternPost.objects.get(pk=given.pop("post"))
    move_internship(internship=record, post=post, actor=actor, **given)
    return _("已经换到新单位，请在新的一条见习里接着办。")


def _complete(actor: User, record: Internship, given: dict[str, Any]) -> str:
    scan = given.pop("scan")
    complete_internship(internship=record, today=timezone.localdate(), actor=actor, **given)
    keep_paper(actor, record, scan, APPRAISAL)
    return _("期满已经登记。")


def _hire(actor: User, record: Internship, given: dict[str, Any]) -> str:
    hire_early(internship=record, actor=actor, **given)
    return _("提前录用已经登记。")


def _follow(actor: User, record: Internship, given: dict[str, Any]) -> str:
    told = {name: ANSWERS[given.pop(name)] for name in ("is_employed", "is_at_the_unit")}
    record_follow_up(internship=record, actor=actor, today=timezone.localdate(), **told, **given)
    return _("去向已经记下。")


def _absorb(actor: User, record: Internship, given: dict[str, Any]) -> str:
    scan = given.pop("scan")
    proof = Proof.DOCUMENTED if scan else Proof.DECLARED
    record_absorption(internship=record, actor=actor, proof=proof, **given)
    keep_paper(actor, record, scan, CONTRACT)
    return _("劳动合同已经登记。")


def _insured_month(actor: User, record: Internship, given: dict[str, Any]) -> str:
    record_absorption_month(internship=record, actor=actor, month=given["month"], today=timezone.localdate())
    return _("这个月的社会保险已经登记。")


RUNNING, ENDED = (InternshipState.RUNNING,), (InternshipState.COMPLETED, InternshipState.HIRED_EARLY)
OVER = (*ENDED, InternshipState.INTERRUPTED)
INTERN_ACTS = (
    Act("begin", gettext_lazy("开始见习"), PlainForm, _begin, _in(InternshipState.AGREED), is_main=True),
    Act(
        "agreement", gettext_lazy("传回签好的协议"), AgreementForm, _agreement,
        lambda viewer, record: works_on(viewer, record) and record.agreement_id is None,
    ),
    Act("month", gettext_lazy("记一个月"), MonthForm, _month, _in(*RUNNING, *OVER)),
    Act("insure", gettext_lazy("登记保险"), InsureForm, _insure, _in(InternshipState.AGREED, *RUNNING)),
    Act("complete", gettext_lazy("办期满"), CompleteForm, _complete, _in(*RUNNING, InternshipState.COMPLETED)),
    Act("interrupt", gettext_lazy("登记中断"), InterruptForm, _interrupt, _in(*RUNNING)),
    Act("resume", gettext_lazy("恢复见习"), PlainForm, _resume, _in(InternshipState.INTERRUPTED)),
    Act(
        "move", gettext_lazy("换一个单位"), MoveForm, _move,
        lambda viewer, record: serves_interns(viewer) and record.state == InternshipState.RUNNING,
    ),
    Act("hire", gettext_lazy("提前录用"), EndForm, _hire, _in(*RUNNING)),
    Act("absorb", gettext_lazy("登记劳动合同"), AbsorbForm, _absorb, _in(*ENDED)),
    Act(
        "insured", gettext_lazy("登记社保月"), InsuredMonthForm, _insured_month,
        lambda viewer, record: works_on(viewer, record) and record.contract_start_on is not None,
    ),
    Act(
        "follow", gettext_lazy("跟踪去向"), FollowForm, _follow,
        lambda viewer, record: serves_interns(viewer) and record.ended_on is not None,
    ),
)  # fmt: skip
