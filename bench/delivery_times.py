"""What `bench/delivery.py` measures: emails a second, claimed, judged, sent and noted, and sent plainly.

*Plain* hands the same texts and files to Django's `send_messages` in one call, over one connection: no queue,
no check, and nothing noted. *Notices* wait in the queue with their words, and no app is asked about them;
*confirmations* are checked against their appointment and the other emails about it, *follow-ups* are
judged by what their client did, and both are worded when they leave. Plain sending and delivery take turns;
medians of all rounds.
*Four plain* is what the machine allows four processes: each sends plainly over a connection of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from booking.letters.to_client import confirmation
from booking.models import Appointment, SessionType
from portal.demo.ten import zone_at_ten
from portal.models import Assignment, ClientProfile, FollowUp
from portal.testing import make_lesson, make_recording
from practice.mail.composing.headers import message_id
from practice.mail.delivery.deliver import SENDERS, drain
from practice.mail.kinds import KINDS
from practice.models import Consent, Letter, User
from practice.testing import make_practice, make_practitioner

ROUNDS, TOGETHER = 3, 4
DAY, APART, LENGTH = timedelta(days=1), timedelta(minutes=2), timedelta(minutes=1)
#: A process that waits for a word on its input, works, and says when it began and ended.
ONE_OF_MANY = """
{prepare}
print("ready", flush=True)
sys.stdin.readline()
began = time.time()
{work}
print(began, time.time(), flush=True)
"""
DELIVERS = {
    "prepare": "from practice.mail.delivery.deliver import SENDERS, drain, step; step()",
    "work": "drain(seconds=3600, senders=SENDERS)",
}
SENDS_PLAINLY = {
    "prepare": (
        "from django.core.mail import get_connection; from bench.delivery_times import last_sent, plain;"
        " messages = plain(last_sent(), EACH)"
    ),
    "work": "get_connection().send_messages(messages)",
}
DJANGO = "import sys, time; import django; django.setup()\n"
WORDS = "Tuesday, March 9, at nine in the morning, with Tess, on Juniper Street. Wear what you like.\n"


class Bench:
    """A practice with many clients, each of whom was in a session yesterday."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        make_practice()
        self.tess = make_practitioner()  # whose name is on the emails
        self.kind = SessionType.objects.create(slug="session", name="Session", minutes=60)
        self.lesson = make_lesson("floor", title="Let the back be heavy")
        make_recording(self.lesson)
        self.made = 0

    def clients(self, count: int) -> list[User]:
        """Return new clients, with a lesson to practice, who live where it is ten in the morning."""
        zone, _ = zone_at_ten(timezone.now())
        numbers = range(self.made, self.made + count)
        self.made += count
        people = User.objects.bulk_create(
            User(name=f"Client Number{one}", email=f"client{one}@bench.example", zone=zone, password="!")
            for one in numbers
        )
        ClientProfile.objects.bulk_create(ClientProfile(user=one) for one in people)
        Consent.objects.bulk_create(Consent(user=one, kind=Consent.Kind.LETTERS) for one in people)
        Assignment.objects.bulk_create(
            Assignment(client=one, lesson=self.lesson, assigned_by=self.tess) for one in people
        )
        return people

    def notices(self, count: int) -> None:
        """Queue emails that wait with their words."""
        now = timezone.now()
        Letter.objects.bulk_create(self.letter("mail_refused", one, now) for one in self.clients(count))

    def confirmations(self, count: int) -> None:
        """Queue emails about a session each, as a booking does."""
        now = timezone.now()
        for session in self.sessions(self.clients(count), now + 7 * DAY, Appointment.State.BOOKED):
            confirmation(session, now=now)

    def follow_ups(self, count: int) -> None:
        """Queue emails about a lesson, one day after a session."""
        now = timezone.now()
        people = self.clients(count)
        sessions = self.sessions(people, now - DAY - count * APART, Appointment.State.COMPLETED)
        letters = Letter.objects.bulk_create(self.letter("follow_up", one, now) for one in people)
        FollowUp.objects.bulk_create(
            FollowUp(
                client=one,
                appointment=session,
                place=0,
                days=1,
                at=now.time(),
                made_at=now - DAY,
                letter=letter,
            )
            for one, session, letter in zip(people, sessions, letters)
        )

    def sessions(self, people: list[User], first: datetime, state: Appointment.State) -> list[Appointment]:
        """Return a short session of each of these people, from then on, with a new practitioner."""
        by = make_practitioner(f"P{self.made} Marlow", role=User.Role.PRACTITIONER)
        return Appointment.objects.bulk_create(
            Appointment(
                session_type=self.kind,
                practitioner=by,
                client=one,
                attendee_name=one.name,
                starts_at=first + number * APART,
                ends_at=first + number * APART + LENGTH,
                minutes=1,
                state=state,
            )
            for number, one in enumerate(people)
        )

    def letter(self, kind: str, client: User, now: datetime) -> Letter:
        """Return the row of an email that is due."""
        key = uuid.uuid4().hex
        return Letter(
            key=key,
            kind=kind,
            category=KINDS[kind].category,
            user=client,
            to_name=client.name,
            to_address=client.email or "",
            from_name="Tess Marlow",
            reply_to="hello@juniper.example",
            subject="A time for you",
            text=WORDS * 8,
            html="<p>" + WORDS * 40 + "</p>",
            message_id=message_id(key),
            due_at=now - timedelta(minutes=1),
        )


