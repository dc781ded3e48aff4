"""Searches the whole registry for likely-same people, and proposes each pair once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import record_event
from jiujin.registry.likely_same import BATCH_ROWS, LikelyPair, PeopleTable, PersonRow
from jiujin.registry.models import MergeProposal, MergeSearch, MergeState, Person, SearchState
from jiujin.registry.services.correct_identity import SAME_NUMBER

ACTOR = "system:merge_search"
STAGES = ("读取登记", "比对", "完成")
COLUMNS = ("pk", "name", "phone_index", "born_on", "sex", "home_area_id", "id_number_index")


def propose_merges(*, search_id: int) -> MergeSearch:
    """Run a queued search: read every record, compare, propose. One that has ended is left as it is.

    A pair on which somebody has decided is not proposed again; a proposal that is no longer likely is taken back.
    """
    search = MergeSearch.objects.get(pk=search_id)
    if not search.is_open:
        return search
    try:
        _say(search, STAGES[0], state=SearchState.RUNNING, total=Person.objects.filter(merged_into=None).count())
        with PeopleTable() as table:
            for batch in _batches(_people()):
                table.add(batch)
                _say(search, STAGES[0], done=table.count)
            _say(search, STAGES[1], done=table.count)
            pairs = table.likely_pairs()
        return _finish(search, pairs)
    except BaseException:
        _fail(search)
        raise


def _people() -> Iterator[PersonRow]:
    """Every record that stands for itself, in order, from a cursor of the database."""
    rows = Person.objects.filter(merged_into=None).order_by("pk").values_list(*COLUMNS)
    for pk, name, phone_index, born_on, sex, area_code, id_index in rows.iterator(chunk_size=BATCH_ROWS):
        phone = None if phone_index is None else bytes(phone_index)
        yield PersonRow(pk, name, phone, born_on, sex, area_code, id_index is not None)


def _batches(people: Iterable[PersonRow]) -> Iterator[list[PersonRow]]:
    rows = iter(people)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def _say(search: MergeSearch, stage: str, *, done: int = 0, total: int | None = None, state: str | None = None) -> None:
    """Show how far the search is."""
    search.stage, search.done_count, search.heard_at = stage, done, timezone.now()
    search.total_count = search.total_count if total is None else total
    search.state = state or search.state
    search.save()


@transaction.atomic
def _finish(search: MergeSearch, pairs: Sequence[LikelyPair]) -> MergeSearch:
    """Propose what is new, take back what is no longer so, and note how many there are."""
    wanted = {frozenset((pair.one, pair.other)): pair for pair in pairs}
    open_ones = MergeProposal.objects.select_for_update().filter(state=MergeState.PROPOSED).order_by("pk")
    standing = list(open_ones.exclude(reasons__contains=[SAME_NUMBER]))  # that a number says is likely whatever else
    gone = [p.pk for p in standing if frozenset((p.kept_id, p.other_id)) not in wanted]
    MergeProposal.objects.filter(pk__in=gone).delete()
    known = {frozenset(pair) for pair in MergeProposal.objects.order_by("pk").values_list("kept_id", "other_id")}
    new = [pair for key, pair in wanted.items() if key not in known]
    identified = _identified({number for pair in new for number in (pair.one, pair.other)})
    MergeProposal.objects.bulk_create([_proposal(pair, identified) for pair in new])
    search.found_count = len(new)
    search.state, search.stage, search.finished_at = SearchState.FINISHED, STAGES[2], timezone.now()
    search.save()
    record_event(
        actor=ACTOR, verb="merges_proposed", subject=search, details={"new": len(new), "taken_back": len(gone)}
    )
    return search


def _identified(ids: set[int]) -> set[int]:
    known = Person.objects.filter(pk__in=ids, id_number_index__isnull=False).order_by("pk")
    return set(known.values_list("pk", flat=True))


def _proposal(pair: LikelyPair, identified: set[int]) -> MergeProposal:
    """The record with an identity number is kept, else the older one."""
    kept, other = sorted((pair.one, pair.other), key=lambda pk: (pk not in identified, pk))
    return MergeProposal(kept_id=kept, other_id=other, probability=pair.probability, reasons=pair.reasons)


@transaction.atomic
def _fail(search: MergeSearch) -> None:
    search.state, search.finished_at = SearchState.FAILED, timezone.now()
    search.save()
    record_event(actor=ACTOR, verb="merge_search_failed", subject=search)
