"""The application's part of `tools/faults.py`, in a process that may be killed.

    python tools/faults_worker.py FOLDER prepare|work KIND|look KIND

`work` writes each request down before it sends it (`asked`) and again when the service has answered (`done`), to a journal
that a kill of this process or of the database leaves behind. `look` sends the journal's requests again and compares.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import claims_world as world  # noqa: E402

PORTION, REQUESTS = 2, 12  # lines of a request, requests that are made ready at once
BEFORE = {"submission": "draft", "approval": "noticed", "batch release": "scheduled", "return import": "scheduled"}
AFTER = {
    "submission": ("submitted",),
    "approval": ("approved",),
    "batch release": ("scheduled",),
    "return import": ("paid",),
}
MARK = {"submission": "1", "approval": "2", "batch release": "3", "return import": "4"}  # area codes keep kinds apart


def main() -> None:
    """Do the part that is named."""
    folder, part, *words = sys.argv[1:]
    world.set_up()
    journal = Path(folder) / "journal.jsonl"
    if part == "prepare":
        prepare()
    elif part == "work":
        work(words[0], journal)
    else:
        print(json.dumps(look(words[0], journal)))


def prepare() -> None:
    """The office, the rates and a budget."""
    world.people_of_the_office(4)
    world.set_rates()
    world.grant(1_000_000)


def fill(kind: str, count: int) -> None:
    """Lines in the state that the work begins with."""
    from jiujin.funds.services.approve_lines import approve_lines
    from jiujin.funds.services.schedule_lines import schedule_lines

    ids = world.fill(count, payees=2, area_code=MARK[kind] * 9)
    if kind == "submission":
        return
    steps = [
        ("line_submitted", "system:faults"), ("line_accepted", someone("accept", 0)),
        ("line_first_passed", someone("first", 1)), ("line_second_passed", someone("second", 0)),
        ("line_put_to_notice", someone("accept", 0)), ("line_noticed", "system:faults"),
    ]  # fmt: skip
    world.advance(ids, *steps)
    if kind != "approval":
        approve_lines(ids=ids, meeting="演示会议", actor=someone("approval", 0), now=moment())
        schedule_lines(ids=ids, actor=someone("finance", 0), now=moment())


def work(kind: str, journal: Path) -> None:
    """One request after another until this process is killed, or finds no database."""
    while True:
        requests = waiting(kind)
        if not requests:
            fill(kind, PORTION * REQUESTS)
        for request in requests:
            note(journal, {"asked": request})
            send(kind, request)
            note(journal, {"done": request})


def waiting(kind: str) -> list[dict[str, Any]]:
    """The requests that can be sent: some lines each, with the id that makes it the same request when sent again."""
    from jiujin.claims.models import ClaimLine
    from jiujin.funds.models import PaymentItem

    lines = ClaimLine.objects.filter(state=BEFORE[kind], area_code=MARK[kind] * 9)
    ids = list(lines.exclude(pk__in=PaymentItem.objects.values("line")).order_by("pk").values_list("pk", flat=True))
    return [{"id": str(uuid.uuid4()), "lines": ids[at : at + PORTION]} for at in range(0, len(ids), PORTION)]


def send(kind: str, request: dict[str, Any]) -> None:
    """One request; sent again it changes nothing, or is refused as done."""
    from jiujin.claims.errors import StepImpossible
    from jiujin.funds.services.approve_lines import approve_lines

    ids = request["lines"]
    try:
        if kind == "submission":
            world.advance(ids, ("line_submitted", "system:faults"))
        elif kind == "approval":
            approve_lines(ids=ids, meeting="演示会议", actor=someone("approval", 0), now=moment())
        else:
            pay(request, answered=kind == "return import")
    except StepImpossible:
        return  # it was taken before the kill


def pay(request: dict[str, Any], *, answered: bool) -> None:
    """A batch, released by two; sent and answered too where that is the work."""
    from jiujin.funds.services.import_return import import_return
    from jiujin.funds.services.make_batch import make_batch
    from jiujin.funds.services.mark_sent import mark_sent
    from jiujin.funds.services.release_batch import release_batch
    from jiujin.funds.states import BatchState

    batch = make_batch(
        batch_id=uuid.UUID(request["id"]), ids=request["lines"], way="bank", layout="bank-csv",
        actor=someone("finance", 0), now=moment(),
    )  # fmt: skip
    if batch.state == BatchState.CHECKED:
        batch = release_batch(batch=batch, actor=someone("finance", 1), now=moment())
    if batch.state == BatchState.RELEASED_ONCE:
        batch = release_batch(batch=batch, actor=someone("finance", 2), now=moment())
    if answered:
        if batch.state == BatchState.RELEASED:
            batch = mark_sent(batch=batch, actor=someone("finance", 0), now=moment())
        import_return(batch=batch, content=answer(batch), actor=someone("finance", 1), now=moment())


def answer(batch: Any) -> bytes:
    """The bank's answer: all arrived."""
    from jiujin.funds.services.batch_file import plain_yuan, reference_of

    items = list(batch.items.exclude(state="dropped").order_by("position"))
    rows = [f"{reference_of(batch, item)},{plain_yuan(item.amount_fen)},成功" for item in items]
    return "\r\n".join(["业务参考号,金额（元）,处理结果", *rows, f"合计,{len(items)}"]).encode()


