"""Chinese text is cut, searched and forgiven its typing mistakes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from jiujin.work.forgiving import Mended, forget_vocabulary, mend
from jiujin.work.models import Occupation, Vacancy
from jiujin.work.services.edit_vacancy import edit_vacancy
from jiujin.work.words import QUERY_WORDS_MAX, cut, cut_apart, fill_search, query_of
from tests.work.factories import make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_vocabulary() -> None:
    forget_vocabulary()


def worded(title: str, **given: object) -> Vacancy:
    vacancy = make_vacancy(title=title, **given)  # type: ignore[arg-type]
    fill_search(vacancy)
    return vacancy


def titles(text: str) -> set[str]:
    query = query_of(cut(text))
    found = Vacancy.objects.all() if query is None else Vacancy.objects.filter(search=query)
    return set(found.values_list("title", flat=True))


# --- cutting -------------------------------------------------------------------------------------------------------------


def test_words_come_with_the_shorter_ones_inside_them() -> None:
    assert cut("超市收银员，白班！") == ["超市", "收银", "银员", "收银员", "白班"]
    assert cut_apart("超市收银员，白班！") == ["超市", "收银员", "白班"]


def test_full_width_letters_and_stop_words_do_not_matter() -> None:
    assert cut("ＫＴＶ 的 服务员 工作") == cut("ktv服务员")


@given(st.text(max_size=80))
def test_any_text_is_cut_into_plain_words(text: str) -> None:
    for word in cut(text):
        assert word == word.lower().strip() and word


def test_reading_the_dictionary_is_quiet_and_keeps_its_copy_where_only_we_write() -> None:
    code = (
        "import os, sys\n"
        "from jiujin.web import settings\n"
        "import django; django.setup()\n"
        "from jiujin.work.words import cut\n"
        "assert cut('收银员')[-1] == '收银员'\n"
        "from jiujin.core.environment import var_dir\n"
        "kept = [name for name in os.listdir(var_dir() / 'words') if name.startswith('jieba-')]\n"
        "sys.stdout.write(f'{len(kept)} kept')\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["1 kept"]), done.stderr
    assert "jieba" not in done.stderr.lower() and "prefix dict" not in done.stderr


# --- searching -----------------------------------------------------------------------------------------------------------


def test_vacancy_is_found_by_title_occupation_employer_and_description() -> None:
    occupation = Occupation.objects.create(code="4", name="社会生产服务和生活服务人员")
    vacancy = worded("收银员", occupation=occupation, description="管午饭", skills=["点钞"])
    vacancy.employer.name = "演示清风超市"
    fill_search(vacancy)
    worded("理货员")
    for text in ("收银", "收银员", "生活服务", "清风超市", "午饭", "点钞", "收银员 午饭"):
        assert titles(text) == {"收银员"}, text
    assert titles("收银员 理货") == set()
    assert titles("的") == {"收银员", "理货员"}


def test_edited_vacancy_is_found_by_its_new_words() -> None:
    vacancy = worded("收银员")
    edit_vacancy(vacancy=vacancy, actor="system:tests", title="理货员")
    assert (titles("收银员"), titles("理货员")) == (set(), {"理货员"})


@pytest.mark.parametrize("text", ["'; DROP TABLE", "a & b | !c", "收银员:*", "\\", "\x00", "<script>", "％", "(("])
def test_odd_text_is_searched_without_failing(text: str) -> None:
    worded("收银员")
    titles(text)
    mend(text)


def test_query_is_bounded() -> None:
    query = query_of(f"词{number}" for number in range(100))
    with CaptureQueriesContext(
        connection,
    ) as caught:
        Vacancy.objects.filter(search=query).exists()
    assert caught[0]["sql"].count("plainto_tsquery") == QUERY_WORDS_MAX


# --- forgiving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text", "meant"),
    [
        ("收银圆", "收银员", "收银员"),
        ("超市收银圆", "超市 收银员", "收银员"),
        ("养老户理员", "养老护理员", "养老护理员"),
        ("养老护理圆 白班", "养老护理员 白班", "养老护理员"),
        ("快弟员", "快递员", "快递员"),
        ("excle录入", "excel 录入", "excel录入员"),
    ],
)
def test_typing_mistake_finds_what_was_meant(written: str, text: str, meant: str) -> None:
    for title in ("收银员", "养老护理员", "快递员", "excel录入员"):
        worded(title, description="白班，靠近超市")
    assert titles(written) == set()
    mended = mend(written)
    assert titles(mended.text) == {meant}
    assert (mended.text, mended.ignored) == (text, ()) and mended.changed


def test_right_words_are_left_as_they_are() -> None:
    worded("收银员", description="夜班")
    worded("收银圆桌设计师")
    for text in ("收银员", "夜班", "收银 夜班", "圆桌"):
        assert mend(text) == Mended(text)


def test_word_that_nothing_comes_near_is_left_out_and_said() -> None:
    worded("收银员")
    assert mend("收银员 宇航") == Mended("收银员", (), ("宇航",))
    assert mend("宇航") == Mended("宇航")


@pytest.mark.parametrize(("written", "text"), [("保节", "保洁"), ("司激", "司机"), ("保节 白班", "保洁 白班")])
def test_two_characters_are_mended_by_the_word_that_sounds_the_same(written: str, text: str) -> None:
    for title in ("保洁员", "保安员", "保姆", "司机"):
        worded(title, description="白班")
    assert mend(written).text == text
    assert titles(text) == {"保洁员" if "保洁" in text else "司机"}


def test_two_characters_that_sound_like_nothing_are_left() -> None:
    worded("厨师")
    for written in ("厨帅", "ab", "x师"):
        assert mend(written) == Mended(written)


def test_vocabulary_is_of_open_vacancies_and_read_once() -> None:
    worded("收银员")
    closed = worded("放映员")
    Vacancy.objects.filter(pk=closed.pk).update(state="closed")
    assert mend("放映圆").changed == ()
    with CaptureQueriesContext(connection) as caught:
        assert mend("收银圆").text == "收银员"
    assert not [each for each in caught if "title" in each["sql"].split("FROM")[0]]
