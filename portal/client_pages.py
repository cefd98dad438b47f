"""The guard of the client's own pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from practice.models import User


def for_clients(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the view as `view(request, client)`; people who work here go to the workspace instead."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        client = request.user
        if not isinstance(client, User) or client.is_staff:
            return redirect("workspace")
        return view(request, client, *args, **kwargs)

    return guarded
