"""Whether this process can serve: asked by the starter, a balancer or a monitor."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

HEALTH_PATH = "/healthz"


def health_check(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer `/healthz` before anything else looks at the request: 200 when the database answers, else 503."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path != HEALTH_PATH:
            return respond(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
        return HttpResponse("ok\n", content_type="text/plain")

    return middleware
