"""The emails of one client, edited: a plan of their own, and the way back to the practice's."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.followup_plans.actions.save import (
    Confirmed,
    PlanStale,
    QueueChanged,
    back_to_plan,
    save_for_client,
)
from portal.followup_plans.editor_views import Editor, edit, effect_page, say_saved
from portal.followup_plans.effect import NewSteps, effects, fingerprint, of_client
from portal.followup_plans.forms import VersionForm
from portal.followup_plans.queries import steps_to_edit, waiting_by_day
from portal.followups.choosing import plan_for, plan_steps
from portal.models import FollowUpPlan
from portal.records.access import client_for, writer_in
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.queries import the_practice, zone_of


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def client_emails(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change the steps of one client's emails; 404 for those who may not write in this record."""
    user, now = require_staff(request), timezone.now()
    whose = client_for(user, pk)
    if writer_in(user, whose, now=now) is None:
        raise Http404
    own = FollowUpPlan.objects.filter(client=whose).first()
    form = VersionForm(
        request.POST if request.method == "POST" else None,
        initial={"version": own.version if own else 0},
        auto_id="plan_%s",
    )

    def save(new: NewSteps, confirmed: Confirmed) -> int:
        seen = form.cleaned_data["version"]
        return save_for_client(whose, new, seen=seen, confirmed=confirmed, now=now)

    shared = plan_for(whose, without_own=True)
    back = f"{reverse('workspace_client', args=[pk])}#letters"
    page = {
        "client": whose,
        "own": own,
        "shared": shared,
        "waiting": waiting_by_day(whose, now=now),
        "client_zone": zone_of(whose.zone, practice=the_practice()),
        "heading": _("Emails for %(name)s") % {"name": whose.first_name},
        "back": back,
    }
    editor = Editor(
        user=user,
        form=form,
        steps=steps_to_edit(whose, now=now),
        which=of_client(whose),
        save=save,
        address=reverse("workspace_client_emails", args=[pk]),
        after=back,
        now=now,
        page=page,
    )
    if request.POST.get("do") in ("back", "back-apply", "back-later"):
        return _back(request, editor, shared)
    log_opening(user, whose, "access:record", now=now)
    return edit(request, editor)


def _back(request: HttpRequest, editor: Editor, shared: FollowUpPlan | None) -> HttpResponse:
    """Show what going back to the practice's plan would do, or do it."""
    whose, form, do = editor.page["client"], editor.form, request.POST["do"]
    editor.page["returns"] = True
    if not form.is_valid():
        return redirect(editor.address)
    found = effects(editor.which, NewSteps(steps=plan_steps(shared)), now=editor.now)
    if do == "back" and any(one.listed() for one in found):
        return effect_page(request, editor, found)
    marks = {"back-later": None, "back-apply": request.POST.get("mark", "")}
    mark = marks.get(do, fingerprint(found))
    try:
        changed = back_to_plan(
            whose, seen=form.cleaned_data["version"], confirmed=Confirmed(mark=mark), now=editor.now
        )
    except QueueChanged as error:
        messages.warning(request, str(error))
        return effect_page(request, editor, error.found, status=409)
    except PlanStale as error:
        messages.error(request, str(error))
        return redirect(editor.address)
    say_saved(request, changed)
    return redirect(editor.after)
