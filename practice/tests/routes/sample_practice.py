"""The world the sweep walks through: one of everything that an address can name, and it is Ann's.

Each function makes the rows of one part of the site, and says what fills the addresses of its routes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from booking import links as booking_links
from booking.calendars.feeds import hashed
from booking.models import (
    Appointment,
    BlockedTime,
    CalendarFeed,
    Closure,
    Import,
    ImportedCalendar,
    ImportRow,
    Intake,
    Offer,
    SessionType,
    WaitlistEntry,
)
from booking.payments.actions.receipt import issue
from booking.payments.actions.record import record
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.first_steps.letters import test_email, token_of
from portal.models import (
    FollowUp,
    FollowUpPlan,
    PracticeEntry,
    Question,
    RecordingUpload,
    RecordMerge,
    RecordPermission,
    VisitorQuestion,
)
from portal.testing import assign, make_collection, make_exercise, make_lesson, make_recording
from practice.accounts import one_time_links
from practice.accounts.address_changes import note_change
from practice.mail.unsubscribe import email_token
from practice.models import Article, EmailEvent, Letter, Practitioner, TranslatedText, User
from practice.other_language.actions import begin_other_language
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.routes.route_sweep import World

Samples = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class SamplePeople:
    """Tess owns, Jonah practises, Faye is the front desk; Ann is the client asked about, Ben another."""

    tess: Practitioner
    jonah: Practitioner
    faye: User
    ann: User
    ben: User
    kind: SessionType
    start: dt.datetime

    def session(self, *, hours: int, **fields: Any) -> Appointment:
        """One with Tess, so many hours after the start."""
        start = self.start + dt.timedelta(hours=hours)
        return make_appointment(session_type=self.kind, practitioner=self.tess, start=start, **fields)


def same(*routes: str, **filled: Any) -> Samples:
    """Routes whose addresses are filled with the same."""
    return dict.fromkeys(routes, filled)


def make_sample_practice() -> World:
    """All of it: who knocks, and with what."""
    cast = make_people()
    booked = cast.session(hours=0, client=cast.ann, series=uuid.uuid4())
    people = {
        "nobody": None,
        "other": cast.ben,
        "client": cast.ann,
        "front_desk": cast.faye,
        "colleague": cast.jonah.user,
        "owner": cast.tess.user,
    }
    samples = {
        "*": {
            "slug": cast.kind.slug,
            "uid": booked.uid,
            "token": booking_links.appointment_token(booked),
        }
    }
    for part in (
        emails,
        holds,
        waiting,
        calendars,
        closed_days,
        blocked_times,
        services,
        staff,
        imports,
        lessons,
        exercises,
        words,
        access_links,
        permissions,
        payments,
        merges,
        next_emails,
        email_plans,
        pictures,
        other_language,
    ):
        samples |= part(cast)
    return World(people, samples | intakes(cast, booked))


def pictures(cast: SamplePeople) -> Samples:
    """Addresses of pictures that are gone, and the page for Tess's photo."""
    name = f"{'0' * 32}-192"
    return same("picture_people", "picture_look", name=name) | same(
        "workspace_person_photo", pk=cast.tess.user_id
    )


def other_language(cast: SamplePeople) -> Samples:
    """A service whose name is in Spanish too."""
    begin_other_language()
    TranslatedText.objects.create(
        kind="booking.sessiontype",
        thing=cast.kind.pk,
        field="name",
        language="es",
        text="Sesión",
        of="0" * 16,
    )
    return same("workspace_other_texts", key="services", pk=cast.kind.pk)


def merges(cast: SamplePeople) -> Samples:
    """Another record of Ann, merged into hers."""
    twin = User.objects.create_user(name="Ann", merged_into=cast.ann, is_active=False)
    done = RecordMerge.objects.create(kept=cast.ann, merged=twin, by=cast.tess.user, ledger={})
    return same("workspace_merge", pk=cast.ann.pk) | {
        "workspace_merge_undo": {"pk": cast.ann.pk, "merge": done.pk}
    }


