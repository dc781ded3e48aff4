"""What may be done with a list: by its school, or by the district's clerk who enters what the city said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import Role, User
from jiujin.schools.errors import FieldInvalid
from jiujin.schools.models import Enrolment, Intake, IntakeState
from jiujin.schools.queries import enters_replies
from jiujin.schools.services.pay_intake import pay_intake
from jiujin.schools.services.report_intake import (
    record_city_reply,
    record_finishing,
    record_leaving,
    remove_students,
    return_intake,
    stamp_intake,
)
from jiujin.schools.services.upload_intake import upload_intake
from jiujin.schools.states import CHANGEABLE
from jiujin.web.acts import Act, PlainForm, day_field
from jiujin.web.claims.uploads import on_disk
from jiujin.web.papers import ACCEPTED, PaperField, keep_paper
from jiujin.web.schools.claimed import is_claimed

SCAN_KIND = "stamped_enrolment_list"
TOLD_MAX = 5


class UploadForm(PlainForm):
    """The export."""

    file = forms.FileField(label=gettext_lazy("全国系统导出的名单"))


class StampForm(PlainForm):
    """The stamped list."""

    scan = forms.FileField(label=gettext_lazy("盖章名单的扫描件"), widget=forms.FileInput(attrs={"accept": ACCEPTED}))


class LetterForm(PlainForm):
    """The city's letter."""

    number = forms.CharField(label=gettext_lazy("市里的文号"), max_length=80)
    replied_on = day_field(gettext_lazy("批复日期"))
    scan = PaperField(gettext_lazy("批复扫描件"))


