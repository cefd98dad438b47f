"""The owner's pages of the texts of emails: the list, the editor with its preview, earlier versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from practice.access import rows
from practice.access.actions.open_record import log_opening
from practice.access.pages import owner_only, require_owner
from practice.email_texts.actions import ChangedSince, put_back, save_text, send_to_me
from practice.email_texts.forms import MOST_CLIENTS, PLAIN, EmailTextForm
from practice.email_texts.preview import in_theme, preview
from practice.email_texts.queries import (
    Text,
    changed_texts,
    language_of,
    languages,
    latest_of,
    own_text_of,
    versions_of,
)
from practice.email_texts.registry import EditableEmail, editable_emails, email_named
from practice.email_texts.shipped import completed, shipped_text
from practice.mail.workspace_views import PREVIEW_CSP
from practice.models import EmailText, User
from practice.security.limits import count_use

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PREVIEWS_A_MINUTE, TESTS_AN_HOUR = 120, 20
#: Versions that the page lists; all are kept.
VERSIONS = 20


@owner_only
@require_safe
def email_texts(request: HttpRequest) -> HttpResponse:
    """Show every email with a text that can be edited, in groups, and which texts were changed."""
    changed = changed_texts()
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in editable_emails():
        own = [name for code, name in languages().items() if (one.key, code) in changed]
        groups.setdefault(str(one.group), []).append({"email": one, "changed": own})
    page = {"groups": groups.items(), "text_language": language_of(""), "many": len(languages()) > 1}
    return render(request, "workspace/email_texts.html", page)


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def email_text(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show the text of one email in one language, or save it."""
    user, email = require_owner(request), _email(key, language)
    if request.method != "POST":
        return _page(request, email, language, _unbound(user, email, language))
    form = EmailTextForm(request.POST, email=email, clients=_clients(user))
    if not form.is_valid():
        return _page(request, email, language, form, status=422)
    seen = form.cleaned_data["seen"]
    try:
        saved = save_text(email, language, form.text, seen=seen, by=user, now=timezone.now())
    except ChangedSince:
        return _changed_since(request, email, language, form)
    if saved is None:
        messages.info(request, _("Nothing has changed."))
    else:
        messages.success(request, _("Saved. Emails that leave from now on have this text."))
    return redirect("workspace_email_text", key=email.key, language=language)


@owner_only
@require_POST
@xframe_options_sameorigin
@csp(PREVIEW_CSP)  # type: ignore[arg-type]  # django-csp knows only views without a part of the address
def email_text_preview(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show the email with the text as it is typed, for a sandboxed frame. Writes no text."""
    user, email, now = require_owner(request), _email(key, language), timezone.now()
    if not count_use(f"email-preview:{user.pk}", limit=PREVIEWS_A_MINUTE, window=MINUTE, now=now):
        return _plain(_("That’s a lot of previews. Please wait a minute."), status=429)
    form = EmailTextForm(request.POST, email=email, clients=_clients(user))
    if not form.is_valid():
        return _plain("\n\n".join(form.problems), status=422)
    client = form.client
    if client is not None and email.opens:
        if not rows.opens_record(user, client):
            return _plain(_("You can’t open this client’s record, so choose someone else."), status=422)
        log_opening(user, client, email.opens, now=now)
    words = preview(email, form.text, language=language, client=client, now=now)
    if form.cleaned_data["show"] == PLAIN:
        return _plain(f"{words.subject}\n\n{words.text}")
    return HttpResponse(in_theme(words.html, dark=form.cleaned_data["theme"] == "dark"))


@owner_only
@require_POST
def email_text_send(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Send the text as it is typed to the person who asks, with invented data. Saves nothing."""
    user, email, now = require_owner(request), _email(key, language), timezone.now()
    form = EmailTextForm(request.POST, email=email, clients=_clients(user))
    if not form.is_valid():
        return _page(request, email, language, form, status=422)
    if not count_use(f"email-test:{user.pk}", limit=TESTS_AN_HOUR, window=HOUR, now=now):
        messages.error(request, _("That’s a lot of tests. Please wait an hour."))
        return _page(request, email, language, form, status=429)
    if send_to_me(email, form.text, language=language, me=user, now=now):
        said = _("A test is on its way to %(address)s. Nothing was saved.") % {"address": user.email}
        messages.success(request, said)
    else:
        messages.error(request, _("There is no email address that can be used in your account."))
    return _page(request, email, language, form)


@owner_only
@require_POST
def email_text_put_back(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Put the shipped text (version 0) or an earlier one back."""
    user, email = require_owner(request), _email(key, language)
    version, seen = _number(request.POST.get("version")), _number(request.POST.get("seen"))
    try:
        put_back(email, language, version, seen=seen, by=user, now=timezone.now())
    except EmailText.DoesNotExist as error:
        raise Http404 from error
    except ChangedSince:
        messages.error(request, _("Someone else changed this text in the meantime. This is what it is now."))
    else:
        messages.success(request, _("Put back. Emails that leave from now on have this text."))
    return redirect("workspace_email_text", key=email.key, language=language)


def _email(key: str, language: str) -> EditableEmail:
    email = email_named(key)
    if email is None or language not in languages():
        raise Http404
    return email


def _number(typed: str | None) -> int:
    """Return a number of a version as it was sent; Http404 for anything else."""
    if not typed or not typed.isascii() or not typed.isdigit() or len(typed) > 6:
        raise Http404
    return int(typed)


def _clients(user: User) -> dict[int, User]:
    """Return the clients whom a preview can be for, by name."""
    found = rows.for_person(user, User.objects.clients().filter(is_active=True))
    return {one.pk: one for one in found.order_by("name", "pk")[:MOST_CLIENTS]}


def _unbound(user: User, email: EditableEmail, language: str) -> EmailTextForm:
    latest = latest_of(email, language)
    text = completed(own_text_of(email, language), shipped_text(email, language))
    initial = {"seen": latest.version if latest else 0, "subject": text.subject, **text.parts}
    return EmailTextForm(initial=initial, email=email, clients=_clients(user))


def _changed_since(
    request: HttpRequest, email: EditableEmail, language: str, form: EmailTextForm
) -> HttpResponse:
    """Show what was typed again, beside the text as it is now; the next save wins over it."""
    latest = latest_of(email, language)
    form.see(latest.version if latest else 0)
    form.add_error(
        None,
        _(
            "Someone else changed this text while this page was open. What you typed is below, and their "
            "text is under Earlier versions. Save again to replace it."
        ),
    )
    return _page(request, email, language, form, status=409)


def _page(
    request: HttpRequest, email: EditableEmail, language: str, form: EmailTextForm, *, status: int = 200
) -> HttpResponse:
    shipped, versions = shipped_text(email, language), list(versions_of(email, language)[:VERSIONS])
    latest = versions[0] if versions else None
    page: dict[str, Any] = {
        "email": email,
        "form": form,
        "text_language": language,
        "languages": languages().items(),
        "is_own": bool(latest and latest.is_own),
        "was_reset": bool(latest and not latest.is_own and len(versions) > 1),
        "seen": latest.version if latest else 0,
        "undo": versions[1].version if len(versions) > 1 else 0,
        "versions": [
            {"row": one, "text": completed(Text(one.subject, one.parts), shipped)} for one in versions
        ],
    }
    return render(request, "workspace/email_text.html", page, status=status)


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
