"""What can go wrong with accounts."""

from __future__ import annotations

from django.utils.translation import gettext as _


class AccountError(Exception):
    """Base of the domain's errors; its text is a sentence for a person, in the language of the page."""


class DemoOnly(AccountError):
    """Something that exists only for a demonstration was asked of a real installation."""

    def __init__(self) -> None:
        super().__init__(_("演示账号只在演示模式下建立，没有建立任何账号。要演示，请设 JIUJIN_DEMO=1 再启动。"))


class SignInLocked(AccountError):
    """Too many failed sign-ins; `minutes_left` until another try counts."""

    def __init__(self, minutes_left: int) -> None:
        self.minutes_left = minutes_left
        message = _("登录失败次数过多，已暂停登录。请约 %(minutes)s 分钟后再试，或请系统管理员重置密码。")
        super().__init__(message % {"minutes": minutes_left})


class OwnAccount(AccountError):
    """An administrator would shut himself out."""

    def __init__(self) -> None:
        super().__init__(_("不能停用自己的账号，也不能改自己的角色，没有改动。请让另一位系统管理员来改。"))


class PhoneNotMobile(AccountError):
    """A number that no message can be sent to."""

    def __init__(self) -> None:
        super().__init__(_("手机号应是 11 位数字，没有发送验证码。请核对后再试。"))


class CodesTooMany(AccountError):
    """Codes asked for too often; `seconds_left` until another can be."""

    def __init__(self, seconds_left: int) -> None:
        self.seconds_left = seconds_left
        wait = _("%(n)s 秒") if seconds_left <= 90 else _("%(n)s 分钟")
        count = seconds_left if seconds_left <= 90 else -(-seconds_left // 60)
        message = _("验证码要得太频繁，这次没有发送。请约 %(wait)s 后再试；已收到的验证码在有效期内仍可使用。")
        super().__init__(message % {"wait": wait % {"n": count}})


class CodeWrong(AccountError):
    """A code that does not open: wrong, used, out of time, or tried too often."""

    def __init__(self) -> None:
        super().__init__(_("验证码不对，或已用过、已过期，没有登录。请核对后再输；仍然不行，请重新获取。"))
