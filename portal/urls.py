"""The URLs of the portal and the workspace."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern, URLResolver

from portal.appointments import feed_views, receipt_views
from portal.appointments import views as appointments_views
from portal.attendees import workspace_views as attendees_workspace
from portal.erasure import views as erasure_views
from portal.exercises import media_views as exercise_media
from portal.exercises import sheet_views as exercise_sheet
from portal.exercises import views as exercises_views
from portal.exercises import workspace_views as exercises_workspace
from portal.first_steps import views as first_steps_views
from portal.first_steps import workspace_views as first_steps_workspace
from portal.followup_plans import client_views as plans_client
from portal.followup_plans import workspace_views as plans_workspace
from portal.home import views as home_views
from portal.intake import views as intake_views
from portal.lesson_editing.views import collections as editing_collections
from portal.lesson_editing.views import lessons as editing_lessons
from portal.lesson_editing.views import marks as editing_marks
from portal.lesson_editing.views import texts as editing_texts
from portal.lessons.views import ask, audio, copies, heard, lessons, library, self_report
from portal.merging import workspace_views as merging_workspace
from portal.offline import views as offline_views
from portal.over_time import views as over_time_views
from portal.practice_log import views as practice_log_views
from portal.preferences.views import preferences, unsubscribe
from portal.questions import views as questions_views
from portal.questions import workspace_views as questions_workspace
from portal.recordings import tus_views
from portal.recordings import workspace_views as recordings_workspace
from portal.records import workspace_views as records_workspace
from portal.reports import workspace_views as reports_workspace
from portal.session_notes import workspace_views as session_notes_workspace
from portal.text_messages import views as text_messages_views
from portal.visitor_questions import workspace_views as visitor_questions_workspace
from portal.workspace.views import (
    client_edit,
    client_home,
    client_note,
    clients,
    intake,
    messages,
    rehearsal,
    today,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # First: a player asks for pieces of a recording hundreds of times, and addresses are tried in this order.
    re_path(
        r"^lessons/(?P<slug>[-a-zA-Z0-9_]+)/audio/(?P<sha256>[0-9a-f]{64})\.m4a$",
        audio.audio,
        name="lesson_audio",
    ),
    path("lessons/", library.lessons, name="lessons"),
    path("lessons/collections/<slug:slug>/", library.collection, name="lesson_collection"),
    path("lessons/<slug:slug>/", lessons.lesson, name="lesson"),
    path("lessons/<slug:slug>/copy/", copies.lesson_copy, name="lesson_copy"),
    path("lessons/<slug:slug>/floor/", lessons.floor, name="lesson_floor"),
    path("lessons/<slug:slug>/ask/", ask.ask_about, name="lesson_ask"),
    path("sw.js", offline_views.service_worker, name="service_worker"),
    path("manifest.webmanifest", offline_views.manifest, name="manifest"),
    path("offline/", offline_views.offline, name="offline"),
    path("offline/state/", offline_views.state, name="offline_state"),
    path("portal/", home_views.home, name="portal"),
    path("portal/lessons/", library.portal_lessons, name="portal_lessons"),
    path("portal/lessons/collections/<slug:slug>/", library.portal_collection, name="portal_collection"),
    path("portal/lessons/<slug:slug>/", lessons.portal_lesson, name="portal_lesson"),
    path("portal/lessons/<slug:slug>/copy/", copies.portal_lesson_copy, name="portal_lesson_copy"),
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
    re_path(
        r"^portal/exercises/(?P<slug>[-a-zA-Z0-9_]+)/bells/(?P<key>[0-9-]{7,20})\.mp3$",
        exercise_media.bells,
        name="portal_exercise_bells",
    ),
    re_path(
        r"^portal/exercise-media/(?P<key>[0-9a-f]{32})\.(?P<ending>webp|mp4)$",
        exercise_media.media,
        name="portal_exercise_media",
    ),
    path("portal/exercise-sheet/", exercise_sheet.sheet, name="portal_exercise_sheet"),
    path("portal/history/", practice_log_views.history, name="portal_history"),
    path("portal/history/activities/", over_time_views.activities, name="portal_activities"),
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
    path("portal/text-messages/", text_messages_views.text_messages, name="portal_text_messages"),
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
    path("workspace/clients/<int:pk>/rehearsal/", rehearsal.rehearsal, name="workspace_rehearsal"),
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
    path("workspace/practice/lessons/", editing_lessons.lessons, name="workspace_lessons"),
    path("workspace/practice/lessons/new/", editing_lessons.new, name="workspace_lesson_new"),
    path("workspace/practice/lessons/<slug:slug>/", editing_texts.lesson, name="workspace_lesson"),
    path("workspace/practice/lessons/<slug:slug>/words/", editing_texts.words, name="workspace_lesson_words"),
    path(
        "workspace/practice/lessons/<slug:slug>/preview/",
        editing_lessons.preview,
        name="workspace_lesson_preview",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/withdraw/",
        editing_lessons.withdraw_lesson,
        name="workspace_lesson_withdraw",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/chapters/",
        editing_marks.chapters,
        name="workspace_lesson_chapters",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/transcript/",
        editing_marks.transcript,
        name="workspace_lesson_transcript",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/<slug:kind>.vtt",
        editing_marks.vtt_file,
        name="workspace_lesson_vtt",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/<slug:kind>/import/",
        editing_marks.vtt_import,
        name="workspace_lesson_vtt_import",
    ),
    path("workspace/practice/collections/", editing_collections.collections, name="workspace_collections"),
    path(
        "workspace/practice/collections/<slug:slug>/",
        editing_collections.collection,
        name="workspace_collection",
    ),
    path(
        "workspace/practice/collections/<slug:slug>/preview/",
        editing_collections.preview,
        name="workspace_collection_preview",
    ),
    path(
        "workspace/clients/<int:pk>/exercise-sheet/", exercise_sheet.at_work, name="workspace_exercise_sheet"
    ),
    path("workspace/practice/exercises/", exercises_workspace.exercises, name="workspace_exercises"),
    path("workspace/practice/exercises/new/", exercises_workspace.exercise, name="workspace_exercise_new"),
    path(
        "workspace/practice/exercises/<slug:slug>/",
        exercises_workspace.exercise,
        name="workspace_exercise",
    ),
    path(
        "workspace/practice/exercises/<slug:slug>/photos/",
        exercises_workspace.photos,
        name="workspace_exercise_photos",
    ),
    path(
        "workspace/practice/exercises/<slug:slug>/video/",
        exercises_workspace.video,
        name="workspace_exercise_video",
    ),
    path("workspace/practice/email-plans/", plans_workspace.plans, name="workspace_plans"),
    path("workspace/practice/email-plans/<int:pk>/", plans_workspace.plan, name="workspace_plan"),
    path(
        "workspace/practice/email-plans/<int:pk>/copy/", plans_workspace.plan_copy, name="workspace_plan_copy"
    ),
    path(
        "workspace/practice/email-plans/<int:pk>/standard/",
        plans_workspace.plan_standard,
        name="workspace_plan_standard",
    ),
    path(
        "workspace/practice/email-plans/<int:pk>/delete/",
        plans_workspace.plan_delete,
        name="workspace_plan_delete",
    ),
    path(
        "workspace/clients/<int:pk>/email-plan/", plans_client.client_emails, name="workspace_client_emails"
    ),
    path("workspace/practice/reports/", reports_workspace.reports, name="workspace_reports"),
    path("workspace/practice/reports/file/", reports_workspace.reports_file, name="workspace_reports_csv"),
    path(
        "workspace/practice/lessons/<slug:slug>/recording/",
        recordings_workspace.recording,
        name="workspace_lesson_recording",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/recording/uploads/",
        tus_views.uploads,
        name="workspace_recording_uploads",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/recording/uploads/<int:pk>/",
        tus_views.upload,
        name="workspace_recording_upload",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/recording/uploads/<int:pk>/done/",
        recordings_workspace.upload_done_with,
        name="workspace_recording_done_with",
    ),
    path(
        "workspace/practice/lessons/<slug:slug>/recording/times/",
        recordings_workspace.times_are_right,
        name="workspace_recording_times",
    ),
    path("workspace/questions/", questions_workspace.questions, name="workspace_questions"),
    path("workspace/questions/<int:pk>/", questions_workspace.question, name="workspace_question"),
    path(
        "workspace/questions/visitors/<int:pk>/",
        visitor_questions_workspace.visitor_question,
        name="workspace_visitor_question",
    ),
    path("email/<str:token>/", unsubscribe.email_choices, name="email_wishes"),
    path(
        "email/<str:token>", unsubscribe.email_choices, name="email_wishes_unslashed"
    ),  # some programs cut it off
]
