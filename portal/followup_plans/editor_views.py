"""The pages of editing steps, which the practice's plans and a client's own share: the steps, the effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.followup_plans.access import shown_to
from portal.followup_plans.actions.save import Confirmed, PainTaken, PlanStale, QueueChanged
from portal.followup_plans.effect import (
    MOST_SESSIONS,
    NewSteps,
    SessionEffect,
    TooManyWaiting,
    counts,
    effects,
    fingerprint,
)
from portal.followup_plans.forms import PREFIX, BaseStepsFormSet, StepsFormSet, steps_formset, typed_formset
from portal.followups.choosing import plan_steps
from portal.followups.engine.plan_change import Effect, PlanStep
from practice.models import User

#: Clients whose emails a preview lists by name.
MOST_NAMES = 20


@dataclass(kw_only=True)
class Editor:
    """One plan that is being edited. `which`: the follow-ups that are its own.

    `save`: saves the new steps, and returns how many waiting emails changed. `address`: of the steps.
    """

    user: User
    form: forms.Form
    steps: Sequence[PlanStep]
    which: Q
    save: Callable[[NewSteps, Confirmed], int]
    address: str
    after: str
    now: dt.datetime
    page: dict[str, Any] = field(default_factory=dict)


def edit(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Show the steps, add a row, show what a change would do, or save it."""
    do = request.POST.get("do", "")
    if request.method != "POST":
        return _steps_page(request, editor, steps_formset(editor.steps))
    if do in ("add", "edit"):
        return _steps_page(request, editor, typed_formset(request.POST, more=do == "add"))
    formset = StepsFormSet(request.POST, prefix=PREFIX)
    if not all([editor.form.is_valid(), formset.is_valid()]):
        return _steps_page(request, editor, formset, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    new = formset.new_steps()
    try:
        return _confirmed(request, editor, new, do)
    except QueueChanged as changed:
        messages.warning(request, str(changed))
        return effect_page(request, editor, changed.found, status=HTTPStatus.CONFLICT)
    except TooManyWaiting:
        return _too_many_page(request, editor)
    except PainTaken as taken:
        editor.form.add_error("pain", str(taken))
        return _steps_page(request, editor, formset, status=HTTPStatus.CONFLICT)
    except PlanStale as stale:
        return _stale_page(request, editor, formset, stale)


def _confirmed(request: HttpRequest, editor: Editor, new: NewSteps, do: str) -> HttpResponse:
    """Save what was confirmed, or show what it would do. Without an effect there is nothing to confirm."""
    if do == "later":
        return _saved(request, editor, new, Confirmed())
    if do == "apply":
        return _saved(request, editor, new, Confirmed(mark=request.POST.get("mark", "")))
    found = effects(editor.which, new, now=editor.now)
    if any(one.listed() for one in found):
        return effect_page(request, editor, found)
    return _saved(request, editor, new, Confirmed(mark=fingerprint(found)))


def _saved(request: HttpRequest, editor: Editor, new: NewSteps, confirmed: Confirmed) -> HttpResponse:
    say_saved(request, editor.save(new, confirmed))
    return redirect(editor.after)


def say_saved(request: HttpRequest, changed: int) -> None:
    """Tell how many waiting emails a saved plan has changed."""
    words = ngettext(
        "Saved. %(count)s waiting email changed.", "Saved. %(count)s waiting emails changed.", changed
    )
    messages.success(request, words % {"count": changed} if changed else _("Saved for future sessions."))


def _steps_page(
    request: HttpRequest,
    editor: Editor,
    formset: BaseStepsFormSet,
    *,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    page = {"form": editor.form, "steps": formset, "parts": formset.forms, **editor.page, **more}
    return render(request, "workspace/plan.html", page, status=status)


def _stale_page(
    request: HttpRequest, editor: Editor, formset: BaseStepsFormSet, stale: PlanStale
) -> HttpResponse:
    """Show what was typed beside what was saved meanwhile; saving again replaces it, knowingly."""
    editor.form.data = {**dict(editor.form.data.items()), "version": stale.plan.version if stale.plan else 0}
    theirs = plan_steps(stale.plan) if stale.plan else ()
    more = {"stale": str(stale), "theirs": theirs, "gone": stale.plan is None}
    rows = typed_formset(formset.data, more=False)
    return _steps_page(request, editor, rows, status=HTTPStatus.CONFLICT, **more)


def effect_page(
    request: HttpRequest, editor: Editor, found: Sequence[SessionEffect], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Show what would happen to the emails that wait, with the ways to save and to keep editing."""
    changed = [one for one in found if one.listed()]
    shown, others = shown_to(editor.user, changed, most=MOST_NAMES)
    many = counts(changed)
    page = {
        "shown": shown,
        "others": others,
        "moved": many[Effect.MOVED],
        "canceled": many[Effect.CANCELED],
        "new": many[Effect.NEW],
        "text": many[Effect.TEXT],
        "all": sum(count for effect, count in many.items() if effect is not Effect.NONE),
        "clients": len(changed),
        "mark": fingerprint(found),
        "typed": list(_typed_fields(request.POST)),
        "address": editor.address,
        **editor.page,
    }
    return render(request, "workspace/plan_effect.html", page, status=status)


def _too_many_page(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Say that too many emails wait to be changed at once, with the way to save for future sessions."""
    page = {"too_many": MOST_SESSIONS, "typed": list(_typed_fields(request.POST)), "address": editor.address}
    return render(request, "workspace/plan_effect.html", page | editor.page, status=HTTPStatus.CONFLICT)


def _typed_fields(sent: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield all that was typed, to be sent once more with the confirmation."""
    for name, values in dict(sent).items():
        if name not in ("csrfmiddlewaretoken", "do", "mark"):
            yield from ((name, value) for value in values)
