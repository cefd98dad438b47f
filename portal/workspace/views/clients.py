"""The client list to search, and the page of one client."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.access import people_named, practitioners_for, zone_at_work
from booking.intake import queries as intake_queries
from booking.intake.answers import read
from booking.intake.status import intake_status, signatures_of
from booking.intake.wording import answered_steps
from booking.models import Appointment
from booking.packages import queries as packages_queries
from portal import wording
from portal.followups import queue
from portal.followups.actions import dismiss
from portal.followups.engine.stages import Stage
from portal.followups.wording import why_this
from portal.models import ClientProfile, FollowUp, FollowUpPlan, PracticeEntry, SessionNote
from portal.over_time.charts import over_time
from portal.practice_log.actions.pain import clear_pain
from portal.records.access import client_for, may_open, may_permit, records_of, sees_records, writer_in
from portal.records.workspace_views import permissions_of
from portal.session_notes.forms.home import HomeForm
from portal.workspace import brief_wording, client_page
from portal.workspace.activity_summary import pain, weeks
from portal.workspace.attention import rises
from portal.workspace.body_history import body_history
from portal.workspace.brief import LOOK_BACK, briefs, email_states
from portal.workspace.forms import ContactForm, PlanForm
from portal.workspace.timeline import TimelineItem, timeline_page
from portal.workspace.views.today import DeskReader, pain_rise
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.access.rows import may_access
from practice.core import formatting
from practice.core.body_map import from_text
from practice.models import Letter, User
from practice.queries import the_practice

PAGE = 30
WEEKS = 6
INTAKES = 20


@dataclass(frozen=True)
class Session:
    """One past session as the page shows it. `touched`: parts of the body map.

    `reads`: whether the words of the note are shown; a draft's only to its author and the owner.
    """

    appointment: Appointment
    note: SessionNote | None
    reads: bool
    touched: dict[str, int]
    may_write: bool


@dataclass(frozen=True)
class DiaryRow:
    """An entry of the diary: what was written, and pain in words."""

    entry: PracticeEntry
    day: str
    numbers: str


@dataclass(frozen=True)
class EmailRow:
    """An email that was sent; of a follow-up, `why` says why then, what held it back, and why this text."""

    letter: Letter
    why: str


@staff_only
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """List the clients whose record the reader may open, by name, with their next and last session."""
    user = require_staff(request)
    if not sees_records(user):
        raise Http404
    wanted = request.GET.get("name", "").strip()[:150]
    found = records_of(user)
    if wanted:
        found = people_named(found, wanted)
    listed = client_page.with_sessions(found, now=timezone.now()).order_by("name", "pk")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    return render(
        request, "workspace/clients.html", {"page": page, "name": wanted, "zone": zone_at_work(user)}
    )


@staff_only
@require_safe
def client(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is kept of one client; the opening is recorded, for the client to read."""
    user = require_staff(request)
    if kept := _merged_into(user, pk):
        return redirect("workspace_client", pk=kept)
    whose = client_for(user, pk)
    desk = DeskReader(user, timezone.now(), zone_at_work(user), the_practice())
    log_opening(user, whose, "access:record", now=desk.now)
    zone, today = desk.today_of(whose)
    lately = client_page.done_lately(whose, since=desk.now - LOOK_BACK)
    past, items = timeline_page(whose, reader=user, number=request.GET.get("page"), now=desk.now)
    own = {one.pk for one in practitioners_for(user)}
    told_before = intakes_of(whose, desk)
    page = ClientProfile.objects.of(whose)
    writes = writer_in(user, whose, now=desk.now) is not None
    may_edit = may_access(user, whose, "change")
    opened = request.GET.get("edit", "")
    return render(
        request,
        "workspace/client.html",
        {
            "client": client_page.with_sessions(records_of(user).filter(pk=pk), now=desk.now).get(),
            "page": page,
            **opened_form(whose, desk, opened, page=page, writes=writes, may_edit=may_edit),
            "first_name": whose.first_name,
            "last_address": client_page.last_address(whose),
            "on_file": list(whose.merged_away.exclude(merged_email="")),
            "may_merge": may_permit(user, whose, now=desk.now),
            "over_time": over_time(whose, zone=zone, locale=desk.locale, now=desk.now).charts,
            "body": body_history(whose, told_before["handed_in"]),
            "zone": desk.zone,
            "client_zone": zone,
            **told_before,
            **since_last_time(whose, desk, today),
            "to_come": queue.previews(whose, now=desk.now),
            "has_own_plan": FollowUpPlan.objects.filter(client=whose).exists(),
            "weeks": [
                (formatting.short_date(week.begins, locale=desk.locale), week)
                for week in weeks(lately, zone=zone, now=desk.now, locale=desk.locale, count=WEEKS)
            ],
            "past": past,
            "timeline": [(one, _shown(one, own, zone, today, desk.locale)) for one in items],
            "drafts_left": client_page.drafts_left(whose, by=user),
            "at_home": client_page.at_home(whose),
            "packages": packages_queries.of_client(whose),
            "permissions": permissions_of(whose, user, now=desk.now),
            "may_edit": may_edit,
            "writes": writes,
        },
    )


