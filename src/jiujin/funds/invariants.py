"""What must hold of money, whoever wrote: the engine's checks over the whole book, and checks by SQL over the records beside it.

The database's triggers hold the same at each commit; these look at what stands, however it came to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jiujin.claims.states import TAKES_PLACE
from jiujin.core.one_moment import one_moment
from jiujin.ledger import Account, Breach, Entry, Posting, Stage
from jiujin.ledger import breaches as breaches_of_book

READ_ROWS = 10_000
BREACHES_MAX = 1000  # of one check; the first ones say what is wrong
BOOK = """
SELECT entry.place, entry.id::text, entry.movement, json_agg(json_build_array(posting.purse_id, posting.stage, posting.amount_fen))
FROM (SELECT id, place, movement FROM funds_ledgerentry WHERE place > %s ORDER BY place LIMIT %s) AS entry
LEFT JOIN funds_posting AS posting ON posting.entry_id = entry.id
GROUP BY entry.place, entry.id, entry.movement ORDER BY entry.place
"""


@dataclass(frozen=True)
class Book:
    """The entries in the order of posting, read from the database some at a time, each time that they are gone over."""

    def __iter__(self) -> Iterator[Entry]:
        last = -1
        while rows := _rows(BOOK, [last, READ_ROWS]):
            for place, entry_id, movement, postings in rows:
                last = place
                yield Entry(
                    entry_id,
                    movement,
                    tuple(
                        Posting(Account(str(purse), Stage(stage)), amount_fen)
                        for purse, stage, amount_fen in postings
                        if purse is not None
                    ),
                )


# Each gives the rows that do not hold: what they are about, and the facts.
STANDING = """
WITH book AS (
    SELECT entry.line_id,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'committed') AS committed,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'payable') AS payable,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'in_transit') AS in_transit,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'paid') AS paid,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'recoverable') AS recoverable,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'budget' AND entry.movement = 'recovery_received') AS received
    FROM funds_ledgerentry AS entry JOIN funds_posting AS posting ON posting.entry_id = entry.id
    WHERE entry.line_id IS NOT NULL GROUP BY entry.line_id
), standing AS (
    SELECT line.id, line.state, line.payer, line.amount_fen, line.is_carried_in, book.line_id IS NOT NULL AS is_booked,
        coalesce(book.committed, 0) AS committed, coalesce(book.payable, 0) AS payable,
        coalesce(book.in_transit, 0) AS in_transit, coalesce(book.paid, 0) AS paid,
        coalesce(book.recoverable, 0) AS recoverable, coalesce(book.received, 0) AS received
    FROM claims_claimline AS line LEFT JOIN book ON book.line_id = line.id
)
"""
CHECKS: Mapping[str, str] = {
    "balances_are_their_postings": """
        SELECT concat(purse_id, ' ', stage), format('balance %%s, postings %%s', coalesce(held.amount_fen, 0), coalesce(posted.total, 0))
        FROM funds_balance AS held FULL JOIN
            (SELECT purse_id, stage, sum(amount_fen) AS total FROM funds_posting GROUP BY purse_id, stage) AS posted
            USING (purse_id, stage)
        WHERE coalesce(held.amount_fen, 0) <> coalesce(posted.total, 0)""",
    "lines_stand_where_the_book_says": STANDING
    + """
        SELECT id::text, format('%%s of %%s fen, book: committed %%s payable %%s in transit %%s paid %%s recoverable %%s received %%s',
            state, amount_fen, committed, payable, in_transit, paid, recoverable, received) FROM standing
        WHERE payer = 'district' AND (is_booked OR NOT is_carried_in) AND NOT coalesce(CASE
            WHEN least(committed, payable, in_transit, paid, recoverable) < 0 THEN false
            WHEN state = 'approved' THEN committed = amount_fen AND payable + in_transit + paid + recoverable = 0
            WHEN state = 'scheduled' THEN payable + in_transit = amount_fen AND committed + paid + recoverable = 0
            WHEN state IN ('paid', 'reconciled') THEN
                paid + recoverable + received = amount_fen AND committed + payable + in_transit = 0
            WHEN state = 'recovered' THEN
                received = amount_fen AND committed + payable + in_transit + paid + recoverable = 0
            ELSE committed + payable + in_transit + paid + recoverable = 0 END, false)""",
    "city_lines_have_no_postings": STANDING
    + """
        SELECT standing.id::text, format('%%s, voucher of %%s fen', state, city.amount_fen)
        FROM standing LEFT JOIN funds_citypayment AS city ON city.line_id = standing.id
        WHERE payer = 'city' AND (is_booked
            OR (state IN ('paid', 'reconciled') AND NOT is_carried_in AND city.amount_fen IS DISTINCT FROM standing.amount_fen))""",
    "money_of_a_line_stays_in_one_purse": """
        SELECT entry.line_id::text, format('%%s of purse %%s at %%s fen', posting.stage, posting.purse_id, sum(posting.amount_fen))
        FROM funds_ledgerentry AS entry JOIN funds_posting AS posting ON posting.entry_id = entry.id
        WHERE entry.line_id IS NOT NULL AND posting.stage NOT IN ('budget', 'funding')
        GROUP BY entry.line_id, posting.purse_id, posting.stage HAVING sum(posting.amount_fen) < 0""",
    "payments_stand_where_the_book_says": """
        SELECT item.id::text, format('%%s of %%s fen, line of %%s, entries %%s', item.state, item.amount_fen, line.amount_fen,
            string_agg(entry.movement, ' ' ORDER BY entry.place))
        FROM funds_paymentitem AS item JOIN claims_claimline AS line ON line.id = item.line_id
        LEFT JOIN funds_ledgerentry AS entry ON entry.item_id = item.id
        LEFT JOIN funds_posting AS posting ON posting.entry_id = entry.id AND posting.amount_fen > 0
        GROUP BY item.id, line.id
        HAVING coalesce(string_agg(entry.movement, ' ' ORDER BY entry.place), '') NOT IN (
                SELECT way FROM (VALUES ('ready', ''), ('blocked', ''), ('dropped', ''), ('reserved', 'payment_reserved'),
                    ('settled', 'payment_reserved payment_settled'), ('failed', 'payment_reserved payment_released'),
                    ('failed', 'payment_reserved payment_settled payment_returned')) AS known (state, way)
                WHERE known.state = item.state)
            OR item.amount_fen <> line.amount_fen
            OR count(*) FILTER (WHERE entry.line_id <> item.line_id OR posting.amount_fen <> item.amount_fen) > 0""",
    "paid_lines_have_one_payment": """
        SELECT line.id::text, format('%%s, settled payments %%s', line.state, count(item.id))
        FROM claims_claimline AS line LEFT JOIN funds_paymentitem AS item ON item.line_id = line.id AND item.state = 'settled'
        WHERE line.payer = 'district' AND NOT line.is_carried_in GROUP BY line.id
        HAVING count(item.id) <> CASE WHEN line.state IN ('paid', 'reconciled', 'recovered') THEN 1 ELSE 0 END""",
    "batches_and_payments_agree": """
        SELECT batch.number, format('%%s with payments %%s', batch.state, string_agg(DISTINCT item.state, ' '))
        FROM funds_paymentbatch AS batch LEFT JOIN funds_paymentitem AS item ON item.batch_id = batch.id
        GROUP BY batch.id HAVING NOT coalesce(CASE
            WHEN batch.state IN ('draft', 'checked', 'released_once') THEN bool_and(item.state IN ('ready', 'blocked'))
            WHEN batch.state = 'cancelled' THEN bool_and(item.state = 'dropped')
            WHEN batch.state = 'released' THEN bool_and(item.state IN ('reserved', 'dropped'))
            WHEN batch.state = 'sent' THEN bool_or(item.state = 'reserved')
                AND bool_and(item.state IN ('reserved', 'settled', 'failed', 'dropped'))
            WHEN batch.state = 'closed' THEN bool_and(item.state IN ('settled', 'failed', 'dropped')) END, false)""",
    "batches_were_released_in_order": """
        SELECT number, format('%%s: released %%s and %%s, sent %%s', state, first_released_at, second_released_at, sent_at)
        FROM funds_paymentbatch
        WHERE first_released_at > second_released_at OR second_released_at > sent_at
            OR prepared_by_id IN (first_released_by_id, second_released_by_id) OR first_released_by_id = second_released_by_id
            OR (state IN ('sent', 'closed') AND sent_at IS NULL)
            OR (state IN ('released', 'sent', 'closed') AND (second_released_at IS NULL OR file_digest = ''))""",
    "totals_of_claims_book_and_batches_are_one": """
        SELECT scheme, format('claims %%s, book %%s, batches %%s', claims_fen, book_fen, batch_fen) FROM (
            SELECT line.scheme,
                coalesce(sum(line.amount_fen) FILTER (WHERE line.state IN ('paid', 'reconciled', 'recovered')), 0) AS claims_fen,
                coalesce(sum(book.settled), 0) AS book_fen, coalesce(sum(item.amount_fen), 0) AS batch_fen
            FROM claims_claimline AS line
            LEFT JOIN (SELECT entry.line_id, sum(posting.amount_fen) AS settled FROM funds_ledgerentry AS entry
                JOIN funds_posting AS posting ON posting.entry_id = entry.id AND posting.stage = 'paid'
                WHERE entry.movement IN ('payment_settled', 'payment_returned') GROUP BY entry.line_id) AS book
                ON book.line_id = line.id
            LEFT JOIN funds_paymentitem AS item ON item.line_id = line.id AND item.state = 'settled'
            WHERE line.payer = 'district' AND NOT line.is_carried_in GROUP BY line.scheme) AS totals
        WHERE claims_fen <> book_fen OR book_fen <> batch_fen""",
    "returns_count_their_rows": """
        SELECT held.digest, format('says %%s rows, has %%s', held.rows_count, count(answer.id))
        FROM funds_bankreturn AS held LEFT JOIN funds_bankreturnrow AS answer ON answer.bank_return_id = held.digest
        GROUP BY held.digest HAVING count(answer.id) <> held.rows_count
            OR count(answer.id) FILTER (WHERE answer.outcome = 'settled') <> held.settled_count
            OR count(answer.id) FILTER (WHERE answer.outcome = 'failed') <> held.failed_count
            OR count(answer.id) FILTER (WHERE answer.outcome = 'refused') <> held.refused_count""",
    "recoveries_stand_where_the_book_says": """
        SELECT recovery.id::text, format('%%s of %%s fen, demanded %%s received %%s of the line', recovery.state, recovery.amount_fen,
            book.recoverable, book.received)
        FROM funds_recovery AS recovery LEFT JOIN (
            SELECT entry.line_id, sum(posting.amount_fen) FILTER (WHERE posting.stage = 'recoverable') AS recoverable,
                sum(posting.amount_fen) FILTER (WHERE posting.stage = 'budget' AND entry.movement = 'recovery_received') AS received
            FROM funds_ledgerentry AS entry JOIN funds_posting AS posting ON posting.entry_id = entry.id GROUP BY entry.line_id
        ) AS book ON book.line_id = recovery.line_id
        WHERE (recovery.state = 'demanded' AND coalesce(book.recoverable, 0) <> recovery.amount_fen)
            OR (recovery.state = 'received' AND coalesce(book.received, 0) < recovery.amount_fen)""",
    "steps_follow_each_other": """
        SELECT line_id::text, format('step %%s from %%s after %%s', id, source, before) FROM (
            SELECT decision.id, decision.line_id, decision.source, decision.target, decision.at, decision.line_version,
                lag(decision.target) OVER steps AS before, lag(decision.at) OVER steps AS at_before,
                lag(decision.line_version) OVER steps AS version_before
            FROM claims_decision AS decision JOIN claims_claimline AS line ON line.id = decision.line_id AND NOT line.is_carried_in
            WINDOW steps AS (PARTITION BY decision.line_id ORDER BY decision.id)) AS step
        WHERE source <> coalesce(before, 'draft') OR at < at_before OR line_version <= version_before""",
    "lines_stand_where_their_last_step_led": """
        SELECT line.id::text, format('%%s, last step to %%s', line.state, last.target) FROM claims_claimline AS line
        LEFT JOIN LATERAL (SELECT target, line_version FROM claims_decision AS decision
            WHERE decision.line_id = line.id ORDER BY id DESC LIMIT 1) AS last ON true
        WHERE (line.state <> coalesce(last.target, 'draft') AND NOT (line.is_carried_in AND last.target IS NULL))
            OR last.line_version > line.version""",
    "steps_left_their_events": """
        SELECT decision.id::text, format('%%s of line %%s has no event', decision.event, decision.line_id)
        FROM claims_decision AS decision WHERE NOT EXISTS (SELECT 1 FROM core_event AS event
            WHERE event.subject_kind = 'claims.claimline' AND event.subject_id = decision.line_id::text
            AND event.verb = decision.event AND event.details ->> 'decision' = decision.id::text)""",
    "nobody_decided_on_their_own": """
        SELECT decision.id::text, format('%%s of line %%s', decision.event, decision.line_id) FROM claims_decision AS decision
        JOIN claims_claimline AS line ON line.id = decision.line_id JOIN claims_claim AS claim ON claim.id = line.claim_id
        WHERE decision.decides AND decision.by_id IN (line.made_by_id, claim.made_by_id, claim.submitted_by_id)""",
    "approvals_were_met_and_priced": """
        SELECT decision.id::text, format('%%s, %%s fen, plan %%s', decision.verdict, decision.amount_fen, decision.plan_digest)
        FROM claims_decision AS decision LEFT JOIN core_planversion AS kept ON kept.digest = decision.plan_digest
        WHERE decision.event = 'line_approved'
            AND (decision.verdict <> 'met' OR coalesce(decision.amount_fen, 0) <= 0 OR kept.digest IS NULL)""",
    "limits_are_kept": """
        SELECT concat_ws(' ', scheme, limit_key), format('%%s lines, limit %%s', count(*), max(limit_max)) FROM claims_claimline
        WHERE limit_ordinal IS NOT NULL AND state = ANY(%s) GROUP BY plan_id, scheme, limit_key
        HAVING count(*) > max(limit_max) OR count(DISTINCT limit_ordinal) <> count(*)""",
    "every_event_is_in_the_chain": """
        SELECT event.id::text, 'no place in the chain' FROM core_event AS event
        LEFT JOIN core_eventlink AS link ON link.event_id = event.id WHERE link.event_id IS NULL
        UNION ALL
        SELECT 'head', format('at %%s, last link %%s, links %%s', head.seq, last.seq, last.links) FROM core_chainhead AS head,
            (SELECT coalesce(max(seq), 0) AS seq, count(*) AS links FROM core_eventlink) AS last
        WHERE head.seq <> last.seq OR last.links <> last.seq""",
}
ARGUMENTS: Mapping[str, list[Any]] = {"limits_are_kept": [list(TAKES_PLACE)]}


def breaches() -> list[Breach]:
    """Everything that does not hold, as of one moment; a sound district gives nothing."""
    with one_moment():
        found = breaches_of_book(Book())
        for name in CHECKS:
            found += _check(name)
    return found


def _check(name: str) -> list[Breach]:
    arguments = ARGUMENTS.get(name, [])
    rows = _rows(f"{CHECKS[name]} LIMIT {BREACHES_MAX}", arguments)
    return [Breach(name, str(about), str(facts)) for about, facts in rows]


def _rows(query: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return list(cursor.fetchall())
