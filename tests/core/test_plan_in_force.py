"""The plan with what the district set, and that a page asks for it once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiujin.core.plan_in_force import one_plan, plan_in_force
from jiujin.core.services.set_parameter import set_parameter

pytestmark = pytest.mark.django_db
SOURCE = "测试取值，不是文件规定"


def set_grant(yuan: int) -> None:
    set_parameter(parameter="stable_grant", value=yuan, source=SOURCE, actor="system:test")


def test_what_only_reads_asks_once_and_sees_one_plan_throughout() -> None:
    set_grant(1000)
    with one_plan():
        before = plan_in_force()
        set_grant(1200)
        with CaptureQueriesContext(connection) as asked:
            assert plan_in_force() is before
        assert not asked.captured_queries
    assert plan_in_force().digest != before.digest


def test_what_was_asked_in_one_page_is_not_held_for_the_next() -> None:
    with one_plan():
        before = plan_in_force()
    set_grant(1000)
    with one_plan():
        assert plan_in_force().digest != before.digest
