"""What objections, appeals and their answers have in common."""

from __future__ import annotations

from jiujin.claims.errors import TextMissing, TextTooLong

TEXT_CHARACTERS_MAX = 2000


def checked_text(text: str) -> str:
    """The text without space around it. Raises TextMissing, TextTooLong."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise TextMissing
    if len(text) > TEXT_CHARACTERS_MAX:
        raise TextTooLong(TEXT_CHARACTERS_MAX)
    return text
