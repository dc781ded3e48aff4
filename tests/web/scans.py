"""Scans for tests: an upload as it comes, and one paper of the viewer's own for each page that shows papers."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from PIL import Image

from jiujin.accounts.models import User
from jiujin.circles.models import Circle, StreetDecision, WelfarePost
from jiujin.fairs.models import Fair
from jiujin.internships.models import Internship
from jiujin.registry.models import EvidenceFile
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.schools.models import Intake

_colours = count(1)


def scan(name: str = "扫描.png") -> SimpleUploadedFile:
    """A picture as a browser sends it, each another one: the same content about the same record is kept once."""
    out = BytesIO()
    Image.new("RGB", (2, 2), next(_colours)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def broken_scan() -> SimpleUploadedFile:
    """What is no paper whatever its name says."""
    return SimpleUploadedFile("坏的.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")


def paper_about(record: Model, by: User) -> EvidenceFile:
    """A paper that is kept about a record."""
    return keep_evidence(subject=record, upload=scan(), kind="", actor=by)


def paper_parts(viewer: User, parts: dict[str, Any]) -> dict[str, Any]:
    """A paper about each of the viewer's own records among the parts of addresses."""
    circle = Circle.objects.get(pk=parts["circle_id"])
    decision = StreetDecision.objects.create(
        circle=circle, street=circle.community, mode="委托", decided_on=date(2022, 3, 1), officer="张", document="甲",
        recorded_by=viewer,
    )  # fmt: skip
    about = {
        "circle_paper_id": decision,
        "post_paper_id": WelfarePost.objects.get(pk=parts["post_id"]),
        "fair_paper_id": Fair.objects.get(pk=parts["fair_id"]),
        "intern_paper_id": Internship.objects.get(pk=parts["internship_id"]),
        "intake_paper_id": Intake.objects.get(pk=parts["intake_id"]),
    }
    return {name: paper_about(record, viewer).pk for name, record in about.items()}