class ReplyForm(LetterForm):
    """What the city found."""

    refused = forms.CharField(
        label=gettext_lazy("不核准的学生"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一人：名单里的行号，空格，原因。没写的都算核准。"),
    )


class ReturnForm(LetterForm):
    """Why it came back."""

    reasons = forms.CharField(label=gettext_lazy("退回的原因"), max_length=300)


class PaidForm(PlainForm):
    """The city's payment."""

    voucher = forms.CharField(label=gettext_lazy("拨付凭证号"), max_length=60)
    paid_on = day_field(gettext_lazy("拨付日期"))
    scan = PaperField(gettext_lazy("拨付凭证扫描件"))


class LeftForm(PlainForm):
    """When a student left."""

    left_on = day_field(gettext_lazy("离校日期"))


class FinishedForm(PlainForm):
    """When a student finished."""

    finished_on = day_field(gettext_lazy("结业日期"))
    certificate_number = forms.CharField(label=gettext_lazy("技能证书编号"), required=False, max_length=60)


def _upload(actor: User, record: Intake, given: dict[str, Any]) -> str:
    with on_disk(given["file"]) as path:
        done = upload_intake(intake=record, path=path, actor=actor)
    said = [
        _("新增 %(made)s 人，改动 %(changed)s 人，没有变 %(same)s 人。")
        % {"made": done.made, "changed": done.changed, "same": done.same}
    ]
    if done.gone:
        said.append(_("有 %(count)s 人上一次在名单里，这一次没有。") % {"count": done.gone})
    for each in done.refused[:TOLD_MAX]:
        said.append(_("第 %(row)s 行没有读入：%(reason)s。") % {"row": each.row, "reason": each.reason})
    if len(done.refused) > TOLD_MAX:
        said.append(_("一共 %(count)s 行没有读入。") % {"count": len(done.refused)})
    said += [f"{cell}。" for cell in done.cells[:TOLD_MAX]]
    if done.unread:
        said.append(_("这些列没有用到：%(names)s。") % {"names": "、".join(done.unread[:10])})
    return "".join(said)


def _stamp(actor: User, record: Intake, given: dict[str, Any]) -> str:
    scan = keep_paper(actor, record, given["scan"], SCAN_KIND)
    assert scan is not None
    stamp_intake(intake=record, scan=scan, now=timezone.now(), actor=actor)
    return _("盖章名单已经报市里，区里也收到一份。")


def _reply(actor: User, record: Intake, given: dict[str, Any]) -> str:
    scan = keep_paper(actor, record, given["scan"])
    reply = record_city_reply(
        intake=record,
        number=given["number"],
        replied_on=given["replied_on"],
        refused=_refused(record, given["refused"]),
        scan=scan,
        actor=actor,
        today=timezone.localdate(),
    )
    return _("市里的批复已经记下：核准 %(count)s 人。") % {"count": reply.accepted_count}


def _refused(record: Intake, text: str) -> dict[int, str]:
    """The students of the lines of the list that the letter names, with its reasons. Raises FieldInvalid."""
    rows: dict[int, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        row, _space, why = line.partition(" ")
        if not row.isascii() or not row.isdigit():
            raise FieldInvalid("refused", _("“%(line)s”没有写行号") % {"line": line[:20]})
        rows[int(row)] = why
    found = dict(Enrolment.objects.filter(intake=record, row__in=rows).values_list("row", "pk").order_by("row"))
    if len(found) < len(rows):
        raise FieldInvalid("refused", _("有不在这份名单里的行号"))
    return {found[row]: why for row, why in rows.items()}


def _return(actor: User, record: Intake, given: dict[str, Any]) -> str:
    scan = keep_paper(actor, record, given.pop("scan"))
    return_intake(intake=record, actor=actor, today=timezone.localdate(), scan=scan, **given)
    return _("退回已经记下，学校改好可以再报。")


def _paid(actor: User, record: Intake, given: dict[str, Any]) -> str:
    scan = keep_paper(actor, record, given.pop("scan"))
    pay_intake(intake=record, actor=actor, today=timezone.localdate(), scan=scan, **given)
    return _("市里的拨付已经记下。")


def _left(actor: User, record: Enrolment, given: dict[str, Any]) -> str:
    record_leaving(enrolment=record, actor=actor, today=timezone.localdate(), **given)
    return _("离校已经记下。")


def _finished(actor: User, record: Enrolment, given: dict[str, Any]) -> str:
    record_finishing(enrolment=record, actor=actor, today=timezone.localdate(), **given)
    return _("结业已经记下。")


def _removed(actor: User, record: Enrolment, given: dict[str, Any]) -> str:
    remove_students(intake=record.intake, ids=[record.pk], actor=actor)
    return _("已从名单里去掉。")


def _school(*states: str) -> Any:
    return lambda viewer, record: viewer.role == Role.SCHOOL and record.state in states


def _clerk(*states: str) -> Any:
    return lambda viewer, record: enters_replies(viewer) and record.state in states


def _pays(viewer: User, record: Intake) -> bool:
    """Where the list was claimed here, its payment is noted with the claim and comes over by itself."""
    return enters_replies(viewer) and record.state == IntakeState.REVIEWED and not is_claimed(record)


def _studies(viewer: User, record: Enrolment) -> bool:
    return viewer.role == Role.SCHOOL and record.left_on is None


INTAKE_ACTS = (
    Act("upload", gettext_lazy("上传名单"), UploadForm, _upload, _school(*CHANGEABLE), is_main=True),
    Act("stamp", gettext_lazy("盖章上报"), StampForm, _stamp, _school(*CHANGEABLE)),
    Act("reply", gettext_lazy("记市里的批复"), ReplyForm, _reply, _clerk(IntakeState.STAMPED), is_main=True),
    Act("return", gettext_lazy("记市里的退回"), ReturnForm, _return, _clerk(IntakeState.STAMPED)),
    Act("paid", gettext_lazy("记市里的拨付"), PaidForm, _paid, _pays, is_main=True),
)
STUDENT_ACTS = (
    Act("left", gettext_lazy("记离校"), LeftForm, _left, _studies),
    Act("finished", gettext_lazy("记结业"), FinishedForm, _finished, _studies),
    Act(
        "remove", gettext_lazy("从名单里去掉"), PlainForm, _removed,
        lambda viewer, record: viewer.role == Role.SCHOOL and record.intake.state in CHANGEABLE,
    ),
)  # fmt: skip
