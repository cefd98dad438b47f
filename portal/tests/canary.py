"""For the canary tests: a walk through all pages that take words, and all places where a word could be.

Each field is given a word of its own (`CANARIES`), which can then be looked for.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import pickle
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any

from celery.signals import before_task_publish
from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from booking.intake.actions import renew
from booking.intake.answers import SIGNS
from booking.links import appointment_token, intake_path
from booking.models import Appointment, BlockedTime, IntakeQuestion
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.models import Question
from portal.testing import make_exercise, make_lesson, make_recording
from practice.access.pages import SECOND_FACTOR
from practice.consents import queries as consents_queries
from practice.mail.delivery import deliver
from practice.models import AccessLog, Letter, Practitioner, User
from practice.models.encrypted import EncryptedTextField
from practice.testing import make_practice, make_practitioner, make_user

HOUR = dt.timedelta(hours=1)
FIELDS = (
    *("foundation", "low_back", "whole_body", "next_time", "amendment", "note_between"),
    *("plan", "obstacle", "dosage", "word", "dosage_tilt", "word_tilt"),
    *("lying_before", "lying_after", "noticing", "asked_lesson", "asked_questions", "answer"),
    *("plan_kept", "obstacle_kept"),
    *("yes_word", "no_word"),
    *("why_booked", "why_moved", "why_cancelled", "why_moved_in_office", "how_paid", "why_closed"),
    *("why_longer", "why_blocked"),
    *("address", "address_new"),
    *("how", "where_words", "better", "worse", "care_words", "signs_words", "goal", "more"),
)
MARK = "kanarie-"
CANARIES = {field: f"{MARK}{field.replace('_', '-')}-7f3" for field in FIELDS}
#: What a letter between sessions may quote, and nothing else may.
QUOTED = {"plan", "obstacle", "word", "dosage"}
#: What goes along with an answer to a request stands in its letter, for its reader.
ANSWERED = {("words of confirmation", "yes_word"), ("words of declined", "no_word")}
#: Where a visit is to be stands in the emails to its client about it, and in no notice to anybody else.
VISITED = {
    (f"words of {kind}", field)
    for kind in ("confirmation", "reminder", "prepare", "moved", "restored", "request_received")
    for field in ("address", "address_new")
}
#: How often to practise says nothing about a body: it rests as it is, like a lesson's title, and so it also
#: stands in the statements of the database, which no machine of ours writes into its log.
IN_THE_CLEAR = {
    (place, field)
    for place in ("table portal_assignment.dosage", "statement")
    for field in ("dosage", "dosage_tilt")
}


# --- Where a word could stand -------------------------------------------------------------------------


class LogRecorder(logging.Handler):
    """Hears every line of every logger, with all that hangs on it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        lines = self.statements if record.name == "django.db.backends" else self.lines
        lines.append(f"{record.getMessage()} {record.__dict__!r} {trace}")


class RecordingBrowser(Browser):
    """A browser that remembers each address, each redirect and each cookie."""

    def __init__(self, user: User) -> None:
        super().__init__(headers={"origin": "http://testserver"}, raise_request_exception=False)
        self.seen: list[str] = []
        self.answers: list[Any] = []
        self.force_login(user)
        if user.is_staff:
            session = self.session
            session[SECOND_FACTOR] = str(user.pk)
            session.save()

    def request(self, **environ: Any) -> Any:
        answer = super().request(**environ)
        self.answers.append(answer)
        self.seen += [
            f"{environ.get('PATH_INFO')}?{environ.get('QUERY_STRING')} {environ.get('HTTP_REFERER')}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
            self.cookies.output(),
        ]
        return answer


