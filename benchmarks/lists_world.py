"""A district in the middle of a year, as large as the lists must bear: the demo district, its records repeated in SQL.

People, placements and circles are the demo's own. What a year adds is repeated from the demo's few rows for other people and
other days: ten services to everybody, and the claims, payments and programmes that go with so many people.
Triggers are off while it is filled, as for a restored backup; the rows keep the promises of the tables by how they are made.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import psycopg

from benchmarks import claims_world
from benchmarks.measure import ROOT

SUPERUSER = "postgres"  # of the server that comes along
SPECIALISTS = 400  # each with some twenty services a day
LINES_JUDGED = 40  # go through the services once; the other lines are like them
STATES = (  # of a hundred claim lines
    *("submitted",) * 8, *("accepted",) * 8, *("first_passed",) * 6, *("second_passed",) * 4, *("in_notice",) * 6,
    *("noticed",) * 4, *("approved",) * 8, *("scheduled",) * 6, *("paid",) * 8, *("reconciled",) * 32,
    *("returned",) * 4, *("withdrawn",) * 2, *("rejected",) * 4,
)  # fmt: skip
STEPS = (
    ("line_submitted", "draft", "submitted"),
    ("line_accepted", "submitted", "accepted"),
    ("line_returned", "accepted", "returned"),
)
PAID = ("paid", "reconciled")
FUNCTIONS = """
    CREATE TEMP TABLE one_of AS
        SELECT 'person' AS kind, row_number() OVER (ORDER BY id) - 1 AS nth, id FROM registry_person
        UNION ALL SELECT 'placement', row_number() OVER (ORDER BY id) - 1, id FROM work_placement
        UNION ALL SELECT 'vacancy', row_number() OVER (ORDER BY id) - 1, id FROM work_vacancy WHERE state = 'open'
        UNION ALL SELECT 'specialist', row_number() OVER (ORDER BY id) - 1, id FROM accounts_user WHERE role = 'specialist'
        UNION ALL SELECT 'operator', row_number() OVER (ORDER BY id) - 1, id FROM registry_organisation
            WHERE 'operator' = ANY (kinds)
        UNION ALL SELECT 'employer', row_number() OVER (ORDER BY id) - 1, id FROM registry_organisation
            WHERE 'employer' = ANY (kinds);
    CREATE UNIQUE INDEX ON one_of (kind, nth);
    CREATE TEMP TABLE how_many AS SELECT kind, count(*) AS many FROM one_of GROUP BY kind;
    ANALYZE one_of;
    CREATE FUNCTION pg_temp.nth(wanted text, n bigint) RETURNS bigint STABLE LANGUAGE sql AS $$
        SELECT id FROM one_of WHERE kind = wanted AND nth = n % (SELECT many FROM how_many WHERE kind = wanted) $$;
