"""The addresses of booking."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from booking.api import routes
from booking.views import (
    answers,
    api_docs,
    appointment,
    book,
    book_for,
    feeds,
    hold,
    intake,
    packages,
    series,
    series_cancel,
    series_desk,
    waitlist,
    why,
    workspace,
    workspace_calendars,
    workspace_settings,
    workspace_waitlist,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/docs", api_docs.docs, name="api_docs"),
    path("api/v1/", routes),
    path("book/", book.types, name="book"),
    path("book/<slug:slug>/", book.day_and_time, name="book_type"),
    path("book/<slug:slug>/hold/", hold.hold_new, name="hold_new"),
    path("book/<slug:slug>/held/<str:token>/", hold.held_time, name="hold"),
    path("book/<slug:slug>/held/<str:token>/let-go/", hold.hold_let_go, name="hold_let_go"),
    path("book/<slug:slug>/wait/", waitlist.wait, name="wait"),
    path("waiting/<str:token>/", waitlist.wish, name="wish"),
    path("offers/<str:token>/", waitlist.offer, name="offer"),
    path("appointments/<str:token>/", appointment.show, name="appointment"),
    path("appointments/<str:token>/move/", appointment.move_to, name="appointment_move"),
    path("appointments/<str:token>/cancel/", appointment.call_off, name="appointment_cancel"),
    path("appointments/<str:token>/confirm/", appointment.confirmed, name="appointment_confirm"),
    path("appointments/<str:token>/bring-back/", appointment.bring_back, name="appointment_bring_back"),
    path("appointments/<str:token>/calendar.ics", appointment.calendar_file, name="appointment_calendar"),
    path("appointments/<str:token>/cancel-later/", series_cancel.cancel_later, name="series_cancel"),
    path("portal/appointments/series/<slug:slug>/", series.series, name="series"),
    path("workspace/clients/<int:pk>/packages/", packages.workspace_packages, name="workspace_packages"),
    path(
        "workspace/appointments/<uuid:uid>/package-pays/",
        packages.workspace_package_pays,
        name="workspace_package_pays",
    ),
    path("workspace/appointments/<uuid:uid>/series/", series_desk.workspace_series, name="workspace_series"),
    path(
        "workspace/appointments/<uuid:uid>/cancel-later/",
        series_desk.workspace_cancel_later,
        name="workspace_series_cancel",
    ),
    path("intake/<str:token>/", intake.entrance, name="intake"),
    path("intake/<str:token>/onward/", intake.after_signs, name="intake_onward"),
    path("intake/<str:token>/<slug:step>/", intake.step, name="intake_step"),
    path("workspace/book/", book_for.choose, name="workspace_book"),
    path("workspace/why/", why.why_not, name="workspace_why"),
    path("workspace/appointments/<uuid:uid>/", workspace.appointment, name="workspace_appointment"),
    path("workspace/appointments/<uuid:uid>/move/", workspace.move_appointment, name="workspace_move"),
    path("workspace/appointments/<uuid:uid>/cancel/", workspace.cancel_appointment, name="workspace_cancel"),
    path("workspace/appointments/<uuid:uid>/approve/", answers.approve_request, name="workspace_approve"),
    path("workspace/appointments/<uuid:uid>/decline/", answers.decline_request, name="workspace_decline"),
    path("workspace/appointments/<uuid:uid>/bring-back/", answers.bring_back, name="workspace_bring_back"),
    path("calendar/<str:token>.ics", feeds.feed, name="calendar_feed"),
    path(
        "workspace/settings/calendars/", workspace_calendars.workspace_calendars, name="workspace_calendars"
    ),
    path(
        "workspace/settings/calendars/<int:pk>/again/",
        workspace_calendars.calendar_again,
        name="workspace_calendar_again",
    ),
    path(
        "workspace/settings/calendars/<int:pk>/choices/",
        workspace_calendars.calendar_choices,
        name="workspace_calendar_choices",
    ),
    path(
        "workspace/settings/calendars/<int:pk>/remove/",
        workspace_calendars.calendar_remove,
        name="workspace_calendar_remove",
    ),
    path(
        "workspace/settings/feeds/<int:pk>/revoke/",
        workspace_calendars.feed_revoke,
        name="workspace_feed_revoke",
    ),
    path("workspace/settings/", workspace_settings.settings_index, name="workspace_settings"),
    path("workspace/settings/embed/", workspace_settings.embed, name="workspace_embed"),
    path("workspace/waitlist/", workspace_waitlist.waitlist, name="workspace_waitlist"),
    path("workspace/waitlist/<int:pk>/remove/", workspace_waitlist.remove, name="workspace_waitlist_remove"),
]