def tables() -> Iterator[tuple[str, str]]:
    """Every column of every table, raw."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from (
                    (f"table {table}.{name}", str(value)) for name, value in zip(names, row, strict=True)
                )


def packed() -> Iterator[tuple[str, str]]:
    """What stands in tables in a form no search sees through: sessions and the cache."""
    for session in Session.objects.all():
        yield "session", repr(session.get_decoded())
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM practice_cache")
        for key, value in cursor.fetchall():
            yield "cache", f"{key} {pickle.loads(base64.b64decode(value))!r}"


def letters(mailed: list[mail.EmailMessage]) -> Iterator[tuple[str, str]]:
    """The heads of all letters, and the words of those that may quote nothing."""
    for letter in Letter.objects.all():
        head = (letter.subject, letter.headers, letter.key, letter.about, letter.reason, letter.message_id)
        yield f"head of {letter.kind}", repr((*head, letter.to_name, letter.from_name))
        if letter.kind != "follow_up":
            yield f"words of {letter.kind}", f"{letter.text} {letter.html} {letter.attachments}"
    for sent in mailed:
        wire: Message = sent.message()
        yield "head on the wire", repr(wire.items())


def places(walk: Walk) -> Iterator[tuple[str, str]]:
    """Everywhere, as (place, what stands there)."""
    yield from (("log", line) for line in walk.recorder.lines)
    yield from (("statement", line) for line in walk.recorder.statements)
    yield from (("line", seen) for walker in (walk.desk, walk.home) for seen in walker.seen)
    yield from (("broker", body) for body in walk.published)
    yield from (("access log", f"{row.what} {row.code} {row.params}") for row in AccessLog.objects.all())
    yield from letters(walk.mailed)
    yield from packed()
    yield from tables()


def found_words(found: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """Where which field's word was found."""
    return {
        (place, field)
        for place, text in found
        if MARK in text
        for field, canary in CANARIES.items()
        if canary in text
    } - (IN_THE_CLEAR | ANSWERED | VISITED)


# --- The walk -----------------------------------------------------------------------------------------


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert tag, name
    return re.search(r'value="([^"]*)"', tag[0])[1]  # type: ignore[index]


