"""A person's file as one line of time: what was registered, agreed, recommended, applied for, worked and served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.registry.models import Person
from jiujin.web.desk.queries import FILE_ROWS_MAX
from jiujin.web.desk.words import category_words, distance_words, form_words
from jiujin.work.models import Application, Introduction, Placement, ServiceRecord

SHOWN_MAX = 60


@dataclass(frozen=True)
class Step:
    """One line: the day, what kind of thing, what happened, what is said of it, and where it leads.

    `order` breaks ties of a day; `waiting` marks what somebody has to answer; `struck` what was corrected or taken back since.
    """

    on: date
    kind: str
    label: str
    note: str = ""
    by: str = ""
    url: str = ""
    order: str = ""
    waiting: bool = False
    struck: str = ""
    introduction: Introduction | None = None


def timeline_of(person: Person) -> list[Step]:
    """The newest first, bounded."""
    sources = (_services, _introductions, _applications, _placements, _consents, _statuses)
    steps = [step for source in sources for step in source(person)]
    steps.append(Step(timezone.localdate(person.created_at), _("登记"), _("登记为服务对象")))
    return sorted(steps, key=lambda step: (step.on, step.order), reverse=True)[:SHOWN_MAX]


def _newest(rows: QuerySet, order: str) -> QuerySet:  # type: ignore[type-arg]
    return rows.order_by(f"-{order}", "pk")[:FILE_ROWS_MAX]


def _services(person: Person) -> Iterator[Step]:
    """Each as it was recorded; one that was corrected is struck, and what says that it never was has no line of its own."""
    rows: QuerySet[ServiceRecord] = person.services.select_related("served_by", "session", "corrected_by")
    for service in _newest(rows.filter(Q(stands=True) | Q(corrected_by__isnull=False)), "served_on"):
        later = None if service.stands else service.corrected_by
        yield Step(
            service.served_on,
            _("服务"),
            service.session.title if service.session else str(service.get_kind_display()),
            _("%(note)s（%(why)s）") % {"note": service.note, "why": later.corrected_because}
            if later
            else service.note,
            service.served_by.display_name,
            url=reverse("desk:service", args=[person.pk, service.pk]),
            order=service.recorded_at.isoformat(),
            struck="" if later is None else _corrected_words(later),
        )


def _corrected_words(later: ServiceRecord) -> str:
    """What became of the record in whose place another stands; a correction that was itself corrected is one still."""
    return _("已更正") if later.stands or hasattr(later, "corrected_by") else _("已撤销")


def _introductions(person: Person) -> Iterator[Step]:
    rows: QuerySet[Introduction] = person.introductions.select_related("vacancy__employer", "made_by")
    for made in _newest(rows, "made_at"):
        yield Step(
            timezone.localdate(made.made_at),
            _("推荐"),
            _("推荐“%(title)s”（%(employer)s）")
            % {"title": made.vacancy.title, "employer": made.vacancy.employer.name},
            "；".join([str(made.get_state_display()), *made.reasons]),
            made.made_by.display_name,
            order=made.made_at.isoformat(),
            waiting=made.state == "made",
            introduction=made,
        )


def _applications(person: Person) -> Iterator[Step]:
    rows: QuerySet[Application] = person.applications.filter(folded_into=None).select_related("vacancy__employer")
    for sent in _newest(rows, "sent_at"):
        said = [str(sent.get_state_display()), sent.declined_because, str(sent.get_channel_display())]
        if sent.distance_m is not None:
            said.append(distance_words(sent.distance_m))
        yield Step(
            timezone.localdate(sent.sent_at),
            _("投递"),
            _("投递“%(title)s”（%(employer)s）")
            % {"title": sent.vacancy.title, "employer": sent.vacancy.employer.name},
            "；".join(part for part in said if part),
            order=sent.sent_at.isoformat(),
            waiting=sent.state in ("sent", "seen", "accepted"),
        )


def _placements(person: Person) -> Iterator[Step]:
    rows: QuerySet[Placement] = person.placements.select_related("employer")
    for placement in _newest(rows, "start_on"):
        url = reverse("desk:placement", args=[placement.pk])
        words = {"employer": placement.employer.name, "form": form_words(placement.form)}
        yield Step(placement.start_on, _("就业"), _("到%(employer)s上班") % words, words["form"], url=url)
        if placement.left_on:
            yield Step(placement.left_on, _("离岗"), _("离开%(employer)s") % words, placement.left_because, url=url)


def _consents(person: Person) -> Iterator[Step]:
    for consent in _newest(person.consents.select_related("recorded_by"), "given_at"):
        purpose, channel = str(consent.get_purpose_display()), str(consent.get_channel_display())
        by, at = consent.recorded_by.display_name, consent.given_at
        yield Step(
            timezone.localdate(at),
            _("授权"),
            _("同意：%(purpose)s") % {"purpose": purpose},
            channel,
            by,
            order=at.isoformat(),
        )
        if consent.withdrawn_at:
            yield Step(
                timezone.localdate(consent.withdrawn_at),
                _("授权"),
                _("撤回：%(purpose)s") % {"purpose": purpose},
                order=consent.withdrawn_at.isoformat(),
            )


def _statuses(person: Person) -> Iterator[Step]:
    for status in _newest(person.priority_statuses.all(), "start_on"):
        said = [str(status.get_proof_display()), status.certified_by]
        if status.end_on:
            said.append(_("到 %(day)s 止") % {"day": status.end_on.isoformat()})
        yield Step(
            status.start_on, _("类别"), category_words(status.category), "；".join(part for part in said if part)
        )
