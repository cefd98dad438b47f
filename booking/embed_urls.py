"""The URLs inside another site's frame: the steps of booking under embed/, all others as usual.

`EmbeddedBookingMiddleware` reads a request under /embed/ by this table, so that each link that a page of
booking writes stays in the frame, and each link to anything else (which no frame may show) leads out of
it. A site that shows the frame in one language names it in the address: embed/es/book/.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from booking.appointments.views import appointment, book, hold
from booking.waitlist import views as waitlist_views
from practice.core.locales.readers import CODES

handler400 = "practice.web.errors.bad_request"
handler403 = "practice.web.errors.forbidden"
handler404 = "practice.web.errors.not_found"
handler500 = "practice.web.errors.server_error"


def steps(begin: str = "embed/") -> list[URLPattern | URLResolver]:
    """Return the steps of booking below an address such as "embed/" or "embed/es/"."""
    return [
        path(f"{begin}book/", book.types, name="book"),
        path(f"{begin}book/<slug:slug>/", book.day_and_time, name="book_type"),
        path(f"{begin}book/<slug:slug>/hold/", hold.hold_new, name="hold_new"),
        path(f"{begin}book/<slug:slug>/held/<str:token>/", hold.held_time, name="hold"),
        path(f"{begin}book/<slug:slug>/held/<str:token>/let-go/", hold.hold_let_go, name="hold_let_go"),
        path(f"{begin}book/<slug:slug>/wait/", waitlist_views.join_waitlist, name="wait"),
        path(f"{begin}appointments/<str:token>/", appointment.show, name="appointment"),
    ]


@dataclass(frozen=True)
class FrameUrls:
    """The URLs of a frame in one language: a table such as Django reads from a module."""

    language: str
    handler400 = handler400
    handler403 = handler403
    handler404 = handler404
    handler500 = handler500

    @cached_property
    def urlpatterns(self) -> list[URLPattern | URLResolver]:
        """Return all URLs; of two with one name, `reverse` uses the later one."""
        return [path("", include("practice.urls")), *steps(f"embed/{self.language}/")]


urlpatterns: list[URLPattern | URLResolver] = [path("", include("practice.urls")), *steps()]
#: By the language that the address names; without one it is the browser's.
IN_LANGUAGE = {code: FrameUrls(code) for code in CODES}
