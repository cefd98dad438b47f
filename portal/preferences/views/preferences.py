"""Pages of email preferences, and of what is kept about a client and who opened it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.client_pages import for_clients
from portal.erasure.actions.request import day_of
from portal.export.actions import ON_THE_SERVER
from portal.models import ClientProfile, ErasureRequest
from portal.preferences import actions
from portal.preferences.forms import AS_HERE, PreferencesForm
from portal.preferences.views.unsubscribe import DEEDS, state_of
from practice.consents.actions.letter_preferences import letters_text
from practice.core import formatting
from practice.mail.channels.text_messages.table import texts_are_on
from practice.mail.suppression import complained
from practice.models import AccessLog, Practice, User
from practice.queries import the_practice, zone_of
from practice.security.crypto import keys_beside_the_database

PAGE = 30
SAID = {
    "stop": gettext_lazy("You won’t get emails between sessions."),
    "start": gettext_lazy("You’ll get emails between sessions from now on."),
    "unmark": gettext_lazy("Thank you. We’ll email you again."),
    "go-on": gettext_lazy("The pause has ended."),
    **{f"pause-{weeks}": gettext_lazy("Emails are paused.") for weeks in actions.PAUSES},
}


@for_clients
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, client: User) -> HttpResponse:
    """Show the preferences; save the form; or do what one of the buttons about emails says."""
    practice, now = the_practice(), timezone.now()
    if request.method == "POST" and (do := request.POST.get("do", "")) in SAID:
        if do == "start":
            actions.start_letters(client, now=now)
        elif do == "unmark":
            actions.ask_again(client)
        else:
            DEEDS[do](client, now)
        messages.success(request, SAID[do])
        return redirect("portal_preferences")
    page = ClientProfile.objects.of(client)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        practice=practice,
        now_at=page.letter_at,
        initial={
            "plan": page.plan,
            "obstacle": page.obstacle,
            "letter_at": page.letter_at.isoformat("minutes"),
            "weekdays": page.letter_weekdays,
            "zone": client.zone or AS_HERE,
            "reminders": client.wants_reminders,
        },
    )
    if form.is_valid():
        actions.save_preferences(client, form.wishes(), now=now)
        messages.success(request, _("Saved."))
        return redirect("portal_preferences")
    return render(
        request,
        "portal/preferences.html",
        {
            "form": form,
            "agree_to": letters_text(),
            "complained": complained(client.email),
            "texts": texts_are_on(),
            **state_of(client, now),
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
@for_clients
def data(request: HttpRequest, client: User) -> HttpResponse:
    """Show what is kept, in words, and who opened this client's record, the newest first."""
    practice = the_practice()
    zone = zone_of(client.zone, practice=practice)
    asked = ErasureRequest.objects.filter(client=client).first()
    opened = AccessLog.objects.filter(whose=client).select_related("reader").order_by("-at", "-id")
    page = Paginator(opened, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/data.html",
        {
            "page": page,
            "asked": asked,
            "erased_on": day_of(asked, client) if asked else "",
            "opened": [
                {
                    "when": formatting.moment(row.at, zone, locale=practice.locale, year=True),
                    "who": who_opened(row, practice),
                    "what": row.words,
                }
                for row in page
            ],
            "keys_apart": not keys_beside_the_database(),
        },
    )


def who_opened(row: AccessLog, practice: Practice) -> str:
    """Return the reader's name, or the practice's for a copy taken by a command."""
    if row.reader:
        return row.reader.name
    return practice.name if (row.code or row.what) in ON_THE_SERVER else _("Someone who no longer works here")
