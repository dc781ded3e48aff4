"""Addresses of the fairs."""

from __future__ import annotations

from django.urls import path

from jiujin.web.fairs import (
    fair_list,
    fair_page,
    intents,
    live,
    paper_pages,
    record,
    sign_in,
    supported,
    townships,
    visits,
)

app_name = "fairs"
FAIR = "<int:fair_id>/"
CODE = "in/<str:code>/"
urlpatterns = [
    path("", fair_list.fairs, name="list"),
    path("new/", fair_page.new, name="new"),
    path(FAIR, fair_page.fair, name="fair"),
    path(f"{FAIR}change/", fair_page.change, name="change"),
    path(f"{FAIR}decide/", fair_page.decide, name="decide"),
    path(f"{FAIR}employers/", fair_page.employers, name="employers"),
    path(f"{FAIR}costs/", fair_page.costs, name="costs"),
    path(f"{FAIR}signatures/", fair_page.signatures, name="signatures"),
    path(f"{FAIR}event/", fair_page.event, name="event"),
    path(f"{FAIR}invitations/", townships.invitations, name="invitations"),
    path(f"{FAIR}poster/", live.poster, name="poster"),
    path(f"{FAIR}live/", live.live, name="live"),
    path(f"{FAIR}live/figures/", live.live_figures, name="live-figures"),
    path(f"{FAIR}record/", record.record, name="record"),
    path(f"{FAIR}record/ready/", record.ready, name="ready"),
    path("record/take/", record.take, name="take"),
    path("record-worker.js", record.worker, name="worker"),
    path(CODE, sign_in.sign_in, name="sign-in"),
    path(f"{CODE}token/", sign_in.token, name="sign-in-token"),
    path(f"{CODE}take/", sign_in.take, name="sign-in-take"),
    path("intents/", intents.intents, name="intents"),
    path("intents/<int:intent_id>/", intents.intent, name="intent"),
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", visits.new_visit, name="new-visit"),
    path("visits/<int:visit_id>/", visits.visit, name="visit"),
    path("townships/", townships.townships, name="townships"),
    path("townships/<str:home>/<str:work>/", townships.group, name="group"),
    path("supported/", supported.supported, name="supported"),
    path("papers/", paper_pages.attach, name="attach"),
    path("papers/<uuid:fair_paper_id>/", paper_pages.paper, name="paper"),
]
