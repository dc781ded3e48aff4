"""Addresses of the pages of money."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "funds"
urlpatterns: list[URLPattern] = []