class Rounds:
    """Emails per second of some rounds, and what each email cost this process, in ms of processor time."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.costs: list[float] = []

    def add(self, each: int, work: Callable[[], object]) -> None:
        """Run a round that sends `each` emails."""
        spent, began = time.process_time(), time.perf_counter()
        work()
        self.rates.append(each / (time.perf_counter() - began))
        self.costs.append(1000 * (time.process_time() - spent) / each)

    @property
    def rate(self) -> float:
        """Return the median rate."""
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """Return the median cost."""
        return statistics.median(self.costs)


def plain(like: Letter, each: int) -> list[EmailMultiAlternatives]:
    """Return messages with texts and files like those of this email."""
    messages = []
    for number in range(each):
        message = EmailMultiAlternatives(
            subject=like.subject,
            body=like.text,
            from_email="Tess Marlow <hello@juniper.example>",
            to=[f"Client Number{number} <client{number}@bench.example>"],
            reply_to=["hello@juniper.example"],
            headers={**like.headers, "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(like.html, "text/html")
        for part in like.attachments:  # a calendar file, twice: see practice/mail/channels/smtp.py
            message.attach_alternative(part["content"], part["content_type"].replace("; charset=UTF-8", ""))
            message.attach(part["filename"], part["content"].encode(), "application/ics")
        messages.append(message)
    return messages


def last_sent() -> Letter:
    """Return the last email that went, with its words."""
    found: Letter = Letter.objects.filter(state=Letter.State.SENT).latest("pk")
    found.open_words()
    return found


def together(count: int) -> float:
    """Return the rate of some processes that deliver side by side."""
    queued = Letter.objects.filter(state=Letter.State.PLANNED).count()
    return (queued - count) / seconds_of(count, ONE_OF_MANY.format(**DELIVERS))


def plainly_together(count: int, each: int) -> float:
    """Return the rate of some processes that each send plainly, over a connection of their own."""
    program = ONE_OF_MANY.format(**SENDS_PLAINLY).replace("EACH", str(each))
    return count * each / seconds_of(count, program)


def seconds_of(count: int, program: str) -> float:
    """Return how long some processes with this program take that begin together."""
    words = [sys.executable, "-c", DJANGO + program]
    crowd = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for one in crowd:
        assert one.stdout
        assert one.stdout.readline().startswith("ready")
    for one in crowd:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    times = [tuple(map(float, one.communicate()[0].split())) for one in crowd]
    return max(end for _, end in times) - min(began for began, _ in times)


def main() -> None:
    """Print a table for each mail server that was given as `name=port=emails`."""
    bench = Bench()
    print(f"\nDelivery, {connection.vendor}: emails a second and ms of processor time for each;")
    print("ratios to plain sending, over one connection")
    print(f"\n{'':24s}{'plain':>14s}{'one process':>22s}{'four':>14s}{'four plain':>14s}")
    for server in sys.argv[1:]:
        name, port, each = server.split("=")
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
        measure(bench, name, int(each))


def measure(bench: Bench, server: str, each: int) -> None:
    """Print the lines of one mail server."""
    kinds = {
        "notices": bench.notices,
        "confirmations": bench.confirmations,
        "follow-ups": bench.follow_ups,
    }
    for name, queue in kinds.items():
        queue(8)
        drain()
        like = last_sent()
        plainly, ours = Rounds(), Rounds()
        for _ in range(ROUNDS):
            plainly.add(each, partial(get_connection().send_messages, plain(like, each)))
            queue(each)
            ours.add(each, partial(drain, seconds=3600, senders=SENDERS))
            assert not Letter.objects.exclude(state=Letter.State.SENT).exists()
        base, four_plain = plainly.rate, plainly_together(TOGETHER, each)
        queue(each * TOGETHER)
        four = together(TOGETHER)
        print(
            f"{server:10s}{name:14s}{base:6.0f}{plainly.cost:5.1f} ms{ours.rate:8.0f}{ours.cost:5.1f} ms"
            f"{ours.rate / base:5.2f} x{four:7.0f}{four / base:5.2f} x"
            f"{four_plain:7.0f}{four_plain / base:5.2f} x",
            flush=True,
        )


if __name__ == "__main__":
    main()
