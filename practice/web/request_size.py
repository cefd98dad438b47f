"""Limits on the size of requests: a form's size everywhere, a file on the pages that take one.

Judged by Content-Length before a byte is read. (A body in chunks says no length and is refused unread.)
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from practice.access.pages import has_second_factor
from practice.queries import is_demo


def is_large(request: HttpRequest) -> bool:
    """Return whether the body is larger than any form."""
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:  # Django reads nothing then
        return False
    return size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def refuse_too_large(request: HttpRequest) -> None:
    """Raise RequestDataTooBig (413) for more than a form, or more than a file on a page that takes one."""
    if not is_large(request):
        return
    most = largest_file(request.path_info)
    if not most or int(request.META["CONTENT_LENGTH"]) > most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig("larger than any form here")


def largest_file(path: str) -> int:
    """Return how many bytes a file may have that is sent to this address; 0 where none is taken."""
    try:
        return int(settings.UPLOAD_PAGES.get(resolve(path, urlconf=settings.ROOT_URLCONF).view_name, 0))
    except Resolver404:
        return 0


def may_upload(request: HttpRequest) -> bool:
    """Return whether the user is staff with a second factor in this session (or the demo's)."""
    user = request.user
    return bool(user.is_authenticated and user.is_staff and (has_second_factor(request) or is_demo()))


def form_texts(request: HttpRequest) -> Iterable[str]:
    """Yield names and values of a form, and the names of its files."""
    for name, values in request.POST.lists():
        yield from (name, *(str(value) for value in values))
    for name, files in request.FILES.lists():
        yield from (name, *(file.name or "" for file in files))
