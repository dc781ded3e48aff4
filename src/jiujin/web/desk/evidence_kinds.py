"""Which kinds of evidence the counter offers: those of the plan, and what proves a service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Words

# Not evidence of a scheme, so the plan does not list them: what shows that a service was given.
SERVICE_KINDS: dict[str, Words] = {
    "service_photo": gettext_lazy("服务照片"),
    "signature": gettext_lazy("本人签名"),
    "call_record": gettext_lazy("通话记录"),
}


def kind_choices() -> list[tuple[str, Words]]:
    """Ids and labels, what shows a service first."""
    return [*SERVICE_KINDS.items(), *((e.id, e.label) for e in current_plan().evidence.values())]


def kind_words(kind: str) -> Words:
    """The label of a kind; one that the plan lost is shown as it is."""
    return dict(kind_choices()).get(kind, kind or gettext_lazy("其他材料"))
