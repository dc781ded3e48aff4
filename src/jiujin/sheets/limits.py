"""Bounds on what is read and written, so that no file can exhaust the machine.

The sums: a dense sheet costs about 100 bytes a cell while it is read, so MAX_SHEET_CELLS stays under 4 GiB of address
space; a sheet of MAX_SHEET_ROWS rows and 28 columns is just within it.
"""

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_COLUMNS = 16_384
MAX_SHEET_CELLS = 30_000_000
MAX_SHEETS = 500
MAX_FILE_BYTES = 1 << 30
MAX_UNPACKED_BYTES = 2 << 30
MAX_PART_BYTES = 64 << 20
MAX_PARTS = 10_000
MAX_PACK_RATIO = 200
RATIO_FREE_BYTES = 64 << 20
MAX_TEXT_BYTES = 1 << 30
LONG_TEXT_BYTES = 2_000
MAX_LINE_CHARACTERS = 4 << 20
MAX_PARQUET_ROWS = 50_000_000
MAX_ERRORS = 1_000_000
MAX_MARKED_CELLS = 2_000_000

HEADING_SEARCH_ROWS = 50
BLOCK_ROWS = 20_000

STYLED_ROWS_MAX = 20_000
STYLED_CELLS_MAX = 1_500_000
