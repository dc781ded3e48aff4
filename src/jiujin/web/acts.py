"""What a person may do with a record, shown on its page as small forms, each with one button and one service behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.core.listing import Words
from jiujin.web.day_input import day_input


def day_field(label: Words, **given: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=day_input(), **given)


@dataclass(frozen=True)
class Act:
    """One thing to do: `form` is made with the record, `run` calls the service and gives what to say afterwards."""

    name: str
    label: Words
    form: Callable[..., forms.Form]
    run: Callable[[User, Any, dict[str, Any]], str]
    shown: Callable[[User, Any], bool]
    is_main: bool = False


@dataclass(frozen=True)
class ShownAct:
    """An act on a page; open where its form came back, with the `error` that refused it."""

    act: Act
    form: forms.Form
    is_open: bool
    error: Exception | None = None


class PlainForm(forms.Form):
    """Nothing to fill in: the button says it all. Other forms of acts begin here too."""

    def __init__(self, record: Any, *args: Any, act: str = "", **kwargs: Any) -> None:
        self.record = record
        super().__init__(*args, auto_id=f"id_{act}_%s", **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the record."""


def acts_on(viewer: User, record: Any, acts: Sequence[Act], failed: ShownAct | None = None) -> list[ShownAct]:
    """The acts that the viewer may do with the record now; the failed one as it came."""
    shown = [act for act in acts if act.shown(viewer, record)]
    return [
        failed
        if failed is not None and failed.act is act
        else ShownAct(act, act.form(record, act=act.name), act.is_main)
        for act in shown
    ]


def perform(
    request: SignedInRequest, record: Any, acts: Sequence[Act], refused: tuple[type[Exception], ...]
) -> ShownAct | None:
    """Do what the request asks of the record; gives the act with its form where it was refused, None where it is done.

    All or nothing. Raises Http404 for an act that the viewer may not do now.
    """
    wanted = request.POST.get("act", "")
    act = next((each for each in acts if each.name == wanted and each.shown(request.user, record)), None)
    if act is None:
        raise Http404
    form = act.form(record, request.POST, request.FILES, act=act.name)
    refusal: Exception | None = None
    if form.is_valid():
        try:
            with transaction.atomic():
                said = act.run(request.user, record, form.cleaned_data)
        except refused as error:
            refusal, field = error, getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, said)
            return None
    return ShownAct(act, form, True, refusal)
