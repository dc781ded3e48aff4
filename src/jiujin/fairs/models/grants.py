"""What the grants of the third programme are judged by: one record a subject of the plan."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jiujin.core.proof import proof_field, proof_is_a_level
from jiujin.fairs.models.fairs import Fair
from jiujin.registry.models import Organisation, Person


class TripartiteSignature(models.Model):
    """A tripartite agreement signed at a campus fair: the subject `signature`; once a person and fair."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="tripartite_signatures")
    university = models.ForeignKey(Organisation, models.PROTECT, related_name="tripartite_signatures")
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    agreement_number = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True)
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_signature_a_person_and_fair", fields=["fair", "person"]),
            proof_is_a_level("signature"),
        ]


class NetworkProject(models.Model):
    """A project on the information network of the human-resources market: the subject `network_project`."""

    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="network_projects")
    name = models.CharField(max_length=120)
    done_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    is_district_agency = models.BooleanField(null=True)
    proof = proof_field()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_project_a_name", fields=["agency", "name"]),
            proof_is_a_level("network_project"),
        ]


class MatchingService(models.Model):
    """A period of free matching by a grassroots public service: the subject `matching_service`; given is counted."""

    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="matching_services")
    start_on = models.DateField()
    end_on = models.DateField()
    is_grassroots = models.BooleanField(null=True)
    is_free = models.BooleanField(null=True)
    services_given = models.PositiveIntegerField(null=True)
    words = models.TextField(blank=True)
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_matching_period", fields=["agency", "start_on"]),
            models.CheckConstraint(name="matching_ends_after_it_starts", condition=Q(end_on__gte=F("start_on"))),
            proof_is_a_level("matching_service"),
        ]


class PublicEvent(models.Model):
    """A fair or other event as a public service asks a grant for it: the subject `public_event`; people and cost are counted."""

    fair = models.OneToOneField(Fair, models.PROTECT, related_name="public_event")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="public_events")
    is_public_service = models.BooleanField(null=True)
    proof = proof_field()

    class Meta:
        constraints = [proof_is_a_level("public_event")]
