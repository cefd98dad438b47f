"""What `bench/search.py` measures: the search at work, in comparison with reading all clients.

Everybody's name, number and address comes from a fixed seed. *Plain* compares the name and the address of
each client, as Django's `icontains` does, without the table of words. Both are asked in turns in one run, so
that the ratio means something on any machine; the milliseconds do not.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from booking.access import clients_found, clients_seen_by
from booking.models import Appointment, SessionType
from practice.models import Practice, Practitioner, User

PEOPLE, KNOWN, SHOWN, ROUNDS = 50_000, 400, 10, 9
HOUR = timedelta(hours=1)
FIRST = ("Ann", "Anna-Lena", "Ben", "Chloé", "Dina", "Emre", "Finn", "Grace", "Hana", "Ines", "José", "Kim")
LAST = ("Lee", "Müller", "O’Brien", "Nguyễn", "Ferrante", "Smith", "García", "Weiß", "Ødegård", "Kowalski")
MORE = ("", "", "-Hart", " Stone", "son")
QUERIES = ("a", "ann", "ann lee", "muller", "720", "(720) 555-0123", "0123", "ben.fer", "gmail", "zzz")


def seed() -> dict[str, User]:
    """Create the practice and its clients; return who looks: the owner, and who knows a few of them."""
    call_command("migrate", verbosity=0)
    Practice(name="Bench", zone="UTC").save()
    owner = User.objects.create_user("owner@bench.example", name="Owner", role="owner")
    other = User.objects.create_user("other@bench.example", name="Other", role="practitioner")
    person = Practitioner.objects.create(user=other, slug="other", zone="UTC")
    kind = SessionType.objects.create(slug="session", name="Session", minutes=60)
    clients = User.objects.bulk_create(everybody(), batch_size=2000)
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    Appointment.objects.bulk_create(
        Appointment(
            session_type=kind,
            practitioner=person,
            client=client,
            starts_at=start + HOUR * number,
            ends_at=start + HOUR * (number + 1),
            minutes=60,
            state="booked",
        )
        for number, client in enumerate(clients[:: PEOPLE // KNOWN])
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"owner": owner, "practitioner": other}


def everybody() -> list[User]:
    """Return the clients, the same in each run."""
    chance, people = random.Random(31), []
    for number in range(PEOPLE):
        first, last = chance.choice(FIRST), chance.choice(LAST) + chance.choice(MORE)
        called = f"{first}.{last}.{number}".replace(" ", "").replace("’", "").lower()
        phone = f"+1{chance.choice(('303', '720', '212'))}{chance.randrange(2_000_000, 10_000_000)}"
        people.append(User(name=f"{first} {last}", email=f"{called}@gmail.com", phone=phone, password="!"))
    return people


def plain(user: User, words: str) -> list[User]:
    """Return the same kind of answer without the table of words."""
    found = Q(name__icontains=words) | Q(email__icontains=words)
    return list(clients_seen_by(user).filter(found).order_by("name", "pk")[:SHOWN])


def least_ms(ask: Callable[[], object]) -> float:
    """Return the least time of some rounds in milliseconds: what else the machine does adds to the others."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def main() -> None:
    """Print the table."""
    readers = seed()
    print(f"\nSearch among {PEOPLE:,} clients, {connection.vendor}; times in ms")
    print(f"{'who looks':14s}{'for':16s}{'found':>6s}{'search':>9s}{'plain':>9s}{'ratio':>8s}")
    all_ms = []
    for role, user in readers.items():
        for words in QUERIES:
            found = clients_found(user, words, count=SHOWN)
            ours = least_ms(partial(clients_found, user, words, count=SHOWN))
            theirs = least_ms(partial(plain, user, words))
            all_ms.append(ours)
            print(f"{role:14s}{words:16s}{len(found):6d}{ours:9.1f}{theirs:9.1f}{ours / theirs:8.2f}")
    print(f"median {statistics.median(all_ms):.1f} ms, slowest {max(all_ms):.1f} ms")


if __name__ == "__main__":
    main()
