"""The page that a form leads back to, named by its address: never one of another site."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500
WORKSPACE = "/workspace/"


def next_page(request: HttpRequest) -> str:
    """Return the path under `next` that a form or a link names, if it is a page of the workspace; else ""."""
    path = page_of_ours(request)
    return path if path.startswith(WORKSPACE) else ""


def page_of_ours(request: HttpRequest, name: str = "next") -> str:
    """Return the path that a form or a link has under this name, if it is a page of this site; else ""."""
    named = request.POST if request.method == "POST" else request.GET
    path = named.get(name, "")
    if not path.startswith("/") or len(path) > LONGEST or ".." in path or "\\" in path:
        return ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
