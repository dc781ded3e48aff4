"""`jiujin manage rotate_keys`: after a new key was put first in `JIUJIN_DATA_KEYS`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jiujin.core.services.rotate_keys import rotate_keys


class Command(BaseCommand):
    """Re-encrypts what older keys closed."""

    help = "换密钥：把旧密钥加密的数据改用 JIUJIN_DATA_KEYS 里的第一把密钥加密；可以中断，可以重跑。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, telling each batch."""
        texts = rotate_keys(progress=lambda place, rows: self.stdout.write(f"{place}：已改用新密钥 {rows} 条"))
        self.stdout.write(f"完成，共 {texts} 条。现在可以把旧密钥从 JIUJIN_DATA_KEYS 里去掉。")
