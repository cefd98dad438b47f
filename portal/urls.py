"""The URLs of the portal and the workspace."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern, URLResolver

from portal.appointments import feed_views, receipt_views
from portal.appointments import views as appointments_views
from portal.attendees import workspace_views as attendees_workspace
from portal.erasure import views as erasure_views
from portal.exercises import views as exercises_views
from portal.first_steps import views as first_steps_views
from portal.first_steps import workspace_views as first_steps_workspace
from portal.home import views as home_views
from portal.intake import views as intake_views
from portal.lessons.views import audio, heard, lessons, library, self_report
from portal.merging import workspace_views as merging_workspace
from portal.practice_log import views as practice_log_views
from portal.preferences.views import preferences, unsubscribe
from portal.questions import views as questions_views
from portal.questions import workspace_views as questions_workspace
from portal.records import workspace_views as records_workspace
from portal.reports import workspace_views as reports_workspace
from portal.session_notes import workspace_views as session_notes_workspace
from portal.workspace.views import client_edit, client_home, client_note, clients, intake, messages, today

urlpatterns: list[URLPattern | URLResolver] = [
    path("lessons/", library.lessons, name="lessons"),
    path("lessons/collections/<slug:slug>/", library.collection, name="lesson_collection"),
    path("lessons/<slug:slug>/", lessons.lesson, name="lesson"),
    path("lessons/<slug:slug>/floor/", lessons.floor, name="lesson_floor"),
    re_path(
        r"^lessons/(?P<slug>[-a-zA-Z0-9_]+)/audio/(?P<sha256>[0-9a-f]{64})\.m4a$",
        audio.audio,
        name="lesson_audio",
    ),
    path("portal/", home_views.home, name="portal"),
    path("portal/lessons/", library.portal_lessons, name="portal_lessons"),
    path("portal/lessons/collections/<slug:slug>/", library.portal_collection, name="portal_collection"),
    path("portal/lessons/<slug:slug>/", lessons.portal_lesson, name="portal_lesson"),
    path("portal/lessons/<slug:slug>/heard/", heard.heard, name="portal_heard"),
    path("portal/lessons/<slug:slug>/words/", self_report.words, name="portal_words"),
    path("portal/lessons/<slug:slug>/guidelines/", self_report.guidelines, name="portal_guidelines"),
    path("portal/lessons/<slug:slug>/ask/", self_report.question, name="portal_ask"),
    path("portal/exercises/", exercises_views.exercises, name="portal_exercises"),
    path("portal/exercises/<slug:slug>/", exercises_views.exercise, name="portal_exercise"),
    path("portal/exercises/<slug:slug>/done/", exercises_views.exercise_is_done, name="portal_exercise_done"),
    path(
        "portal/exercises/<slug:slug>/not-done/",
        exercises_views.exercise_was_not_done,
        name="portal_exercise_not_done",
    ),
    path("portal/history/", practice_log_views.history, name="portal_history"),
    path("portal/questions/", questions_views.questions, name="portal_questions"),
    path("portal/questions/read/", questions_views.answers_are_read, name="portal_answers_read"),
    path("portal/appointments/", appointments_views.appointments, name="portal_appointments"),
    path("portal/receipts/<int:number>/", receipt_views.receipt, name="portal_receipt"),
    path("portal/appointments/calendar/", feed_views.calendar, name="portal_calendar"),
    path(
        "workspace/appointments/<uuid:uid>/wrap-up/",
        session_notes_workspace.wrap_up,
        name="workspace_wrap_up",
    ),
    path("workspace/appointments/<uuid:uid>/note/", session_notes_workspace.note, name="workspace_note"),
    path(
        "workspace/appointments/<uuid:uid>/attendee/", attendees_workspace.attendee, name="workspace_attendee"
    ),
    path("portal/intake/", intake_views.intake, name="portal_intake"),
    path("portal/consent/", intake_views.consent, name="portal_consent"),
    path("portal/preferences/", preferences.preferences, name="portal_preferences"),
    path("portal/data/", preferences.data, name="portal_data"),
    path("portal/data/copy/", erasure_views.copy, name="portal_copy"),
    path("portal/data/erase/", erasure_views.erasure, name="portal_erase"),
    path("portal/data/keep/", erasure_views.keep, name="portal_keep"),
    path("workspace/", today.today, name="workspace"),
    path("workspace/first-steps/test-email/", first_steps_workspace.test_email, name="workspace_test_email"),
    path("workspace/first-steps/copied/", first_steps_workspace.copied, name="workspace_copied"),
    path("test-email/<str:token>/", first_steps_views.arrived, name="test_email"),
    path("workspace/messages/", messages.messages_page, name="workspace_messages"),
    path("workspace/clients/", clients.clients, name="workspace_clients"),
    path("workspace/clients/<int:pk>/", clients.client, name="workspace_client"),
    path("workspace/clients/<int:pk>/permit/", records_workspace.give, name="workspace_permit"),
    path("workspace/clients/<int:pk>/note/", client_note.client_note, name="workspace_client_note"),
    path("workspace/clients/<int:pk>/plan/", client_edit.plan, name="workspace_client_plan"),
    path("workspace/clients/<int:pk>/contact/", client_edit.contact, name="workspace_contact"),
    path(
        "workspace/clients/<int:pk>/emails/<int:follow_up>/",
        client_edit.next_email,
        name="workspace_next_email",
    ),
    path("workspace/clients/<int:pk>/home/", client_home.at_home, name="workspace_client_home"),
    path(
        "workspace/clients/<int:pk>/permit/<int:permission>/end/",
        records_workspace.end,
        name="workspace_permit_end",
    ),
    path("workspace/clients/<int:pk>/merge/", merging_workspace.merge_with, name="workspace_merge"),
    path(
        "workspace/clients/<int:pk>/merge/<int:merge>/undo/",
        merging_workspace.undo_merge,
        name="workspace_merge_undo",
    ),
    path("workspace/clients/<int:pk>/record/", erasure_views.at_work, name="workspace_record"),
    path("workspace/clients/<int:pk>/looked/<int:entry>/", clients.looked, name="workspace_looked"),
    path(
        "workspace/clients/<int:pk>/answered/",
        clients.they_answered,
        name="workspace_they_answered",
    ),
    path("workspace/clients/<int:pk>/intake/<uuid:uid>/", intake.intake, name="workspace_intake"),
    path(
        "workspace/clients/<int:pk>/intake/<uuid:uid>/looked/",
        intake.looked,
        name="workspace_intake_looked",
    ),
    path("workspace/clients/<int:pk>/let-be/", clients.leave_be, name="workspace_let_be"),
    path("workspace/practice/reports/", reports_workspace.reports, name="workspace_reports"),
    path("workspace/practice/reports/file/", reports_workspace.reports_file, name="workspace_reports_csv"),
    path("workspace/questions/", questions_workspace.questions, name="workspace_questions"),
    path("workspace/questions/<int:pk>/", questions_workspace.question, name="workspace_question"),
    path("email/<str:token>/", unsubscribe.email_choices, name="email_wishes"),
    path(
        "email/<str:token>", unsubscribe.email_choices, name="email_wishes_unslashed"
    ),  # some programs cut it off
]
