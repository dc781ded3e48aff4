"""What can go wrong with the registry; each text is one sentence for a person, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


class RegistryError(Exception):
    """Base of the registry's errors."""


class AlreadyRegistered(RegistryError):
    """A person or organisation that the registry already has; `pk` is the one it has."""

    def __init__(self, what: str, pk: int) -> None:
        self.pk = pk
        message = _("%(what)s已经登记过，没有再登记一次，原来的登记没有改动。请打开原来的登记修改。")
        super().__init__(message % {"what": what})


class AreaUnknown(RegistryError):
    """A division code that no loaded area has."""

    def __init__(self, code: str) -> None:
        self.code = code
        message = _("区划代码“%(code)s”不在区划表里，没有保存。请从列表里选乡镇街道或社区村。")
        super().__init__(message % {"code": code})


class FieldInvalid(RegistryError):
    """A value that cannot be kept; `field` is whose, and the text is what is wrong with it and the mend."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class PhoneInvalid(FieldInvalid):
    """A telephone number that cannot be one."""

    def __init__(self, field: str = "phone") -> None:
        super().__init__(field, _("电话号码的写法不对，没有保存。请只填 5 到 15 位数字，区号和号码连着写。"))


class NameMissing(FieldInvalid):
    """A name of nothing but space, or longer than a name is."""

    def __init__(self, longest: int) -> None:
        message = _("名称没有填，或超过 %(longest)s 个字，没有保存。请填写正式的姓名或名称。")
        super().__init__("name", message % {"longest": longest})


class IdNumberRefused(FieldInvalid):
    """An identity number or credit code that is none; the text says why."""

    def __init__(self, reason: str, field: str = "id_number") -> None:
        super().__init__(field, _("%(reason)s，没有保存。") % {"reason": reason.rstrip("。")})


class IdentityFixed(FieldInvalid):
    """A number, birth date or sex that contradicts the identity number known already."""

    def __init__(self, field: str) -> None:
        message = _(
            "身份证号已经登记，姓名以外的身份信息以它为准，没有改动。身份证号登错了的，请由经办人员核对证件后改正。"
        )
        super().__init__(field, message)


class PersonMergedAway(RegistryError):
    """A record that went up in another one's."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        super().__init__(_("这份登记已并入同一个人的另一份登记，没有改动。请打开并入后的那份再改。"))


class StatusUncertified(RegistryError):
    """A verified status that does not say who certified it, and when."""

    def __init__(self) -> None:
        super().__init__(_("已核验的人员类别要写明由谁认定、哪天认定，没有保存。请补上，或把佐证程度改为“有材料”。"))


class DatesOutOfOrder(RegistryError):
    """An end before its start."""

    def __init__(self) -> None:
        super().__init__(_("结束日期早于开始日期，没有保存。请核对两个日期。"))


class SignInClosed(RegistryError):
    """A sign-in that a code does not open."""

    def __init__(self) -> None:
        super().__init__(_("这个账号不能用验证码登录，没有登录。请到社区窗口，或联系人社服务专员。"))


