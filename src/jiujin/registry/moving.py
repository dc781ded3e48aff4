"""Takes what belongs to one record of a person over to another, and back.

Every table that points at a person is found from the models, so that a new one needs no word here. A row that the other record
has already (a unique index refuses it) stays where it is: both facts remain. What moved is kept as plain data:

    {"rows": {"work.placement.person": ["12", "15"]}, "left": {"work.jobwish.person": ["3"]}, "fields": {"phone": null}}

`fields` are those that the kept record did not know, with what it had before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import IntegrityError, InternalError, models, transaction

from jiujin.registry.models import EvidenceFile, MergeProposal, Person

STAY: Final = (Person, MergeProposal)  # who was merged into whom is what these two tables say
FILLED: Final = ("phone", "born_on", "sex", "home_area_id")  # both may have it
HANDED_OVER: Final = ("home_id", "user_id")  # one alone may have it
Moved = dict[str, Any]
Relation = tuple[type[models.Model], str]  # a table, and its column that points at a person


def relations() -> Iterator[tuple[str, Relation]]:
    """Every table's column that points at a person, by a name that is kept."""
    for field in Person._meta.get_fields(include_hidden=True):
        if not (field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)):
            continue
        model = field.related_model
        if isinstance(model, type) and issubclass(model, models.Model) and model not in STAY:
            its = field.field.name  # type: ignore[union-attr]
            yield f"{model._meta.label_lower}.{its}", (model, its)


def move_over(*, source: Person, target: Person) -> Moved:
    """Move everything of `source` to `target` within the caller's transaction, and give what was moved."""
    moved: Moved = {"rows": {}, "left": {}, "fields": {}}
    for name, (model, column) in relations():
        keys = _keys(model, {column: source.pk})
        _note(moved, name, keys, _point(model, column, keys, target.pk))
    about = {"subject_kind": Person._meta.label_lower, "subject_id": str(source.pk)}
    keys = _keys(EvidenceFile, about)
    _note(moved, EVIDENCE, keys, _point(EvidenceFile, "subject_id", keys, str(target.pk)))
    moved["fields"] = _fill(source, target)
    return moved


def move_back(moved: Moved, *, source: Person, target: Person) -> None:
    """Move what went from `source` to `target` back; what was changed since by hand stays as it is now."""
    known = dict(relations())
    for name, keys in moved["rows"].items():
        if name == EVIDENCE:
            _return(EvidenceFile, "subject_id", keys, now=str(target.pk), then=str(source.pk))
        elif name in known:
            model, column = known[name]
            _return(model, f"{column}_id", keys, now=target.pk, then=source.pk)
    _unfill(moved["fields"], source, target)


EVIDENCE: Final = "registry.evidencefile.subject_id"


def _keys(model: type[models.Model], where: dict[str, Any]) -> list[Any]:
    return list(model._default_manager.filter(**where).order_by("pk").values_list("pk", flat=True))


def _note(moved: Moved, name: str, keys: Sequence[Any], gone: Sequence[Any]) -> None:
    left = [key for key in keys if key not in set(gone)]
    for part, those in (("rows", gone), ("left", left)):
        if those:
            moved[part][name] = [str(key) for key in those]


def _point(model: type[models.Model], column: str, keys: Sequence[Any], to: Any) -> Sequence[Any]:
    """Point the rows at another record; gives the keys of those that went: all at once, or one by one where some may not."""
    if not keys or _went(model, column, keys, to):
        return keys
    return [key for key in keys if _went(model, column, [key], to)]


def _went(model: type[models.Model], column: str, keys: Sequence[Any], to: Any) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=keys).update(**{column: to})
    except (IntegrityError, InternalError):  # a unique index, or a table whose rows never change
        return False
    return True


def _return(model: type[models.Model], column: str, keys: Sequence[str], *, now: Any, then: Any) -> None:
    model._default_manager.filter(pk__in=keys, **{column: now}).update(**{column: then})


def _fill(source: Person, target: Person) -> dict[str, Any]:
    """Give `target` what it does not know; of what one alone may have, `source` lets go first."""
    filled: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    for name in (*FILLED, *HANDED_OVER):
        value = getattr(source, name)
        if value is not None and getattr(target, name) is None:
            taken[name] = value
            filled[name] = value if name in HANDED_OVER else None
    for name in HANDED_OVER:
        if name in taken:
            setattr(source, name, None)
    source.save()
    for name, value in taken.items():
        setattr(target, name, value)
    target.save()
    return filled


def _unfill(filled: dict[str, Any], source: Person, target: Person) -> None:
    """Take back what was filled, where it is still as it was filled."""
    handed: dict[str, Any] = {}
    for name, key in filled.items():
        if name in HANDED_OVER:
            if getattr(target, name) == key:
                handed[name] = key
                setattr(target, name, None)
        elif getattr(target, name) == getattr(source, name):
            setattr(target, name, None)
    target.save()
    for name, key in handed.items():
        if getattr(source, name) is None:
            setattr(source, name, key)
    source.save()
