"""What every room leaves behind: the events of its records, messages on their way out, and the note of the demo district."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from jiujin.core.fields import EncryptedTextField


class DemoDistrict(models.Model):
    """The one demo district of this database: how many people, from which seed, by which edition of the generator."""

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    people = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    edition = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="only_one_demo_district", condition=models.Q(id=1))]


class Event(models.Model):
    """One thing that happened to a record: who did it, when, what, and what is worth keeping of it. Append-only.

    `actor` is `user:ID`, or `system:NAME` for a job that nobody asked for. `details` holds codes, counts and ids; never an
    identity number, a telephone number or another sealed text.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["actor", "id"], name="event_by_actor"),
        ]
        constraints = [
            models.CheckConstraint(name="event_names_an_actor", condition=models.Q(actor__regex=r"^(user|system):.")),
            models.CheckConstraint(name="event_names_a_verb", condition=models.Q(verb__regex=r"^[a-z][a-z_]*$")),
        ]


class EventLink(models.Model):
    """An event's place in the hash chain, written by the commit of the transaction that wrote the event. Append-only.

    `seq` counts from 1 without a gap; `hash` is the SM3 of the event in its place, `previous` that of the one before.
    """

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="link")
    seq = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="link_counts_from_one", condition=models.Q(seq__gte=1))]


class ChainHead(models.Model):
    """Where the chain ends: the last place and its hash. Locked by whoever adds to it."""

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="only_one_chain_head", condition=models.Q(id=1))]


class PlanVersion(models.Model):
    """A plan as it stood when something was decided by it, whole, so that the decision can be made again. Append-only."""

    digest = models.CharField(max_length=64, primary_key=True)
    plan_id = models.CharField(max_length=60)
    content = models.TextField()
    kept_at = models.DateTimeField(db_default=Now(), editable=False)


class ParameterSetting(models.Model):
    """A value that the district set for a parameter of the plan, with its source; a later one for the same days wins.

    `value` is written as in a pack (yuan, dates, codes). Append-only: a wrong value is followed by a right one.
    """

    plan_id = models.CharField(max_length=60)
    parameter = models.CharField(max_length=60)
    start_on = models.DateField(null=True)
    end_on = models.DateField(null=True)
    value = models.JSONField()
    source = models.CharField(max_length=200)
    actor = models.CharField(max_length=80)
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["plan_id", "parameter", "id"], name="setting_by_parameter")]
        constraints = [
            models.CheckConstraint(name="setting_names_its_source", condition=models.Q(source__regex=r"\S")),
            models.CheckConstraint(
                name="setting_ends_after_it_starts",
                condition=models.Q(start_on=None) | models.Q(end_on=None) | models.Q(end_on__gte=models.F("start_on")),
            ),
        ]


class OutboundMessage(models.Model):
    """A text message that leaves only after the commit that wrote it; in demo mode it is shown instead of sent.

    After some days nobody needs what it said: `text` is emptied (`services.empty_messages`), that there was one stays.
    """

    to = EncryptedTextField()
    text = EncryptedTextField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="message_waiting")]
