"""Paper to take away: a claim as PDF, its stamped scan back in, and the papers of an approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.models import Claim, ClaimLine, Decision, NoticeLine
from jiujin.claims.queries import explained_lines, lines_seen_by, roster_seen_by
from jiujin.claims.services.keep_roster import hand_out_roster
from jiujin.claims.services.keep_scan import keep_scan
from jiujin.claims.states import LineState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import Area, EvidenceFile, Organisation
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.registry.storage import read_evidence
from jiujin.web.claims.account_page import account_words
from jiujin.web.claims.paper.claim_pdf import ClaimPaper, claim_pdf
from jiujin.web.claims.paper.evidence_pages import pieces_of
from jiujin.web.claims.paper.letters import Approval, PayeeSum, approval_form, payment_letter, request_letter
from jiujin.web.claims.queue import awaiting
from jiujin.web.claims.queue_line import evidence_response
from jiujin.web.claims.record_papers import papers_about
from jiujin.web.claims.scope import for_payees, own_claim, own_line
from jiujin.web.claims.words import clause_order, scheme_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAPER_LINES_MAX = 5_000
MEETINGS_SHOWN = 50
LETTERS = {
    "request": (request_letter, "请示"),
    "form": (approval_form, "呈批表"),
    "payment": (payment_letter, "拨付函"),
}


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


# --- a claim ----------------------------------------------------------------------------------------------------------------


def paper_of(claim: Claim, lines: QuerySet[ClaimLine]) -> ClaimPaper:
    """All that the claim's paper says: every line that was not taken back."""
    plan = plan_in_force()
    kept = list(lines.exclude(state=LineState.WITHDRAWN).order_by("position")[:PAPER_LINES_MAX])
    scan = {claim.stamped_scan_id} if claim.stamped_scan_id else set()
    towns = {line.area_code[:9] for line in kept}
    return ClaimPaper(
        plan=plan,
        scheme=plan.schemes[claim.scheme],
        number=claim.number,
        payee=claim.payee.name if claim.payee else "",
        account=account_words(claim.payee),
        note=claim.note,
        printed_on=timezone.localdate(),
        lines=kept,
        reasons=explained_lines([line for line in kept if line.verdict != "met"]),
        pieces=pieces_of(_evidence(claim, kept), read_evidence, not_printed=scan),
        townships=dict(Area.objects.filter(code__in=towns).order_by("code").values_list("code", "name")),
    )


def _evidence(claim: Claim, lines: Sequence[ClaimLine]) -> list[EvidenceFile]:
    """The files of the claim, then of each line and of the record that it comes from, in the lines' order."""
    subjects = [("claims.claim", str(claim.pk))]
    subject = plan_in_force().schemes[claim.scheme].subject
    of_records = papers_about(subject, [line.record_id for line in lines if line.record_id is not None])
    for line in lines:
        subjects.append(("claims.claimline", str(line.pk)))
        subjects += of_records.get(line.record_id or 0, [])
    about = Q(pk__in=[])
    for kind in dict.fromkeys(kind for kind, _id in subjects):
        about |= Q(subject_kind=kind, subject_id__in=[held for of, held in subjects if of == kind])
    found: defaultdict[tuple[str, str], list[EvidenceFile]] = defaultdict(list)
    for file in EvidenceFile.objects.filter(about, removed_at=None).order_by("uploaded_at", "pk"):
        found[file.subject_kind, file.subject_id].append(file)
    return [file for key in subjects for file in found.pop(key, [])]


