"""What a list page was asked for (search, filter, sort, page, columns) and what it shows; no HTML here.

A view states its columns and filters, reads the `Ask` from the address, fetches one page of rows, and hands a `Table` to
the table component. Every list of the site is bounded by PAGE_ROWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Literal

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

PAGE_ROWS = 50
LONGEST_SEARCH = 60
MAX_PAGE = 10**6
CellKind = Literal["text", "short", "soft", "reason", "number", "money", "chip"]
Words = str | Promise


@dataclass(frozen=True)
class Column:
    """A column: its key in rows and addresses, its heading, how its cells are set, whether it can be sorted or hidden."""

    key: str
    label: Words
    kind: CellKind = "text"
    sortable: bool = False
    can_hide: bool = True


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text; `tone` colours a chip; `href` makes it a link; `order` sorts it."""

    text: Words
    tone: str = ""
    href: str = ""
    note: Words = ""
    order: Any = None


@dataclass(frozen=True)
class Row:
    """A row: cells by column key, where Enter leads, and the panel that follows it where there is one.

    `tick` is what the row's box sends with the table's `tick_form`; a row without it cannot be ticked.
    """

    key: str
    cells: Mapping[str, Cell]
    href: str = ""
    panel: str = ""
    selected: bool = False
    tick: str = ""


@dataclass(frozen=True)
class Choice:
    """One value of a filter, as a tab above the table."""

    value: str
    label: Words
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    """A filter of the list; the empty value is *all*."""

    key: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Ask:
    """What the address asks of a list. Unknown values fall back to the default rather than fail."""

    given: QueryDict
    search: str
    sort: str
    descending: bool
    page: int
    hidden: frozenset[str]
    chosen: Mapping[str, str]

    def url(self, **changes: Any) -> str:
        """The same list with something changed; any change but the page goes back to the first page."""
        query = self.given.copy()
        if "page" not in changes:
            query.pop("page", None)
        for key, value in changes.items():
            query.pop(key, None)
            if value not in ("", None, 1 if key == "page" else None):
                query[key] = str(value)
        return "?" + query.urlencode()


def read_ask(request: HttpRequest, columns: Sequence[Column], filters: Sequence[Filter] = (), *, sort: str = "") -> Ask:
    """What the request's address asks of this list; `sort` is the default order, `-` before it for descending."""
    given = request.GET
    wanted = given.get("sort", "")
    if wanted.lstrip("-") not in {c.key for c in columns if c.sortable}:
        wanted = sort
    page = given.get("page", "1")
    return Ask(
        given=given,
        search=given.get("q", "").strip()[:LONGEST_SEARCH],
        sort=wanted.lstrip("-"),
        descending=wanted.startswith("-"),
        page=max(1, min(int(page), MAX_PAGE)) if page.isascii() and page.isdigit() else 1,
        hidden=frozenset(given.get("hide", "").split(",")) & {c.key for c in columns if c.can_hide},
        chosen={f.key: _known(given.get(f.key, ""), f) for f in filters},
    )


def _known(value: str, its_filter: Filter) -> str:
    return value if value in {choice.value for choice in its_filter.choices} else ""


@dataclass(frozen=True)
class Heading:
    """A shown column with its sort link: `order` is ascending, descending or nothing."""

    column: Column
    sort_url: str
    order: str


@dataclass(frozen=True)
class Tab:
    """A filter's value as a link."""

    label: Words
    count: int | None
    url: str
    on: bool


