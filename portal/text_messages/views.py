"""The client's page of text messages: enter a number, confirm it, choose, stop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.client_pages import for_clients
from portal.text_messages import actions
from portal.text_messages.forms import CodeForm, NumberForm, WayForm
from practice.core.locales import phone_numbers
from practice.mail.channels.text_messages.table import texts_are_on
from practice.models import Practice, TextNumber, User
from practice.queries import the_practice
from practice.security.limits import TooMany
from practice.texting.actions import consent

HERE = "portal_text_messages"


@for_clients
@require_http_methods(["GET", "HEAD", "POST"])
def text_messages(request: HttpRequest, client: User) -> HttpResponse:
    """Show the page; or do what the pressed button says. There is none where no texts are sent."""
    if not texts_are_on():
        raise Http404
    practice, now = the_practice(), timezone.now()
    do = request.POST.get("do", "") if request.method == "POST" else ""
    step = {"enter": _enter, "again": _again, "confirm": _confirm, "way": _choose, "stop": _stop}.get(do)
    if request.method == "POST" and step is None:
        return _page(request, client, practice, status=422)
    forms: dict[str, Any] = {}
    try:
        done = step(request, client, practice, now, forms) if step else False
    except TooMany:
        forms["refused"] = _("We’ve sent as many codes as we can today. Please try again tomorrow.")
        done = False
    if done:
        return redirect(HERE)
    return _page(request, client, practice, status=422 if step else 200, **forms)


def _enter(
    request: HttpRequest, client: User, practice: Practice, now: dt.datetime, forms: dict[str, Any]
) -> bool:
    form = forms["number_form"] = NumberForm(request.POST, practice=practice)
    if not form.is_valid():
        return False
    said = form.cleaned_data
    text = consent.texts_text(practice.name)
    consent.enter_number(client, said["number"], way=said["way"], text=text, now=now)
    return True


def _again(
    request: HttpRequest, client: User, practice: Practice, now: dt.datetime, forms: dict[str, Any]
) -> bool:
    if consent.send_code_again(client, now=now):
        messages.success(request, _("We texted you another code."))
    return True


def _confirm(
    request: HttpRequest, client: User, practice: Practice, now: dt.datetime, forms: dict[str, Any]
) -> bool:
    form = forms["code_form"] = CodeForm(request.POST)
    if not form.is_valid():
        return False
    if not actions.confirm_number(client, form.cleaned_data["code"], now=now):
        form.add_error("code", _("That code isn’t right, or it’s too old. You can ask for another one."))
        return False
    messages.success(request, _("Thank you. We’ll text you at this number."))
    return True


def _choose(
    request: HttpRequest, client: User, practice: Practice, now: dt.datetime, forms: dict[str, Any]
) -> bool:
    form = forms["way_form"] = WayForm(request.POST)
    if not form.is_valid():
        return False
    actions.choose_way(client, form.cleaned_data["way"], now=now)
    messages.success(request, _("Saved."))
    return True


def _stop(
    request: HttpRequest, client: User, practice: Practice, now: dt.datetime, forms: dict[str, Any]
) -> bool:
    consent.withdraw(client, now=now)
    messages.success(request, _("We won’t text you anymore. Reminders come by email."))
    return True


def _page(
    request: HttpRequest, client: User, practice: Practice, *, status: int = 200, **forms: Any
) -> HttpResponse:
    current = TextNumber.objects.current(client)
    region = phone_numbers.region_of(practice.zone, practice.locale)
    return render(
        request,
        "portal/text_messages.html",
        {
            "current": current,
            "shown": phone_numbers.shown(current.number, region=region) if current else "",
            "agree_to": consent.texts_text(practice.name),
            "number_form": NumberForm(practice=practice, initial={"number": _known(client, region)}),
            "code_form": CodeForm(),
            "way_form": WayForm(initial={"way": current.way if current else ""}),
            **forms,
        },
        status=status,
    )


def _known(client: User, region: str) -> str:
    """Return the phone number on file, as a suggestion."""
    return phone_numbers.shown(str(client.phone or ""), region=region)
