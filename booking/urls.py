"""The URLs of booking."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from booking.api import docs_views
from booking.api.routes import routes
from booking.appointments.views import appointment as appointment_views
from booking.appointments.views import book as book_views
from booking.appointments.views import hold
from booking.appointments.workspace_views import appointment as workspace_appointment
from booking.appointments.workspace_views import book as workspace_book
from booking.appointments.workspace_views import length, move, requests, why
from booking.calendars import views as calendars_views
from booking.calendars import workspace_views as calendars_workspace
from booking.intake import views as intake_views
from booking.moving_in import workspace_views as moving_in_workspace
from booking.opening_hours import workspace_views as opening_hours_workspace
from booking.owner_settings import workspace_views as owner_settings_workspace
from booking.packages import workspace_views as packages_workspace
from booking.payments.workspace_views import account as account_workspace
from booking.payments.workspace_views import lists as payments_workspace
from booking.payments.workspace_views import receipts as receipts_workspace
from booking.schedule import workspace_views as schedule_workspace
from booking.search import workspace_views as search_workspace
from booking.series import workspace_views as series_workspace
from booking.series.views import book as series_book
from booking.series.views import cancel
from booking.services import workspace_views as services_workspace
from booking.staff import workspace_views as staff_workspace
from booking.time_off import block_workspace_views, days_off_views
from booking.time_off import workspace_views as time_off_workspace
from booking.waitlist import views as waitlist_views
from booking.waitlist import workspace_views as waitlist_workspace
from booking.zone_changes import workspace_client_zone_views
from booking.zone_changes import workspace_views as zone_changes_workspace

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/docs", docs_views.docs, name="api_docs"),
    path("api/v1/", routes),
    path("book/", book_views.types, name="book"),
    path("book/<slug:slug>/", book_views.day_and_time, name="book_type"),
    path("book/<slug:slug>/hold/", hold.hold_new, name="hold_new"),
    path("book/<slug:slug>/held/<str:token>/", hold.held_time, name="hold"),
    path("book/<slug:slug>/held/<str:token>/let-go/", hold.hold_let_go, name="hold_let_go"),
    path("book/<slug:slug>/wait/", waitlist_views.join_waitlist, name="wait"),
    path("waiting/<str:token>/", waitlist_views.waitlist_entry, name="wish"),
    path("offers/<str:token>/", waitlist_views.offer, name="offer"),
    path("appointments/<str:token>/", appointment_views.show, name="appointment"),
    path("appointments/<str:token>/move/", appointment_views.move_to, name="appointment_move"),
    path("appointments/<str:token>/cancel/", appointment_views.call_off, name="appointment_cancel"),
    path("appointments/<str:token>/confirm/", appointment_views.confirmed, name="appointment_confirm"),
    path("appointments/<str:token>/bring-back/", appointment_views.bring_back, name="appointment_bring_back"),
    path(
        "appointments/<str:token>/calendar.ics", appointment_views.calendar_file, name="appointment_calendar"
    ),
    path("appointments/<str:token>/cancel-later/", cancel.cancel_later, name="series_cancel"),
    path("portal/appointments/series/<slug:slug>/", series_book.series, name="series"),
    path(
        "workspace/clients/<int:pk>/packages/",
        packages_workspace.workspace_packages,
        name="workspace_packages",
    ),
    path(
        "workspace/appointments/<uuid:uid>/package-pays/",
        packages_workspace.workspace_package_pays,
        name="workspace_package_pays",
    ),
    path("workspace/practice/payments/", payments_workspace.day_page, name="workspace_payments"),
    path(
        "workspace/practice/payments/month/", payments_workspace.month_page, name="workspace_payments_month"
    ),
    path(
        "workspace/practice/payments/payments.csv",
        payments_workspace.month_file,
        name="workspace_payments_csv",
    ),
    path(
        "workspace/practice/payments/receipts/",
        payments_workspace.receipt_settings,
        name="workspace_receipt_settings",
    ),
    path("workspace/receipts/<int:number>/", receipts_workspace.receipt_file, name="workspace_receipt"),
    path(
        "workspace/receipts/<int:number>/send/",
        receipts_workspace.send_receipt,
        name="workspace_receipt_send",
    ),
    path("workspace/appointments/<uuid:uid>/payments/", account_workspace.show, name="workspace_account"),
    path(
        "workspace/appointments/<uuid:uid>/payments/record/",
        account_workspace.record_payment,
        name="workspace_payment",
    ),
    path(
        "workspace/appointments/<uuid:uid>/payments/refund/",
        account_workspace.record_refund,
        name="workspace_refund",
    ),
    path(
        "workspace/appointments/<uuid:uid>/payments/waive/",
        account_workspace.waive_sum,
        name="workspace_waive",
    ),
    path(
        "workspace/appointments/<uuid:uid>/payments/charge/",
        account_workspace.charge_sum,
        name="workspace_charge",
    ),
    path(
        "workspace/appointments/<uuid:uid>/payments/receipt/",
        account_workspace.issue_receipt,
        name="workspace_receipt_issue",
    ),
    path(
        "workspace/appointments/<uuid:uid>/payments/<int:pk>/take-back/",
        account_workspace.take_back,
        name="workspace_take_back",
    ),
    path(
        "workspace/appointments/<uuid:uid>/series/",
        series_workspace.workspace_series,
        name="workspace_series",
    ),
    path(
        "workspace/appointments/<uuid:uid>/cancel-later/",
        series_workspace.workspace_cancel_later,
        name="workspace_series_cancel",
    ),
    path("intake/<str:token>/", intake_views.entrance, name="intake"),
    path("intake/<str:token>/onward/", intake_views.after_signs, name="intake_onward"),
    path("intake/<str:token>/<slug:step>/", intake_views.step, name="intake_step"),
    path("workspace/week/", schedule_workspace.week, name="workspace_week"),
    path("workspace/day/", schedule_workspace.day, name="workspace_day"),
    path("workspace/week/version/", schedule_workspace.board_version, name="workspace_board_version"),
    path("workspace/first/", schedule_workspace.first_page, name="workspace_first"),
    path("workspace/book/", workspace_book.book_someone, name="workspace_book"),
    path("workspace/search/", search_workspace.search, name="workspace_search"),
    path("workspace/search/suggest/", search_workspace.suggest, name="workspace_suggest"),
    path("workspace/why/", why.why_not, name="workspace_why"),
    path(
        "workspace/appointments/<uuid:uid>/", workspace_appointment.appointment, name="workspace_appointment"
    ),
    path("workspace/appointments/<uuid:uid>/move/", move.move_appointment, name="workspace_move"),
    path("workspace/appointments/<uuid:uid>/length/", length.length_of_appointment, name="workspace_length"),
    path(
        "workspace/appointments/<uuid:uid>/cancel/",
        workspace_appointment.cancel_appointment,
        name="workspace_cancel",
    ),
    path(
        "workspace/appointments/<uuid:uid>/zone/",
        workspace_client_zone_views.zone_of_appointment,
        name="workspace_zone",
    ),
    path("workspace/appointments/<uuid:uid>/approve/", requests.approve_request, name="workspace_approve"),
    path("workspace/appointments/<uuid:uid>/decline/", requests.decline_request, name="workspace_decline"),
    path("workspace/appointments/<uuid:uid>/bring-back/", requests.bring_back, name="workspace_bring_back"),
    path("calendar/<str:token>.ics", calendars_views.feed, name="calendar_feed"),
    path(
        "workspace/settings/calendars/", calendars_workspace.workspace_calendars, name="workspace_calendars"
    ),
    path(
        "workspace/settings/calendars/<int:pk>/again/",
        calendars_workspace.calendar_again,
        name="workspace_calendar_again",
    ),
    path(
        "workspace/settings/calendars/<int:pk>/choices/",
        calendars_workspace.calendar_choices,
        name="workspace_calendar_choices",
    ),
    path(
        "workspace/settings/calendars/<int:pk>/remove/",
        calendars_workspace.calendar_remove,
        name="workspace_calendar_remove",
    ),
    path(
        "workspace/settings/feeds/<int:pk>/revoke/",
        calendars_workspace.feed_revoke,
        name="workspace_feed_revoke",
    ),
    path("workspace/practice/", owner_settings_workspace.practice_index, name="workspace_practice"),
    path("workspace/practice/policies/", owner_settings_workspace.policies, name="workspace_policies"),
    path("workspace/practice/hours/", opening_hours_workspace.hours, name="workspace_hours"),
    path(
        "workspace/practice/hours/<slug:slug>/",
        opening_hours_workspace.hours_of,
        name="workspace_hours_of",
    ),
    path("workspace/practice/services/", services_workspace.services, name="workspace_services"),
    path("workspace/practice/services/new/", services_workspace.new, name="workspace_service_new"),
    path(
        "workspace/practice/services/reminders/",
        services_workspace.reminders,
        name="workspace_reminder_hours",
    ),
    path("workspace/practice/services/<int:pk>/", services_workspace.service, name="workspace_service"),
    path(
        "workspace/practice/services/<int:pk>/move/", services_workspace.move, name="workspace_service_move"
    ),
    path(
        "workspace/practice/services/<int:pk>/delete/",
        services_workspace.delete,
        name="workspace_service_delete",
    ),
    path("workspace/practice/people/", staff_workspace.people, name="workspace_people"),
    path("workspace/practice/people/<int:pk>/", staff_workspace.person, name="workspace_person"),
    path("workspace/practice/people/<int:pk>/role/", staff_workspace.set_role, name="workspace_person_role"),
    path(
        "workspace/practice/people/<int:pk>/access/", staff_workspace.access, name="workspace_person_access"
    ),
    path("workspace/practice/import/", moving_in_workspace.imports, name="workspace_import"),
    path("workspace/practice/import/<int:pk>/", moving_in_workspace.import_one, name="workspace_import_one"),
    path(
        "workspace/practice/import/<int:pk>/not-imported.csv",
        moving_in_workspace.import_failed,
        name="workspace_import_failed",
    ),
    path("workspace/settings/", owner_settings_workspace.settings_moved, name="workspace_settings"),
    path(
        "workspace/settings/new-address/", owner_settings_workspace.new_address, name="workspace_new_address"
    ),
    path("workspace/settings/embed/", owner_settings_workspace.embed, name="workspace_embed"),
    path("workspace/clocks/", zone_changes_workspace.workspace_clocks, name="workspace_clocks"),
    path(
        "workspace/clocks/<uuid:uid>/leave/",
        zone_changes_workspace.workspace_clocks_leave,
        name="workspace_clocks_leave",
    ),
    path("workspace/practice/days-off/", time_off_workspace.workspace_away, name="workspace_away"),
    path("workspace/practice/days-off/holidays/", days_off_views.holidays, name="workspace_holidays"),
    path(
        "workspace/practice/days-off/<int:pk>/",
        time_off_workspace.workspace_away_days,
        name="workspace_away_days",
    ),
    path("workspace/practice/days-off/<int:pk>/change/", days_off_views.change, name="workspace_away_change"),
    path(
        "workspace/practice/days-off/<int:pk>/open/",
        time_off_workspace.workspace_away_open,
        name="workspace_away_open",
    ),
    path("workspace/away/", days_off_views.away_moved, name="workspace_away_moved"),
    path("workspace/away/<int:pk>/", days_off_views.away_moved, name="workspace_away_days_moved"),
    path("workspace/block/", block_workspace_views.workspace_block, name="workspace_block"),
    path("workspace/block/<int:pk>/", block_workspace_views.workspace_blocked, name="workspace_blocked"),
    path(
        "workspace/block/<int:pk>/remove/", block_workspace_views.workspace_unblock, name="workspace_unblock"
    ),
    path("workspace/waitlist/", waitlist_workspace.waitlist, name="workspace_waitlist"),
    path("workspace/waitlist/<int:pk>/remove/", waitlist_workspace.remove, name="workspace_waitlist_remove"),
]