"""


def fill(url: str, people: int, services: int) -> None:
    """Fill an empty database that has this program's tables; Django must be set up."""
    started = time.monotonic()
    demo = [sys.executable, "-m", "jiujin", "demo", "--people", str(people)]
    subprocess.run(demo, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    _specialists()
    _judged_lines()
    with psycopg.connect(url, autocommit=True, user=SUPERUSER) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(FUNCTIONS)
        _serve(connection, people, services)
        _programmes(connection, people)
        _claims(connection, people)
        _payments(connection)
        connection.execute("VACUUM ANALYZE")
    print(f"filled in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _specialists() -> None:
    from jiujin.accounts.models import Role, User

    User.objects.bulk_create(
        User(username=f"bench-{number}", display_name=f"演示专员{number}", role=Role.SPECIALIST)
        for number in range(SPECIALISTS)
    )


def _judged_lines() -> None:
    """Some lines that went through the services, so that facts and verdicts are what the rules make of them."""
    office = claims_world.people_of_the_office(2)
    claims_world.set_rates()
    ids = claims_world.fill(LINES_JUDGED, payees=LINES_JUDGED // 10)
    claims_world.advance(ids, ("line_submitted", "system:bench"), ("line_accepted", office["accept"][0]))


def repeat(connection: psycopg.Connection[Any], table: str, rows: int, **columns: str) -> None:
    """Add so many rows to a table, each like one that is there but for these columns (SQL over `n` and
    the old row `t`); what a rule of the table forbids twice is left out.
    """
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'", [table]
    )
    names = [name for (name,) in found.fetchall()]
    listed = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    connection.execute(
        f"INSERT INTO {table} ({listed}) SELECT {values} FROM generate_series(1::bigint, {rows}) AS g (n)"
        f" JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS nth, count(*) OVER () AS many FROM {table}) t"
        " ON t.nth = g.n % t.many ON CONFLICT DO NOTHING"
    )


def _serve(connection: psycopg.Connection[Any], people: int, services: int) -> None:
    """Services over a year, each with its event, and what specialists recommended and people applied for."""
    repeat(
        connection,
        "work_servicerecord",
        services,
        id="gen_random_uuid()",
        kind="(ARRAY['call', 'visit', 'meeting', 'counter'])[1 + n % 4]",
        person_id="pg_temp.nth('person', n * 7919)",
        served_by_id="pg_temp.nth('specialist', n / 3)",
        operator_id="CASE WHEN n % 2 = 0 THEN pg_temp.nth('operator', n / 2) END",
        served_on="current_date - ((n * 31) % 365)::int",
        session_id="NULL",
        corrects_id="NULL",
        corrected_because="''",
        entered_by_id="NULL",
        stands="true",
        note="'约了下周面谈'",
    )
    connection.execute("SELECT work_keep_served(array_agg(id)) FROM registry_person")
    moved = ", ".join(
        f"{name} = {name} + (current_date - DATE '2022-12-31')" for name in ("start_on", "end_on", "left_on")
    )
    connection.execute(f"UPDATE work_placement SET {moved}")  # the demo's year becomes the year before today
    connection.execute(
        "INSERT INTO core_event (at, actor, verb, subject_kind, subject_id, details) SELECT recorded_at,"
        " 'user:' || served_by_id, 'service_recorded', 'work.servicerecord', id::text, '{}' FROM work_servicerecord"
    )
    met = {"id": "gen_random_uuid()", "vacancy_id": "pg_temp.nth('vacancy', n * 17)"}
    on = {"person_id": "pg_temp.nth('person', n * 3)"}
    states = "(ARRAY['made', 'taken_up', 'declined', 'lapsed'])[1 + n % 4]"
    made_at = "now() - (n % 300) * interval '1 day'"
    repeat(connection, "work_introduction", people // 4, **met, **on, state=states, made_at=made_at)
    states = "(ARRAY['sent', 'seen', 'accepted', 'declined', 'withdrawn'])[1 + n % 5]"
    repeat(connection, "work_application", people // 4, **met, **on, state=states, sent_at=made_at)


def _programmes(connection: psycopg.Connection[Any], people: int) -> None:
    """Help and follow-up, posts, fairs and visits, internships, schools."""
    person = "pg_temp.nth('person', n)"
    day = "current_date - (n % 300)::int"
    repeat(
        connection,
        "circles_helpplan",
        people // 10,
        person_id="pg_temp.nth('person', n * 2)",
        made_on=day,
        ended_on=f"{day} + 1",
    )
    repeat(
        connection,
        "circles_followup",
        people // 10,
        placement_id="pg_temp.nth('placement', n * 5)",
        after_months="1",
        asked_on=day,
    )
    repeat(connection, "circles_welfarepost", people // 200, entity_id="pg_temp.nth('employer', n)", developed_on=day)
    connection.execute(
        "CREATE TEMP TABLE posts AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM circles_welfarepost"
    )
    post = f"(SELECT id FROM posts WHERE posts.n = 1 + t.id % {people // 200})"
    repeat(
        connection,
        "circles_postholding",
        people // 100,
        person_id="pg_temp.nth('person', n * 11)",
        post_id=post,
        start_on=f"{day} - 30",
        end_on=f"{day} + 335",
        left_on="NULL",
    )
    repeat(
        connection,
        "fairs_fair",
        people // 1000,
        name="t.name || '（第' || n || '场）'",
        sign_in_code="'bench-' || n",
        held_on=day,
        until_on=day,
    )
    key = {"key": "gen_random_uuid()"}
    repeat(connection, "fairs_fairintent", people // 10, person_id=person, **key)
    repeat(
        connection,
        "fairs_enterprisevisit",
        people // 40,
        employer_id="pg_temp.nth('employer', n)",
        visited_on=day,
        **key,
    )
    repeat(
        connection,
        "internships_internship",
        people // 100,
        person_id=person,
        application_id="NULL",
        follows_id="NULL",
        certificate_number="''",
    )
    repeat(
        connection,
        "internships_internapplication",
        people // 50,
        person_id="pg_temp.nth('person', n * 13)",
        state="(ARRAY['refused', 'withdrawn', 'refused', 'applied'])[1 + n % 4]",
    )
    repeat(connection, "schools_enrolment", people // 10, person_id=person)


def _claims(connection: psycopg.Connection[Any], people: int) -> None:
    """Half a line a person, in claims of fifty, in every state, with the steps of each, notices, objections and appeals."""
    states = "{" + ",".join(STATES) + "}"
    connection.execute("CREATE TEMP TABLE old_lines AS SELECT * FROM claims_claimline")
    connection.execute(
        "CREATE TEMP TABLE new_claims AS SELECT gen_random_uuid() AS id, n, (SELECT id FROM registry_organisation"
        " WHERE id = pg_temp.nth('operator', n)) AS payee_id FROM generate_series(0, %s) AS n",
        [people // 100],
    )
    connection.execute(
        "INSERT INTO claims_claim (id, number, plan_id, scheme, year, source, state, note, made_at, submitted_at, payee_id)"
        " SELECT c.id, 'L-' || c.n, o.plan_id, o.scheme, o.year, 'records', 'submitted', '', now() - c.n * interval '3 hours',"
        " now() - c.n * interval '3 hours', c.payee_id FROM new_claims c, (SELECT * FROM claims_claim LIMIT 1) o"
    )
    connection.execute("CREATE UNIQUE INDEX ON new_claims (n)")
    own = "(SELECT {} FROM new_claims c WHERE c.n = (g.n - 1) / 50)"
    person = "pg_temp.nth('person', g.n * 3)"
    repeat(
        connection,
        "claims_claimline",
        people // 2,
        key="gen_random_uuid()",
        claim_id=own.format("id"),
        payee_id=own.format("payee_id"),
        position="g.n % 50 + 1",
        person_id=person,
        record_id="9000000 + g.n",
        limit_key="'bench-' || g.n",
        limit_max="1",
        limit_ordinal="1",
        state=f"('{states}'::text[])[1 + g.n % 100]",
        due_on="current_date + (g.n % 20)::int - 5",
        made_at="now() - (g.n % 300) * interval '1 day'",
        area_code=f"coalesce((SELECT home_area_id FROM registry_person WHERE id = {person}), '')",
    )
    of_the_old = "FROM claims_claimline l JOIN accounts_user u ON u.username = 'accept-0' WHERE l.limit_key ^@ 'bench-'"
    for event, source, target in STEPS:
        connection.execute(
            "INSERT INTO claims_decision (event, source, target, decides, at, reasons, meeting, facts, proofs, verdict, unmet,"
            " missing, amount_fen, plan_digest, line_version, by_id, line_id) SELECT %s, %s, %s, false, l.made_at, '材料看不清',"
            f" '', l.facts, l.proofs, l.verdict, l.unmet, l.missing, l.amount_fen, l.plan_digest, 1, u.id, l.id {of_the_old}",
            [event, source, target],
        )
    connection.execute(
        "INSERT INTO claims_notice (number, plan_id, scheme, opens_on, closes_on, published_by_id)"
        " SELECT 'N-' || n, l.plan_id, l.scheme, current_date - n::int, current_date - n::int + 7, u.id"
        " FROM generate_series(0, %s) AS n, (SELECT * FROM claims_claimline LIMIT 1) l, accounts_user u"
        " WHERE u.username = 'accept-0'",
        [people // 1000],
    )
    connection.execute(
        "INSERT INTO claims_noticeline (notice_id, line_id, name, number, payee, amount_fen) SELECT n.id, l.id, '演*', '9900****',"
        " '演示机构', l.amount_fen FROM claims_claimline l JOIN claims_notice n ON n.number = 'N-' || l.id %% %s"
        " WHERE l.state IN ('in_notice', 'noticed', 'approved', 'scheduled', 'paid', 'reconciled')",
        [people // 1000],
    )
    connection.execute(
        "INSERT INTO claims_objection (line_id, notice_id, raised_by, text, raised_at, state, answer)"
        " SELECT line_id, notice_id, '演示', '有不同意见', now(), 'raised', '' FROM claims_noticeline WHERE id % 100 = 0"
    )
    connection.execute(
        "INSERT INTO claims_appeal (line_id, text, raised_by_id, raised_at, state, answer) SELECT l.id, '请再看一看', u.id, now(),"
        " 'raised', '' FROM claims_claimline l JOIN accounts_user u ON u.username = 'accept-0'"
        " WHERE l.state = 'rejected' AND l.id % 5 = 0"
    )


def _payments(connection: psycopg.Connection[Any]) -> None:
    """A budget, and the money of every approved line through the book, in batches of two hundred."""
    from jiujin.claims.states import LineState
    from jiujin.funds.models import Purse

    claims_world.grant(1_000_000)
    purse = Purse.objects.latest("pk").pk
    booked = [str(state) for state in (*PAID, LineState.APPROVED, LineState.SCHEDULED)]
    connection.execute(
        "CREATE TEMP TABLE money AS SELECT l.id, l.amount_fen, l.payee_id, l.state, gen_random_uuid() AS entry_id,"
        " gen_random_uuid() AS item_id, row_number() OVER (PARTITION BY l.state IN ('paid', 'reconciled') ORDER BY l.id) AS n"
        " FROM claims_claimline l WHERE l.state = ANY (%s)",
        [booked],
    )
    connection.execute(
        "INSERT INTO funds_ledgerentry (id, movement, reason, actor, at, place, line_id)"
        " SELECT entry_id, 'commitment_made', '', 'system:bench', now(), 1000000 + row_number() OVER (ORDER BY id), id FROM money"
    )
    connection.execute(
        "INSERT INTO funds_posting (stage, amount_fen, entry_id, purse_id) SELECT stage, sign * amount_fen, entry_id, %s"
        " FROM money, (VALUES ('budget', -1), ('committed', 1)) AS side (stage, sign)",
        [purse],
    )
    connection.execute(
        "INSERT INTO funds_paymentbatch (id, number, way, layout, state, prepared_at, file_digest, request_number, voucher_number,"
        " refusal, prepared_by_id, first_released_by_id, second_released_by_id) SELECT gen_random_uuid(), 'P-' || n, 'bank', 'plain',"
        " 'closed', now() - n * interval '1 day', repeat('0', 64), '', '', '', one.id, two.id, three.id"
        " FROM generate_series(0, (SELECT max(n) / 200 FROM money)) AS n, accounts_user one, accounts_user two, accounts_user three"
        " WHERE one.username = 'finance-0' AND two.username = 'finance-1' AND three.username = 'approval-0'"
    )
    connection.execute(
        "INSERT INTO funds_paymentitem (id, position, amount_fen, state, reason, bank_reference, settled_on, account_id, batch_id,"
        " line_id) SELECT item_id, m.n, m.amount_fen, 'settled', '', 'R' || m.id, current_date, a.id, b.id, m.id"
        " FROM money m JOIN funds_paymentbatch b ON b.number = 'P-' || m.n / 200,"
        " (SELECT id FROM funds_payeeaccount LIMIT 1) a WHERE m.state IN ('paid', 'reconciled')"
    )
