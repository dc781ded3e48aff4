"""The pages of what went wrong: each says what happened, what was kept, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words

MIB = 1024 * 1024


@dataclass(frozen=True)
class Trouble:
    """One kind of error page."""

    status: int
    happened: Words
    kept: Words
    todo: Words


BAD_REQUEST = Trouble(
    400,
    gettext_lazy("这个请求看不懂"),
    gettext_lazy("没有改动任何内容。"),
    gettext_lazy("请回到上一页刷新后再试；网址是别人给的，请向对方要新的。"),
)
FORBIDDEN = Trouble(
    403,
    gettext_lazy("您的角色不能看这一页"),
    gettext_lazy("没有改动任何内容。"),
    gettext_lazy("请用左侧的菜单打开自己的工作；需要这项权限，请找系统管理员。"),
)
FORM_EXPIRED = Trouble(
    403,
    gettext_lazy("这张表单已过期"),
    gettext_lazy("提交的内容没有保存。通常是因为页面开着的时候重新登录过，或浏览器不接受 Cookie。"),
    gettext_lazy("请回到上一页，刷新后再提交一次。"),
)
NOT_FOUND = Trouble(
    404,
    gettext_lazy("没有这一页"),
    gettext_lazy("要找的内容不存在、已被删除，或不属于您。没有改动任何内容。"),
    gettext_lazy("请检查网址，或从菜单重新找。"),
)
BROKEN = Trouble(
    500,
    gettext_lazy("系统出错了"),
    gettext_lazy("这一步没有做成，已做到一半的改动都撤销了；之前保存的内容都在。"),
    gettext_lazy("请稍后再试。仍然出错，请把时间和刚才的操作告诉系统管理员。"),
)


def _page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    content = render_to_string("errors/trouble.html", {"trouble": trouble}, request=request)
    return HttpResponse(content, status=trouble.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return _page(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _page(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _page(request, NOT_FOUND)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token (CSRF)."""
    return _page(request, FORM_EXPIRED)


def too_large(request: HttpRequest) -> HttpResponse:
    """413, told before the shell knows who asks: the page stands alone."""
    bound = settings.UPLOAD_MAX_BYTES // MIB
    trouble = Trouble(
        413,
        _("文件太大，没有上传"),
        _("最大 %(bound)s MiB。服务器没有保存它，之前的核对都在。") % {"bound": bound},
        _("请删去与核对无关的工作表和图片，或按乡镇分成几份上传；大名单用 .parquet 或 .csv 更小。"),
    )
    return _alone(trouble)


def broken(request: HttpRequest) -> HttpResponse:
    """500: the page stands alone, because whatever broke may be what the shell needs."""
    return _alone(BROKEN)


def _alone(trouble: Trouble) -> HttpResponse:
    context: dict[str, Any] = {"trouble": trouble, "shell": "shells/plain.html"}
    return HttpResponse(render_to_string("errors/trouble.html", context), status=trouble.status)
