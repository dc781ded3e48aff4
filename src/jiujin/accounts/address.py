"""Where a request comes from."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address the request was sent from, as seen by the outermost of our own proxies.

    `settings.PROXIES` says how many proxies of ours stand before the program; each adds the address it saw at the end
    of X-Forwarded-For, so anything further left was written by the sender and is not believed.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXIES:
        return direct
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    candidate = seen[-settings.PROXIES] if len(seen) >= settings.PROXIES else direct
    try:
        return str(ip_address(candidate))
    except ValueError:
        return direct
