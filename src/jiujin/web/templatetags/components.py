"""The components that pages are built from; each has one template in `templates/components/`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words

register = template.Library()

ICONS = {"met": "✓", "unmet": "✕", "unknown": "?", "late": "!", "plain": "·"}
VERDICTS: dict[str, Words] = {
    "met": gettext_lazy("符合"),
    "unmet": gettext_lazy("不符合"),
    "unknown": gettext_lazy("待补充"),
}


@register.inclusion_tag("components/chip.html")
def chip(tone: str, word: Words = "") -> dict[str, Any]:
    """A state by icon, word and colour; `tone` is met, unmet, unknown, late or plain."""
    tone = tone if tone in ICONS else "plain"
    return {"tone": tone, "icon": ICONS[tone], "word": word or VERDICTS.get(tone, "")}


@register.inclusion_tag("components/answer.html")
def answer(value: bool | None) -> dict[str, Any]:
    """The answer to one condition: yes, no, or not known yet."""
    tone = "unknown" if value is None else "met" if value else "unmet"
    return {"tone": tone, "icon": ICONS[tone], "word": VERDICTS[tone]}


@register.filter
def yuan(amount_fen: int | None) -> str:
    """Fen as yuan with two decimals and thousands marks; nothing where the amount is not known."""
    return "" if amount_fen is None else f"{amount_fen / 100:,.2f}"


@register.filter
def grouped(number: int | str) -> str:
    """A whole number with a mark at each thousand, in either language (Django's Chinese groups by ten thousands)."""
    return f"{int(number):,}"


@register.filter
def span_words(seconds: float | None) -> str:
    """A length of time as a person says it: `0.4 秒`, `2 分 5 秒`, `1 小时 3 分`."""
    if seconds is None:
        return ""
    if seconds < 10 and isinstance(seconds, float):
        return _("%(n)s 秒") % {"n": f"{seconds:.1f}"}
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(n)s 秒") % {"n": rest}
    if minutes < 60:
        return _("%(m)s 分 %(n)s 秒") % {"m": minutes, "n": rest}
    return _("%(h)s 小时 %(m)s 分") % {"h": minutes // 60, "m": minutes % 60}


@register.filter
def duration_words(length: timedelta | None) -> str:
    """`span_words` of a timedelta."""
    return span_words(length.total_seconds()) if length is not None else ""


@register.filter
def short_digest(digest: str) -> str:
    """The first and last digits of a digest, enough to tell two apart."""
    return f"{digest[:4]}…{digest[-4:]}" if digest else ""


@register.inclusion_tag("components/proportion_bar.html")
def proportion_bar(met: int, unmet: int, unknown: int) -> dict[str, Any]:
    """The three verdicts as parts of a bar, with the same in words."""
    total = met + unmet + unknown
    parts, left = [], 0.0
    for tone, count in (("met", met), ("unmet", unmet), ("unknown", unknown)):
        width = 100 * count / total if total else 0
        parts.append({"tone": tone, "left": f"{left:.3f}", "width": f"{width:.3f}"})
        left += width
    words = _("%(met)s 行符合，%(unmet)s 行不符合，%(unknown)s 行待补充")
    return {"parts": parts, "words": words % {"met": f"{met:,}", "unmet": f"{unmet:,}", "unknown": f"{unknown:,}"}}


@register.simple_tag
def figure(number: Words | int, label: Words, url: str = "", tone: str = "") -> dict[str, Any]:
    """One number of a figure strip; `url` opens its records."""
    return {"number": f"{number:,}" if isinstance(number, int) else number, "label": label, "url": url, "tone": tone}


@register.inclusion_tag("components/figure_strip.html")
def figure_strip(*figures: dict[str, Any]) -> dict[str, Any]:
    """Numbers side by side."""
    return {"figures": figures}


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Sequence[Any]) -> dict[str, Any]:
    """What happened to a record, in order: each step has `at`, `label` and `note`."""
    return {"steps": steps}
