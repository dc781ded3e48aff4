"""A throw-away database with many claim lines, for the benchmarks of claims and money and for the faults.

Lines come from records in bulk, and go their ways through the services.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jiujin.core.postgres import start_server

ROOT = Path(__file__).resolve().parents[1]
SCHEME = "stable-employment"
SOURCE = "演示取值，不是文件规定"
RATES = {"stable_grant": 1000}
LINE_FEN = 100_000  # what each line comes to
START_ON = date(2022, 1, 1)
ROLES = {"accept": "clerk", "first": "clerk", "second": "reviewer", "approval": "leader", "finance": "finance"}


def environment(var: Path, url: str) -> dict[str, str]:
    """What a process needs to work on the database."""
    return {
        "JIUJIN_VAR": str(var),
        "JIUJIN_DATABASE_URL": url,
        "JIUJIN_DEMO": "1",
        "JIUJIN_SECRET_KEY": "for-a-benchmark-only-" * 3,
        "JIUJIN_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "jiujin.web.settings",
    }


@contextmanager
def throw_away(*, durable: bool = True) -> Iterator[str]:
    """An empty database with this program's tables, and Django set up on it; gives its URL."""
    with tempfile.TemporaryDirectory(prefix="jiujin-bench-") as folder:
        var = Path(folder)
        with start_server(var / "postgres", log=var / "postgres.log", durable=durable) as server:
            os.environ.update(environment(var, server.url()))
            subprocess.run([sys.executable, "-m", "jiujin", "manage", "migrate", "-v0"], cwd=ROOT, check=True)
            set_up()
            yield server.url()


def set_up() -> None:
    """Django, in this process."""
    import django

    django.setup()


def people_of_the_office(count: int) -> dict[str, list[Any]]:
    """`count` people for each part of the way."""
    from jiujin.accounts.models import User

    users = [
        User(username=f"{part}-{number}", display_name=f"{part}{number}", role=role)
        for part, role in ROLES.items()
        for number in range(count)
    ]
    User.objects.bulk_create(users)
    return {part: [user for user in users if user.username.startswith(f"{part}-")] for part in ROLES}


def fill(count: int, *, payees: int = 20, area_code: str = "") -> list[int]:
    """`count` lines in draft, each met, of as many people, over some payees with accounts in use; gives their ids."""
    from django.db import transaction

    with transaction.atomic():
        ids = _fill(count, payees, area_code)
    analyze()
    return ids


