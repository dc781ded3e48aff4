"""Mends returned lines by a workbook: see `claim_from_roster`, with which it shares the reading."""

from jiujin.claims.services.claim_from_roster import Mended, mend_from_roster

__all__ = ["Mended", "mend_from_roster"]
