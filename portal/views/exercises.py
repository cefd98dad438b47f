"""Exercises: the sheet of all of them, and one with its movement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.exercises import exercise_for, published


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """All of them on one sheet, made to be printed."""
    return render(request, "portal/exercises.html", {"exercises": published()})


@require_safe
def exercise(request: HttpRequest, slug: str) -> HttpResponse:
    """One: its figure, which moves when asked to, what to do, what to feel, when to stop."""
    return render(request, "portal/exercise.html", {"exercise": exercise_for(request.user, slug)})
