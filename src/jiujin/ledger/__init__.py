"""Double entry in whole fen, as plain data: stages of money, the ways between them, and checks that any book must pass."""

from jiujin.ledger.book import MOVEMENTS, Account, Entry, Movement, Posting, Stage, balances, entry_of
from jiujin.ledger.checks import CHECKS, Breach, breaches

__all__ = [
    "CHECKS",
    "MOVEMENTS",
    "Account",
    "Breach",
    "Entry",
    "Movement",
    "Posting",
    "Stage",
    "balances",
    "breaches",
    "entry_of",
]
