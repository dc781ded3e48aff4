"""Marks are kept as data and told in the reader's language; those written as sentences before are told as they stand."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from jiujin.accounts.models import Role
from jiujin.claims.errors import NothingToSend
from jiujin.claims.marks import mark_words
from jiujin.claims.models import ClaimLine
from jiujin.claims.queries import explained
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.core.proof import Proof
from jiujin.work.models import InsuranceKind
from tests.claims.factories import NOW, filed, set_rates
from tests.claims.test_submitting import internship
from tests.registry.factories import make_person, make_user
from tests.work.factories import add_insurance, make_placement

pytestmark = pytest.mark.django_db


def marked_by_records() -> ClaimLine:
    """A sent line whose person has insurance months of another employer and the same work by another operator."""
    claim, _actor = filed()
    line = claim.lines.get()
    own = line.person.placements.get()
    elsewhere = make_placement(date(2021, 6, 1), person=line.person)
    add_insurance(elsewhere, InsuranceKind.SOCIAL, [Proof.VERIFIED] * 8)
    make_placement(own.start_on, person=line.person, employer=own.employer)
    [line] = submit_claim(claim=claim, actor=make_user(Role.CLERK), now=NOW).lines
    return line


def test_what_records_say_is_kept_without_a_sentence_and_told_in_the_readers_language() -> None:
    line = marked_by_records()
    assert {mark["rule"] for mark in line.marks} == {"same_work", "insured_elsewhere"}
    assert not any("message" in mark for mark in line.marks)
    [insured] = [mark for mark in line.marks if mark["rule"] == "insured_elsewhere"]
    assert mark_words(insured) == f"同一段时间有另一家单位为这个人缴社会保险（登记记录第 {insured['record']} 号）"
    with translation.override("en"):
        told = explained(line)
    assert any("another employer" in words.lower() for words in told) and not any("登记记录" in words for words in told)


def test_what_another_line_says_names_its_claim_in_the_plans_words() -> None:
    set_rates()
    person = make_person()
    first, first_actor = internship(person)
    submit_claim(claim=first, actor=first_actor, now=NOW)
    second, second_actor = internship(person)
    with pytest.raises(NothingToSend, match="见习时间重叠") as refused:
        submit_claim(claim=second, actor=second_actor, now=NOW)
    [words] = refused.value.reasons.values()
    held = first.lines.get()
    assert first.number in words and f"第 {held.pk} 号明细" in words


def test_a_rule_that_the_plan_has_lost_and_a_sentence_of_before_are_told_all_the_same() -> None:
    lost = {"rule": "gone", "effect": "mark", "line": 7, "of": {"scheme": "gone-too", "number": "SB1"}}
    assert mark_words(lost) == "gone（gone-too，申报 SB1，第 7 号明细）"
    before = {"rule": "same_work", "effect": "mark", "line": None, "record": 3, "message": "以前写下的一句话"}
    assert mark_words(before) == "以前写下的一句话"
