"""The worker, the manifest, the page shown without a connection, and what a device asks about its copies."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.offline.queries import kept_lessons
from portal.offline.worker_script import worker_script
from practice.queries import the_practice
from practice.security.device_name import device_name

PAPER = "#FBF7F0"  # --paper in tokens.css
ICONS = (
    ("icons/app-192.png", 192, "any"),
    ("icons/app-512.png", 512, "any"),
    ("icons/app-maskable-192.png", 192, "maskable"),
    ("icons/app-maskable-512.png", 512, "maskable"),
)


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Answer with the worker for the whole site; with the one that removes itself when copies are off."""
    script = worker_script(is_on=settings.OFFLINE_LESSONS)
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Answer with what a phone needs to put the practice on its home screen."""
    name = the_practice().name or _("Your portal")
    icons = [
        {"src": static(file), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for file, side, purpose in ICONS
    ]
    said = {
        "id": "/",
        "name": name,
        "short_name": name if len(name) <= 12 else name.split()[0][:12],
        "start_url": reverse("portal"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "lang": "en",
        "icons": icons,
    }
    headers = {"Cache-Control": "no-cache"}
    return JsonResponse(said, content_type="application/manifest+json", headers=headers)


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page for a device without a connection: the script on it lists the lessons kept there."""
    return render(request, "lessons/offline.html")


@login_not_required
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Tell a device who is signed in, and what has become of the lessons (`lesson=`) that it keeps.

    Also the token for forms: that of a kept page may be older than the present sign-in.
    """
    said = {
        "whose": device_name(request.user),
        "is_staff": bool(getattr(request.user, "is_staff", False)),
        "on": settings.OFFLINE_LESSONS,
        "lessons": kept_lessons(request.user, request.GET.getlist("lesson"), now=timezone.now()),
        "csrf": get_token(request) if request.user.is_authenticated else "",
    }
    return JsonResponse(said, headers={"Cache-Control": "no-store, private"})