class Walk:
    """Ann's session with Tess, and what both write about it."""

    def __init__(self, tess: Practitioner, recorder: LogRecorder) -> None:
        self.tess, self.recorder, self.published = tess, recorder, []
        self.mailed = mail.outbox
        self.ann = make_user("Ann Lee")
        self.floor, self.tilt = make_lesson("floor"), make_exercise("tilt")
        make_recording(self.floor)
        kind = make_session_type(tess)
        made = {"session_type": kind, "practitioner": tess, "client": self.ann}
        self.session = make_appointment(start=timezone.now() - 2 * HOUR, **made)
        make_appointment(start=timezone.now() + 400 * HOUR, **made)
        asks = {**made, "state": "pending", "answer_by": timezone.now() + 40 * HOUR}
        self.asked = {
            word: make_appointment(start=timezone.now() + ahead * HOUR, **asks)
            for word, ahead in (("yes_word", 410), ("no_word", 420))
        }
        self.stands = [
            make_appointment(start=timezone.now() + ahead * HOUR, **made) for ahead in (430, 440, 450)
        ]
        self.visit = make_session_type(tess, slug="visit", place="client", needs_approval=True)
        self.desk, self.home = RecordingBrowser(tess.user), RecordingBrowser(self.ann)

    def post(self, browser: RecordingBrowser, path: str, said: Mapping[str, Any], **more: Any) -> Any:
        """Written, and taken: a page that refused it would show nothing."""
        answer = browser.post(path, said, **more)
        assert answer.status_code in (200, 302), (path, answer.status_code, answer.content[-3000:])
        return answer

    def wrap_up(self) -> None:
        """Kept while it is written, signed, added to."""
        path = reverse("workspace_wrap_up", args=[self.session.uid])
        own = ("foundation", "low_back", "whole_body", "next_time", "plan", "obstacle")
        said = {
            "came": "yes",
            "letters": "yes",
            "version": "0",
            "region": ["pelvis", "knee-left"],
            "strength-pelvis": "2",
            "what_0": "lesson:floor",
            "dosage_0": CANARIES["dosage"],
            "word_0": CANARIES["word"],
            "what_1": "exercise:tilt",
            "dosage_1": CANARIES["dosage_tilt"],
            "word_1": CANARIES["word_tilt"],
            **{name: CANARIES[name] for name in own},
        }
        self.desk.get(path)
        kept = self.post(self.desk, path, {**said, "draft": "1"}, headers={"accept": "application/json"})
        said["version"] = str(json.loads(kept.content)["version"])
        self.desk.get(path)
        # One whose page is of yesterday, and one that is too long: both come back with what was typed.
        self.desk.post(path, {**said, "version": "0"})
        self.desk.post(path, {**said, "next_time": CANARIES["next_time"] * 5000})
        self.post(self.desk, path, said)
        note = reverse("workspace_note", args=[self.session.uid])
        self.post(self.desk, note, {"text": CANARIES["amendment"]})
        self.desk.get(note)
        between = reverse("workspace_client_note", args=[self.ann.pk])
        self.desk.post(between, {"text": CANARIES["note_between"] * 5000})
        self.post(self.desk, between, {"text": CANARIES["note_between"]})
        self.desk.get(reverse("workspace_client", args=[self.ann.pk]))

    def follow_up(self) -> None:
        """The first letter leaves."""
        for letter in Letter.objects.filter(kind="follow_up").order_by("due_at")[:1]:
            self.desk.get(reverse("workspace_letter", args=[letter.pk]))
            self.desk.get(reverse("workspace_letter_preview", args=[letter.pk]))
            while deliver.step(now=letter.due_at + dt.timedelta(minutes=1)):
                pass
            self.desk.get(reverse("workspace_letter", args=[letter.pk]))

    def practise(self) -> None:
        """The ritual, its questions, the exercise, the preferences."""
        path = reverse("portal_lesson", args=["floor"])
        html = self.home.get(path).content.decode()
        self.home.post(reverse("portal_guidelines", args=["floor"]), {"digest": hidden(html, "digest")})
        html = self.home.get(path).content.decode()
        said = {name: CANARIES[name] for name in ("lying_before", "lying_after", "noticing")}
        pain = {"pain_before": "2", "pain_after": "9", "felt": "worse", "said_done": "on"}
        names = {name: hidden(html, name) for name in ("entry", "ticket")}
        write = reverse("portal_words", args=["floor"])
        self.home.post(write, {**said, **names, "pain_before": "eleven"})
        self.post(self.home, write, {**said, **pain, **names})
        ask = reverse("portal_ask", args=["floor"])
        self.post(self.home, ask, {"question": CANARIES["asked_lesson"], "at": "60000"})
        self.home.get(path)
        questions = reverse("portal_questions")
        self.home.get(questions)
        self.post(
            self.home,
            questions,
            {"question": CANARIES["asked_questions"], "text": CANARIES["asked_questions"]},
        )
        done = reverse("portal_exercise_done", args=["tilt"])
        self.post(self.home, done, {"uid": str(uuid.uuid4()), "felt": "worse"})
        self.home.get(reverse("portal_exercise", args=["tilt"]))
        wishes = {"letter_at": "09:00", "zone": "practice", "reminders": "on"}
        wishes |= {"plan": CANARIES["plan_kept"], "obstacle": CANARIES["obstacle_kept"]}
        self.post(self.home, reverse("portal_preferences"), wishes)
        for name in ("portal", "portal_lessons", "portal_exercises", "portal_history", "portal_preferences"):
            self.home.get(reverse(name))

    def fill_in_intake(self) -> None:
        """The intake: each step saved, refused, from two pages, by its button; signed, read, renewed."""
        question = IntakeQuestion.objects.create(text="And your sleep?")
        intake = renew(self.ann, now=timezone.now())
        path = intake_path(intake)
        said: dict[str, dict[str, Any]] = {
            "since": {"since": "years", "how": CANARIES["how"]},
            "where": {"region": ["pelvis"], "words": CANARIES["where_words"]},
            "change": {"better": CANARIES["better"], "worse": CANARIES["worse"]},
            "care": {"had": ["surgery"], "words": CANARIES["care_words"]},
            "signs": {**dict.fromkeys(SIGNS, "no"), "fever": "yes", "words": CANARIES["signs_words"]},
            "goals": {"goal_0": CANARIES["goal"], "now_0": "4"},
            "more": {f"q{question.pk}": CANARIES["more"]},
        }
        for step, words in said.items():
            html = self.home.get(f"{path}{step}/").content.decode()
            names = {name: hidden(html, name) for name in ("version", f"seen_q{question.pk}") if name in html}
            self.post(self.home, f"{path}{step}/", words | names, headers={"accept": "application/json"})
            self.home.post(
                f"{path}{step}/", {**words, **names, "version": "", "words": CANARIES["goal"] * 500}
            )
            self.post(self.home, f"{path}{step}/", words | names)
            self.home.get(f"{path}{step}/")
        self.home.get(f"{path}onward/")
        signed = {f"agree_{text.kind}": str(text.version) for text in consents_queries.current_texts()}
        self.post(self.home, f"{path}consent/", {**signed, "signed_name": "Ann Lee"})
        self.home.get(reverse("portal_intake"))
        self.desk.get(reverse("workspace_intake", args=[self.ann.pk, intake.uid]))
        self.desk.post(reverse("workspace_intake_looked", args=[self.ann.pk, intake.uid]))
        self.home.post(reverse("portal_intake"))

    def answer_requests(self) -> None:
        """A yes and a no, each with a sentence along."""
        for word, answer in (("yes_word", "workspace_approve"), ("no_word", "workspace_decline")):
            self.post(self.desk, reverse(answer, args=[self.asked[word].uid]), {"word": CANARIES[word]})
            self.desk.get(reverse("workspace_appointment", args=[self.asked[word].uid]))
        for letter in Letter.objects.filter(kind__in=("confirmation", "declined")):
            self.desk.get(reverse("workspace_letter", args=[letter.pk]))

    def be_visited(self) -> None:
        """A visit that people at work book, and one asked for on the public page; both are told and moved."""
        now = timezone.now()
        open_every_day(self.tess)
        whom = {"client": str(self.ann.pk), "type": "visit", "practitioner": "any", "phone": "303 555 0101"}
        night = {"start": (now + 460 * HOUR).isoformat(), "note": "as she wished"}
        said = whom | night | {"address": f"12 Lane\n{CANARIES['address']}"}
        self.desk.post(reverse("workspace_book"), {**said, "note": ""})
        self.post(self.desk, reverse("workspace_book"), said)
        booked = Appointment.objects.latest("pk")
        self.desk.get(reverse("workspace_series", args=[booked.uid]))
        visitor = RecordingBrowser(self.ann)  # on pages that are everybody's, and may be kept for a while
        page = visitor.get(reverse("book_type", args=["visit"])).content.decode()
        start = re.findall(r'name="start" value="([^"]+)"', page)[-1]
        kept = self.post(
            visitor, reverse("hold_new", args=["visit"]), {"start": start, "practitioner": "tess"}
        )
        form = {"whom": "me", "agree": "on", "phone": "303 555 0101", "address": CANARIES["address_new"]}
        visitor.post(kept["Location"], {**form, "phone": ""})
        asked = self.post(visitor, kept["Location"], form)
        visitor.get(asked["Location"])
        visitor.get(reverse("appointment_calendar", args=[appointment_token(booked)]))
        self.home.seen += visitor.seen
        later = {"start": (now + 470 * HOUR).isoformat(), "note": "as she wished"}
        self.post(self.desk, reverse("workspace_move", args=[booked.uid]), later)
        for one in Appointment.objects.filter(session_type=self.visit):
            self.desk.get(reverse("workspace_appointment", args=[one.uid]))
            self.desk.get(reverse("workspace"), {"day": one.starts_at.date().isoformat()})
        for name in ("portal", "portal_appointments"):
            self.home.get(reverse(name))

    def override_rules(self) -> None:
        """Booked, moved, called off with a reason, here and in the back office; a package; a closed day."""
        moved, cancelled, moved_in_office = self.stands
        now = timezone.now()
        day = (now + 600 * HOUR).date().isoformat()
        night = {"start": (now + 500 * HOUR).isoformat(), "note": CANARIES["why_booked"]}
        whom = {"client": str(self.ann.pk), "type": "session", "practitioner": "any"}
        self.desk.post(reverse("workspace_book"), {**whom, **night, "note": ""})
        self.post(self.desk, reverse("workspace_book"), whom | night)
        booked = Appointment.objects.latest("pk")
        later = {"start": (now + 510 * HOUR).isoformat(), "note": CANARIES["why_moved"]}
        self.post(self.desk, reverse("workspace_move", args=[moved.uid]), later)
        gone = {"note": CANARIES["why_cancelled"]}
        self.post(self.desk, reverse("workspace_cancel", args=[cancelled.uid]), gone)
        row = reverse("admin:booking_appointment_change", args=[moved_in_office.pk])
        later = {
            "new_start_0": day,
            "new_start_1": "12:00",
            "reason": CANARIES["why_moved_in_office"],
        }
        self.post(self.desk, row, later | {"changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0"})
        packages = reverse("workspace_packages", args=[self.ann.pk])
        sale = {"session_type": booked.session_type_id, "sessions": "2", "price": "100"}
        self.post(self.desk, packages, {**sale, "paid": f"cash, {CANARIES['how_paid']}"})
        closed = {"first_day": day, "last_day": day, "reason": CANARIES["why_closed"]}
        self.post(self.desk, reverse("admin:booking_closure_add"), closed)
        longer = {"minutes": "90", "note": CANARIES["why_longer"]}
        self.post(self.desk, reverse("workspace_length", args=[booked.uid]), longer)
        dawn = {"practitioner": booked.practitioner.slug, "day": day, "begins": "05:00", "ends": "06:00"}
        blocked = {**dawn, "reason": CANARIES["why_blocked"]}
        self.post(self.desk, reverse("workspace_block"), blocked)
        self.desk.get(reverse("workspace_blocked", args=[BlockedTime.objects.latest("pk").pk]))
        for one in (booked, moved, cancelled):
            self.desk.get(reverse("workspace_appointment", args=[one.uid]))
        self.desk.get(row)
        self.desk.get(packages)
        for place in ("index", "booking_closure_changelist"):
            self.desk.get(reverse(f"admin:{place}"))

    def be_refused(self) -> None:
        """A stranger sends Ann's words to pages that are not theirs; a form without its token; a webhook."""
        zoe = RecordingBrowser(make_user("Zoe"))
        for name, row in (("workspace_wrap_up", self.session.uid), ("workspace_client_note", self.ann.pk)):
            answer = zoe.post(reverse(name, args=[row]), {"text": CANARIES["noticing"]})
            assert answer.status_code == 404
        strict = Browser(enforce_csrf_checks=True, headers={"origin": f"https://{CANARIES['goal']}.example"})
        assert strict.post("/accounts/login/", {"login": CANARIES["how"]}).status_code == 403
        with override_settings(TEXT_MESSAGES_URL="https://AC1:token@texts.example?from=+13035550100"):
            sent = {"From": "+13035550199", "Body": CANARIES["more"]}
            assert strict.post("/text-messages/incoming/", sent).status_code == 404

    def read(self) -> None:
        """Tess reads all of it, and answers."""
        for question in Question.objects.all():
            path = reverse("workspace_question", args=[question.pk])
            self.desk.get(path)
            self.desk.post(path, {"text": CANARIES["answer"] * 5000})
            self.post(self.desk, path, {"text": CANARIES["answer"]})
        for name in ("workspace", "workspace_questions", "workspace_letters", "workspace_clients"):
            self.desk.get(reverse(name))
        self.desk.get(reverse("workspace_client", args=[self.ann.pk]))
        self.desk.get(reverse("workspace_appointment", args=[self.session.uid]))
        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            self.desk.get(reverse(name))
        while deliver.step(now=timezone.now() + HOUR / 60):
            pass
        self.home.get(reverse("portal_questions"))
        self.home.get(reverse("portal_data"))

    def found_words(self) -> set[tuple[str, str]]:
        """Where which word was found."""
        return found_words(places(self))


