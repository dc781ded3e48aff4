"""Tables on a terminal."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table

WIDEST: Final = 1000  # columns


def print_whole(table: Table) -> None:
    """Print a table as wide as what it says: a narrow terminal wraps its lines, and no figure or name is cut short."""
    wide = Console(width=WIDEST, highlight=False)
    Console(width=max(wide.measure(table).maximum, Console().width), highlight=False).print(table, crop=False)
