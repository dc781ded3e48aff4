"""What can stand in the way of a claim. Each error's text is the sentence for the person: what happened, what was kept, the mend."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class ClaimRefused(ValueError):
    """The base of them; nothing was changed."""


class StepImpossible(ClaimRefused):
    """The event cannot happen in the line's state."""

    def __init__(self, line_id: int, state: str, event: str) -> None:
        self.line_id, self.state, self.event = line_id, state, event
        super().__init__(_("第 %(line)s 号明细现在的状态办不了这一步，没有改动。请刷新页面再看。") % {"line": line_id})


class LineChanged(ClaimRefused):
    """Somebody else changed the line in the meantime; `changes` says what, newest last."""

    def __init__(self, line_id: int, changes: Sequence[str]) -> None:
        self.line_id, self.changes = line_id, list(changes)
        told = "；".join(self.changes) or _("内容有改动")
        super().__init__(
            _("第 %(line)s 号明细刚才被别人处理过：%(told)s。您的决定没有保存，请看过再定。")
            % {"line": line_id, "told": told}
        )


class OwnWork(ClaimRefused):
    """Nobody decides on what they made, or decided before."""

    def __init__(self, line_id: int) -> None:
        self.line_id = line_id
        super().__init__(_("第 %(line)s 号明细是您报的或审过的，要由别人来审，没有保存。") % {"line": line_id})


class VerdictNotMet(ClaimRefused):
    """The line is not met on the facts of this moment."""

    def __init__(self, line_id: int, verdict: str) -> None:
        self.line_id, self.verdict = line_id, verdict
        super().__init__(_("第 %(line)s 号明细按现在的事实不符合或还缺材料，不能通过，没有保存。") % {"line": line_id})


class LineStopped(ClaimRefused):
    """An objection is open."""

    def __init__(self, line_id: int) -> None:
        self.line_id = line_id
        super().__init__(_("第 %(line)s 号明细有异议还没有处理完，不能往下走，没有保存。") % {"line": line_id})


class NotAllowed(ClaimRefused):
    """The workflow gives this step to somebody else."""

    def __init__(self) -> None:
        super().__init__(_("这一步不由您的角色来办，没有保存。"))


class ReasonMissing(ClaimRefused):
    """A refusal says why."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由，没有保存。"))
