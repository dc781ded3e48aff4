"""A roster file in, a judged roster out: `sheets` reads and writes, `rules` judges."""

from jiujin.rosters.check import check_roster
from jiujin.rosters.result import LineDetail, RosterCheck
from jiujin.rosters.write import write_result, write_template

__all__ = ["LineDetail", "RosterCheck", "check_roster", "write_result", "write_template"]
