"""`jiujin manage compile_translations`: the pages' English, compiled where the program is installed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jiujin.web.translations import compile_all


class Command(BaseCommand):
    """Compile the catalogues that are newer than what was compiled of them."""

    help = "编译页面的英文翻译；没有变化时什么也不做。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile; an installation that this account may not write to keeps what its owner compiled."""
        try:
            compile_all()
        except PermissionError as refused:
            self.stderr.write(
                f"英文翻译没有编译，{refused.filename} 不可写；中文页面不受影响。请由程序文件夹的主人运行一次。"
            )