def opened_form(
    whose: User, desk: DeskReader, opened: str, *, page: ClientProfile, writes: bool, may_edit: bool
) -> dict[str, Any]:
    """Return the form that the reader has opened on the page, if they may; None in place of the others."""
    return {
        "plan_form": PlanForm(page=page) if writes and opened == "plan" else None,
        "home_form": HomeForm(client=whose) if writes and opened == "home" else None,
        "contact_form": ContactForm(instance=whose, reader=desk.user)
        if may_edit and opened == "contact"
        else None,
    }


def since_last_time(whose: User, desk: DeskReader, today: dt.date) -> dict[str, Any]:
    """Return the brief as the page shows it: what was done since the last session, and the emails since."""
    brief = briefs([whose.pk], practice=desk.practice, now=desk.now)[whose.pk]
    rising = [pain_rise(one, desk) for one in rises([whose.pk])]
    letters = email_states(User.objects.filter(pk=whose.pk))[whose.pk]
    return {
        "since": brief_wording.since_when(
            brief.last.ends_at if brief.last else None,
            desk.zone,
            with_whom=brief.last.practitioner.first_name if brief.last else "",
            locale=desk.locale,
        ),
        "lines": brief_wording.lines(brief.since, today=today, locale=desk.locale),
        "rising": rising,
        "letters": letters,
        "letters_line": brief_wording.emails_line(
            letters, desk.zone, now=desk.now, locale=desk.locale, pain_rose=bool(rising)
        ),
    }


def intakes_of(whose: User, desk: DeskReader) -> dict[str, Any]:
    """Return the client's intakes as handed in, their warning signs, and what they have signed."""
    handed_in = list(intake_queries.handed_in(whose)[:INTAKES])
    last = handed_in[0] if handed_in else None
    return {
        "handed_in": handed_in,
        "intake": last,
        "told": answered_steps(read(last.answers)) if last else [],
        "earlier": handed_in[1:],
        "intake_open": intake_queries.open_of(whose) is not None,
        "warning_signs": list(intake_queries.warning_signs([whose.pk])),
        "beforehand": intake_status([whose.pk])[whose.pk],
        "signatures": signatures_of(whose, desk.zone, desk.locale),
    }


def _merged_into(user: User, pk: int) -> int | None:
    """Return the id of the record this one was merged into, if the reader may open that."""
    found = User.objects.filter(pk=pk).exclude(merged_into=None).select_related("merged_into").first()
    kept = found.merged_into if found else None
    return kept.pk if kept and may_open(user, kept) else None


def _shown(item: TimelineItem, own: set[int], zone: ZoneInfo, today: dt.date, locale: str) -> Any:
    """Return a row of the timeline as its template shows it."""
    if item.kind.name == "session":
        return _session(item.row, own)
    if item.kind.name == "practice":
        return _page(item.row, zone, today, locale)
    return _email(item.row) if item.kind.name == "email" else item.row


def _email(letter: Letter) -> EmailRow:
    follow_up: FollowUp | None = getattr(letter, "follow_up", None)
    if follow_up is None or not follow_up.stage:
        return EmailRow(letter, "")
    return EmailRow(letter, f"{follow_up.reason} {why_this(Stage(follow_up.stage))}".strip())


def _session(appointment: Appointment, own: set[int]) -> Session:
    found: list[SessionNote] = vars(appointment)["standing"]
    note = found[0] if found else None
    reads = note is not None and (note.signed_at is not None or note.author_id in own)
    touched = touched_in(note.touched) if note and reads else {}
    return Session(appointment, note, reads, touched, appointment.practitioner_id in own)


def touched_in(kept: str) -> dict[str, int]:
    """Return the marked parts of a note; none for a row that cannot be read, so that the page still shows."""
    try:
        return from_text(kept)
    except ValueError:
        return {}


def _page(entry: PracticeEntry, zone: ZoneInfo, today: dt.date, locale: str) -> DiaryRow:
    return DiaryRow(
        entry,
        wording.on_day(entry.started_at.astimezone(zone).date(), today=today, locale=locale),
        brief_wording.numbers(pain(entry.pain_before), pain(entry.pain_after)),
    )


@staff_only
@require_POST
def looked(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Record that a rise of pain was looked at: emails may go again."""
    user = require_staff(request)
    whose = client_for(user, pk)
    found = get_object_or_404(PracticeEntry.objects.exclude(needs_human=""), pk=entry, client=whose)
    clear_pain(found, by=user, now=timezone.now())
    messages.success(request, _("Marked as reviewed."))
    return _back(request, whose)


@staff_only
@require_POST
def they_answered(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the client answered by other means: emails may go again."""
    whose = client_for(require_staff(request), pk)
    queue.mark_answered(whose, now=timezone.now())
    messages.success(request, _("Marked as answered by %(name)s.") % {"name": whose.first_name})
    return _back(request, whose)


@staff_only
@require_POST
def leave_be(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the client off the list; the emails stay stopped."""
    whose = client_for(require_staff(request), pk)
    dismiss(whose, now=timezone.now())
    messages.success(request, _("Dismissed. Emails stay stopped until something new is planned."))
    return _back(request, whose)


def _back(request: HttpRequest, whose: User) -> HttpResponse:
    """Redirect to the page of the button: the client's page, or today's."""
    if request.POST.get("from") == "client":
        return redirect("workspace_client", pk=whose.pk)
    return redirect("workspace")
