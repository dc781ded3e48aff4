"""What every request passes through: headers that shut the page off from other hosts, a bound on uploads, and a
transaction that makes a GET unable to change a record."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jiujin.core.one_moment import read_only_transaction
from jiujin.core.plan_in_force import one_plan
from jiujin.web.errors import too_large

Responder = Callable[[HttpRequest], HttpResponse]
READS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def content_security_policy(tiles: str) -> str:
    """No inline script or style, nothing from another host, no frame around the page; `tiles` may bring pictures."""
    pictures = "img-src 'self' data:"
    if tiles:
        host = urlsplit(tiles)
        pictures += f" {host.scheme}://{host.netloc.replace('{s}', '*')}"
    return "; ".join(
        (
            "default-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            pictures,
        )
    )


def permissions_policy(request: HttpRequest) -> str:
    """No camera, no microphone; where a person stands may be asked for on the residents' pages alone."""
    match = request.resolver_match
    may_ask = match is not None and ("near" in match.namespaces or match.view_name == "home")
    return f"camera=(), geolocation=({'self' if may_ask else ''}), microphone=()"


def security_headers(respond: Responder) -> Responder:
    """Add the headers that keep a page to itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", content_security_policy(settings.MAP_TILES))
        response.headers.setdefault("Permissions-Policy", permissions_policy(request))
        return response

    return middleware


def bounded_upload(respond: Responder) -> Responder:
    """Refuse a body over the bound before any of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isascii() or not declared.isdigit() or int(declared) > settings.UPLOAD_MAX_BYTES:
            return too_large(request)
        return respond(request)

    return middleware


def read_only_reads(respond: Responder) -> Responder:
    """Run a GET in a read-only transaction, by one plan: PostgreSQL itself refuses a view that writes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return respond(request)
        with one_plan(), read_only_transaction():
            return respond(request)

    return middleware