def _pdf(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    claim = own_claim(request.user, claim_id)
    if claim.scheme not in plan_in_force().schemes:
        raise Http404
    lines = lines_seen_by(request.user).filter(claim=claim).select_related("person", "claim", "payee")
    a3 = request.GET.get("size") == "a3"
    return _attachment(claim_pdf(paper_of(claim, lines), a3=a3), "application/pdf", f"{claim.number}.pdf")


@for_payees
@require_safe
def own_pdf(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The payee's own claim as one PDF."""
    return _pdf(request, claim_id)


@in_room(Room.CLAIM_QUEUE)
@require_safe
def office_pdf(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """The same for the office: the lines of the officer's area."""
    return _pdf(request, claim_id)


@for_payees
@require_POST
def scan(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The stamped paper comes back in: kept with its hash, the claim points to it."""
    claim, upload = own_claim(request.user, claim_id), request.FILES.get("file")
    if upload is None:
        messages.warning(request, _("没有选文件，没有保存。请拍一张照片或选一个文件。"))
        return redirect("claims:claim", claim.pk)
    try:
        kept = keep_evidence(subject=claim, upload=upload, kind="", actor=request.user)
        keep_scan(claim=claim, scan=kept, actor=request.user)
        messages.success(request, _("扫描件已收到，指纹（SM3）已记下。"))
    except RegistryError as error:
        messages.warning(request, str(error))
    return redirect("claims:claim", claim.pk)


@for_payees
@require_safe
def scan_file(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The scan as it came."""
    claim = own_claim(request.user, claim_id)
    if claim.stamped_scan is None:
        messages.info(request, _("还没有传回扫描件。"))
        return redirect("claims:claim", claim.pk)
    return evidence_response(request, claim.stamped_scan, "claims:claim", claim.pk)


def _roster(request: SignedInRequest, claim: Claim, back: str, key: UUID | int) -> HttpResponse:
    roster = roster_seen_by(request.user, claim)
    if roster is None:
        raise Http404
    hand_out_roster(claim=claim, roster=roster, actor=request.user)
    return evidence_response(request, roster, back, key)


@for_payees
@require_POST
def own_roster(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The workbook that the claim was filed from, for its payee."""
    return _roster(request, own_claim(request.user, claim_id), "claims:claim", claim_id)


@in_room(Room.CLAIM_QUEUE)
@require_POST
def office_roster(request: SignedInRequest, line_id: int) -> HttpResponse:
    """The same for the office, from one of its lines."""
    return _roster(request, own_line(request.user, line_id).claim, "claims:queue-line", line_id)


# --- an approval --------------------------------------------------------------------------------------------------------------


@in_room(Room.CLAIM_QUEUE)
@require_safe
def papers(request: SignedInRequest) -> HttpResponse:
    """What waits for approval by scheme, and what meetings approved, each with its papers."""
    plan = plan_in_force()
    seen = lines_seen_by(request.user).order_by()
    waiting = dict(
        seen.filter(awaiting(plan, "approval"), is_stopped=False).values_list("scheme").annotate(n=Count("pk"))
    )
    worth = dict(
        seen.filter(awaiting(plan, "approval"), is_stopped=False)
        .values_list("scheme")
        .annotate(fen=Sum("amount_fen", default=0))
    )
    approved = Decision.objects.filter(event="line_approved", line__in=seen.values("pk")).exclude(meeting="")
    meetings = approved.values("meeting").annotate(
        n=Count("line", distinct=True), fen=Sum("amount_fen", default=0), at=Max("at")
    )
    context = {
        "waiting": [
            {"scheme": each, "n": waiting[each.id], "fen": worth[each.id]}
            for each in clause_order(plan)
            if waiting.get(each.id)
        ],
        "meetings": meetings.order_by("-at", "meeting")[:MEETINGS_SHOWN],
    }
    return render(request, "claims/papers.html", context)


@in_room(Room.CLAIM_QUEUE)
@require_safe
def letter(request: SignedInRequest) -> HttpResponse:
    """One paper: of a scheme that waits for approval, or of what a meeting approved."""
    write, name = LETTERS.get(request.GET.get("kind", ""), LETTERS["request"])
    approval = _approval(request)
    if not approval.sums:
        messages.warning(request, _("没有可以写进文书的明细。先在“批准”一步看有没有等着批准的。"))
        return papers(request)
    return _attachment(write(approval), DOCX, f"{name} {approval.schemes}.docx")


def _approval(request: SignedInRequest) -> Approval:
    plan, meeting, scheme = plan_in_force(), request.GET.get("meeting", ""), request.GET.get("scheme", "")
    lines = lines_seen_by(request.user).order_by()
    if meeting:
        decided = Decision.objects.filter(event="line_approved", meeting=meeting)
        lines = lines.filter(pk__in=decided.values("line")).exclude(state=LineState.REJECTED)
    else:
        lines = lines.filter(awaiting(plan, "approval"), is_stopped=False)
    if scheme:
        lines = lines.filter(scheme=scheme)
    sums = lines.values("scheme", "payee__name").annotate(n=Count("pk"), fen=Sum("amount_fen", default=0))
    notices = NoticeLine.objects.filter(line__in=lines.values("pk")).order_by().values_list("notice__number", flat=True)
    return Approval(
        plan=plan,
        sums=[
            PayeeSum(scheme_name(plan, row["scheme"]), row["payee__name"] or "", row["n"], row["fen"])
            for row in sums.order_by("scheme", "payee__name")
        ],
        meeting=meeting,
        notices=sorted(set(notices)),
        on=timezone.localdate(),
    )