class PointUnusable(RegistryError):
    """A point that is none in China; `code` is the datum module's word for why."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(_("%(reason)s。没有保存，原来的位置还在。") % {"reason": reason.rstrip("。")})


class GeocoderMissing(RegistryError):
    """Nothing here turns an address into a point."""

    def __init__(self) -> None:
        super().__init__(_("没有接入地址解析服务，没有改动。请在地图上选点，或先用社区的中心点。"))


class AddressNotFound(RegistryError):
    """An address that the geocoder does not know, or that is not written down."""

    def __init__(self) -> None:
        super().__init__(_("按这个地址没有找到位置，没有改动。请把地址写全，或在地图上选点。"))


class WorkplaceNameTaken(RegistryError):
    """A second place of work of the same name."""

    def __init__(self, name: str) -> None:
        message = _("这个单位已有名为“%(name)s”的工作地点，没有再建一个。请打开原来的，或换一个名称。")
        super().__init__(message % {"name": name})


class OrganisationOfAnother(RegistryError):
    """A sign-in that acts for one organisation already."""

    def __init__(self, name: str) -> None:
        message = _("这个账号已经代表“%(name)s”，没有改动。一个账号只代表一个单位，请另建账号。")
        super().__init__(message % {"name": name})


class EvidenceRefused(RegistryError):
    """A file that is not kept; the text says why, and what to do."""


class EvidenceEmpty(EvidenceRefused):
    """A file without content."""

    def __init__(self) -> None:
        super().__init__(_("文件是空的，没有保存。请重新拍照或重新选文件。"))


class EvidenceTooLarge(EvidenceRefused):
    """A file over the bound, in MiB."""

    def __init__(self, bound_mb: int) -> None:
        message = _("文件超过 %(bound)s MiB，没有保存。请拍照时选小一些的尺寸，或压缩后再传。")
        super().__init__(message % {"bound": bound_mb})


class PictureTooLarge(EvidenceRefused):
    """A picture with more points than any camera makes: opening it would fill the memory."""

    def __init__(self) -> None:
        super().__init__(_("这张图片的像素太多，没有保存。请用手机或扫描仪的普通尺寸重新拍一张。"))


class EvidenceBroken(EvidenceRefused):
    """A file that does not hold what it should."""

    def __init__(self) -> None:
        super().__init__(_("文件打不开，可能没有传完整，没有保存。请重新拍照或重新选文件。"))


class EvidenceKindUnknown(EvidenceRefused):
    """Content of a kind that proves nothing here."""

    def __init__(self, listed: str) -> None:
        super().__init__(_("不收这种文件，没有保存。可以上传：%(listed)s。") % {"listed": listed})


class EvidenceNameWrong(EvidenceRefused):
    """A name that says another kind than the content is."""

    def __init__(self, suffix: str, content: str) -> None:
        message = _("文件名写的是“%(suffix)s”，里面其实是%(content)s，没有保存。请把文件名改对，或选原来的文件。")
        super().__init__(message % {"suffix": suffix, "content": content})


class EvidenceUnreadable(RegistryError):
    """A kept file that does not open."""

    def __init__(self) -> None:
        super().__init__(_("这份材料打不开，它的登记还在。请告诉系统管理员，从备份恢复文件。"))


class NothingToCorrect(FieldInvalid):
    """A number that the person has already, or a person without one."""

    def __init__(self) -> None:
        message = _("登记的就是这个号码，或还没有登记过号码，没有提交。没有登记过的，请在档案里直接填。")
        super().__init__("id_number", message)


class CorrectionWaiting(RegistryError):
    """A second correction of a person while the first one waits."""

    def __init__(self) -> None:
        super().__init__(_("这个人已有一次改正在等第二人确认，没有再提交。请先等它办完。"))


class CorrectionDecided(RegistryError):
    """A correction on which somebody has decided."""

    def __init__(self, state: str) -> None:
        message = _("这次改正现在是“%(state)s”，没有改动。可能别人刚刚处理过，请刷新页面再看。")
        super().__init__(message % {"state": state})


class NumbersDiffer(RegistryError):
    """A number that the second person read otherwise than the first."""

    def __init__(self) -> None:
        super().__init__(
            _("您输入的号码和提交的不一样，没有改正。请再核对证件；提交错了的，点“不改正”，请对方重新提交。")
        )


class OwnCorrection(RegistryError):
    """A correction confirmed by whoever asked for it."""

    def __init__(self) -> None:
        super().__init__(_("改正身份证号要两个人：提交的人不能自己确认，没有改动。请另一位经办核对证件后确认。"))


class MergeRefused(RegistryError):
    """Two records that are not made one, or not parted again; the text says why, and what to do."""


class ProposalDecided(MergeRefused):
    """A proposal on which somebody has decided."""

    def __init__(self, state: str) -> None:
        message = _("这一对现在是“%(state)s”，没有改动。可能别人刚刚处理过，请刷新页面再看。")
        super().__init__(message % {"state": state})


class BothIdentified(MergeRefused):
    """Two identity numbers are two people."""

    def __init__(self) -> None:
        super().__init__(_("两份登记各有自己的身份证号，是两个人，没有合并。号码登错了的，请先改正号码。"))


class MergedAlready(MergeRefused):
    """A record that went up in another one's, or that other records went up in since."""

    def __init__(self) -> None:
        super().__init__(_("其中一份登记已并入别的登记，没有改动。请先撤销那一次合并，再处理这一对。"))
