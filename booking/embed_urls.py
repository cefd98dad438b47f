"""The URLs inside another site's frame: the steps of booking under embed/, all others as usual.

The middleware `Embedded` reads a request under /embed/ by this table, so that each link that a page of
booking writes stays in the frame, and each link to anything else (which no frame may show) leads out of it.
"""

from __future__ import annotations

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from booking.appointments.views import appointment, book, hold
from booking.waitlist import views as waitlist_views

handler400 = "practice.web.errors.bad_request"
handler403 = "practice.web.errors.forbidden"
handler404 = "practice.web.errors.not_found"
handler500 = "practice.web.errors.server_error"

steps: list[URLPattern | URLResolver] = [
    path("embed/book/", book.types, name="book"),
    path("embed/book/<slug:slug>/", book.day_and_time, name="book_type"),
    path("embed/book/<slug:slug>/hold/", hold.hold_new, name="hold_new"),
    path("embed/book/<slug:slug>/held/<str:token>/", hold.held_time, name="hold"),
    path("embed/book/<slug:slug>/held/<str:token>/let-go/", hold.hold_let_go, name="hold_let_go"),
    path("embed/book/<slug:slug>/wait/", waitlist_views.join_waitlist, name="wait"),
    path("embed/appointments/<str:token>/", appointment.show, name="appointment"),
]
# Of two URLs with one name, `reverse` uses the later one.
urlpatterns: list[URLPattern | URLResolver] = [path("", include("practice.urls")), *steps]