@dataclass(frozen=True)
class ColumnSwitch:
    """A column that can be shown or hidden, and the address that does it."""

    label: Words
    shown: bool
    url: str


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what is so, and the next step."""

    title: Words
    text: Words = ""
    action_label: Words = ""
    action_url: str = ""


@dataclass(frozen=True)
class Table:
    """One page of a list, ready for the table component.

    Where the count stopped at a bound, `counted_max` is that bound and `total` may be one more: the pager ends there.
    """

    id: str
    caption: Words
    columns: Sequence[Column]
    ask: Ask
    rows: Sequence[Row]
    total: int
    empty: Empty
    filters: Sequence[Filter] = ()
    search_label: Words = ""
    export_url: str = ""
    tick_form: str = ""
    counted_max: int = 0

    @property
    def headings(self) -> list[Heading]:
        """The shown columns in order."""
        return [self._heading(c) for c in self.columns if c.key not in self.ask.hidden]

    def _heading(self, column: Column) -> Heading:
        if not column.sortable:
            return Heading(column, "", "")
        mine = self.ask.sort == column.key
        turned = f"-{column.key}" if mine and not self.ask.descending else column.key
        order = ("descending" if self.ask.descending else "ascending") if mine else "none"
        return Heading(column, self.ask.url(sort=turned), order)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        """Each row with its shown cells."""
        shown = [c for c in self.columns if c.key not in self.ask.hidden]
        return [(row, [(c, row.cells.get(c.key, Cell(""))) for c in shown]) for row in self.rows]

    @property
    def tabs(self) -> list[list[Tab]]:
        """For each filter, its values as links."""
        return [
            [
                Tab(c.label, c.count, self.ask.url(**{f.key: c.value}), self.ask.chosen[f.key] == c.value)
                for c in f.choices
            ]
            for f in self.filters
        ]

    @property
    def switches(self) -> list[ColumnSwitch]:
        """The columns that can be hidden."""
        found = []
        for column in (c for c in self.columns if c.can_hide):
            hidden = self.ask.hidden ^ {column.key}
            url = self.ask.url(hide=",".join(sorted(hidden)), page=self.ask.page)
            found.append(ColumnSwitch(column.label, column.key not in self.ask.hidden, url))
        return found

    @property
    def kept_params(self) -> list[tuple[str, str]]:
        """What the search form carries along: everything of the address but the search and the page."""
        return [(key, value) for key, value in self.ask.given.items() if key not in ("q", "page")]

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter is on (an empty list then means *nothing fits*)."""
        return bool(self.ask.search or any(self.ask.chosen.values()))

    @property
    def all_url(self) -> str:
        """The list without search and filters."""
        return self.ask.url(q="", **{f.key: "" for f in self.filters})

    @property
    def goes_on(self) -> bool:
        """Whether there are more rows than were counted."""
        return bool(self.counted_max) and self.total > self.counted_max

    @property
    def counted(self) -> int:
        """How many rows can be paged to."""
        return min(self.total, self.counted_max) if self.counted_max else self.total

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, ceil(self.counted / PAGE_ROWS))

    @property
    def first_shown(self) -> int:
        """The position of the first row of this page, from 1."""
        return (self.ask.page - 1) * PAGE_ROWS + 1

    @property
    def last_shown(self) -> int:
        """The position of the last row of this page."""
        return self.first_shown + len(self.rows) - 1

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.ask.url(page=self.ask.page - 1) if self.ask.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.ask.url(page=self.ask.page + 1) if self.ask.page < self.pages else ""


def page_within(ask: Ask, total: int) -> Ask:
    """The ask with its page no further than the last one."""
    return replace(ask, page=min(ask.page, max(1, ceil(total / PAGE_ROWS))))


def rows_span(ask: Ask) -> slice:
    """The positions of this page's rows."""
    return slice((ask.page - 1) * PAGE_ROWS, ask.page * PAGE_ROWS)


def searched_and_sorted(rows: Iterable[Row], ask: Ask) -> list[Row]:
    """Rows held in memory, kept where the search is found in any cell, in the order asked; empty cells come last."""
    kept = [row for row in rows if not ask.search or _holds(row, ask.search)]
    if ask.sort:
        filled = [row for row in kept if _order(row, ask.sort) is not None]
        filled.sort(key=lambda row: _order(row, ask.sort), reverse=ask.descending)
        kept = filled + [row for row in kept if _order(row, ask.sort) is None]
    return kept


def _holds(row: Row, search: str) -> bool:
    wanted = search.casefold()
    return any(wanted in f"{cell.text}\n{cell.note}".casefold() for cell in row.cells.values())


def _order(row: Row, key: str) -> Any:
    cell = row.cells.get(key, Cell(""))
    value = cell.text if cell.order is None else cell.order
    return None if value in ("", None) else value
