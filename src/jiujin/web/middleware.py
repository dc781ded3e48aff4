"""What every request passes through: headers that shut the page off from other hosts, a bound on uploads, and a
transaction that makes a GET unable to change a record."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from jiujin.web.errors import too_large

Responder = Callable[[HttpRequest], HttpResponse]
READS = frozenset({"GET", "HEAD", "OPTIONS"})

# No inline script or style, nothing from another host, no frame around the page.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "img-src 'self' data:",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def security_headers(respond: Responder) -> Responder:
    """Add the headers that keep a page to itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
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
    """Run a GET in a read-only transaction: PostgreSQL itself refuses a view that writes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return respond(request)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            return respond(request)

    return middleware
