"""Pages of one's own account."""

from __future__ import annotations

from django.urls import path

from jiujin.accounts import user_pages, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("users/", user_pages.users, name="users"),
    path("users/new/", user_pages.new_user, name="new-user"),
    path("users/<int:user_id>/", user_pages.user, name="user"),
    path("users/<int:user_id>/password/", user_pages.new_password, name="new-password"),
    path("password/", views.change_password, name="change-password"),
]