def look(kind: str, journal: Path) -> dict[str, int]:
    """What was acknowledged stands; everything sent again stands once; the book and the chain hold."""
    told = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    done = [each["done"] for each in told if "done" in each]
    asked = [each["asked"] for each in told if "asked" in each]
    for request in done:
        require_stands(kind, request, "acknowledged, and lost")
    holds()
    cut_off = [request for request in asked if request not in done]
    for request in [*cut_off, *done[-1:]]:
        send(kind, request)
        require_stands(kind, request, "sent again, and not done")
    holds()
    return {"acknowledged": len(done), "interrupted": len(cut_off)}


def require_stands(kind: str, request: dict[str, Any], why: str) -> None:
    """Ends where the request's lines are not where it led, or money of it stands more than once."""
    from jiujin.claims.models import ClaimLine, Decision
    from jiujin.funds.models import LedgerEntry

    event = {"submission": "line_submitted", "approval": "line_approved", "return import": "line_paid"}.get(kind)
    movement = {
        "approval": "commitment_made",
        "batch release": "payment_reserved",
        "return import": "payment_settled",
    }.get(kind)
    for line in ClaimLine.objects.filter(pk__in=request["lines"]).order_by("pk"):
        steps = Decision.objects.filter(line=line, event=event).count() if event else 1
        moves = LedgerEntry.objects.filter(line=line, movement=movement).count() if movement else 1
        if line.state not in AFTER[kind] or (steps, moves) != (1, 1):
            sys.exit(f"{why}: line {line.pk} is {line.state}, {steps} steps, {moves} movements")


def holds() -> None:
    """Ends where the book or the chain does not hold."""
    from django.db import connection

    from jiujin.audit import verify_lines, write_lines
    from jiujin.core.linking import chain_entries
    from jiujin.funds.invariants import breaches

    found = breaches()
    if found:
        sys.exit(f"the book does not hold: {found[:3]}")
    verify_lines(write_lines(chain_entries(connection)))


def note(journal: Path, what: dict[str, Any]) -> None:
    """One line into the journal, on the disk when this returns."""
    with journal.open("a", encoding="utf-8") as out:
        out.write(json.dumps(what) + "\n")
        out.flush()
        os.fsync(out.fileno())


def someone(part: str, number: int) -> Any:
    """A person of the office."""
    from jiujin.accounts.models import User

    return User.objects.get(username=f"{part}-{number}")


def moment() -> Any:
    """Now."""
    from django.utils import timezone

    return timezone.now()


if __name__ == "__main__":
    main()
