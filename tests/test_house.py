"""The house keeps its word: what the documents name exists, what exists is documented, and each room knows its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from importlinter.cli import lint_imports

from jiujin.cli.main import COMMANDS, add
from jiujin.plan import models

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
MANUAL = ROOT / "docs" / "运维手册.md"
PACK_GUIDE = ROOT / "docs" / "plan-pack.md"
SETTING = re.compile(r"\bJIUJIN_[A-Z_]+[A-Z]\b")
CODE = re.compile(r"```.*?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
CALL = re.compile(r"(?:^|[\s/(])jiujin((?: +(?!-\w)[^\s|&;#`]+)(?: +[^\s|&;#`]+)*)")
LOCKS = ("requirements.lock", "requirements-dev.lock")


# --- layers -----------------------------------------------------------------------------------------------------------


def test_each_room_imports_only_what_stands_lower(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


# --- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, no_color=True)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{capsys.readouterr().out}")


@pytest.mark.django_db
def test_a_query_without_an_order_comes_back_shuffled_in_tests() -> None:
    models = ContentType.objects.order_by("pk")
    ordered = [each.pk for each in models]
    assert [each.pk for each in models.all()] == ordered
    unordered = [[each.pk for each in ContentType.objects.all()] for _ in range(3)]
    assert all(sorted(keys) == ordered for keys in unordered)
    assert any(keys != ordered for keys in unordered)


# --- settings ---------------------------------------------------------------------------------------------------------


def documented_settings() -> set[str]:
    """The names in the first column of the manual's tables."""
    return set(re.findall(r"^\| *`(JIUJIN_[A-Z_]+)`", MANUAL.read_text(encoding="utf-8"), re.MULTILINE))


def read_settings() -> set[str]:
    """The names that the program reads: each stands in its source as a whole string."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    return {name for source in sources for name in re.findall(r"\"(JIUJIN_[A-Z_]+)\"", source)}


def test_every_setting_the_program_reads_is_in_the_manual_and_no_other() -> None:
    assert documented_settings() == read_settings()


def test_every_setting_named_anywhere_exists() -> None:
    places = [*DOCUMENTS, ROOT / "Makefile", *(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.html")]
    named = {(path.name, name) for path in places for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    assert {(path, name) for path, name in named if name not in read_settings()} == set()


# --- commands ---------------------------------------------------------------------------------------------------------


def documented_calls() -> Iterator[tuple[str, list[str]]]:
    """Every `jiujin …` in a code span or block of the documents, with the document's name."""
    for path in DOCUMENTS:
        for block, span in CODE.findall(path.read_text(encoding="utf-8")):
            for line in (block or span).splitlines():
                yield from ((path.name, call.split()) for call in CALL.findall(line))


@cache
def loaded(name: str) -> Any:
    """The click command of a subcommand."""
    app = typer.Typer()
    add(app, name, COMMANDS[name])
    app.command("second", hidden=True)(lambda: None)  # with two commands typer keeps their names
    return typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]


def fault_of(words: list[str]) -> str | None:
    """What in a documented call does not exist; None when all of it does."""
    name, rest = words[0], words[1:]
    if name in ("…", "--help"):
        return None
    if name not in COMMANDS:
        return f"no command {name}"
    command = loaded(name)
    if COMMANDS[name].passes_on:
        return None
    if hasattr(command, "commands") and rest and not rest[0].startswith("-") and rest[0] != "…":
        for part in rest[0].split("|"):
            if part not in command.commands:
                return f"no command {name} {part}"
        command, rest = command.commands[rest[0].split("|")[0]], rest[1:]
    options = {"--help", *(option for parameter in command.params for option in parameter.opts)}
    given = [re.split(r"[=\]]", word.lstrip("["))[0] for word in rest]
    unknown = [word for word in given if word.startswith("--") and word not in options]
    return f"{name} has no {unknown}" if unknown else None


def test_every_command_in_the_documents_exists_with_its_options() -> None:
    calls = list(documented_calls())
    assert {" ".join(words) for _, words in calls if words[0] == "run"}, "the documents name at least `jiujin run`"
    assert [(document, words, fault) for document, words in calls if (fault := fault_of(words))] == []


@pytest.mark.parametrize("words", [["nonsense"], ["plan", "nonsense"], ["check", "a.xlsx", "--nonsense"]])
def test_a_documented_call_that_does_not_exist_is_found(words: list[str]) -> None:
    assert fault_of(words)


def test_every_command_is_in_the_documents() -> None:
    named = {words[0] for _, words in documented_calls()}
    assert {name for name, command in COMMANDS.items() if not command.hidden} - named == set()


# --- plan packs -------------------------------------------------------------------------------------------------------


def documented_keys() -> dict[str, set[str]]:
    """For each model that the guide names in a heading, the keys in the first column of its table."""
    sections = re.split(r"^### `(\w+)`", PACK_GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    named: dict[str, set[str]] = {}
    for model, text in zip(sections[::2], sections[1::2], strict=True):
        own = re.split(r"^##? ", text, maxsplit=1, flags=re.MULTILINE)[0]
        named.setdefault(model, set()).update(re.findall(r"^\| *`(\w+)`", own, re.MULTILINE))
    return named


def keys_of(model: str) -> set[str]:
    """The keys that a model takes in a file."""
    fields: dict[str, Any] = getattr(models, model).model_fields
    return {field.alias or name for name, field in fields.items()}


def test_plan_pack_guide_names_the_keys_that_each_file_takes() -> None:
    documented = documented_keys()
    assert documented == {model: keys_of(model) for model in documented}


# --- documents and locks ----------------------------------------------------------------------------------------------


def test_every_link_between_documents_leads_somewhere() -> None:
    links = [
        (path, target)
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "mailto:"))
    ]
    assert [(path.name, target) for path, target in links if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_hashes_every_file_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=[a-z0-9])", text.partition("\n\n")[0] if "\n\n" in text else text)
    packages = [each for each in requirements if not each.startswith("#")]
    assert packages and all("--hash=sha256:" in each for each in packages)
    assert "://" not in text and "--index" not in text and "@ " not in text


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"]
    for name, wanted in zip(LOCKS, (asked, [*asked, *project["dependency-groups"]["dev"]]), strict=True):
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        assert {re.split(r"[\[>=~<]", each)[0] for each in wanted} - locked == set(), name
