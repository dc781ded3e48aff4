"""What can go wrong with the registry; each text is one sentence for a person."""

from __future__ import annotations


class RegistryError(Exception):
    """Base of the registry's errors."""


class AlreadyRegistered(RegistryError):
    """A person or organisation that the registry already has; `pk` is the one it has."""

    def __init__(self, what: str, pk: int) -> None:
        self.pk = pk
        super().__init__(f"{what}已经登记过，没有再登记一次，原来的登记没有改动。请打开原来的登记修改。")


class AreaUnknown(RegistryError):
    """A division code that no loaded area has."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"区划代码“{code}”不在区划表里，没有保存。请从列表里选乡镇街道或社区村。")


class PhoneInvalid(RegistryError):
    """A telephone number that cannot be one."""

    def __init__(self) -> None:
        super().__init__("电话号码的写法不对，没有保存。请只填 5 到 15 位数字，区号和号码连着写。")


class StatusUncertified(RegistryError):
    """A verified status that does not say who certified it, and when."""

    def __init__(self) -> None:
        super().__init__("已核验的人员类别要写明由谁认定、哪天认定，没有保存。请补上，或把佐证程度改为“有材料”。")


class DatesOutOfOrder(RegistryError):
    """An end before its start."""

    def __init__(self) -> None:
        super().__init__("结束日期早于开始日期，没有保存。请核对两个日期。")


class SignInClosed(RegistryError):
    """A sign-in that a code does not open."""

    def __init__(self) -> None:
        super().__init__("这个账号不能用验证码登录，没有登录。请到社区窗口，或联系人社服务专员。")
