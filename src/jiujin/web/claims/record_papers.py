"""Where the papers lie that show what a claim's records say."""

from __future__ import annotations

from collections.abc import Iterable

from jiujin.claims.judging import TABLES
from jiujin.fairs.models import Fair

About = tuple[str, str]  # what a file is about: the kind of record, and its id, as `EvidenceFile` keeps them


def papers_about(subject: str, record_ids: Iterable[int]) -> dict[int, list[About]]:
    """What the papers of each record are about, by its id: the record itself; of a fair's grant, the fair and its costs too."""
    if subject not in TABLES:
        return {}
    kind = TABLES[subject].replace("_", ".", 1)
    found = {record: [(kind, str(record))] for record in record_ids}
    if subject == "public_event":
        fairs = Fair.objects.filter(public_event__in=list(found)).select_related("public_event")
        for fair in fairs.prefetch_related("costs").order_by("pk"):
            costs = [("fairs.faircost", str(cost.pk)) for cost in fair.costs.all()]
            found[fair.public_event.pk] += [("fairs.fair", str(fair.pk)), *costs]
    return found
