"""The hash chain of events, as plain data: linked, exported a line an entry, and verified without a database."""

from jiujin.audit.chain import GENESIS, Entry, link
from jiujin.audit.export import ChainBroken, Verified, verify_lines, write_lines

__all__ = ["GENESIS", "ChainBroken", "Entry", "Verified", "link", "verify_lines", "write_lines"]
