"""What can stand in the way of a school's lists; each text is one sentence for a person."""

from __future__ import annotations

from django.utils.translation import gettext as _


class SchoolRefused(ValueError):
    """The base of them; nothing was changed."""


class StepImpossible(SchoolRefused):
    """The event cannot happen in the list's state."""

    def __init__(self, state: str, event: str) -> None:
        self.event = event
        super().__init__(_("名单现在是“%(state)s”，不能这样做，没有改动。请刷新页面再看。") % {"state": state})


class FieldInvalid(SchoolRefused):
    """A field that cannot be what was given; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(_("%(reason)s，没有保存。") % {"reason": reason})


class HeadingsUnknown(SchoolRefused):
    """A file whose columns nobody can tell apart yet; `headings` are what stands in it."""

    def __init__(self, headings: list[str], lacking: str) -> None:
        self.headings = headings
        super().__init__(
            _("还不知道哪一列是“%(fact)s”，没有读入。请先指明各列的意思，只要做一次。") % {"fact": lacking}
        )


class NotASchool(SchoolRefused):
    """An organisation that is no technical school."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s”没有登记为技工院校，没有保存。") % {"name": name})


class ListEmpty(SchoolRefused):
    """A list without students."""

    def __init__(self) -> None:
        super().__init__(_("名单里还没有学生，没有上报。请先上传名单。"))
