"""The plan to read: every clause with what carries it out, and nothing hidden of what is unset or unconfirmed."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from jiujin.accounts.models import Role
from jiujin.core.current_plan import current_plan
from jiujin.plan.check import leaves
from jiujin.web.plan_reader.lists import unset_names
from jiujin.web.plan_reader.rules_shown import RuleNode, rule_tree
from jiujin.web.plan_reader.words import (
    expression_words,
    limit_words,
    parameters_named,
    period_words,
    table_words,
    values_words,
)
from jiujin.web.plan_reader.works import chapters_of
from tests.accounts.people import someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(someone(Role.LEADER))
    return found


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_clause_stands_in_the_document_s_order_with_its_own_words(client: Client) -> None:
    plan = current_plan()
    page = text_of(client, "/plan/")
    places = [page.index(f'id="{clause.id}"') for clause in plan.clauses.values()]
    assert places == sorted(places)
    assert all(escape(clause.text) in page for clause in plan.clauses.values())


@pytest.mark.clause("0-title", "0-addressed", "0-parent", "0-year")
def test_title_number_period_parents_and_addressees_are_shown(client: Client) -> None:
    header, page = current_plan().header, text_of(client, "/plan/")
    told = [header.title, header.document_number, header.issuer, *header.addressed_to, *header.not_addressed]
    told += [parent.title for parent in header.parents] + [period_words(header.period.start, header.period.end)]
    assert [words for words in told if escape(words) not in page] == []


def test_every_scheme_parameter_target_duty_and_reading_stands_beside_its_clause() -> None:
    plan = current_plan()
    beside = {b.clause.id: {w.title for w in b.works} for chapter in chapters_of(plan) for b in chapter.clauses}
    for records in (
        plan.schemes,
        plan.parameters,
        plan.targets,
        plan.audiences,
        plan.risks,
        plan.scorecard,
        plan.surveys,
    ):
        assert all(record.name in beside[record.clause] for record in records.values())  # type: ignore[attr-defined]
    assert all(duty.who in beside[duty.clause] for duty in plan.duties.values())
    assert all(reading.question in beside[reading.clause] for reading in plan.readings.values())


def test_condition_that_rests_on_another_clause_is_shown_there() -> None:
    plan = current_plan()
    beside = {b.clause.id: {w.title for w in b.works} for chapter in chapters_of(plan) for b in chapter.clauses}
    elsewhere = [
        (leaf.clause, leaf.text)
        for scheme in plan.schemes.values()
        for leaf in leaves(scheme.conditions)
        if leaf.clause and leaf.clause != scheme.clause
    ]
    assert elsewhere
    assert all(text in beside[clause] for clause, text in elsewhere)


def test_scheme_page_shows_its_conditions_amount_limit_columns_cases_and_readings(client: Client) -> None:
    plan = current_plan()
    for scheme in plan.schemes.values():
        page = text_of(client, f"/plan/schemes/{scheme.id}/")
        told = [plan.clauses[scheme.clause].text, limit_words(plan, scheme.limit), scheme.fund_class]
        told += [leaf.text or "" for leaf in leaves(scheme.conditions)]
        told += [field.label or plan.facts[field.fact].label for field in scheme.sheet]
        told += [plan.readings[name].question for name in scheme.readings]
        assert [words for words in told if escape(words) not in page] == []
        assert escape(plan.cases[scheme.id].cases[0].name) in page


def test_scheme_page_offers_the_check_only_to_those_who_may(client: Client) -> None:
    address = f"/plan/schemes/{next(iter(current_plan().schemes))}/"
    assert "/rosters/new/?scheme=" not in text_of(client, address)
    client.force_login(someone(Role.CLERK))
    assert "/rosters/new/?scheme=" in text_of(client, address)


def test_need_of_a_condition_is_told_in_the_document_s_word() -> None:
    plan = current_plan()

    def flat(node: RuleNode) -> list[RuleNode]:
        return [node, *(inner for part in node.parts for inner in flat(part))]

    told = {node.text: node.need for node in flat(rule_tree(plan, plan.schemes["stable-employment"]))}
    assert told["劳动合同期限"] == " 6 个月以上"


def test_template_is_a_workbook_with_the_scheme_s_columns(client: Client) -> None:
    plan = current_plan()
    scheme = plan.schemes["technical-school-training"]
    answer = client.get(f"/plan/schemes/{scheme.id}/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = {cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row}
    assert {field.label or plan.facts[field.fact].label for field in scheme.sheet} <= cells
    assert ".xlsx" in answer.headers["content-disposition"]


def test_unset_filter_shows_just_the_unset_parameters_and_the_rule_each_waits_for(client: Client) -> None:
    plan = current_plan()
    unset = [p for p in plan.parameters.values() if p.status == "unset"]
    page = text_of(client, "/plan/parameters/?status=unset")
    assert all(escape(p.name) in page and escape(p.refers_to or "") in page for p in unset)
    stated = next(p for p in plan.parameters.values() if p.status == "stated")
    assert escape(stated.name) not in page
    assert f"{len(unset)} 项待定" in page.split("</nav>")[0], "the menu counts them too"


def test_parameter_page_shows_value_source_and_who_uses_it(client: Client) -> None:
    page = text_of(client, "/plan/parameters/internship_allowance/")
    assert "1,400.00 元/人月" in page and "见习生活补助" in page and "2022〕97号" in page
    unset = text_of(client, "/plan/parameters/minimum_wage/")
    assert "还没有取值" in unset and "灵活就业服务补助" in unset


def test_table_parameter_is_shown_with_words_for_codes(client: Client) -> None:
    plan = current_plan()
    paths = plan.parameters["schooling_paths"]
    headings, lines = table_words(plan, paths, paths.values[0])
    assert headings == ["班级类型", "入学层次", "学制年限"]
    assert ["预备技师班", "高中", "4"] in lines
    assert "预备技师班" in text_of(client, "/plan/parameters/schooling_paths/")


def test_unconfirmed_readings_say_so_on_their_page_and_in_the_list(client: Client) -> None:
    plan = current_plan()
    reading = next(r for r in plan.readings.values() if r.decided_by is None)
    page = text_of(client, f"/plan/readings/{reading.id}/")
    assert escape(reading.otherwise) in page and "还没有人确认" in page
    assert "待确认" in text_of(client, "/plan/readings/?state=unconfirmed")


def test_missing_breakdown_of_targets_is_said_openly(client: Client) -> None:
    assert "缺任务分解表" in text_of(client, "/plan/targets/")


def test_areas_filter_by_level_and_page(client: Client) -> None:
    page = text_of(client, "/plan/areas/?level=township")
    assert "第 1–23 行，共 23 行" in page
    assert "第 51–100 行，共 357 行" in text_of(client, "/plan/areas/?level=community&page=2")


@pytest.mark.parametrize("address", ["schemes", "parameters", "targets", "readings", "areas"])
def test_list_is_exported_whole(client: Client, address: str) -> None:
    answer = client.get(f"/plan/{address}/?export=csv&page=2")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(lines) > len(getattr(current_plan(), address))


def test_search_narrows_and_an_empty_answer_leads_back_to_all(client: Client) -> None:
    page = text_of(client, "/plan/areas/?q=东市")
    assert "东市街道" in page and "共 381 行" not in page
    empty = text_of(client, "/plan/areas/?q=没有这个地方")
    assert "没有符合条件的行" in empty and "看全部" in empty


@pytest.mark.parametrize(
    "address", ["schemes/none/", "schemes/none/template.xlsx", "parameters/none/", "readings/none/"]
)
def test_what_the_plan_does_not_have_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/plan/{address}").status_code == 404


def test_pages_of_the_plan_ask_the_database_only_who_is_reading(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for address in ("/plan/", "/plan/parameters/", "/plan/areas/", "/plan/schemes/stable-employment/"):
        with django_assert_max_num_queries(4):  # a savepoint around the page, read-only, and the user
            client.get(address)


def test_another_pack_is_read_as_well(client: Client, settings: Settings, other_pack: str) -> None:
    settings.PLAN = other_pack
    plan = current_plan()
    for address in ("", "schemes/", "parameters/", "targets/", "readings/", "areas/"):
        assert plan.header.short_title in text_of(client, f"/plan/{address}")
    for scheme in plan.schemes.values():
        assert scheme.name in text_of(client, f"/plan/schemes/{scheme.id}/")


@pytest.fixture
def other_pack(tmp_path: Path) -> str:
    """The published pack under another name and with another title: nothing of the pages depends on which it is."""
    import shutil

    from jiujin.plan import find_plan

    folder = tmp_path / "elsewhere-2030"
    shutil.copytree(find_plan("jinan-2022"), folder)
    header = folder / "plan.yaml"
    text = header.read_text(encoding="utf-8")
    header.write_text(
        text.replace("id: jinan-2022", "id: elsewhere-2030").replace("金安区就业促进 2022", "别处就业促进 2030"),
        encoding="utf-8",
    )
    return str(folder)


def test_expressions_limits_and_periods_are_told_in_words() -> None:
    plan = current_plan()
    words = expression_words(plan, "open_ended or term_months >= param('stable_contract_months')")
    assert words == "无固定期限 或 期限 ≥ 「稳定就业劳动合同期限下限」"
    assert expression_words(plan, "priority_group <> 'none'") == "人员类别 ≠ 无"
    upgraded = "upgraded_from = 'same_school' and class_type in ('senior', 'technician')"
    assert expression_words(plan, upgraded) == "转升来源 = 本校 且 班级类型 属于（高级技工班，预备技师班）"
    assert limit_words(plan, plan.schemes["technical-school-training"].limit) == "每人、每个学校不超过 1 次"
    assert limit_words(plan, plan.schemes["flexible-employment"].limit) == "每人每年不超过 3 次"
    assert limit_words(plan, None) == "不限次数"
    assert period_words(None, None) == "最早 至 今后"


def test_parameters_behind_derived_facts_are_named_too() -> None:
    plan = current_plan()
    flexible = plan.schemes["flexible-employment"]
    assert "minimum_wage" in parameters_named(plan, flexible)
    assert "internship_allowance" not in parameters_named(plan, flexible)
    assert plan.parameters["flexible_grant"].name in unset_names(plan, flexible)
    assert values_words(plan, plan.parameters["minimum_wage"]) == ""
