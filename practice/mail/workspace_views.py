"""The workspace's pages of emails: sent, waiting and why, failed; send again, or leave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from csp.decorators import csp
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from practice.access import rows
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.mail import queries
from practice.mail.actions import CannotSendAgain, comes_back, leave_unsent, send_again
from practice.mail.channels.text_messages.table import texts_are_on
from practice.mail.composing.keyless import mask_links, opens_account
from practice.mail.composing.placeholder import is_placeholder
from practice.mail.composing.render import Rendered
from practice.mail.kinds import UNLISTED, WORDED
from practice.mail.send_check import preview_of
from practice.models import Letter, User
from practice.security.crypto import Unreadable

PAGE = 30
MOST_REPORTS = 20
NEXT = dt.timedelta(days=7)
State = Letter.State
SHOWN = {
    "waits": (State.PLANNED, State.CLAIMED),
    "went": (State.SENT,),
    "wrong": (State.FAILED, State.UNKNOWN),
    "dropped": (State.CANCELLED, State.MISSED),
}
# Why a request is declined is told to its asker alone: it may be their health
# (`booking/appointments/actions/approve.py`).
WORDED_BY_HAND = {"declined"}
# Letters are written with their styles inside; this one page may have them, in a frame that can do nothing.
PREVIEW_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "sandbox": True,
}


def letters_seen_by(user: User) -> QuerySet[Letter]:
    """Return the emails that the table of roles lets this person see."""
    return rows.for_person(user, Letter.objects.select_related("user"))


@staff_only
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Show the ledger: failures, the next seven days, then sent emails; or one kind of them."""
    user, now = require_staff(request), timezone.now()
    shown = request.GET.get("show", "")
    found = letters_seen_by(user).defer("text", "html", "attachments").prefetch_related("reports").distinct()
    wanted = request.GET.get("to", "").strip()[:254]
    if wanted:
        found = found.filter(to_address__icontains=wanted) | found.filter(to_name__icontains=wanted)
    else:
        found = found.exclude(kind__in=UNLISTED)
    if shown in SHOWN:
        listed = found.filter(state__in=SHOWN[shown])
    else:
        listed = found.filter(state__in=(*SHOWN["went"], *SHOWN["dropped"]))
    order = ("due_at", "id") if shown == "waits" else ("-due_at", "-id")
    page = Paginator(listed.order_by(*order), PAGE).get_page(request.GET.get("page"))
    first = (
        {} if shown in SHOWN or page.number > 1 else _first_of_all(user, found, now, all_ahead=bool(wanted))
    )
    return render(
        request,
        "workspace/letters.html",
        {
            "page": page,
            "letters": shown_to(user, page.object_list),
            "show": shown if shown in SHOWN else "",
            "to": wanted,
            "queue": queries.queue_state(now),
            "text_costs": texts_are_on() and rows.may_all(user, "text_costs"),
            **first,
        },
    )


def _first_of_all(
    user: User, found: QuerySet[Letter], now: dt.datetime, *, all_ahead: bool
) -> dict[str, list[Letter]]:
    """Return the start of the first page: emails that need a decision, and those that leave soon, in order.

    `all_ahead`: however far ahead, when somebody was searched for.
    """
    soon = Q(state__in=SHOWN["waits"])
    if not all_ahead:
        soon &= Q(due_at__lt=now + NEXT)
    both = found.filter(Q(state__in=SHOWN["wrong"]) | soon).order_by("due_at", "id")[: 2 * PAGE]
    listed = shown_to(user, both)
    return {
        "wrong": [one for one in listed if one.state in SHOWN["wrong"]],
        "ahead": [one for one in listed if one.state in SHOWN["waits"]],
    }


@staff_only
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one email: its facts and its text. Sign-in codes are shown to nobody."""
    user = require_staff(request)
    (found,) = shown_to(user, [get_object_or_404(letters_seen_by(user).distinct(), pk=pk)])
    hidden = opens_account(found) or is_hidden_from(found, user)
    note_opened(user, found)
    try:
        ahead = None if hidden else foreseen_of(found)
        words = None if hidden else ahead or words_of(found)
        locked = False
    except Unreadable:
        ahead, words, locked = None, None, True
    return render(
        request,
        "workspace/letter.html",
        {
            "letter": found,
            "reports": () if is_hidden_from(found, user) else list(found.reports.all()[:MOST_REPORTS]),
            "subject": words.subject if words else found.subject,
            "words": words,
            "locked": locked,
            "is_foreseen": ahead is not None,
            "was_written": words is not None and not is_placeholder(words.text),
            "secret": opens_account(found),
            "private": is_hidden_from(found, user),
            "needs": found.state in SHOWN["wrong"],
            "comes_back": found.state in SHOWN["wrong"] and comes_back(found),
            "may_correct": rows.may_all(user, "sign_in", "change"),
        },
    )


@staff_only
@require_safe
@xframe_options_sameorigin
@csp(PREVIEW_CSP)  # type: ignore[arg-type]  # django-csp knows only views without a part of the address
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML part as its reader sees it, for a sandboxed frame."""
    user = require_staff(request)
    found = get_object_or_404(letters_seen_by(user).distinct(), pk=pk)
    if opens_account(found) or is_hidden_from(found, user):
        raise Http404
    note_opened(user, found)
    try:
        words = foreseen_of(found) or words_of(found)
    except Unreadable as error:
        raise Http404 from error
    if not words.html:
        raise Http404
    return HttpResponse(words.html)


@staff_only
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed or unknown email again."""
    user = require_staff(request)
    found = get_object_or_404(letters_seen_by(user).distinct(), pk=pk)
    try:
        send_again(found, by=user)
    except CannotSendAgain as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It will be sent again in a moment."))
    return redirect("workspace_letter", pk=pk)


@staff_only
@require_POST
def leave_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a failed or unknown email as it is."""
    user = require_staff(request)
    leave_unsent(get_object_or_404(letters_seen_by(user).distinct(), pk=pk), by=user)
    messages.success(request, _("Dismissed."))
    return redirect("workspace_letters")


def words_of(letter: Letter) -> Rendered:
    """Return what the row says, with its keys masked. Raises Unreadable."""
    letter.open_words()
    return mask_links(Rendered(letter.subject, letter.text, letter.html))


def foreseen_of(letter: Letter) -> Rendered | None:
    """Return what the email would say if it left now; None where its row has its words already."""
    ahead = preview_of(letter, timezone.now())
    return mask_links(ahead) if ahead else None


def is_hidden_from(letter: Letter, user: User) -> bool:
    """Return whether it is part of a record that this person (the front desk, for one) must not read."""
    return bool(of_the_record(letter)) and not rows.may(user, "records")


def of_the_record(letter: Letter) -> str:
    """Return which part of a client's record it is, as a code of the access log; "" when it is no part."""
    if letter.category == Letter.Category.ENCOURAGEMENT:
        return "access:email_between_sessions"
    if letter.key.endswith(WORDED):
        return "access:email_with_note"
    return "access:email_declined" if letter.kind in WORDED_BY_HAND else ""


def shown_to(user: User, letters: Iterable[Letter]) -> list[Letter]:
    """Return these emails, without the reason of those that the reader must not read."""
    found = list(letters)
    for letter in found:
        if is_hidden_from(letter, user) and letter.state not in SHOWN["wrong"]:
            letter.why = []
    return found


def note_opened(user: User, letter: Letter) -> None:
    """Write down who opened an email that is part of a client's record."""
    code = of_the_record(letter)
    if code and letter.user and not is_hidden_from(letter, user):
        log_opening(user, letter.user, code, now=timezone.now())
