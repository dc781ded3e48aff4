"""Addresses of the circles."""

from __future__ import annotations

from django.urls import path

from jiujin.web.circles import change_pages, contract_pages, exposure_pages, help_pages, pages, paper_pages, post_pages

app_name = "circles"
urlpatterns = [
    path("", pages.circles, name="list"),
    path("new/", change_pages.new, name="new"),
    path("exposure/", exposure_pages.exposure, name="exposure"),
    path("exposure/file.<slug:kind>", exposure_pages.exposure_file, name="exposure-file"),
    path("<int:circle_id>/", pages.circle, name="circle"),
    path("<int:circle_id>/without-service/", pages.without_service, name="without-service"),
    path("<int:circle_id>/base/", change_pages.base, name="base"),
    path("<int:circle_id>/specialists/", change_pages.specialists, name="specialists"),
    path("<int:circle_id>/contracts/", contract_pages.contracts, name="contracts"),
    path("<int:circle_id>/pilot/", contract_pages.pilot, name="pilot"),
    path("<int:circle_id>/decision/", contract_pages.decision, name="decision"),
    path("<int:circle_id>/engage/", contract_pages.engage, name="engage"),
    path("<int:circle_id>/accept/", contract_pages.accept, name="accept"),
    path("<int:circle_id>/report/", contract_pages.report, name="report"),
    path("posts/", post_pages.posts, name="posts"),
    path("posts/new/", post_pages.new_post, name="new-post"),
    path("posts/<int:post_id>/", post_pages.post, name="post"),
    path("posts/<int:post_id>/holdings/<int:holding_id>/", post_pages.holding, name="holding"),
    path("papers/", paper_pages.attach, name="attach"),
    path("papers/<uuid:circle_paper_id>/", paper_pages.paper, name="paper"),
    path("posts/papers/", paper_pages.attach_to_post, name="attach-to-post"),
    path("posts/papers/<uuid:post_paper_id>/", paper_pages.post_paper, name="post-paper"),
    path("help/", help_pages.help_list, name="help"),
    path("help/<int:person_id>/", help_pages.help_plan, name="help-plan"),
    path("follow-ups/<int:placement_id>/", help_pages.follow_up, name="follow-up"),
]