def analyze() -> None:
    """What a database does by itself within a minute or so: it looks at its tables again, to plan by."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill(count: int, payees: int, area_code: str) -> list[int]:
    from jiujin.claims.models import ClaimLine
    from jiujin.core.services.record_event import record_event

    organisations = _payees(payees)
    placements = _placements(count, organisations)
    lines = []
    for organisation in organisations:
        own = [placement for placement in placements if placement.operator_id == organisation.pk]
        claim = _claim(organisation)
        record_event(actor="system:bench", verb="claim_made", subject=claim)
        lines += [
            ClaimLine(
                claim=claim,
                position=position,
                plan_id=claim.plan_id,
                scheme=SCHEME,
                payee=organisation,
                person_id=placement.person_id,
                basis="records",
                record_id=placement.pk,
                area_code=area_code,
            )
            for position, placement in enumerate(own, start=1)
        ]
    return [line.pk for line in ClaimLine.objects.bulk_create(lines, batch_size=2000)]


def set_rates() -> None:
    """What the document leaves to the district, with demo values."""
    from jiujin.core.services.set_parameter import set_parameter

    for parameter, value in RATES.items():
        set_parameter(parameter=parameter, value=value, source=SOURCE, actor="system:bench")


def _claim(organisation: Any) -> Any:
    from jiujin.claims.models import Claim
    from jiujin.core.plan_in_force import plan_in_force

    return Claim.objects.create(
        number=f"B-{uuid.uuid4().hex[:12]}",
        plan_id=plan_in_force().id,
        scheme=SCHEME,
        payee=organisation,
        year=START_ON.year,
        source="records",
    )


def _payees(count: int) -> list[Any]:
    from django.utils import timezone

    from jiujin.accounts.models import User
    from jiujin.funds.services.confirm_account import confirm_account
    from jiujin.funds.services.set_account import set_account
    from jiujin.registry.models import Organisation
    from jiujin.values.demo import demo_credit_code

    first = Organisation.objects.count()
    made = Organisation.objects.bulk_create(
        Organisation(
            name=f"演示机构{first + number}",
            kinds=["operator"],
            credit_code=demo_credit_code(700_000_000 + first + number),
            is_synthetic=True,
        )
        for number in range(count)
    )
    enterer, confirmer = User.objects.filter(role="finance").order_by("pk")[:2]
    for organisation in made:
        entered = set_account(
            organisation=organisation,
            holder=organisation.name,
            bank="演示银行",
            number=f"62{organisation.pk:014d}",
            actor=enterer,
            now=timezone.now(),
        )
        confirm_account(account=entered, actor=confirmer, now=timezone.now())
    return made


def _placements(count: int, operators: Sequence[Any]) -> list[Any]:
    """Steady work that the scheme is met by, all of it verified."""
    from jiujin.core.proof import Proof
    from jiujin.registry.models import Organisation, Person, PriorityStatus
    from jiujin.values import make_demo_id
    from jiujin.work.models import InsuranceKind, InsuranceMonth, Placement, Registration, RegistrationKind

    employer = Organisation.objects.filter(kinds__contains=["employer"]).order_by("pk").first()
    employer = employer or Organisation.objects.create(name="演示单位", kinds=["employer"], is_synthetic=True)
    first = Person.objects.count()
    born = [date(1970, 1, 1) + timedelta(days=(first + number) // 900) for number in range(count)]
    people = Person.objects.bulk_create(
        [
            Person(
                id_number=make_demo_id(born[number], (first + number) % 900),
                name=f"演示{first + number}",
                born_on=born[number],
                sex="female",
                is_synthetic=True,
            )
            for number in range(count)
        ],
        batch_size=2000,
    )
    PriorityStatus.objects.bulk_create(
        [
            PriorityStatus(
                person=person,
                category="difficulty",
                start_on=date(2021, 1, 1),
                certified_by="演示社区",
                certified_on=date(2021, 1, 1),
                proof=Proof.VERIFIED,
            )
            for person in people
        ],
        batch_size=2000,
    )
    placements = Placement.objects.bulk_create(
        [
            Placement(
                person=person,
                employer=employer,
                operator=operators[number % len(operators)],
                form="labour_contract",
                start_on=START_ON,
                end_on=START_ON + timedelta(days=364),
                proof=Proof.VERIFIED,
            )
            for number, person in enumerate(people)
        ],
        batch_size=2000,
    )
    Registration.objects.bulk_create(
        [
            Registration(
                placement=placement,
                kind=RegistrationKind.LABOUR,
                reference_number="D1",
                proof=Proof.VERIFIED,
            )
            for placement in placements
        ],
        batch_size=2000,
    )
    InsuranceMonth.objects.bulk_create(
        [
            InsuranceMonth(
                placement=placement, kind=InsuranceKind.SOCIAL, month=date(2022, month, 1), proof=Proof.VERIFIED
            )
            for placement in placements
            for month in range(1, 7)
        ],
        batch_size=5000,
    )
    return placements


def advance(ids: Sequence[int], *events: tuple[str, Any], portion: int = 1000) -> None:
    """Take steps (event and who takes it) with lines, some at a time, each judged anew."""
    for event, actor in events:
        for at in range(0, len(ids), portion):
            _advance(ids[at : at + portion], event, actor)
    analyze()


def _advance(ids: Sequence[int], event: str, actor: Any) -> None:
    from django.db import transaction
    from django.utils import timezone

    from jiujin.claims.services.keep_judgement import keep_judgement
    from jiujin.claims.services.lock import locked_lines
    from jiujin.claims.services.take_step import take_step

    with transaction.atomic():
        lines = locked_lines(ids)
        keep_judgement(lines, now=timezone.now(), take_places=True)
        take_step(lines, event, actor=actor, now=timezone.now())


def grant(lines: int) -> Any:
    """A budget for so many lines."""
    from jiujin.core.plan_in_force import plan_in_force
    from jiujin.funds.services.grant_budget import grant_budget

    fund_class = plan_in_force().scheme(SCHEME).fund_class
    return grant_budget(
        request_id=uuid.uuid4(),
        fund_class=fund_class,
        scheme=SCHEME,
        year=START_ON.year,
        amount_fen=lines * LINE_FEN,
        reason="演示预算",
        actor="system:bench",
    )
