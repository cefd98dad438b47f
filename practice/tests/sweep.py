"""For the sweep: every route of the URLconf, who knocks, with what, and whether a row changed."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from booking import links as booking_links
from booking.feeds import hashed
from booking.models import CalendarFeed, ImportedCalendar, Intake, Offer, WaitlistEntry
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.models import PracticeEntry, Question
from portal.testing import assign, make_exercise, make_lesson, make_recording
from practice import links
from practice.access import SECOND_FACTOR
from practice.mail.way_out import email_token
from practice.models import Article, Letter, User
from practice.testing import make_practice, make_practitioner, make_user

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = ("nobody", "other", "client", "practitioner", "owner")
ORIGIN = {"origin": "http://testserver"}
# Rows that may change while somebody only reads: sessions, counters, the log of who read what.
NOT_DOMAIN = re.compile(
    r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "?'
    r"(?:django_session|practice_cache|practice_tally|practice_accesslog|usersessions_usersession|django_admin_log)\b"
)
FRAMED = "embed:"
WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.I)


@dataclass(frozen=True)
class Route:
    """One line of the URLconf."""

    name: str
    pattern: str
    closed: bool  # asks for sign-in by LoginRequiredMiddleware

    @property
    def is_back_office(self) -> bool:
        """Django's admin."""
        return self.pattern.startswith(f"{settings.ADMIN_PATH}/")

    @property
    def arguments(self) -> list[str]:
        """What stands in its address."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)


@dataclass
class World:
    """The cast, and what each argument of an address is filled with: things of Ann's, the client."""

    people: dict[str, User | None]
    samples: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, route: Route) -> str:
        """The route's address for Ann's things; KeyError for an argument nobody has thought of."""
        if route.is_back_office:
            return "/" + re.sub(r"<[^>]+>|\(.*|[$^]", "1", route.pattern).replace("\\Z", "")
        known = self.known(route)
        table = settings.EMBED_URLCONF if route.name.startswith(FRAMED) else settings.ROOT_URLCONF
        arguments = {name: known[name] for name in route.arguments}
        return reverse(route.name.removeprefix(FRAMED), kwargs=arguments, urlconf=table)

    def known(self, route: Route) -> dict[str, Any]:
        """What the arguments of the route are filled with."""
        return {**self.samples["*"], **self.samples.get(route.name.removeprefix(FRAMED), {})}


def routes() -> list[Route]:
    """All of them, in the URLconf's order; then those inside another site's frame."""
    framed = [one for one in _walk(get_resolver(settings.EMBED_URLCONF)) if one.pattern.startswith("embed/")]
    return [*_walk(get_resolver()), *(replace(one, name=FRAMED + one.name) for one in framed)]


def _walk(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern).removeprefix("^")
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, pattern, inner)
        else:
            name = f"{space}{one.name}" if one.name else pattern
            yield Route(name, pattern, getattr(one.callback, "login_required", True))