def next_emails(cast: SamplePeople) -> Samples:
    """A step of a plan after a session, whose email is gone."""
    session = cast.session(hours=-400, client=cast.ann)
    step = FollowUp.objects.create(client=cast.ann, appointment=session, place=0, days=3, at=dt.time(9))
    names = ("workspace_client_plan", "workspace_contact", "workspace_client_emails")
    return same(*names, pk=cast.ann.pk) | {"workspace_next_email": {"pk": cast.ann.pk, "follow_up": step.pk}}


def email_plans(cast: SamplePeople) -> Samples:
    """A plan of follow-up emails."""
    plan = FollowUpPlan.objects.create(name="Two emails")
    plan.steps.create(days=2)
    names = ("workspace_plan", "workspace_plan_copy", "workspace_plan_standard", "workspace_plan_delete")
    return same(*names, pk=plan.pk)


def make_people() -> SamplePeople:
    """The people, and what can be booked with them."""
    make_practice()
    tess, jonah = make_practitioner("Tess Marlow"), make_practitioner("Jonah Reyes", role="practitioner")
    faye, ann, ben = make_user("Faye", role=User.Role.FRONT_DESK), make_user("Ann"), make_user("Ben")
    for person in (tess.user, jonah.user, faye, ann, ben):  # as signing in by code leaves them
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for practitioner in (tess, jonah):
        open_every_day(practitioner)
    start = timezone.now().replace(hour=17, minute=0, second=0, microsecond=0) + dt.timedelta(days=10)
    return SamplePeople(tess, jonah, faye, ann, ben, make_session_type(tess, jonah), start)


def a_letter(cast: SamplePeople) -> Letter:
    """One that could not be sent."""
    return Letter.objects.create(
        key="k",
        message_id="<k@x>",
        kind="reminder",
        category="appointment",
        to_address=cast.ann.email,
        subject="Soon",
        text="Soon.",
        html="<p>Soon.</p>",
        user=cast.ann,
        state="failed",
    )


def emails(cast: SamplePeople) -> Samples:
    """One email, with what can be done with it."""
    names = ("letter", "letter_preview", "letter_again", "letter_leave")
    texts = ("email_text", "email_text_preview", "email_text_send", "email_text_put_back")
    one = a_letter(cast)
    EmailEvent.objects.create(letter=one, what="bounced", at=timezone.now(), source="mailbox", report_id="r")
    return (
        same(*(f"workspace_{name}" for name in names), pk=one.pk)
        | same(*(f"workspace_{name}" for name in texts), key="confirmation", language="en")
        | same("text_status", reference="text-0")
        | same("email_events", "email_replies", provider="mailgun")
    )


def holds(cast: SamplePeople) -> Samples:
    """A time that is kept while its form is filled in."""
    until = timezone.now() + dt.timedelta(minutes=9)
    held = cast.session(hours=2, client=cast.ann, state="held", hold_expires_at=until)
    return same("hold", "hold_let_go", "api:end_hold", token=booking_links.hold_token(held))


def waiting(cast: SamplePeople) -> Samples:
    """A wish, and a time that is offered to it."""
    wish = WaitlistEntry.objects.create(client=cast.ann, session_type=cast.kind, last_day=cast.start.date())
    kept = cast.session(hours=4, client=None, attendee_name="Ann", state="held")
    until = timezone.now() + dt.timedelta(minutes=50)
    offer = Offer.objects.create(entry=wish, appointment=kept, expires_at=until)
    return {
        "wish": {"token": booking_links.waitlist_path(wish).split("/")[2]},
        "offer": {"token": booking_links.offer_url(offer).split("/")[-2]},
        "workspace_waitlist_remove": {"pk": wish.pk},
    }


def intakes(cast: SamplePeople, booked: Appointment) -> Samples:
    """One that is being written, and one that was handed in with a warning sign."""
    begun = Intake.objects.create(client=cast.ann, appointment=booked)
    handed_in = Intake.objects.create(
        client=cast.ann, appointment=booked, handed_in_at=cast.start, needs_human="warning_sign"
    )
    return {
        **same(
            "intake", "intake_step", "intake_onward", token=booking_links.intake_token(begun), step="where"
        ),
        **same("workspace_intake", "workspace_intake_looked", pk=cast.ann.pk, uid=handed_in.uid),
    }


