"""One throw-away PostgreSQL for the whole run, started when the first test asks for a database, and stricter queries."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

# Before pytest-django sets Django up: nothing of the person's own settings reaches the tests.
for name in [name for name in os.environ if name.startswith("JIUJIN_")]:
    del os.environ[name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "jiujin.web.settings",
    "JIUJIN_DATABASE_URL": "postgresql:///set-when-the-first-test-asks-for-it",
    "JIUJIN_DEMO": "1",
    "JIUJIN_LOG_LEVEL": "WARNING",
    "JIUJIN_SECRET_KEY": "for-tests-only-" * 4,
    "JIUJIN_HOSTS": "testserver,127.0.0.1,localhost",
    "JIUJIN_VAR": tempfile.mkdtemp(prefix="jiujin-test-var-"),
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # playwright's own loop runs in the thread that queries
}
(Path(os.environ["JIUJIN_VAR"]) / "static").mkdir()  # collected by nobody here, and looked for at each start
SHUFFLE_SEED = 20220101


def pytest_configure(config: pytest.Config) -> None:
    """Settings that only make tests quicker; behaviour is the same."""
    from django.conf import settings

    from jiujin.web.translations import compile_all

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NEAR_FOLLOWS = False
    settings.PLAN_SECONDS = 0.0
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    compile_all()
    shuffle_unordered_queries()
    empty_tables_past_their_triggers()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing in the temporary folder."""
    import shutil

    shutil.rmtree(os.environ["JIUJIN_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point Django at a server of our own, before pytest-django makes the test database there."""
    from django.db import connections

    from jiujin.core.postgres import start_server
    from jiujin.web.database import database_from_url

    folder: Path = tmp_path_factory.mktemp("postgres")
    with start_server(folder, log=folder / "log", durable=False) as server:
        entry = database_from_url(server.url())
        connections["default"].settings_dict.update({key: entry[key] for key in ("NAME", "USER", "HOST", "PORT")})
        yield


def shuffle_unordered_queries() -> None:
    """Give the rows of a query without an order in a random one, as a database may: who relies on luck fails here."""
    from django.db.models.sql import compiler
    from django.db.models.sql.constants import MULTI

    execute = compiler.SQLCompiler.execute_sql
    shuffler = random.Random(SHUFFLE_SEED)

    def execute_shuffled(self: Any, result_type: str = MULTI, *args: Any, **kwargs: Any) -> Any:
        result = execute(self, result_type, *args, **kwargs)
        if result_type != MULTI or result is None or _has_order(self.query):
            return result
        rows = list(chain.from_iterable(result))
        shuffler.shuffle(rows)
        return iter([rows])

    compiler.SQLCompiler.execute_sql = execute_shuffled


def empty_tables_past_their_triggers() -> None:
    """Let Django empty the tables after a test that committed, those too from which nobody else may take away."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    switch = (
        "DO $$ DECLARE held record; BEGIN FOR held IN SELECT tgrelid::regclass AS place, tgname FROM pg_trigger"
        " WHERE tgtype & 32 <> 0 LOOP EXECUTE format('ALTER TABLE %s {} TRIGGER %I', held.place, held.tgname);"
        " END LOOP; END $$"
    )

    def flush_past_triggers(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        return [switch.format("DISABLE"), *flush(self, *args, **kwargs), switch.format("ENABLE")]

    DatabaseOperations.sql_flush = flush_past_triggers


def _has_order(query: Any) -> bool:
    if query.extra_order_by or query.order_by:
        return True
    return bool(query.default_ordering and query.get_meta() and query.get_meta().ordering and not query.group_by)