def make_world() -> World:
    """Tess owns, Jonah practises; Ann is the client asked about, Ben another; Dora owns a passkey."""
    make_practice()
    tess, jonah = make_practitioner("Tess Marlow"), make_practitioner("Jonah Reyes", role="practitioner")
    ann, ben, dora = make_user("Ann"), make_user("Ben"), make_user("Dora")
    for person in (tess.user, jonah.user, ann, ben):  # as signing in by code leaves them
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for practitioner in (tess, jonah):
        open_every_day(practitioner)
    kind = make_session_type(tess, jonah)
    start = timezone.now().replace(hour=17, minute=0, second=0, microsecond=0) + dt.timedelta(days=10)
    booked = make_appointment(
        session_type=kind, practitioner=tess, start=start, client=ann, series=uuid.uuid4()
    )
    held = make_appointment(
        session_type=kind,
        practitioner=tess,
        start=start + dt.timedelta(hours=2),
        client=ann,
        state="held",
        hold_expires_at=timezone.now() + dt.timedelta(minutes=9),
    )
    lesson = make_lesson("floor")
    audio = make_recording(lesson)
    exercise = make_exercise()
    assign(lesson, ann, by=tess)
    asked = Question.objects.create(client=ann, lesson=lesson, text="May I rest?")
    rose = PracticeEntry.objects.create(
        client=ann, exercise=exercise, since=start, finished_at=start, needs_human="pain_rose"
    )
    article = Article.objects.create(slug="ribs", title="Ribs", body="Words.", published_at=timezone.now())
    letter = Letter.objects.create(
        key="k", message_id="<k@x>", kind="reminder", category="appointment", to_address=ann.email,
        subject="Soon", text="Soon.", html="<p>Soon.</p>", user=ann, state="failed",
    )  # fmt: skip
    key = Authenticator.objects.create(
        user=dora, type=Authenticator.Type.WEBAUTHN, data={"name": "phone", "credential": {}}
    )
    wish = WaitlistEntry.objects.create(client=ann, session_type=kind, last_day=start.date())
    kept = make_appointment(
        session_type=kind,
        practitioner=tess,
        start=start + dt.timedelta(hours=4),
        client=None,
        attendee_name="Ann",
        state="held",
    )
    offer = Offer.objects.create(
        entry=wish, appointment=kept, expires_at=timezone.now() + dt.timedelta(minutes=50)
    )
    intake = Intake.objects.create(client=ann, appointment=booked)
    handed_in = Intake.objects.create(
        client=ann, appointment=booked, handed_in_at=start, needs_human="warning_sign"
    )
    told = {"token": booking_links.intake_token(intake), "step": "where"}
    other_calendar = ImportedCalendar.objects.create(
        practitioner=tess, name="Home", url="https://x.example/a.ics"
    )
    CalendarFeed.objects.create(owner=ann, key=hashed("anns-secret"))
    feed = CalendarFeed.objects.create(owner=tess.user, practitioner=tess, key=hashed("tess-secret"))
    tokens = {"token": booking_links.appointment_token(booked)}
    hold = {"token": booking_links.hold_token(held)}
    return World(
        {"nobody": None, "other": ben, "client": ann, "practitioner": jonah.user, "owner": tess.user},
        {
            "*": {"slug": kind.slug, "uid": booked.uid, "pk": letter.pk, "sha256": audio.sha256, **tokens},
            "article": {"slug": article.slug},
            **dict.fromkeys(("intake", "intake_step", "intake_onward"), told),
            "hold": hold,
            "hold_let_go": hold,
            "wish": {"token": booking_links.wish_path(wish).split("/")[2]},
            "offer": {"token": booking_links.offer_url(offer).split("/")[-2]},
            "workspace_waitlist_remove": {"pk": wish.pk},
            "calendar_feed": {"token": "anns-secret"},
            **{f"workspace_calendar_{name}": {"pk": other_calendar.pk} for name in ("again", "remove")},
            "workspace_feed_revoke": {"pk": feed.pk},
            "api:end_hold": hold,
            "lesson": {"slug": lesson.slug},
            "lesson_floor": {"slug": lesson.slug},
            "lesson_audio": {"slug": lesson.slug},
            "portal_lesson": {"slug": lesson.slug},
            "portal_exercise": {"slug": exercise.slug},
            **{f"portal_{name}": {"slug": lesson.slug} for name in ("heard", "words", "guidelines", "ask")},
            **{f"portal_exercise_{name}": {"slug": exercise.slug} for name in ("done", "not_done")},
            **{
                f"workspace_{name}": {"pk": ann.pk, "entry": rose.pk}
                for name in ("client", "looked", "they_answered", "let_be")
            },
            "workspace_packages": {"pk": ann.pk},
            "workspace_question": {"pk": asked.pk},
            "workspace_intake": {"pk": ann.pk, "uid": handed_in.uid},
            "workspace_intake_looked": {"pk": ann.pk, "uid": handed_in.uid},
            "email_wishes": {"token": email_token(ann)},
            "enter": {"token": links.enter_url(ann, now=timezone.now()).split("/")[-2]},
            "set_up": {"token": links.set_up_url(now=timezone.now()).split("/")[-2]},
            "mfa_edit_webauthn": {"pk": key.pk},
            "mfa_remove_webauthn": {"pk": key.pk},
        },
    )


def browser(user: User | None, *, second_factor: bool = True, **options: Any) -> Client:
    """Somebody's browser; those who work here have used their second factor."""
    made = Client(raise_request_exception=False, **options)
    if user is None:
        return made
    made.force_login(user)
    if user.is_staff and second_factor:
        session = made.session
        session[SECOND_FACTOR] = str(user.pk)
        session.save()
    return made


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements meanwhile that changed a domain row."""
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        if WRITE.match(sql) and not NOT_DOMAIN.match(sql.strip()):
            seen.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@cache
def _one_client() -> Client:
    """One for all: each new one would load the middleware and list the static files again."""
    return Client(raise_request_exception=False)


def knock(cookies: dict[str, str], method: str, address: str, **headers: str) -> tuple[str, list[str]]:
    """Ask once, say what came back in a word, and put the database back as it was."""
    asking = _one_client()
    asking.cookies.clear()
    asking.cookies.load(cookies)
    with transaction.atomic():
        with writes() as seen:
            answer = asking.generic(method, address, headers={**ORIGIN, **headers})
        transaction.set_rollback(True)
    where = answer.headers.get("Location", "")
    if where.startswith("/accounts/login/?next="):
        return "login", seen
    return str(answer.status_code), seen


def cookies_of(made: Client) -> dict[str, str]:
    """What a browser would send again."""
    return {name: morsel.value for name, morsel in made.cookies.items()}
