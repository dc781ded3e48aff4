"""What can go wrong with an import; each text is one sentence for a person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jiujin.registry.errors import FieldInvalid


class ImportRefused(Exception):
    """Base of what stops a whole import."""


class FileRefused(ImportRefused):
    """A file that is not taken; the text says why."""


class ImportStateChanged(ImportRefused):
    """A step that the import's state does not allow."""

    def __init__(self, state: str) -> None:
        message = _("这次导入现在是“%(state)s”，没有改动。请刷新页面再看。")
        super().__init__(message % {"state": state})


class OutsideScope(FieldInvalid):
    """A record that is not the importer's to bring."""

    def __init__(self, field: str) -> None:
        super().__init__(field, _("不在您能导入的范围内，没有保存。请由负责的单位或区县导入。"))


class EmployerUnknown(FieldInvalid):
    """A vacancy or place of work of an organisation that the registry does not have."""

    def __init__(self, field: str) -> None:
        super().__init__(field, _("没有登记这个单位，没有保存。请先导入单位，再导入它的地点和岗位。"))


class EmployerAmbiguous(FieldInvalid):
    """A name that several organisations have."""

    def __init__(self, field: str) -> None:
        super().__init__(field, _("有几个同名的单位，没有保存。请填统一社会信用代码。"))


class WorkplaceUnknown(FieldInvalid):
    """A vacancy at a place that the organisation does not have."""

    def __init__(self) -> None:
        super().__init__("workplace", _("这个单位没有这个工作地点，没有保存。请先导入工作地点，名称要一致。"))


class OccupationUnknown(FieldInvalid):
    """A name or code that the national classification does not have."""

    def __init__(self) -> None:
        super().__init__("occupation", _("职业分类里没有这个职业，没有保存。请填分类里的代码或名称，或留空。"))


class AreaNameUnknown(FieldInvalid):
    """A name of no area, or of several."""

    def __init__(self) -> None:
        message = _("区划表里没有这个名称，或有几个同名的，没有保存。请写成“乡镇 社区村”，或填区划代码。")
        super().__init__("area", message)