def calendars(cast: SamplePeople) -> Samples:
    """Another calendar of Tess's, a feed of hers and one of Ann's."""
    other = ImportedCalendar.objects.create(
        practitioner=cast.tess, name="Home", url="https://x.example/a.ics"
    )
    CalendarFeed.objects.create(owner=cast.ann, key=hashed("anns-secret"))
    feed = CalendarFeed.objects.create(
        owner=cast.tess.user, practitioner=cast.tess, key=hashed("tess-secret")
    )
    return {
        "calendar_feed": {"token": "anns-secret"},
        **same(
            "workspace_calendar_again", "workspace_calendar_choices", "workspace_calendar_remove", pk=other.pk
        ),
        "workspace_feed_revoke": {"pk": feed.pk},
    }


def closed_days(cast: SamplePeople) -> Samples:
    """Days on which Tess is away, long after the sessions."""
    day = (cast.start + dt.timedelta(days=100)).date()
    closed = Closure.objects.create(practitioner=cast.tess, first_day=day, last_day=day)
    names = (
        "workspace_away_days",
        "workspace_away_open",
        "workspace_away_change",
        "workspace_away_days_moved",
    )
    return {**same(*names, pk=closed.pk), "workspace_hours_of": {"slug": cast.tess.slug}}


def services(cast: SamplePeople) -> Samples:
    """What can be booked."""
    names = ("workspace_service", "workspace_service_move", "workspace_service_delete")
    return same(*names, pk=cast.kind.pk)


def staff(cast: SamplePeople) -> Samples:
    """A colleague."""
    names = ("workspace_person", "workspace_person_role", "workspace_person_access")
    return same(*names, pk=cast.jonah.user_id)


def imports(cast: SamplePeople) -> Samples:
    """A file from another system, whose rows were imported."""
    job = Import.objects.create(
        kind="clients", state="done", name="clients.csv", choices={}, headings=["name"]
    )
    ImportRow.objects.create(job=job, number=2, raw=["Ann"], verdict="failed")
    return same("workspace_import_one", "workspace_import_failed", pk=job.pk)


def blocked_times(cast: SamplePeople) -> Samples:
    """An hour that Tess keeps for something else, long after the sessions."""
    noon = cast.start + dt.timedelta(days=100)
    blocked = BlockedTime.objects.create(
        practitioner=cast.tess, starts_at=noon, ends_at=noon + dt.timedelta(hours=1), reason="Lunch"
    )
    return same("workspace_blocked", "workspace_unblock", pk=blocked.pk)


def lessons(cast: SamplePeople) -> Samples:
    """A lesson with its recording, assigned to Ann, its collection, and her question about it."""
    lesson = make_lesson("floor")
    audio = make_recording(lesson)
    assign(lesson, cast.ann, by=cast.tess)
    whole = make_collection("hips", lesson)
    asked = Question.objects.create(client=cast.ann, lesson=lesson, text="May I rest?")
    from_outside = VisitorQuestion.objects.create(lesson=lesson, email="vera@example.com", text="A bed?")
    names = ("lesson", "lesson_ask", "lesson_copy", "lesson_floor", "portal_lesson", "portal_lesson_copy")
    sent = RecordingUpload.objects.create(
        lesson=lesson, file="uploads/sent", name="sent.m4a", by=cast.tess.user, size=9, state="receiving"
    )
    at_work = ("workspace_lesson_recording", "workspace_recording_uploads", "workspace_recording_times")
    names += tuple(f"portal_{name}" for name in ("heard", "words", "guidelines", "ask"))
    edited = ("words", "preview", "withdraw", "chapters", "transcript")
    names += ("workspace_lesson", *(f"workspace_lesson_{name}" for name in edited))
    files = ("workspace_lesson_vtt", "workspace_lesson_vtt_import")
    collections = ("lesson_collection", "portal_collection", "workspace_collection")
    return {
        **same(*names, slug=lesson.slug),
        **same(*at_work, *files, slug=lesson.slug, kind="chapters"),
        **same(*collections, "workspace_collection_preview", slug=whole.slug),
        **same(
            *("workspace_recording_upload", "workspace_recording_done_with"), slug=lesson.slug, pk=sent.pk
        ),
        "lesson_audio": {"slug": lesson.slug, "sha256": audio.sha256},
        "workspace_question": {"pk": asked.pk},
        "workspace_visitor_question": {"pk": from_outside.pk},
    }


