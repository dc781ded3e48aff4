"""Addresses of the claims' pages."""

from __future__ import annotations

from django.urls import path

from jiujin.web.claims import (
    account_page,
    claim_list,
    claim_page,
    entitled,
    line_page,
    matters,
    new_claim,
    notices,
    paper_pages,
    parameters,
    queue,
    queue_line,
)

app_name = "claims"
urlpatterns = [
    # payees
    path("", claim_list.claims, name="list"),
    path("claims.xlsx", claim_list.claims_file, {"suffix": "xlsx"}, name="claims-xlsx"),
    path("claims.csv", claim_list.claims_file, {"suffix": "csv"}, name="claims-csv"),
    path("new/", new_claim.new, name="new"),
    path("entitled/", entitled.entitled, name="entitled"),
    path("account/", account_page.account, name="account"),
    path("<uuid:claim_id>/", claim_page.claim, name="claim"),
    path("<uuid:claim_id>/lines.xlsx", claim_page.claim_xlsx, name="claim-xlsx"),
    path("<uuid:claim_id>/claim.pdf", paper_pages.own_pdf, name="claim-pdf"),
    path("<uuid:claim_id>/send/", claim_page.send, name="send"),
    path("<uuid:claim_id>/confirm/", entitled.confirm, name="confirm"),
    path("<uuid:claim_id>/withdraw/", claim_page.withdraw, name="withdraw"),
    path("<uuid:claim_id>/mend/", claim_page.mend, name="mend"),
    path("<uuid:claim_id>/roster/", paper_pages.own_roster, name="roster"),
    path("<uuid:claim_id>/scan/", paper_pages.scan, name="scan"),
    path("<uuid:claim_id>/scan/file/", paper_pages.scan_file, name="scan-file"),
    path("lines/<int:line_id>/", line_page.line, name="line"),
    path("lines/<int:line_id>/panel/", claim_page.line_panel, name="line-panel"),
    path("lines/<int:line_id>/mend/", line_page.mend, name="mend-line"),
    path("lines/<int:line_id>/appeal/", line_page.appeal, name="appeal"),
    path("lines/<int:line_id>/attach/", line_page.attach, name="attach"),
    # the office
    path("queue/", queue.queue, name="queue"),
    path("queue/lines.xlsx", queue.queue_xlsx, name="queue-xlsx"),
    path("queue/decide/", queue.decide, name="decide"),
    path("queue/lines/<int:line_id>/", queue_line.line, name="queue-line"),
    path("queue/lines/<int:line_id>/panel/", queue.panel, name="queue-panel"),
    path("queue/lines/<int:line_id>/verify/", queue_line.verify, name="verify"),
    path("queue/lines/<int:line_id>/evidence/<uuid:line_evidence_id>/", queue_line.evidence, name="queue-evidence"),
    path("queue/lines/<int:line_id>/roster/", paper_pages.office_roster, name="queue-roster"),
    path("queue/claims/<uuid:claim_id>/claim.pdf", paper_pages.office_pdf, name="queue-claim-pdf"),
    path("queue/entitled/", entitled.office_entitled, name="queue-entitled"),
    path("queue/entitled/<uuid:claim_id>/confirm/", entitled.office_confirm, name="queue-confirm"),
    path("queue/matters/", matters.matters, name="matters"),
    path("queue/objections/<int:objection_id>/", matters.objection, name="answer-objection"),
    path("queue/appeals/<int:appeal_id>/", matters.appeal, name="answer-appeal"),
    path("queue/papers/", paper_pages.papers, name="papers"),
    path("queue/papers/letter.docx", paper_pages.letter, name="letter"),
    path("parameters/", parameters.parameters, name="parameters"),
    path("parameters/<slug:parameter_id>/", parameters.parameter, name="parameter"),
    # everybody
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/notice.docx", notices.notice_docx, name="notice-docx"),
    path("notices/<int:notice_id>/lines/<int:notice_line_id>/", notices.objection, name="object"),
]
