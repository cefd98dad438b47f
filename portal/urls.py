"""The addresses of portal."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern, URLResolver

from portal.views import (
    appointments,
    audio,
    email,
    exercises,
    heard,
    history,
    home,
    lessons,
    preferences,
    questions,
    words,
    workspace,
    workspace_clients,
    workspace_questions,
    wrap_up,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/<slug:slug>/", lessons.lesson, name="lesson"),
    path("lessons/<slug:slug>/floor/", lessons.floor, name="lesson_floor"),
    re_path(
        r"^lessons/(?P<slug>[-a-zA-Z0-9_]+)/audio/(?P<sha256>[0-9a-f]{64})\.m4a$",
        audio.audio,
        name="lesson_audio",
    ),
    path("portal/", home.home, name="portal"),
    path("portal/lessons/", home.lessons, name="portal_lessons"),
    path("portal/lessons/<slug:slug>/", lessons.portal_lesson, name="portal_lesson"),
    path("portal/lessons/<slug:slug>/heard/", heard.heard, name="portal_heard"),
    path("portal/lessons/<slug:slug>/words/", words.words, name="portal_words"),
    path("portal/lessons/<slug:slug>/guidelines/", words.guidelines, name="portal_guidelines"),
    path("portal/lessons/<slug:slug>/ask/", words.question, name="portal_ask"),
    path("portal/exercises/", exercises.exercises, name="portal_exercises"),
    path("portal/exercises/<slug:slug>/", exercises.exercise, name="portal_exercise"),
    path("portal/exercises/<slug:slug>/done/", exercises.exercise_is_done, name="portal_exercise_done"),
    path(
        "portal/exercises/<slug:slug>/not-done/",
        exercises.exercise_was_not_done,
        name="portal_exercise_not_done",
    ),
    path("portal/history/", history.history, name="portal_history"),
    path("portal/questions/", questions.questions, name="portal_questions"),
    path("portal/questions/read/", questions.answers_are_read, name="portal_answers_read"),
    path("portal/appointments/", appointments.appointments, name="portal_appointments"),
    path("workspace/appointments/<uuid:uid>/wrap-up/", wrap_up.wrap_up, name="workspace_wrap_up"),
    path("workspace/appointments/<uuid:uid>/note/", wrap_up.note, name="workspace_note"),
    path("portal/preferences/", preferences.preferences, name="portal_preferences"),
    path("portal/data/", preferences.data, name="portal_data"),
    path("workspace/", workspace.today, name="workspace"),
    path("workspace/clients/", workspace_clients.clients, name="workspace_clients"),
    path("workspace/clients/<int:pk>/", workspace_clients.client, name="workspace_client"),
    path("workspace/clients/<int:pk>/looked/<int:entry>/", workspace_clients.looked, name="workspace_looked"),
    path(
        "workspace/clients/<int:pk>/answered/",
        workspace_clients.they_answered,
        name="workspace_they_answered",
    ),
    path("workspace/clients/<int:pk>/let-be/", workspace_clients.leave_be, name="workspace_let_be"),
    path("workspace/questions/", workspace_questions.questions, name="workspace_questions"),
    path("workspace/questions/<int:pk>/", workspace_questions.question, name="workspace_question"),
    path("email/<str:token>/", email.email_wishes, name="email_wishes"),
]