@contextmanager
def all_loggers() -> Iterator[LogRecorder]:
    """At every logger, also at those that keep their lines to themselves."""
    heard = LogRecorder()
    # The settings keep these two quiet, whatever else is turned up: a test must not undo that.
    quiet = ("django.template", "django.security.csrf")
    names = [name for name in logging.root.manager.loggerDict if name not in quiet]
    loggers = [logging.getLogger(), *map(logging.getLogger, names)]
    before = [(logger, logger.level) for logger in loggers]
    silent = [logger for logger in loggers if logger is logging.root or not logger.propagate]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    for logger in silent:
        logger.addHandler(heard)
    yield heard
    for logger in silent:
        logger.removeHandler(heard)
    for logger, level in before:
        logger.setLevel(level)


@contextmanager
def new_walk(media: Path) -> Iterator[Walk]:
    """A walk that is about to begin, with ears at all loggers and at the broker."""
    wanted = {
        "MEDIA_ROOT": media,
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "ADMINS": [("The person who runs the server", "admin@example.com")],
    }
    with override_settings(**wanted), all_loggers() as recorder:
        make_practice()
        made = Walk(make_practitioner(), recorder)

        def hear(body: object, headers: object, **_more: object) -> None:
            made.published.append(f"{body!r} {headers!r}")

        before_task_publish.connect(hear, weak=False)
        yield made
        before_task_publish.disconnect(hear)


# --- After an erasure ---------------------------------------------------------------------------------


def decrypted_fields() -> Iterator[tuple[str, str]]:
    """What stands in sealed fields, opened: no search of the raw tables sees it."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                for value in model._base_manager.values_list(field.name, flat=True):
                    yield f"sealed {model._meta.label}.{field.name}", str(value)


def files(*folders: Path) -> Iterator[tuple[str, str]]:
    """All files in these folders."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield f"file {path.name}", path.read_bytes().decode(errors="replace")


def traces_of(person: User) -> set[str]:
    """What tells somebody: their name, address and phone, and all they wrote or was written about them."""
    ours = {CANARIES[name] for name in ("why_closed", "why_blocked")}  # the practice's own
    own = set(CANARIES.values()) - ours
    return own | {word.casefold() for word in (person.name, person.email, str(person.phone)) if word}


def left_of(traces: set[str], found: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """Where which trace was found."""
    return {
        (place, trace)
        for place, text in found
        for folded in [text.casefold()]
        for trace in traces
        if trace in folded
    }
