"""Read what the practice's database holds at the end, past Django's models, for the oracle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from booking.models import Appointment
from booking.payments.accounts import accounts_of
from tools.year.diary import Diary
from tools.year.oracle.sessions import erased_at
from tools.year.oracle.stored import Stored, StoredEmail, StoredSession
from tools.year.rows import asked, moment, plain_uid, read_json

SESSIONS = """
    SELECT a.uid, p.slug, a.room_id, a.starts_at, a.ends_at, a.occupies, a.state, u.email
    FROM booking_appointment a
    JOIN practice_practitioner p ON p.id = a.practitioner_id
    LEFT JOIN practice_user u ON u.id = a.client_id
"""
EMAILS = "SELECT message_id, kind, state, to_address, why FROM practice_letter"
HEARD = """
    SELECT u.email, sum(e.heard_ms) FROM portal_practiceentry e JOIN practice_user u ON u.id = e.client_id
    WHERE e.heard_ms > 0 GROUP BY u.email
"""
PAID, TIPS = (
    f"""
    SELECT a.uid, sum(l.cents)
    FROM booking_ledgerentry l JOIN booking_appointment a ON a.id = l.appointment_id
    LEFT JOIN booking_ledgerentry mistake ON mistake.id = l.corrects_id
    WHERE coalesce(mistake.what, l.what) IN ({kinds}) GROUP BY a.uid
    """
    for kinds in ("'payment', 'refund'", "'tip'")
)
RECEIPTS = """
    SELECT r.number, a.uid, r.cents FROM booking_receipt r
    JOIN booking_appointment a ON a.id = r.appointment_id
"""
FOR_PACKAGES = "SELECT coalesce(sum(cents), 0) FROM booking_ledgerentry WHERE package_id IS NOT NULL"
USED = """
    SELECT u.email, count(*) FROM booking_packageuse s JOIN booking_package p ON p.id = s.package_id
    JOIN practice_user u ON u.id = p.client_id WHERE s.given_back_at IS NULL GROUP BY u.email
"""
SIGNED = """
    SELECT a.uid FROM portal_sessionnote n JOIN booking_appointment a ON a.id = n.appointment_id
    WHERE n.signed_at IS NOT NULL
"""
A_DAY = timedelta(days=1)


def read(diary: Diary, *, now: datetime) -> Stored:
    """Return all that the oracle compares."""
    return Stored(
        sessions=[
            StoredSession(
                plain_uid(uid),
                slug,
                room or 0,
                moment(start),
                moment(end),
                bool(occupies),
                state,
                client or "",
            )
            for uid, slug, room, start, end, occupies, state, client in asked(SESSIONS)
        ],
        emails={
            name: StoredEmail(kind, state, to, bool(read_json(why)))
            for name, kind, state, to, why in asked(EMAILS)
        },
        heard={who: int(ms) / 1000 for who, ms in asked(HEARD)},
        paid={plain_uid(uid): int(cents) for uid, cents in asked(PAID)},
        tips={plain_uid(uid): int(cents) for uid, cents in asked(TIPS)},
        outstanding=outstanding(),
        receipts={number: (plain_uid(uid), cents) for number, uid, cents in asked(RECEIPTS)},
        paid_for_packages=int(asked(FOR_PACKAGES)[0][0]),
        package_sessions={who: int(count) for who, count in asked(USED)},
        signed={plain_uid(uid) for (uid,) in asked(SIGNED)},
        traces=traces_of([who for who, due in erased_at(diary).items() if due < now - A_DAY], diary),
    )


def outstanding() -> dict[str, int]:
    """Return what the practice says is still owed for each session, in cents: it is in no row."""
    accounts = accounts_of(list(Appointment.objects.without_holds()))
    return {one.appointment.uid.hex: one.outstanding for one in accounts.values()}


def traces_of(gone: Iterable[str], diary: Diary) -> list[str]:
    """Return in which tables the word of somebody erased still stands."""
    marks = [diary.people[who].mark.lower() for who in gone]
    found: list[str] = []
    for table in connection.introspection.table_names() if marks else ():
        said = str(asked(f"SELECT * FROM {connection.ops.quote_name(table)}")).lower()
        found += [f"{mark} stands in {table}" for mark in marks if mark in said]
    return found
