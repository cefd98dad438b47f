"""An import from file to rows: what is made, what is matched, what is left out, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from booking.letters.before_session.reminders import outdated_reminders
from booking.models import Appointment, ImportRow, Package, SessionType
from booking.moving_in.actions import run, steps
from booking.moving_in.actions.work import work_on_next
from booking.testing import make_appointment
from booking.tests.moving_in.conftest import (
    CLIENTS,
    TIMES,
    Upload,
    checked,
    imported,
    names,
    people,
    results,
    undone,
)
from booking.tests.people import denver
from practice.models import Letter, Practitioner, User
from practice.testing import make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


# --- Clients ------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_but_its_own_rows(upload: Upload, session: SessionType) -> None:
    job = checked(upload("appointments", TIMES + "Ann,ann@x.com,3/16/2027 10:00 AM\n"))
    assert (job.state, results(job)) == ("checked", [(2, "new", ["row_new_client"])])
    assert (User.objects.clients().count(), Appointment.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_a_client_is_a_person_without_a_password_and_gets_no_email(upload: Upload) -> None:
    imported(upload("clients", CLIENTS + "José Núñez,Jose@X.com,(303) 555-0142\n"))
    made = User.objects.get(email="jose@x.com")
    assert (made.name, str(made.phone), made.role) == ("José Núñez", "+13035550142", "client")
    assert not made.has_usable_password()
    assert not Letter.objects.exists()


def test_who_is_here_or_in_an_earlier_row_is_matched_and_never_overwritten(upload: Upload) -> None:
    ann = make_user("Ann Lee", email="ann@x.com", phone="+13035550101")
    ben = make_user("Ben Hart", email=None, phone="+13035550102")
    job = imported(
        upload(
            "clients",
            CLIENTS
            + "Anne Lee,ANN@x.com,303 555 9999\nBEN HART,ben@x.com,303 555 0102\n"
            + "Cora,cora@x.com,\nCora D.,cora@x.com,\nBen Hart,,303 555 0103\n",
        )
    )
    assert results(job) == [
        (2, "matched", ["row_same_email", "row_other_name"]),
        (3, "matched", ["row_same_phone"]),
        (4, "new", []),
        (5, "matched", ["row_repeats"]),
        (6, "new", []),
    ]
    ann.refresh_from_db()
    ben.refresh_from_db()
    assert (ann.name, str(ann.phone), ben.email) == ("Ann Lee", "+13035550101", None)
    assert names() == ["Ann Lee", "Ben Hart", "Ben Hart", "Cora"]


def test_empty_fields_are_filled_only_if_the_owner_says_so_and_emptied_by_the_undo(upload: Upload) -> None:
    ben = make_user("Ben Hart", email=None, phone="+13035550102")
    job = imported(upload("clients", CLIENTS + "Ben Hart,ben@x.com,303 555 0102\n", fill=True))
    ben.refresh_from_db()
    assert ben.email == "ben@x.com"
    undone(job)
    ben.refresh_from_db()
    assert (ben.email, str(ben.phone)) == (None, "+13035550102")


def test_the_same_file_twice_makes_nobody_twice(upload: Upload) -> None:
    text = CLIENTS + "Ann,ann@x.com,\nBen,,303 555 0102\nCora,,\n"
    imported(upload("clients", text))
    again = imported(upload("clients", text))
    assert {verdict for _, verdict, _ in results(again)} == {"matched"}
    assert names() == ["Ann", "Ben", "Cora"]


def test_a_bad_row_stops_no_other(upload: Upload) -> None:
    job = imported(upload("clients", CLIENTS + "Ann,ann@,\n=cmd|'x'!A0,b@x.com,\n,,\n"))
    assert results(job) == [(2, "failed", ["row_email"]), (3, "new", [])]
    assert names() == ["=cmd|'x'!A0"]


def test_an_address_that_somebody_takes_at_that_moment_fails_its_row_alone(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = checked(upload("clients", people(3)))
    make_user("Faster", email="p1@example.com")
    known = run.known_people
    blind = iter([type(known([]))()])  # what was read before the other person came
    monkeypatch.setattr(run, "known_people", lambda drafts: next(blind, None) or known(drafts))
    steps.start_import(job)
    work_on_next()
    assert [verdict for _, verdict, _ in results(job)] == ["new", "matched", "new"]


# --- Appointments -------------------------------------------------------------------------------------


def test_an_appointment_is_booked_at_its_wall_time_past_the_rules_with_reminders_alone(
    upload: Upload, session: SessionType, tess: Practitioner
) -> None:
    imported(upload("appointments", TIMES + "Ann Lee,ann@x.com,3/16/2027 6:15 AM\n"))
    made = Appointment.objects.get()
    assert (made.starts_at, made.practitioner, made.state) == (denver("2027-03-16 06:15"), tess, "booked")
    assert set(Letter.objects.values_list("kind", flat=True)) == {"reminder"}


def test_if_the_owner_wants_no_reminders_none_are_planned_later(upload: Upload, session: SessionType) -> None:
    text = TIMES + "Ann Lee,ann@x.com,3/16/2027 10:00 AM\n"
    imported(upload("appointments", text, reminders=False))
    assert not Letter.objects.exists()
    assert list(outdated_reminders(now=timezone.now())) == []
    ImportRow.objects.update(no_reminders=False)
    assert len(list(outdated_reminders(now=timezone.now()))) == 1


def test_an_overlap_is_reported_with_its_row_and_leaves_no_client_behind(
    upload: Upload, session: SessionType, tess: Practitioner
) -> None:
    ann = make_user("Ann")
    make_appointment(session_type=session, practitioner=tess, start=denver("2027-03-16 10:00"), client=ann)
    text = TIMES + "Zoe,zoe@x.com,3/16/2027 10:30 AM\nBen,b@x.com,3/16/2027 1:00 PM\n"
    job = checked(upload("appointments", text + "Cora,c@x.com,3/16/2027 1:30 PM\n"))
    expected = [(2, "failed", ["row_overlaps"]), (3, "new", ["row_new_client"])]
    assert results(job) == [*expected, (4, "failed", ["row_overlaps_row"])]
    steps.start_import(job)
    work_on_next()
    assert results(job) == [*expected, (4, "failed", ["row_overlaps"])]
    assert names() == ["Ann", "Ben"]


def test_a_time_that_is_taken_after_the_judgment_fails_its_row_and_nothing_stays(
    upload: Upload, session: SessionType, tess: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = make_user("Ann")
    make_appointment(session_type=session, practitioner=tess, start=denver("2027-03-16 10:00"), client=ann)
    monkeypatch.setattr("booking.moving_in.judging.overlapping", lambda *_, **__: Appointment.objects.none())
    job = imported(upload("appointments", TIMES + "Zoe,zoe@x.com,3/16/2027 10:30 AM\n"))
    assert results(job) == [(2, "failed", ["row_overlaps"])]
    assert (names(), Appointment.objects.count()) == (["Ann"], 1)


def test_what_is_past_canceled_or_here_already_is_left_out_with_the_reason(
    upload: Upload, session: SessionType
) -> None:
    text = (
        "name,email,start,status\nAnn,a@x.com,3/1/2027 10:00 AM,booked\n"
        "Ann,a@x.com,3/16/2027 10:00 AM,Canceled\nAnn,a@x.com,3/16/2027 10:00 AM,booked\n"
    )
    imported(upload("appointments", text))
    again = imported(upload("appointments", text))
    assert [codes for _, _, codes in results(again)] == [
        ["row_past"],
        ["row_canceled"],
        ["row_booked_already"],
    ]


def test_someone_elses_session_under_a_known_address_gets_a_record_of_its_own(
    upload: Upload, session: SessionType
) -> None:
    ann = make_user("Ann Lee", email="ann@x.com")
    imported(upload("appointments", TIMES + "Leo Lee,ann@x.com,3/16/2027 10:00 AM\n"))
    made = Appointment.objects.select_related("client").get()
    assert (made.client.name, made.client.email, made.correspondent) == ("Leo Lee", None, ann)


def test_a_name_alone_means_the_only_client_with_it(upload: Upload, session: SessionType) -> None:
    ann = make_user("Ann Lee", email="ann@x.com")
    for address in ("one@x.com", "two@x.com"):
        make_user("Ben Hart", email=address)
    job = imported(
        upload("appointments", "name,start\nann lee,3/16/2027 10:00 AM\nBen Hart,3/16/2027 1:00 PM\n")
    )
    assert [codes for _, _, codes in results(job)] == [["row_known_client"], ["row_name_twice"]]
    assert Appointment.objects.get().client == ann


# --- Packages -----------------------------------------------------------------------------------------


def test_a_balance_becomes_a_package_of_what_is_left(upload: Upload, session: SessionType) -> None:
    text = "name,email,service,left,expires\nAnn,a@x.com,Session,3,6/30/2027\n"
    text += "Ben,b@x.com,Session,0,\nCora,c@x.com,Session,2,1/31/2027\nDan,d@x.com,Session,many,\n"
    job = imported(upload("packages", text))
    made = Package.objects.get()
    assert (made.client.name, made.sessions, made.price_cents) == ("Ann", 3, 0)
    assert made.valid_until == dt.date(2027, 6, 30)
    assert [codes for _, _, codes in results(job)] == [
        ["row_new_client"],
        ["row_none_left"],
        ["row_expired"],
        ["row_left"],
    ]
