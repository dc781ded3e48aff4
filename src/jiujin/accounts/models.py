"""Users with their role and area, and the count of failed sign-ins."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person comes here to do; `permissions.ROOMS` says which rooms each role may enter."""

    CLERK = "clerk", _("经办")
    REVIEWER = "reviewer", _("复审")
    FINANCE = "finance", _("财务")
    RESIDENT = "resident", _("劳动者")
    EMPLOYER = "employer", _("用人单位")
    OPERATOR = "operator", _("运营机构")
    SPECIALIST = "specialist", _("人社服务专员")
    SCHOOL = "school", _("技工院校")
    TOWNSHIP = "township", _("乡镇街道")
    SUPERVISOR = "supervisor", _("督查")
    LEADER = "leader", _("领导")
    ADMINISTRATOR = "administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("审计管理员")


class User(AbstractUser):
    """A person who signs in.

    `area_code` is the statistical code of the township or district whose records the person sees; blank is the whole
    district. `organisation_name` is the operator, school or office the person acts for.
    """

    # AbstractUser's own two name fields do not fit Chinese names.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    display_name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("角色"), max_length=30, choices=Role.choices)
    area_code = models.CharField(
        _("区域代码"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^(\d{6}|\d{9}|\d{12})$", _("区域代码是 6、9 或 12 位数字。"))],
    )
    organisation_name = models.CharField(_("单位"), max_length=120, blank=True)

    REQUIRED_FIELDS = ["display_name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_role_is_known", condition=models.Q(role__in=[r.value for r in Role])),
            models.CheckConstraint(
                name="user_area_code_is_a_code",
                condition=models.Q(area_code="") | models.Q(area_code__regex=r"^(\d{6}|\d{9}|\d{12})$"),
            ),
        ]

    def get_full_name(self) -> str:
        """The name shown on pages."""
        return self.display_name

    def get_short_name(self) -> str:
        """The name shown where there is little room."""
        return self.display_name


class SignInCode(models.Model):
    """A short code by which someone without a password signs in, once and for a short time; only its hash is kept.

    It is sent to a telephone (`phone_index`), or handed over at the counter for one person (`handed_for`, their record's id).
    `asked_from` is the address that asked for a sent one, so that nobody has many telephones ring.
    """

    phone_index = models.BinaryField(max_length=32, null=True)
    handed_for = models.BigIntegerField(null=True)
    code_hash = models.CharField(max_length=64)
    asked_from = models.CharField(max_length=45, blank=True, db_default="")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["phone_index", "-made_at"], name="code_by_phone"),
            models.Index(fields=["asked_from", "-made_at"], name="code_by_address"),
            models.Index(fields=["code_hash"], name="code_by_hash"),
        ]
        constraints = [
            models.CheckConstraint(
                name="code_is_sent_or_handed",
                condition=models.Q(phone_index=None) ^ models.Q(handed_for=None),
            ),
        ]


class SignInFailure(models.Model):
    """One failed sign-in, kept while it counts: who was tried (in small letters), from where, when."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["username", "failed_at"], name="failure_by_username"),
            models.Index(fields=["address", "failed_at"], name="failure_by_address"),
        ]