def exercises(cast: SamplePeople) -> Samples:
    """An exercise that hurt Ann."""
    exercise = make_exercise(repetitions=6, hold_seconds=5)
    photo = exercise.media.create(kind="photo", key="e" * 32, words="The knee hangs.")
    rose = PracticeEntry.objects.create(
        client=cast.ann,
        exercise=exercise,
        since=cast.start,
        finished_at=cast.start,
        needs_human="pain_rose",
    )
    names = ("client", "client_note", "client_home", "record", "looked", "rehearsal")
    about_ann = (f"workspace_{name}" for name in names)
    at_work = ("workspace_they_answered", "workspace_let_be", "workspace_packages")
    return {
        **same("portal_exercise", "portal_exercise_done", "portal_exercise_not_done", slug=exercise.slug),
        **same("portal_exercise_bells", slug=exercise.slug, key="6-5-0-1"),
        **same("portal_exercise_media", key=photo.key, ending="webp"),
        **same("workspace_exercise", "workspace_exercise_photos", slug=exercise.slug),
        **same("workspace_exercise_video", slug=exercise.slug),
        **same("workspace_exercise_sheet", pk=cast.ann.pk),
        **same(*about_ann, *at_work, pk=cast.ann.pk, entry=rose.pk),
    }


def payments(cast: SamplePeople) -> Samples:
    """A session of Ann's with Tess that is paid, and its receipt."""
    one = cast.session(hours=6, client=cast.ann, booked_at=timezone.now())
    (entry,) = record(one, cents=100, how="cash", by=cast.tess.user, key="k")
    receipt = issue(one, to="Ann", by=cast.tess.user)
    on_account = ("account", "payment", "refund", "waive", "charge", "receipt_issue")
    return {
        **same(*(f"workspace_{name}" for name in on_account), uid=one.uid),
        **same("workspace_take_back", uid=one.uid, pk=entry.pk),
        **same("workspace_receipt", "workspace_receipt_send", "portal_receipt", number=receipt.number),
    }


def words(cast: SamplePeople) -> Samples:
    """An article."""
    made = Article.objects.create(slug="ribs", title="Ribs", body="Words.", published_at=timezone.now())
    return {
        "article": {"slug": made.slug},
        **same("workspace_article", "workspace_article_preview", pk=made.pk),
    }


def permissions(cast: SamplePeople) -> Samples:
    """Leave for Jonah to open Ann's record, which has ended."""
    now = timezone.now()
    ended = RecordPermission.objects.create(
        client=cast.ann, practitioner=cast.jonah, given_by=cast.tess.user, until=now, revoked_at=now
    )
    return same("workspace_permit", "workspace_permit_end", pk=cast.ann.pk, permission=ended.pk)


def access_links(cast: SamplePeople) -> Samples:
    """What opens a door: links of letters, and a passkey of Dora's."""
    test = test_email(cast.tess.user, now=timezone.now())
    assert test
    key = Authenticator.objects.create(
        user=make_user("Dora"),
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "phone", "credential": {}},
    )
    now = timezone.now()
    return {
        **same("email_wishes", "email_wishes_unslashed", token=email_token(cast.ann)),
        "test_email": {"token": token_of(test.key)},
        "enter": {"token": one_time_links.enter_url(cast.ann, now=now).split("/")[-2]},
        "set_up": {"token": one_time_links.set_up_url(now=now).split("/")[-2]},
        "address_back": {"token": note_change(cast.ann, "old@example.com", now=now).split("/")[-2]},
        **same("workspace_sign_in_end", "workspace_sign_in_reset", pk=cast.ann.pk),
        **same("mfa_edit_webauthn", "mfa_remove_webauthn", pk=key.pk),
    }
